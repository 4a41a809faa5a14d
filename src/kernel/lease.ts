/**
 * Who owns an account (law 3). The lock is PostgreSQL's and dies with the connection, so a killed owner frees it at
 * once; the epoch is raised by each take-over, so that an owner which does not know yet that it lost the account can
 * write nothing more under it.
 */
import pg from 'pg'
import { lockId } from './batch.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'

export type Lease = {
  /** The epoch under which this process owns the account; null while it does not (the database is away). */
  epoch(): number | null
  /** Gives the account back. */
  release(): Promise<void>
}

export type Taken = { kind: 'taken'; lease: Lease } | { kind: 'owned'; by: string }

const retryMs = 500

/**
 * Takes the account, or says who owns it. When the connection that holds the lock is lost, it is taken again as soon as
 * the database is back, with a new epoch; `onTaken` hears of each epoch, `onLost` when another process was faster.
 */
export async function takeAccount(options: {
  url: string
  account: string
  /** This process in words, for whoever is refused: host, pid. */
  self: string
  clock: Clock
  log: Log
  onTaken: (epoch: number) => Promise<void>
  onLost: (owner: string) => void
}): Promise<Taken> {
  const { url, account, self, clock, log, onTaken, onLost } = options
  let client: pg.Client | undefined
  let epoch: number | null = null
  let released = false

  async function attempt(): Promise<{ owner: string } | undefined> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `zhanggui-owner-${account}`.slice(0, 63),
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    await fresh.connect()
    try {
      const { rows } = await fresh.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [
        lockId(`account-owner:${account}`),
      ])
      if (!rows[0]?.got) {
        const owner = await fresh.query<{ owner: string | null }>('SELECT owner FROM account WHERE name = $1', [
          account,
        ])
        await fresh.end()
        return { owner: owner.rows[0]?.owner ?? 'a process that has not said its name yet' }
      }
      const raised = await fresh.query<{ epoch: number }>(
        `INSERT INTO account (name, epoch, owner) VALUES ($1, 1, $2)
         ON CONFLICT (name) DO UPDATE SET epoch = account.epoch + 1, owner = $2 RETURNING epoch`,
        [account, self],
      )
      client = fresh
      const mine = raised.rows[0]!.epoch
      await onTaken(mine)
      epoch = mine
      return undefined
    } catch (error) {
      await fresh.end().catch(() => undefined) // already broken: the error that is thrown says why
      throw error
    }
  }

  function lost(which: pg.Client): void {
    if (which !== client || released) return
    client = undefined
    epoch = null
    log.warn({ account }, 'ownership lost with the database connection')
    clock.after(retryMs, () => void again())
  }

  async function again(): Promise<void> {
    if (released || client) return
    try {
      const refused = await attempt()
      if (refused) onLost(refused.owner)
      else log.info({ account, epoch }, 'ownership taken again')
    } catch {
      // The database is still away; the pool's errors are logged where statements fail.
      clock.after(retryMs, () => void again())
    }
  }

  const refused = await attempt()
  if (refused) return { kind: 'owned', by: refused.owner }
  return {
    kind: 'taken',
    lease: {
      epoch: () => epoch,
      async release() {
        released = true
        epoch = null
        await client?.end().catch(() => undefined) // the lock dies with the connection either way
      },
    },
  }
}
