import { createHash } from 'node:crypto'
import type { Queryable } from '../kernel/work.ts'

export type StoredMedia = { mime: string; bytes: Buffer }

/** Keeps the bytes once, under their SHA-256. A file that anybody keeps for good stays for good. */
export async function insertMedia(
  db: Queryable,
  { bytes, mime, now, expiresAt }: StoredMedia & { now: Date; expiresAt: Date | null },
): Promise<string> {
  const id = createHash('sha256').update(bytes).digest('hex')
  await db.query(
    `INSERT INTO media (id, mime, bytes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET expires_at = CASE
       WHEN media.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
       ELSE greatest(media.expires_at, excluded.expires_at) END
     WHERE media.expires_at IS DISTINCT FROM excluded.expires_at`,
    [id, mime, bytes, now, expiresAt],
  )
  return id
}

/** The bytes of a file, or undefined when they are not kept (any more). */
export async function loadMedia(db: Queryable, id: string): Promise<StoredMedia | undefined> {
  const { rows } = await db.query<StoredMedia>('SELECT mime, bytes FROM media WHERE id = $1', [id])
  return rows[0]
}

/** Deletes what is past its retention; returns how many. */
export async function deleteExpiredMedia(db: Queryable, now: Date): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM media WHERE expires_at <= $1', [now])
  return rowCount ?? 0
}
