/** Requests that were answered, in PostgreSQL: the same request gets the same answer. */
import type { Queryable } from '../../kernel/work.ts'
import type { Answer } from './schema.ts'

/** Any number beside the others: the first of the two numbers under which requests of one key wait for each other. */
const requestLock = 7_203

/** The answer that was given to the request under this key. Another request under it waits until the transaction ends. */
export async function lockRequest(db: Queryable, key: string): Promise<(Answer & { hash: string }) | undefined> {
  await db.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [requestLock, key])
  const { rows } = await db.query<{ hash: string; status: number; response: Answer['body'] }>(
    'SELECT hash, status, response FROM api_request WHERE key = $1',
    [key],
  )
  const [row] = rows
  return row && { hash: row.hash, status: row.status, body: row.response }
}

export async function keepAnswer(
  db: Queryable,
  { key, hash, at, answer }: { key: string; hash: string; at: Date; answer: Answer },
): Promise<void> {
  await db.query('INSERT INTO api_request (key, at, hash, status, response) VALUES ($1, $2, $3, $4, $5)', [
    key,
    at,
    hash,
    answer.status,
    JSON.stringify(answer.body),
  ])
}

/** Forgets answers that were given before this instant; returns how many. */
export async function sweepRequests(db: Queryable, before: Date): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM api_request WHERE at < $1', [before])
  return rowCount ?? 0
}
