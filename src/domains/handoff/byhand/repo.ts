/** Where a customer was last spoken with, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

export type LastPlace = { threadId: string; customerId: string }

/** A direct thread where there is one, else the group in which she spoke last. Undefined: she has never written to us. */
export async function findLastPlace(db: Queryable, customerIds: readonly string[]): Promise<LastPlace | undefined> {
  const { rows } = await db.query<{ thread_id: string; customer_id: string }>(
    `SELECT t.id AS thread_id, s.customer_id FROM (
       SELECT DISTINCT ON (thread_id) thread_id, customer_id, sent_at FROM message
       WHERE customer_id = ANY($1::uuid[]) AND direction = 'in' ORDER BY thread_id, sent_at DESC) s
     JOIN thread t ON t.id = s.thread_id ORDER BY t.kind = 'direct' DESC, s.sent_at DESC LIMIT 1`,
    [customerIds],
  )
  const [row] = rows
  return row && { threadId: row.thread_id, customerId: row.customer_id }
}
