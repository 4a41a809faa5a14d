/** One handling transaction: the events of a batch, marked or stored, routed, and everything they led to, in one commit. */
import { createHash } from 'node:crypto'
import { type Database, rollBack } from './db.ts'
import { ZhangguiError } from './errors.ts'
import type { Event } from './event.ts'
import { type Arrived, markHandled, noteOutcomes, storeEvents } from './inbox.ts'
import { inOnePacket } from './packet.ts'
import { type Queryable, Transaction, type Work } from './work.ts'

/** What became of an event: taken through the route, stored as another account's copy, or too old to act on. */
export type Outcome = 'routed' | 'copy' | 'stale'

/** Takes one event through the house. Everything that it writes goes through `work`, into the one transaction. */
export type Route = (event: Event, work: Work) => Promise<Outcome>

/** An event with its lock keys; `fresh` when it is not stored yet. */
export type BatchEvent = { event: Event; keys: string[]; fresh?: { event: Arrived } }

export type BatchParts = { db: Database; route: Route; now: () => Date }

/**
 * Handles the events that are still open and returns their ids. First as if all were, as nearly always they are; when one
 * was not, once more, carefully. Throws when nothing was committed, or nobody knows whether it was.
 */
export async function handleBatch(parts: BatchParts, batch: readonly BatchEvent[]): Promise<Set<bigint>> {
  return (await attempt(parts, batch, 'ahead')) ?? (await attempt(parts, batch, 'careful')) ?? new Set()
}

/**
 * `ahead`: the events are routed while PostgreSQL still locks and stores them, which saves a round trip; the slices'
 * questions stand behind the locks on the same connection. Returns the events that were open, or undefined when it went
 * ahead with one that was not: then all is taken back.
 */
async function attempt(
  { db, route, now }: BatchParts,
  batch: readonly BatchEvent[],
  how: 'ahead' | 'careful',
): Promise<Set<bigint> | undefined> {
  const client = await db.pool.connect()
  const work = new Transaction(client, now())
  let broken: Error | undefined
  try {
    // All of them, also after one has failed: none may ask for rows on a connection that somebody else has by then.
    const routeAll = (events: readonly Event[]): Promise<PromiseSettledResult<Outcome>[]> =>
      Promise.allSettled(events.map((event) => route(event, work)))
    const all = batch.map(({ event }) => event)
    const [begun, early] = await Promise.all([
      settled(begin(client, batch, work.now)),
      how === 'ahead' ? routeAll(all) : undefined,
    ])
    const open = valueOf(begun)
    const events = all.filter(({ id }) => open.has(id))
    if (early && events.length < all.length) {
      await takeBack()
      return undefined
    }
    const routed = early ?? (await routeAll(events))
    const outcomes = routed.map((result, i) => [events[i]!.id, valueOf(result)] as const)
    await work.flush((tx) => commit(tx, outcomes))
    work.committed()
    return open
  } catch (error) {
    await takeBack()
    throw error
  } finally {
    client.release(broken)
  }

  async function takeBack(): Promise<void> {
    broken = await rollBack(client)
    work.rolledBack(broken !== undefined)
  }
}

/**
 * Begins, takes the locks in id order (so that two processes never wait for each other in a circle), marks the stored
 * events as handled and stores the fresh ones as such; returns the ids of those that were still open or new (law 1). One
 * packet: the mark is a statement of its own after the locks, so it sees what was committed while it waited for them.
 */
async function begin(db: Queryable, batch: readonly BatchEvent[], now: Date): Promise<Set<bigint>> {
  const locks = [...new Set(batch.flatMap(({ keys }) => keys.map(lockId)))].sort((a, b) => (a < b ? -1 : 1))
  const stored = batch.filter(({ fresh }) => !fresh).map(({ event }) => event.id)
  const arrivals = batch.flatMap(({ event, fresh }) => (fresh ? [{ ...fresh.event, id: event.id }] : []))
  const [, , marked, added] = await inOnePacket(db, () =>
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
  return new Set([...marked, ...added.filter((id) => id !== null)])
}

/** The 64-bit number under which PostgreSQL locks a key. A collision only makes two strangers wait for each other. */
export function lockId(key: string): bigint {
  return createHash('sha1').update(key).digest().readBigInt64BE(0)
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise])
  return result
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
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
