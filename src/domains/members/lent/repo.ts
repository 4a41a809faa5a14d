import { few } from '../../../kernel/plan.ts'
import type { Queryable } from '../../../kernel/work.ts'

/**
 * What each person is called, by person. Of several contacts the one that was met last; what an import says is often the
 * name on a parcel, so it is for those whose contact has none.
 */
export async function listNames(db: Queryable, personIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; name: string }>({
    name: 'members-lent-names',
    text: `SELECT p.id, coalesce(contact.name, imported.name) AS name FROM unnest($1::uuid[]) AS p (id)
           LEFT JOIN LATERAL (
             SELECT i.name FROM customer c JOIN identity i ON i.customer_id = c.id
             WHERE c.person_id = p.id AND i.role = 'customer' AND i.name ~ '\\S'
             ORDER BY i.last_seen_at DESC, i.id LIMIT 1) contact ON true
           LEFT JOIN LATERAL (
             SELECT c.profile ->> 'name' AS name FROM customer c
             WHERE c.person_id = p.id AND c.profile ->> 'name' ~ '\\S'
             ORDER BY c.id = p.id DESC, c.last_seen_at DESC, c.id LIMIT 1) imported ON true
           WHERE ${few('p.id')} AND coalesce(contact.name, imported.name) IS NOT NULL`,
    values: [personIds],
  })
  return new Map(rows.map((row) => [row.id, row.name]))
}
