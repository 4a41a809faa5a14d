/**
 * Handles accepted events: each exactly once, in order where they share a lock key, several unrelated ones in one
 * transaction so that they share its commit.
 */
import { createHash } from 'node:crypto'
import type { Database } from './db.ts'
import { isConnectionLoss, isContention } from './db.ts'
import { reasonOf, ZhangguiError } from './errors.ts'
import { type Event, Happening, lockKeys } from './event.ts'
import { inOnePacket } from './packet.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'
import { type Queryable, Transaction, type Work } from './work.ts'

/** What became of an event: taken through the route, stored as another account's copy, or too old to act on. */
export type Outcome = 'routed' | 'copy' | 'stale'

/** Takes one event through the house. Everything that it writes goes through `work`, into the one transaction. */
export type Route = (event: Event, work: Work) => Promise<Outcome>

export type Handler = {
  push(event: Event): void
  /** Puts every open event of these accounts in the queue; called at start and after a take-over, before anything new. */
  recover(accounts: readonly string[]): Promise<number>
  /** Puts these inbox rows in the queue again. */
  reopen(ids: readonly bigint[]): Promise<void>
  /** Events that wait or run, and the age of the oldest, for health and metrics. */
  lag(): { open: number; oldestMs: number }
  /** Takes no more batches and resolves when the running ones are through. What is left stays open in the inbox. */
  stop(): Promise<void>
  idle(): Promise<void>
}

type Options = {
  db: Database
  route: Route
  clock: Clock
  log: Log
  /** An event that fails for a reason of its own, every time: a person must look. */
  onFailed: (event: Event, error: unknown) => void
  /** Called with true when events begin to wait for a database that is away or full, with false when they go on. */
  onStuck?: (stuck: boolean) => void
}

type Waiting = { event: Event; keys: string[]; attempts: number }

/** Transactions side by side: while one waits for the database another can think. */
const lanes = 3
/** One more begins when so many events wait, or when the last one began so long ago: larger batches cost less. */
const crowd = 3
const patienceMs = 25
/** Events of one transaction: enough to share the commit, few enough that none waits long for the others. */
const batchSize = 6
const attemptsAtMost = 3

export function createHandler(options: Options): Handler {
  const { db, route, clock, log, onFailed, onStuck = () => undefined } = options
  const queue: Waiting[] = []
  const known = new Set<bigint>()
  const heldKeys = new Set<string>()
  let running = 0
  let stopped = false
  let stuck = false
  let listeners: (() => void)[] = []

  function push(event: Event): void {
    if (known.has(event.id)) return
    known.add(event.id)
    queue.push({ event, keys: lockKeys(event), attempts: 0 })
    schedule()
  }

  let begunAt = 0

  function mayBegin(): boolean {
    if (running === 0) return true
    if (running >= lanes || queue.length === 0) return false
    const left = patienceMs - (performance.now() - begunAt)
    if (queue.length >= crowd || left <= 0) return true
    clock.after(left, schedule)
    return false
  }

  let scheduled = false
  function schedule(): void {
    if (scheduled) return
    scheduled = true
    // Whatever else this turn accepts may join the batch.
    setImmediate(() => {
      scheduled = false
      fill()
    })
  }

  function fill(): void {
    while (!stopped && mayBegin()) {
      const batch = takeDisjoint(queue, heldKeys)
      if (batch.length === 0) break
      running += 1
      begunAt = performance.now()
      void run(batch).finally(() => {
        running -= 1
        for (const { event, keys } of batch) {
          for (const key of keys) heldKeys.delete(key)
          known.delete(event.id)
        }
        if (queue.length > 0) schedule()
        if (running === 0 && (stopped || queue.length === 0)) {
          for (const tell of listeners) tell()
          listeners = []
        }
      })
    }
  }

  /** Never throws: an event that cannot be handled alone is closed as failed, and said so. */
  async function run(batch: Waiting[]): Promise<void> {
    try {
      await handleTogether(batch)
      if (stuck) onStuck((stuck = false))
    } catch (error) {
      if (batch.length > 1 && !isConnectionLoss(error)) {
        for (const one of batch) await run([one])
        return
      }
      for (const one of batch) await again(one, error)
    }
  }

  async function again(one: Waiting, error: unknown): Promise<void> {
    if (stopped) return
    if (isConnectionLoss(error) && !stuck) {
      log.warn({ err: error }, 'events wait for the database')
      onStuck((stuck = true))
    }
    if (isConnectionLoss(error) || isContention(error)) {
      await new Promise<void>((resume) => clock.after(200, resume))
      return run([one])
    }
    one.attempts += 1
    log.error(
      { err: error, inboxId: String(one.event.id), kind: one.event.what.kind, attempts: one.attempts },
      'event failed',
    )
    if (one.attempts < attemptsAtMost) return run([one])
    try {
      await closeAsFailed(one, error)
      onFailed(one.event, error)
    } catch (lost) {
      return again({ ...one, attempts: attemptsAtMost - 1 }, lost)
    }
  }

  async function closeAsFailed(one: Waiting, error: unknown): Promise<void> {
    await db.pool.query('UPDATE inbox SET handled_at = $2, outcome = $3, attempts = $4, error = $5 WHERE id = $1', [
      one.event.id,
      clock.now(),
      'failed',
      one.attempts,
      reasonOf(error),
    ])
  }

  async function handleTogether(batch: Waiting[]): Promise<void> {
    const client = await db.pool.connect()
    let broken: Error | undefined
    try {
      const work = new Transaction(client, clock.now())
      const open = await begin(client, batch, work.now)
      const events = batch.map(({ event }) => event).filter((event) => open.has(event.id))
      // All of them, also after one has failed: none may ask for rows on a connection that somebody else has by then.
      const routed = await Promise.allSettled(events.map((event) => route(event, work)))
      const outcomes = routed.map((result, i) => [events[i]!.id, outcomeOf(result)] as const)
      await work.flush((tx) => commit(tx, outcomes))
      work.committed()
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: unknown) => {
        broken = lost instanceof Error ? lost : new Error('the rollback failed')
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  async function enqueueOpen(condition: string, values: unknown[]): Promise<number> {
    const { rows } = await db.pool.query<InboxRow>(
      `SELECT id, account, key, at, received_at, what FROM inbox WHERE handled_at IS NULL AND ${condition} ORDER BY id`,
      values,
    )
    for (const row of rows) push(eventOf(row))
    return rows.length
  }

  return {
    push,
    // Events of no account are our own timers' and jobs': whoever starts takes them; the row's lock settles races.
    recover: (accounts) => enqueueOpen(`(account = ANY($1) OR account = '')`, [accounts]),
    async reopen(ids) {
      await enqueueOpen('id = ANY($1)', [ids])
    },
    lag() {
      const oldest = queue[0]?.event.receivedAt
      return { open: known.size, oldestMs: oldest ? clock.now().getTime() - oldest.getTime() : 0 }
    },
    async stop() {
      stopped = true
      if (running > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
    async idle() {
      while (known.size > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
  }
}

/**
 * Takes from the front what may run now, and holds its keys. An event waits while it shares a key with a running one or
 * with one before it: so each key sees its events in order.
 */
function takeDisjoint(queue: Waiting[], held: Set<string>): Waiting[] {
  const blocked = new Set(held)
  const batch: Waiting[] = []
  for (let i = 0; i < queue.length && batch.length < batchSize; ) {
    const waiting = queue[i]!
    const free = waiting.keys.every((key) => !blocked.has(key))
    for (const key of waiting.keys) blocked.add(key)
    if (free) {
      for (const key of waiting.keys) held.add(key)
      batch.push(waiting)
      queue.splice(i, 1)
    } else i += 1
  }
  return batch
}

/**
 * Begins, takes the locks in id order (so that two processes never wait for each other in a circle) and marks the
 * events as handled; returns those that were still open (law 1). One packet: the mark is a statement of its own after
 * the locks, so it sees what was committed while it waited for them.
 */
async function begin(db: Queryable, batch: Waiting[], now: Date): Promise<Set<bigint>> {
  const locks = [...new Set(batch.flatMap(({ keys }) => keys.map(lockId)))].sort((a, b) => (a < b ? -1 : 1))
  const [, , { rows }] = await inOnePacket(db, () =>
    Promise.all([
      db.query('BEGIN'),
      db.query({
        name: 'inbox-lock',
        text: 'SELECT pg_advisory_xact_lock(id) FROM unnest($1::bigint[]) id',
        values: [locks],
      }),
      db.query<{ id: bigint }>({
        name: 'inbox-handled',
        text: `UPDATE inbox SET handled_at = $2, outcome = 'routed', attempts = attempts + 1
               WHERE id = ANY($1::bigint[]) AND handled_at IS NULL RETURNING id`,
        values: [batch.map(({ event }) => event.id), now],
      }),
    ]),
  )
  return new Set(rows.map((row) => row.id))
}

/** The 64-bit number under which PostgreSQL locks a key. A collision only makes two strangers wait for each other. */
export function lockId(key: string): bigint {
  return createHash('sha1').update(key).digest().readBigInt64BE(0)
}

function outcomeOf(result: PromiseSettledResult<Outcome>): Outcome {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

/** Notes what was not simply routed, and commits. Throws when PostgreSQL rolled back instead, as it does after an error. */
async function commit(db: Queryable, outcomes: (readonly [bigint, Outcome])[]): Promise<void> {
  const others = outcomes.filter(([, outcome]) => outcome !== 'routed')
  const noted = others.length === 0 ? undefined : noteOutcomes(db, others)
  const [committed] = await Promise.all([db.query('COMMIT'), noted])
  if (committed.command !== 'COMMIT')
    throw new ZhangguiError({ code: 'not-committed', message: 'The transaction was rolled back.' })
}

async function noteOutcomes(db: Queryable, outcomes: (readonly [bigint, Outcome])[]): Promise<void> {
  await db.query({
    name: 'inbox-outcome',
    text: `UPDATE inbox SET outcome = o.outcome FROM unnest($1::bigint[], $2::text[]) AS o (id, outcome) WHERE inbox.id = o.id`,
    values: [outcomes.map(([id]) => id), outcomes.map(([, outcome]) => outcome)],
  })
}

type InboxRow = { id: bigint; account: string; key: string; at: Date; received_at: Date; what: unknown }

function eventOf(row: InboxRow): Event {
  return {
    id: row.id,
    account: row.account,
    key: row.key,
    at: row.at,
    receivedAt: row.received_at,
    what: Happening.parse(row.what),
  }
}
