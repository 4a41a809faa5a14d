/**
 * The door in: whatever happened is in the inbox, committed, before `accept` says so. An event that nothing holds up is
 * stored by the transaction that handles it, so that customers wait for one commit less. Every other one is stored by
 * itself at once and handled when its turn comes; those that arrive while a statement is under way share the next one.
 */
import type { Database } from './db.ts'
import { isConnectionLoss } from './db.ts'
import { type Event, lockKeys, type NewEvent } from './event.ts'
import type { Handler } from './handle.ts'
import { type Accepted, type Arrived, arrived, storeEvents } from './inbox.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'

export type Inbox = {
  /**
   * Resolves once the event is committed; `duplicate` when the account had already given us one with this key. While
   * the database is away it waits: the event is kept in memory and stored as soon as the database is back.
   */
  accept(event: NewEvent): Promise<Accepted>
  /** Events that wait to be stored by themselves. */
  waiting(): number
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>
}

type Waiting = { event: Arrived; resolve: (accepted: Accepted) => void; reject: (error: unknown) => void }

/** Rows of one statement at most. */
const statementRows = 200
const retryMs = 250

export function createInbox(options: {
  db: Database
  clock: Clock
  log: Log
  /** Called with each event that was stored by itself, in the order of their ids. */
  onAccepted: (event: Event) => void
  /** Takes an event before it is stored, where it can be handled at once; without it none is. */
  takeFresh?: Handler['takeFresh']
  /** Called with true when events begin to wait for a database that is away or full, with false when they are stored. */
  onStuck?: (stuck: boolean) => void
}): Inbox {
  const { db, clock, log, onAccepted, takeFresh = () => false, onStuck = () => undefined } = options
  let queue: Waiting[] = []
  let storing: Promise<void> | undefined
  /** How many events with this key are on their way into the inbox: a fresh one must not overtake them. */
  const entering = new Map<string, number>()

  function enter(waiting: Waiting): void {
    for (const key of lockKeys(waiting.event)) entering.set(key, (entering.get(key) ?? 0) + 1)
    queue.push(waiting)
    storing ??= loop()
  }

  function entered({ event }: Waiting): void {
    for (const key of lockKeys(event)) {
      const others = (entering.get(key) ?? 1) - 1
      if (others > 0) entering.set(key, others)
      else entering.delete(key)
    }
  }

  async function store(batch: Waiting[]): Promise<void> {
    const ids = await storeEvents(
      db.pool,
      batch.map(({ event }) => event),
      null,
    )
    for (const [i, waiting] of batch.entries()) {
      const id = ids[i] ?? null
      if (id !== null) onAccepted({ ...waiting.event, id })
      entered(waiting)
      waiting.resolve(id === null ? 'duplicate' : 'accepted')
    }
  }

  /** Stores a batch; an event that PostgreSQL refuses must not take its neighbours with it. */
  async function storeSurely(batch: Waiting[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await store(batch)
        if (tries > 1) onStuck(false)
        return
      } catch (error) {
        if (isConnectionLoss(error)) {
          // Said once per outage: a log that fills the disk would be the next one.
          if (tries === 1) {
            log.warn({ err: error, waiting: batch.length + queue.length }, 'inbox waits for the database')
            onStuck(true)
          }
          await new Promise<void>((resume) => clock.after(retryMs, resume))
        } else if (batch.length > 1) {
          for (const one of batch) await storeSurely([one])
          return
        } else {
          for (const refused of batch) {
            log.error({ err: error, kind: refused.event.what.kind }, 'event refused by the database')
            entered(refused)
            refused.reject(error)
          }
          return
        }
      }
    }
  }

  async function loop(): Promise<void> {
    // What the wire has brought in this turn already may share the statement.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const batch = queue.slice(0, statementRows)
      queue = queue.slice(statementRows)
      await storeSurely(batch)
    }
    storing = undefined
  }

  return {
    accept(happened) {
      const event = arrived(happened, clock.now())
      return new Promise((resolve, reject) => {
        const storeAlone = (): void => enter({ event, resolve, reject })
        const overtakes = entering.size > 0 && lockKeys(event).some((key) => entering.has(key))
        if (overtakes || !takeFresh(event, resolve, storeAlone)) storeAlone()
      })
    },
    waiting: () => queue.length,
    async drained() {
      while (storing) await storing
    },
  }
}
