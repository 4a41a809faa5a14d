import type { Queryable } from '../../kernel/work.ts'

/** The hashes of contacts that were forgotten since then. */
export async function listGraves({ pool }: { pool: Queryable }, since: Date): Promise<string[]> {
  const { rows } = await pool.query<{ hash: string }>(
    `SELECT hash FROM tombstone WHERE kind = 'contact' AND at >= $1`,
    [since],
  )
  return rows.map(({ hash }) => hash)
}
