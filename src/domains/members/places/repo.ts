import { few } from '../../../kernel/plan.ts'
import type { Queryable } from '../../../kernel/work.ts'

/** Where each person lives, in the words of her profile: what the shop says goes before what her contacts say. */
export async function listPlaces(db: Queryable, personIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; place: string }>({
    name: 'members-places',
    text: `SELECT p.id, found.place FROM unnest($1::uuid[]) AS p (id)
           CROSS JOIN LATERAL (
             SELECT concat_ws(' ', profile ->> 'province', profile ->> 'city') AS place FROM (
               SELECT c.profile, 0 AS rank, c.id = p.id AS own, c.last_seen_at FROM customer c WHERE c.person_id = p.id
               UNION ALL
               SELECT i.profile, 1, false, i.last_seen_at FROM customer c JOIN identity i ON i.customer_id = c.id
               WHERE c.person_id = p.id) says
             WHERE concat_ws(' ', profile ->> 'province', profile ->> 'city') ~ '\\S'
             ORDER BY rank, own DESC, last_seen_at DESC LIMIT 1) found
           WHERE ${few('p.id')}`,
    values: [personIds],
  })
  return new Map(rows.map((row) => [row.id, row.place]))
}
