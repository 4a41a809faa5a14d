/** Sessions, links and second factors in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

/**
 * open: she is in. secured: and has shown her second factor. totp, enrol: she has shown who she is and owes the second
 * factor, which she has or makes now.
 */
export type Stage = 'open' | 'secured' | 'totp' | 'enrol'
export type Session = { hash: string; adviser: string; stage: Stage; createdAt: Date; seenAt: Date }

export async function saveSession(
  db: Queryable,
  { hash, adviser, stage, createdAt }: Omit<Session, 'seenAt'>,
): Promise<void> {
  await db.query('INSERT INTO desk_session (hash, adviser, stage, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)', [
    hash,
    adviser,
    stage,
    createdAt,
  ])
}

export async function findSession(db: Queryable, hash: string): Promise<Session | undefined> {
  const { rows } = await db.query<{ adviser: string; stage: Stage; created_at: Date; seen_at: Date }>({
    name: 'desk-session',
    text: 'SELECT adviser, stage, created_at, seen_at FROM desk_session WHERE hash = $1',
    values: [hash],
  })
  const [row] = rows
  return row && { hash, adviser: row.adviser, stage: row.stage, createdAt: row.created_at, seenAt: row.seen_at }
}

export async function touchSession(db: Queryable, hash: string, now: Date): Promise<void> {
  await db.query('UPDATE desk_session SET seen_at = greatest(seen_at, $2) WHERE hash = $1', [hash, now])
}

export async function dropSession(db: Queryable, hash: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM desk_session WHERE hash = $1', [hash])
  return rowCount === 1
}

/** Returns how many there were. */
export async function dropSessionsOf(db: Queryable, adviser: string): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM desk_session WHERE adviser = $1', [adviser])
  return rowCount ?? 0
}

/** False when the session has no try left; counted before anything is compared. */
export async function countTry(db: Queryable, hash: string, atMost: number): Promise<boolean> {
  const { rowCount } = await db.query('UPDATE desk_session SET tries = tries + 1 WHERE hash = $1 AND tries < $2', [
    hash,
    atMost,
  ])
  return rowCount === 1
}

export async function sweepSessions(
  db: Queryable,
  { seenBefore, createdBefore, halfBefore }: { seenBefore: Date; createdBefore: Date; halfBefore: Date },
): Promise<void> {
  await db.query(
    `DELETE FROM desk_session
     WHERE seen_at <= $1 OR created_at <= $2 OR (stage IN ('totp', 'enrol') AND created_at <= $3)`,
    [seenBefore, createdBefore, halfBefore],
  )
}

export async function saveLink(
  db: Queryable,
  { hash, adviser, expiresAt }: { hash: string; adviser: string; expiresAt: Date },
): Promise<void> {
  await db.query('INSERT INTO desk_link (hash, adviser, expires_at) VALUES ($1, $2, $3)', [hash, adviser, expiresAt])
}

/** Whose link it was; it is used up by that. */
export async function takeLink(db: Queryable, hash: string, now: Date): Promise<string | undefined> {
  const { rows } = await db.query<{ adviser: string }>(
    'DELETE FROM desk_link WHERE hash = $1 AND expires_at > $2 RETURNING adviser',
    [hash, now],
  )
  return rows[0]?.adviser
}

export async function sweepLinks(db: Queryable, now: Date): Promise<void> {
  await db.query('DELETE FROM desk_link WHERE expires_at <= $1', [now])
}

export type Totp = { sealed: Buffer; enrolled: boolean; lastStep: number }

export async function findTotp(db: Queryable, adviser: string): Promise<Totp | undefined> {
  const { rows } = await db.query<{ sealed: Buffer; enrolled_at: Date | null; last_step: number }>(
    'SELECT sealed, enrolled_at, last_step FROM desk_totp WHERE adviser = $1',
    [adviser],
  )
  const [row] = rows
  return row && { sealed: row.sealed, enrolled: row.enrolled_at !== null, lastStep: row.last_step }
}

/** Puts a secret in the place of one that was never used. False when one is in use: that stays. */
export async function saveTotp(
  db: Queryable,
  { adviser, sealed, createdAt }: { adviser: string; sealed: Buffer; createdAt: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO desk_totp (adviser, sealed, created_at) VALUES ($1, $2, $3)
     ON CONFLICT (adviser) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
     WHERE desk_totp.enrolled_at IS NULL`,
    [adviser, sealed, createdAt],
  )
  return rowCount === 1
}

/**
 * Uses a step up, and with it all before it; with the first the secret is enrolled. False when it was used already, or is
 * another secret's by now.
 */
export async function takeStep(
  db: Queryable,
  { adviser, sealed, step, now }: { adviser: string; sealed: Buffer; step: number; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE desk_totp SET last_step = $2, enrolled_at = coalesce(enrolled_at, $3)
     WHERE adviser = $1 AND last_step < $2 AND sealed = $4`,
    [adviser, step, now, sealed],
  )
  return rowCount === 1
}

export async function dropTotp(db: Queryable, adviser: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM desk_totp WHERE adviser = $1', [adviser])
  return rowCount === 1
}
