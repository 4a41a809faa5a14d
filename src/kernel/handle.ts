/**
 * Handles events: each exactly once, in order where they share a lock key, several unrelated ones in one transaction so
 * that they share its commit. An event that nothing holds up is stored by the very transaction that handles it: one
 * commit says both.
 */
import { createHash } from 'node:crypto'
import type { Database } from './db.ts'
import { isConnectionLoss, isContention } from './db.ts'
import { reasonOf, ZhangguiError } from './errors.ts'
import { type Event, lockKeys } from './event.ts'
import type { Accepted, Arrived } from './inbox.ts'
import { closeAsFailed, markHandled, noteOutcomes, openEventsAmong, openEventsOf, storeEvents } from './inbox.ts'
import type { Log } from './log.ts'
import { inOnePacket } from './packet.ts'
import type { Clock } from './ports.ts'
import { type Queryable, Transaction, type Work } from './work.ts'

/** What became of an event: taken through the route, stored as another account's copy, or too old to act on. */
export type Outcome = 'routed' | 'copy' | 'stale'

/** Takes one event through the house. Everything that it writes goes through `work`, into the one transaction. */
export type Route = (event: Event, work: Work) => Promise<Outcome>

export type Handler = {
  /** Takes an event that is stored. */
  push(event: Event): void
  /**
   * Takes an event that is not stored yet, to store and handle it in one transaction; false when it would have to wait,
   * for another with one of its keys or for a crowd. Just one of the two is called: `done` once it is committed, or
   * `failed` when the transaction was not, for whatever reason; then it is the caller's again, to be stored by itself.
   */
  takeFresh(event: Arrived, done: (accepted: Accepted) => void, failed: () => void): boolean
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

type Waiting = {
  /** A fresh one has no id until it is stored. */
  event: Event
  keys: string[]
  attempts: number
  fresh?: Fresh
}

/** In place of an id; the inbox counts from 1. */
const notStored = 0n

type Fresh = { event: Arrived; done: (accepted: Accepted) => void; failed: () => void }

/** Transactions side by side: while one waits for the database another can think. */
const lanes = 3
/** One more begins when so many events wait, or when the last one began so long ago: larger batches cost less. */
const crowd = 3
const patienceMs = 25
/** Events of one transaction: enough to share the commit, few enough that none waits long for the others. */
const batchSize = 6
const attemptsAtMost = 3
/** So many wait at most without being stored: as many as are handled in the next moment. */
const freshAtMost = lanes * batchSize

export function createHandler(options: Options): Handler {
  const { db, route, clock, log, onFailed, onStuck = () => undefined } = options
  const queue: Waiting[] = []
  const known = new Set<bigint>()
  /** Everything that waits or runs, the oldest first. */
  const open = new Set<Waiting>()
  const heldKeys = new Set<string>()
  let running = 0
  let stopped = false
  let stuck = false
  let listeners: (() => void)[] = []

  function push(event: Event): void {
    if (known.has(event.id)) return
    known.add(event.id)
    enqueue({ event, keys: lockKeys(event), attempts: 0 })
  }

  function takeFresh(event: Arrived, done: Fresh['done'], failed: Fresh['failed']): boolean {
    if (stopped || open.size >= freshAtMost) return false
    const keys = lockKeys(event)
    if (keys.some((key) => heldKeys.has(key)) || queue.some((one) => sharesKey(one.keys, keys))) return false
    enqueue({ event: { ...event, id: notStored }, keys, attempts: 0, fresh: { event, done, failed } })
    return true
  }

  function enqueue(waiting: Waiting): void {
    open.add(waiting)
    queue.push(waiting)
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
        for (const one of batch) {
          for (const key of one.keys) heldKeys.delete(key)
          known.delete(one.event.id)
          open.delete(one)
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
      for (const { fresh } of batch) fresh?.failed()
      const stored = batch.filter(({ fresh }) => !fresh)
      if (batch.length > 1 && !isConnectionLoss(error)) for (const one of stored) await run([one])
      else for (const one of stored) await again(one, error)
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
      await closeAsFailed(db.pool, one.event.id, { now: clock.now(), attempts: one.attempts, reason: reasonOf(error) })
      onFailed(one.event, error)
    } catch (lost) {
      return again({ ...one, attempts: attemptsAtMost - 1 }, lost)
    }
  }

  async function handleTogether(batch: Waiting[]): Promise<void> {
    const client = await db.pool.connect()
    let broken: Error | undefined
    try {
      const work = new Transaction(client, clock.now())
      const events = await begin(client, batch, work.now)
      // All of them, also after one has failed: none may ask for rows on a connection that somebody else has by then.
      const routed = await Promise.allSettled(events.map((event) => route(event, work)))
      const outcomes = routed.map((result, i) => [events[i]!.id, outcomeOf(result)] as const)
      await work.flush((tx) => commit(tx, outcomes))
      work.committed()
      for (const { event, fresh } of batch) fresh?.done(event.id === notStored ? 'duplicate' : 'accepted')
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: unknown) => {
        broken = lost instanceof Error ? lost : new Error('the rollback failed')
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  function pushAll(events: readonly Event[]): number {
    for (const event of events) push(event)
    return events.length
  }

  return {
    push,
    takeFresh,
    // Whoever starts takes our own timers' and jobs' events too; the row's lock settles races.
    async recover(accounts) {
      return pushAll(await openEventsOf(db.pool, accounts))
    },
    async reopen(ids) {
      pushAll(await openEventsAmong(db.pool, ids))
    },
    lag() {
      const [oldest] = open
      return { open: open.size, oldestMs: oldest ? clock.now().getTime() - oldest.event.receivedAt.getTime() : 0 }
    },
    async stop() {
      stopped = true
      if (running > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
    async idle() {
      while (open.size > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
  }
}

function sharesKey(some: readonly string[], others: readonly string[]): boolean {
  return some.some((key) => others.includes(key))
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
 * Begins, takes the locks in id order (so that two processes never wait for each other in a circle), marks the stored
 * events as handled and stores the fresh ones as such; returns those that were still open or new (law 1). One packet:
 * the mark is a statement of its own after the locks, so it sees what was committed while it waited for them.
 */
async function begin(db: Queryable, batch: Waiting[], now: Date): Promise<Event[]> {
  const locks = [...new Set(batch.flatMap(({ keys }) => keys.map(lockId)))].sort((a, b) => (a < b ? -1 : 1))
  const stored = batch.filter(({ fresh }) => !fresh).map(({ event }) => event.id)
  const fresh = batch.filter(({ fresh }) => fresh)
  const arrivals = fresh.flatMap(({ fresh }) => fresh?.event ?? [])
  const [, , open, ids] = await inOnePacket(db, () =>
    Promise.all([
      db.query('BEGIN'),
      db.query({
        name: 'inbox-lock',
        text: 'SELECT pg_advisory_xact_lock(id) FROM unnest($1::bigint[]) id',
        values: [locks],
      }),
      markHandled(db, stored, now),
      storeEvents(db, arrivals, now),
    ]),
  )
  for (const [i, { event }] of fresh.entries()) event.id = ids[i] ?? notStored
  return batch.map(({ event }) => event).filter(({ id }) => open.includes(id) || (id !== notStored && ids.includes(id)))
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
