/** Codes to sign in with, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

/** A new one voids the older. */
export async function saveSignInCode(
  db: Queryable,
  { adviser, hash, expiresAt }: { adviser: string; hash: string; expiresAt: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO desk_code (adviser, hash, expires_at, tries) VALUES ($1, $2, $3, 0)
     ON CONFLICT (adviser) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, tries = 0`,
    [adviser, hash, expiresAt],
  )
}

/** The hash of her code, when it may be tried once more; that is counted before anything is compared. */
export async function trySignInCode(
  db: Queryable,
  { adviser, now, triesAtMost }: { adviser: string; now: Date; triesAtMost: number },
): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(
    'UPDATE desk_code SET tries = tries + 1 WHERE adviser = $1 AND expires_at > $2 AND tries < $3 RETURNING hash',
    [adviser, now, triesAtMost],
  )
  return rows[0]?.hash
}

/** False when somebody else has used it up meanwhile. */
export async function useSignInCode(db: Queryable, adviser: string, hash: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM desk_code WHERE adviser = $1 AND hash = $2', [adviser, hash])
  return rowCount === 1
}

export async function sweepSignInCodes(db: Queryable, now: Date): Promise<void> {
  await db.query('DELETE FROM desk_code WHERE expires_at <= $1', [now])
}
