/** Vectors in PostgreSQL, by what they were made from. What no wording has any more stays a while: a rollback needs it. */
import type { Queryable } from '../../../../kernel/work.ts'

export type StoredVector = { key: string; vector: number[] }

export async function listVectors(db: Queryable, keys: readonly string[]): Promise<StoredVector[]> {
  const { rows } = await db.query<StoredVector>('SELECT key, vector FROM entry_vector WHERE key = ANY($1::text[])', [
    keys,
  ])
  return rows
}

export async function saveVectors(db: Queryable, vectors: readonly StoredVector[], now: Date): Promise<void> {
  await db.query(
    `INSERT INTO entry_vector (key, vector, created_at)
     SELECT fresh.key,
       ARRAY(SELECT value::real FROM jsonb_array_elements_text(fresh.vector) WITH ORDINALITY AS all_of (value, place)
             ORDER BY place),
       $3
     FROM unnest($1::text[], $2::jsonb[]) AS fresh (key, vector)
     ON CONFLICT (key) DO NOTHING`,
    [vectors.map(({ key }) => key), vectors.map(({ vector }) => JSON.stringify(vector)), now],
  )
}

/** Those from before a moment, but for the keys that are in use. */
export async function deleteVectors(db: Queryable, used: readonly string[], before: Date): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM entry_vector WHERE created_at < $2 AND key <> ALL($1::text[])', [
    used,
    before,
  ])
  return rowCount ?? 0
}
