/** Where a customer can be met whom nobody talks with just now, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'
import { findLastPlace, type LastPlace } from '../byhand/repo.ts'

/** Whether the person is one that we serve: neither one of us nor deleted. */
export async function isServed(db: Queryable, customerId: string): Promise<boolean> {
  const { rows } = await db.query<{ served: boolean }>({
    name: 'handoff-served',
    text: `SELECT NOT p.staff AND p.forgotten_at IS NULL AS served
           FROM customer c JOIN customer p ON p.id = c.person_id WHERE c.id = $1`,
    values: [customerId],
  })
  return rows[0]?.served ?? false
}

/**
 * Where she was last spoken with; where she has never written, her newest direct thread, else the group that she joined
 * last. Undefined: there is no place where anybody could meet her.
 */
export async function findPlace(db: Queryable, customerIds: readonly string[]): Promise<LastPlace | undefined> {
  const spoken = await findLastPlace(db, customerIds)
  if (spoken) return spoken
  const { rows } = await db.query<{ thread_id: string; customer_id: string }>({
    name: 'handoff-place',
    text: `SELECT thread_id, customer_id FROM (
             SELECT id AS thread_id, customer_id, true AS direct, created_at AS at FROM thread
             WHERE customer_id = ANY($1::uuid[]) AND kind = 'direct'
             UNION ALL
             SELECT t.id, s.customer_id, false, s.joined_at FROM membership s
             JOIN thread t ON t.group_id = s.group_id JOIN room r ON r.id = s.group_id AND r.rule IS NOT NULL
             WHERE s.customer_id = ANY($1::uuid[]) AND s.left_at IS NULL) place
           ORDER BY direct DESC, at DESC LIMIT 1`,
    values: [customerIds],
  })
  const [row] = rows
  return row && { threadId: row.thread_id, customerId: row.customer_id }
}
