/** Questions without a good answer, from the exchanges. Not on the road of messages: it may read what it needs. */
import type { Queryable } from '../../../kernel/work.ts'
import { answered } from '../answers/schema.ts'
import type { Missed } from './schema.ts'

/** Who was offered entries and got her answer within this time has chosen, or asked better. */
const choosing = '10 minutes'

/**
 * What nobody answered since an instant, the newest first:
 * - what we owned up to;
 * - what was offered and led to no answer of the same person in the thread;
 * - what was handed to a human for want of an answer: nothing was cited, and nobody asked for a human, complained, or
 *   asked about her order or her health; or the checks refused what the model said;
 * - what was dropped after the checks refused it.
 * Emptied rows of forgotten people are none.
 */
export async function listMissed(db: Queryable, since: Date, limit: number): Promise<Missed[]> {
  const { rows } = await db.query<{ question: string; asked_at: Date; customer_id: string }>(
    `SELECT coalesce(nullif(e.context ->> 'reading', ''), e.question) AS question, e.asked_at, e.customer_id
     FROM exchange e
     WHERE e.asked_at >= $1 AND e.state = 'closed' AND e.question <> ''
       AND NOT e.complaints @> '[{"check": "guard"}]'
       AND (e.outcome = 'unknown'
         OR e.outcome = 'handed' AND (e.complaints <> '[]'
           OR e.entries = '{}' AND coalesce(e.intent, 'other') IN ('faq', 'other'))
         OR e.outcome = 'dropped' AND e.complaints <> '[]'
         OR e.outcome = 'offered' AND NOT EXISTS (
           SELECT FROM exchange a
           WHERE a.thread_id = e.thread_id AND a.customer_id = e.customer_id AND a.outcome = ANY($3::text[])
             AND a.asked_at > e.asked_at AND a.asked_at <= e.asked_at + interval '${choosing}'))
     ORDER BY e.asked_at DESC, e.id
     LIMIT $2`,
    [since, limit, answered],
  )
  return rows.map(({ question, asked_at: askedAt, customer_id: customerId }) => ({ question, askedAt, customerId }))
}
