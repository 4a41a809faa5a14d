/**
 * Handles events: each exactly once, in order where they share a lock key, several unrelated ones in one transaction so
 * that they share its commit. An event that nothing holds up is stored by the very transaction that handles it: one
 * commit says both.
 */
import { handleBatch, type Route } from './batch.ts'
import type { Database } from './db.ts'
import { isConnectionLoss, isContention } from './db.ts'
import { reasonOf } from './errors.ts'
import { type Event, lockKeys } from './event.ts'
import { type Accepted, type Arrived, closeAsFailed, drawIds, openEventsAmong, openEventsOf } from './inbox.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'

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

type Waiting = { event: Event; keys: string[]; attempts: number; fresh?: Fresh }
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
/** More ids are drawn when so few are left. */
const idsAtLeast = 500

export function createHandler(options: Options): Handler {
  const { db, route, clock, log, onFailed, onStuck = () => undefined } = options
  const queue: Waiting[] = []
  const known = new Set<bigint>()
  /** Everything that waits or runs, the oldest first. */
  const open = new Set<Waiting>()
  const heldKeys = new Set<string>()
  const freshIds: bigint[] = []
  let refilling = false
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
    const id = freshIds.pop()
    if (freshIds.length < idsAtLeast) void refill()
    if (id === undefined) return false
    enqueue({ event: { ...event, id }, keys, attempts: 0, fresh: { event, done, failed } })
    return true
  }

  /** Ids of fresh events are drawn ahead, since what they lead to is keyed by them. Gaps in them mean nothing. */
  async function refill(): Promise<void> {
    if (refilling) return
    refilling = true
    try {
      // Drawn from the end.
      freshIds.unshift(...(await drawIds(db.pool, idsAtLeast * 2)).reverse())
    } catch (error) {
      log.warn({ err: error }, 'no ids drawn for events, they are stored by themselves')
    }
    refilling = false
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
    const open = await handleBatch({ db, route, now: () => clock.now() }, batch)
    for (const { event, fresh } of batch) fresh?.done(open.has(event.id) ? 'accepted' : 'duplicate')
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
      await refill()
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
