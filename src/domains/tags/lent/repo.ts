import { few } from '../../../kernel/plan.ts'
import type { Queryable } from '../../../kernel/work.ts'

/** The tags that count for the person behind a customer, by dimension; of several in one the strongest. */
export async function listHeld(db: Queryable, customerId: string, now: Date): Promise<Map<string, string>> {
  const { rows } = await db.query<{ dimension: string; value: string }>({
    name: 'tags-held',
    text: `SELECT t.dimension, t.value FROM customer c
           JOIN customer_tag h ON h.person_id = c.person_id AND h.effective AND (h.until IS NULL OR h.until > $2)
           JOIN tag t ON t.id = h.tag_id
           WHERE c.id = $1
           ORDER BY h.strength`,
    values: [customerId, now],
  })
  return new Map(rows.map(({ dimension, value }) => [dimension, value]))
}

/** The same, all of them, the strongest first. */
export async function listShown(
  db: Queryable,
  customerId: string,
  now: Date,
): Promise<{ dimension: string; value: string }[]> {
  const { rows } = await db.query<{ dimension: string; value: string }>({
    name: 'tags-shown',
    text: `SELECT t.dimension, t.value FROM customer c
           JOIN customer_tag h ON h.person_id = c.person_id AND h.effective AND (h.until IS NULL OR h.until > $2)
           JOIN tag t ON t.id = h.tag_id
           WHERE c.id = $1 ORDER BY h.strength DESC, t.value`,
    values: [customerId, now],
  })
  return rows
}

export type HeldTag = { personId: string; dimension: string; value: string }

/**
 * The same of many persons, in these dimensions alone; of each person the strongest first. Nothing of who refuses to be
 * profiled, even before the next round has taken her tags.
 */
export async function listHeldByMany(
  db: Queryable,
  personIds: readonly string[],
  dimensions: readonly string[],
  now: Date,
): Promise<HeldTag[]> {
  const { rows } = await db.query<HeldTag>({
    name: 'tags-held-by-many',
    text: `SELECT h.person_id AS "personId", t.dimension, t.value
           FROM unnest($1::uuid[]) AS p (id)
           JOIN customer_tag h ON h.person_id = p.id AND h.effective AND (h.until IS NULL OR h.until > $3)
           JOIN tag t ON t.id = h.tag_id
           WHERE ${few('p.id')} AND t.dimension = ANY($2)
             AND NOT EXISTS (SELECT FROM customer c WHERE c.person_id = p.id AND c.profiling_refused_at IS NOT NULL)
           ORDER BY h.strength DESC, t.value`,
    values: [personIds, dimensions, now],
  })
  return rows
}
