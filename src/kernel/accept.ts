/**
 * The door in: whatever happened is in the inbox, committed, before anybody acts on it. Nothing else writes the inbox.
 *
 * Events that arrive while a statement is under way share the next one, so the cost of a commit is shared under load
 * and nobody waits when there is none.
 */
import type { Database } from './db.ts'
import { isConnectionLoss } from './db.ts'
import type { Event, Happening, NewEvent } from './event.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'
import { turns } from './turns.ts'

export type Accepted = 'accepted' | 'duplicate'

export type Inbox = {
  /**
   * Resolves once the event is committed; `duplicate` when the account had already given us one with this key. While
   * the database is away it waits: the event is kept in memory and stored as soon as the database is back.
   */
  accept(event: NewEvent): Promise<Accepted>
  /** Events that wait for their commit. */
  waiting(): number
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>
}

type Waiting = {
  event: NewEvent
  json: string
  receivedAt: Date
  resolve: (accepted: Accepted) => void
  reject: (error: unknown) => void
}

/** Rows of one statement at most. */
const statementRows = 200
const retryMs = 250
/** Turns of the event loop before a statement leaves: what the wire has brought already may join it. */
const gatherTurns = 1

const insert = `
  INSERT INTO inbox (account, key, kind, at, received_at, what)
  SELECT account, key, kind, at, received_at, what
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[])
    WITH ORDINALITY AS row (account, key, kind, at, received_at, what, place)
  ORDER BY place
  ON CONFLICT (account, key) DO NOTHING
  RETURNING id, account, key`

export function createInbox(options: {
  db: Database
  clock: Clock
  log: Log
  /** Called with each committed event, in the order of their ids. */
  onAccepted: (event: Event) => void
  /** Called with true when events begin to wait for a database that is away or full, with false when they are stored. */
  onStuck?: (stuck: boolean) => void
}): Inbox {
  const { db, clock, log, onAccepted, onStuck = () => undefined } = options
  let queue: Waiting[] = []
  let storing: Promise<void> | undefined

  async function store(batch: Waiting[]): Promise<void> {
    const { rows } = await db.pool.query<{ id: bigint; account: string; key: string }>({
      name: 'inbox-accept',
      text: insert,
      values: [
        batch.map(({ event }) => event.account),
        batch.map(({ event }) => event.key),
        batch.map(({ event }) => event.what.kind),
        batch.map(({ event }) => event.at),
        batch.map(({ receivedAt }) => receivedAt),
        batch.map(({ json }) => json),
      ],
    })
    const ids = new Map(rows.map((row) => [`${row.account}\n${row.key}`, row.id]))
    for (const { event, receivedAt, resolve } of batch) {
      const place = `${event.account}\n${event.key}`
      const id = ids.get(place)
      // The same key twice in one batch: the first one has it.
      ids.delete(place)
      if (id !== undefined) onAccepted({ ...event, id, receivedAt })
      resolve(id === undefined ? 'duplicate' : 'accepted')
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
          log.error({ err: error, kind: batch[0]?.event.what.kind }, 'event refused by the database')
          batch[0]?.reject(error)
          return
        }
      }
    }
  }

  async function loop(): Promise<void> {
    while (queue.length > 0) {
      await turns(gatherTurns)
      const batch = queue.slice(0, statementRows)
      queue = queue.slice(statementRows)
      await storeSurely(batch)
    }
    storing = undefined
  }

  return {
    accept(event) {
      return new Promise((resolve, reject) => {
        queue.push({ ...storable(event), receivedAt: clock.now(), resolve, reject })
        storing ??= loop()
      })
    },
    waiting: () => queue.length,
    async drained() {
      while (storing) await storing
    },
  }
}

/**
 * The event, and its happening as JSON, without what PostgreSQL cannot keep: jsonb takes neither NUL nor lone
 * surrogates, and customers' names, topics and texts may hold both.
 */
function storable(event: NewEvent): { event: NewEvent; json: string } {
  const json = JSON.stringify(event.what)
  if (!/\\u(0000|d[89a-f])/i.test(json)) return { event, json }
  const clean = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
  const what = JSON.parse(json, clean) as Happening
  return { event: { ...event, what }, json: JSON.stringify(what) }
}
