/** What is kept of a person's questions, to be deleted and to be taken along. */
import type { Queryable } from '../../../../kernel/work.ts'

export async function deleteExchangesOf(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM answer_cache WHERE customer_id = ANY($1::uuid[])', [customerIds])
  await db.query('DELETE FROM model_spend WHERE customer_id = ANY($1::uuid[])', [customerIds])
  await db.query('DELETE FROM exchange WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

/** What she asked and what was answered, for her to take along. */
export async function listExchangesOf(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT asked_at AS "askedAt", question, outcome, entries, said, intent, mood FROM exchange
     WHERE customer_id = ANY($1::uuid[]) ORDER BY asked_at, id`,
    [customerIds],
  )
  return rows
}
