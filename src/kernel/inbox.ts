/** The inbox table: what its statements are. `accept` and `handle` alone use it; nothing else writes the inbox. */
import { type Event, Happening, type NewEvent } from './event.ts'
import { few } from './plan.ts'
import type { Queryable } from './work.ts'

export type Accepted = 'accepted' | 'duplicate'

/** An event as it is stored: without what PostgreSQL cannot keep, and its happening as JSON beside it. */
export type Arrived = NewEvent & { receivedAt: Date; json: string }

/**
 * Makes an event storable: jsonb takes neither NUL nor lone surrogates, and customers' names, topics and texts may hold
 * both.
 */
export function arrived(event: NewEvent, receivedAt: Date): Arrived {
  const json = JSON.stringify(event.what)
  if (!/\\u(0000|d[89a-f])/i.test(json)) return { ...event, receivedAt, json }
  const clean = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
  const what = JSON.parse(json, clean) as Happening
  return { ...event, what, receivedAt, json: JSON.stringify(what) }
}

/** Ids for events that are not stored yet, rising. */
export async function drawIds(db: Queryable, count: number): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `SELECT nextval('inbox_id_seq') AS id FROM generate_series(1, $1::int)`,
    [count],
  )
  return rows.map(({ id }) => id)
}

/**
 * Stores events, under the ids that they have or under new ones, as handled at `handledAt` or as open (null). Returns the id of each, in their order; null for one whose
 * (account, key) the inbox or an earlier one of them has already.
 */
export async function storeEvents(
  db: Queryable,
  events: readonly (Arrived & { id?: bigint })[],
  handledAt: Date | null,
): Promise<(bigint | null)[]> {
  if (events.length === 0) return []
  const { rows } = await db.query<{ id: bigint; account: string; key: string }>({
    name: 'inbox-store',
    text: `INSERT INTO inbox (id, account, key, kind, at, received_at, what, handled_at, outcome, attempts)
           SELECT coalesce(row.id, nextval('inbox_id_seq')), account, key, kind, at, received_at, what, $7,
             CASE WHEN $7::timestamptz IS NOT NULL THEN 'routed' END, ($7::timestamptz IS NOT NULL)::int
           FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[], $8::bigint[])
             WITH ORDINALITY AS row (account, key, kind, at, received_at, what, id, place)
           ORDER BY place
           ON CONFLICT (account, key) DO NOTHING
           RETURNING id, account, key`,
    values: [
      events.map(({ account }) => account),
      events.map(({ key }) => key),
      events.map(({ what }) => what.kind),
      events.map(({ at }) => at),
      events.map(({ receivedAt }) => receivedAt),
      events.map(({ json }) => json),
      handledAt,
      events.map(({ id }) => id ?? null),
    ],
  })
  const ids = new Map(rows.map((row) => [`${row.account}\n${row.key}`, row.id]))
  return events.map(({ account, key }) => {
    const place = `${account}\n${key}`
    const id = ids.get(place) ?? null
    ids.delete(place)
    return id
  })
}

/** Marks stored events as handled and returns the ids of those that were still open. */
export async function markHandled(db: Queryable, ids: readonly bigint[], now: Date): Promise<bigint[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<{ id: bigint }>({
    name: 'inbox-handled',
    text: `UPDATE inbox SET handled_at = $2, outcome = 'routed', attempts = attempts + 1
           WHERE id = ANY($1::bigint[]) AND handled_at IS NULL RETURNING id`,
    values: [ids, now],
  })
  return rows.map(({ id }) => id)
}

/** Notes what became of handled events where it is not simply `routed`. */
export async function noteOutcomes(db: Queryable, outcomes: (readonly [bigint, string])[]): Promise<void> {
  await db.query({
    name: 'inbox-outcome',
    text: `UPDATE inbox SET outcome = o.outcome FROM unnest($1::bigint[], $2::text[]) AS o (id, outcome)
           WHERE inbox.id = o.id AND ${few('o.id')}`,
    values: [outcomes.map(([id]) => id), outcomes.map(([, outcome]) => outcome)],
  })
}

/** Closes an event that cannot be handled, for a person to look at. */
export async function closeAsFailed(
  db: Queryable,
  id: bigint,
  how: { now: Date; attempts: number; reason: string },
): Promise<void> {
  await db.query(`UPDATE inbox SET handled_at = $2, outcome = 'failed', attempts = $3, error = $4 WHERE id = $1`, [
    id,
    how.now,
    how.attempts,
    how.reason,
  ])
}

/** The open events of these accounts, and those of no account: our own timers' and jobs'. In the order of their ids. */
export function openEventsOf(db: Queryable, accounts: readonly string[]): Promise<Event[]> {
  return readOpen(db, `(account = ANY($1) OR account = '')`, [accounts])
}

/** Those of these events that are open, in the order of their ids. */
export function openEventsAmong(db: Queryable, ids: readonly bigint[]): Promise<Event[]> {
  return readOpen(db, 'id = ANY($1)', [ids])
}

async function readOpen(db: Queryable, condition: string, values: unknown[]): Promise<Event[]> {
  const { rows } = await db.query<{
    id: bigint
    account: string
    key: string
    at: Date
    received_at: Date
    what: unknown
  }>(
    `SELECT id, account, key, at, received_at, what FROM inbox WHERE handled_at IS NULL AND ${condition} ORDER BY id`,
    values,
  )
  return rows.map(({ received_at, what, ...row }) => ({
    ...row,
    receivedAt: received_at,
    what: Happening.parse(what),
  }))
}
