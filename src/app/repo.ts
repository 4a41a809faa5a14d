/** The accounts' rows: state, heartbeat, deaf periods. */
import type { Database } from '../kernel/db.ts'

export type AccountState = 'offline' | 'connecting' | 'connected' | 'logged-out' | 'swapped'

export type AccountRow = {
  name: string
  state: string
  contactId: string | null
  contactName: string | null
  owner: string | null
  epoch: number
  heartbeatAt: Date | null
  connectedAt: Date | null
  deafSince: Date | null
  throttledUntil: Date | null
}

export function listAccounts({ prisma }: Database): Promise<AccountRow[]> {
  return prisma.account.findMany({ orderBy: { name: 'asc' } })
}

/** Says that the owner lives; failover and `status` read it. */
export async function beat({ pool }: Database, account: string, state: AccountState, now: Date): Promise<void> {
  await pool.query('UPDATE account SET heartbeat_at = $2, state = $3 WHERE name = $1', [account, now, state])
}

export type LoginSeen = { kind: 'known' } | { kind: 'first' } | { kind: 'swapped' }

/**
 * Binds the account to the WeChat user that it is first seen as. Another user later is `swapped`: nothing is sent until
 * a person has looked (law 2 would not hold across identities).
 */
export async function recordLogin(
  { pool }: Database,
  account: string,
  contact: { id: string; name: string },
  now: Date,
): Promise<LoginSeen> {
  const { rows } = await pool.query<{ contact_id: string; was: string | null }>(
    `UPDATE account SET
       contact_id = COALESCE(account.contact_id, $2),
       contact_name = CASE WHEN COALESCE(account.contact_id, $2) = $2 THEN $3 ELSE account.contact_name END,
       state = CASE WHEN COALESCE(account.contact_id, $2) = $2 THEN 'connected' ELSE 'swapped' END,
       connected_at = $4, heartbeat_at = $4,
       first_seen_at = CASE WHEN COALESCE(account.contact_id, $2) = $2 THEN COALESCE(first_seen_at, $4) ELSE first_seen_at END
     FROM (SELECT contact_id AS was FROM account WHERE name = $1) before
     WHERE name = $1 RETURNING account.contact_id, before.was`,
    [account, contact.id, contact.name, now],
  )
  const row = rows[0]
  if (row && row.contact_id !== contact.id) return { kind: 'swapped' }
  return row?.was ? { kind: 'known' } : { kind: 'first' }
}

/** Forgets the user that the account was bound to, so that the next login binds anew, and is warmed up like a new one. */
export async function unbindAccount({ pool }: Database, account: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE account SET contact_id = NULL, contact_name = NULL, first_seen_at = NULL WHERE name = $1',
    [account],
  )
  return rowCount === 1
}

/** Whether a person has let go of the user that the account was bound to, and nobody has logged in since. */
export async function isUnbound({ pool }: Database, account: string): Promise<boolean> {
  const { rows } = await pool.query('SELECT FROM account WHERE name = $1 AND contact_id IS NULL', [account])
  return rows.length === 1
}

export async function openDeafPeriod({ pool }: Database, account: string, since: Date, reason: string): Promise<void> {
  await pool.query('UPDATE account SET deaf_since = $2 WHERE name = $1', [account, since])
  await pool.query('INSERT INTO deaf_period (account, started_at, reason) VALUES ($1, $2, $3)', [
    account,
    since,
    reason,
  ])
}

export async function closeDeafPeriods({ pool }: Database, account: string, until: Date): Promise<void> {
  await pool.query('UPDATE account SET deaf_since = NULL WHERE name = $1', [account])
  await pool.query('UPDATE deaf_period SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL', [account, until])
}

/** Milliseconds for which each account was deaf since `from`, running period included. */
export async function deafTime({ pool }: Database, from: Date, now: Date): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ account: string; ms: number }>(
    `SELECT account, sum(extract(epoch FROM COALESCE(ended_at, $2) - greatest(started_at, $1)) * 1000)::float8 AS ms
     FROM deaf_period WHERE COALESCE(ended_at, $2) > $1 GROUP BY account`,
    [from, now],
  )
  return new Map(rows.map((row) => [row.account, row.ms]))
}

/** Whether a file has come in since the bars of the base were computed. */
export async function hasImportedSinceBars({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ since: boolean }>(
    `SELECT EXISTS (SELECT FROM import_run WHERE finished_at >
       coalesce((SELECT max(computed_at) FROM rfm_bars), '-infinity'::timestamptz)) AS since`,
  )
  return rows[0]?.since ?? false
}
