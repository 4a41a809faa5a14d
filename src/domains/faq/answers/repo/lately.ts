/** What a person asked lately, wherever she did. */
import type { Queryable } from '../../../../kernel/work.ts'
import type { Mood, Outcome } from '../schema.ts'

export type Lately = { question: string; mood: Mood | null; outcome: Outcome | null }

const atMost = 10

/** The newest first, whichever of her customers asked. */
export async function listLately(db: Queryable, customerId: string, since: Date): Promise<Lately[]> {
  const { rows } = await db.query<Lately>({
    name: 'faq-lately',
    text: `SELECT e.question, e.mood, e.outcome FROM customer c JOIN customer o ON o.person_id = c.person_id
           CROSS JOIN LATERAL (
             SELECT question, mood, outcome, asked_at FROM exchange WHERE customer_id = o.id AND asked_at >= $2
             ORDER BY asked_at DESC LIMIT ${atMost}) e
           WHERE c.id = $1 ORDER BY e.asked_at DESC LIMIT ${atMost}`,
    values: [customerId, since],
  })
  return rows
}
