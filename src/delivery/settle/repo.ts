/** The statements that settle what a send left open: echoes, the clock, a person. */
import type { Body, Purpose } from '../../kernel/effect.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { BatchQuery, Queryable } from '../../kernel/work.ts'
import { isSaid, saidColumns, saidValues } from '../record/repo.ts'

export type EchoKey = {
  account: string
  threadId: string
  messageId: string
  /** Of its content; null when the platform shows too little, then the type must do. */
  hash: string | null
  type: string
  /** Whether the gateway declares that it echoes: only then does the echo settle the row. */
  settles: boolean
  saidId: string
  now: Date
}

/** How many of a thread's newest rows that are out and not echoed an echo may belong to. */
const horizon = 256
/** How long a sent row waits for its echo; later the same words are somebody's own. */
const echoWindow = `interval '10 minutes'`

/**
 * Finds the row that each echo belongs to, and settles it; gives its id and the key of its intent. Only rows that may be out and have no echo yet
 * are looked at: the one with the echo's platform id first, else the oldest with the same content, one without any
 * platform id before others. What still waits in a busy thread must not hide them, or our own words would silence us.
 * An echo that is told again, as platforms do after a login, is known by its platform id and changes nothing.
 *
 * A row that was `unknown` and is `pending` again by hand counts too: the echo proves that the first try went out.
 * It may come before the outcome is recorded: the recorder then leaves `sent` as it is.
 */
export const echoQuery: BatchQuery<EchoKey, { id: bigint; key: string }> = {
  name: 'outbox-echo',
  keyOf: (key) => `${key.account}\0${key.messageId}`,
  async run(db, keys) {
    const { rows } = await db.query<{ account: string; echo_id: string; id: bigint; key: string | null }>({
      name: 'outbox-echo',
      text: `WITH told AS MATERIALIZED (
               SELECT e.*, known.id AS known_id FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[],
                   $6::bool[], $7::uuid[]) AS e (account, thread_id, echo_id, hash, type, settles, said_id)
                 LEFT JOIN LATERAL (
                   SELECT outbox_id AS id FROM message m
                   WHERE m.account = e.account AND m.platform_id = e.echo_id AND m.direction = 'out' OFFSET 0
                 ) known ON true
             ), match AS MATERIALIZED (
               SELECT e.*, m.id, m.was FROM told e
                 CROSS JOIN LATERAL (
                   SELECT o.id, o.state AS was
                   FROM (SELECT * FROM outbox
                         WHERE thread_id = e.thread_id AND echoed_at IS NULL AND sending_at IS NOT NULL
                         ORDER BY id DESC LIMIT ${horizon}) o
                   WHERE o.account = e.account AND (e.known_id IS NULL OR o.id = e.known_id)
                     AND (o.message_id = e.echo_id OR (
                     (o.body_hash = e.hash OR (e.hash IS NULL AND o.body ->> 'type' = e.type))
                     AND (o.state IN ('sending', 'unknown') OR (o.state = 'pending' AND o.sending_at IS NOT NULL)
                       OR (o.state = 'sent' AND o.sending_at > $8::timestamptz - ${echoWindow}))))
                   ORDER BY (o.message_id IS NOT DISTINCT FROM e.echo_id) DESC, (o.message_id IS NOT NULL), o.id LIMIT 1
                 ) m
             ), settled AS (
               UPDATE outbox o SET echoed_at = $8, message_id = coalesce(o.message_id, m.echo_id),
                 state = CASE WHEN m.settles THEN 'sent' ELSE o.state END,
                 reason = CASE WHEN NOT m.settles THEN o.reason END,
                 settled_at = CASE WHEN o.state = 'sent' OR NOT m.settles THEN o.settled_at ELSE $8 END,
                 settled_by = CASE WHEN o.state = 'sent' OR NOT m.settles THEN o.settled_by ELSE 'echo' END
               FROM match m WHERE o.id = m.id
               RETURNING o.*, m.said_id, m.was, m.echo_id
             ), said AS (
               INSERT INTO message ${saidColumns} SELECT ${saidValues} FROM settled
               WHERE state = 'sent' AND was <> 'sent' AND ${isSaid} ON CONFLICT DO NOTHING
             )
             SELECT account, echo_id, id, key FROM settled
             UNION ALL SELECT account, echo_id, known_id, NULL FROM told WHERE known_id IS NOT NULL`,
      values: [
        keys.map((key) => key.account),
        keys.map((key) => key.threadId),
        keys.map((key) => key.messageId),
        keys.map((key) => key.hash),
        keys.map((key) => key.type),
        keys.map((key) => key.settles),
        keys.map((key) => key.saidId),
        keys[0]?.now,
      ],
    })
    // One that was known and is settled here has two rows; the one with the key comes last and counts.
    rows.sort((a, b) => Number(a.key !== null) - Number(b.key !== null))
    return new Map(rows.map((row) => [`${row.account}\0${row.echo_id}`, { id: row.id, key: row.key ?? '' }]))
  },
}

export type Stale = {
  key: string
  threadId: string
  customerId: string | null
  purpose: Purpose
  bodyType: Body['type']
}

type StaleRow = {
  key: string
  thread_id: string
  customer_id: string | null
  purpose: Purpose
  body_type: Body['type']
}

const stale = (row: StaleRow): Stale => ({
  key: row.key,
  threadId: row.thread_id,
  customerId: row.customer_id,
  purpose: row.purpose,
  bodyType: row.body_type,
})

/** Cancels up to 500 rows that wait although their time is over, of whatever account; gives them. */
export async function cancelExpired(db: Queryable, now: Date): Promise<Stale[]> {
  const { rows } = await db.query<StaleRow>(
    `UPDATE outbox SET state = 'cancelled', reason = 'expired', settled_at = $1, settled_by = 'outcome'
     WHERE id IN (SELECT id FROM outbox WHERE state = 'pending' AND not_after < $1 LIMIT 500 FOR UPDATE SKIP LOCKED)
     RETURNING key, thread_id, customer_id, purpose, body ->> 'type' AS body_type`,
    [now],
  )
  return rows.map(stale)
}

/**
 * Marks up to 500 rows that are `unknown` since `before` and gives them. They stay `unknown`. What somebody waits for
 * stays open (`settled_at` null) until a human settles it; of marketing the account is closed as it stands, and parts
 * that waited for it are cancelled.
 */
export async function markOverdue(
  db: Queryable,
  before: Date,
  now: Date,
  closed: readonly Purpose[],
): Promise<Stale[]> {
  const { rows } = await db.query<StaleRow>(
    `WITH overdue AS (
       UPDATE outbox SET settled_by = 'timeout',
         settled_at = CASE WHEN purpose = ANY ($3) OR NOT (${isSaid}) THEN $2::timestamptz END
       WHERE id IN (SELECT id FROM outbox WHERE state = 'unknown' AND settled_by IS NULL AND sending_at <= $1
                    LIMIT 500 FOR UPDATE SKIP LOCKED)
       RETURNING *
     ), rest AS (
       UPDATE outbox o SET state = 'cancelled', reason = 'earlier-part-unknown', settled_at = $2, settled_by = 'timeout'
       FROM overdue WHERE overdue.settled_at IS NOT NULL AND o.key = overdue.key AND o.part > overdue.part
         AND o.state = 'pending'
     )
     SELECT key, thread_id, customer_id, purpose, body ->> 'type' AS body_type FROM overdue`,
    [before, now, closed],
  )
  return rows.map(stale)
}

/** Unknown rows that neither an echo nor a human nor the clock has settled, by account. */
export async function countUnsettled(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ account: string; n: number }>(
    `SELECT account, count(*)::int AS n FROM outbox WHERE state = 'unknown' AND settled_at IS NULL GROUP BY account`,
  )
  return new Map(rows.map((row) => [row.account, row.n]))
}

export type HandSettled = { id: bigint; account: string; key: string }

/** Every row whose fate is open. */
export async function listUnknown(db: Queryable): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(`SELECT id FROM outbox WHERE state = 'unknown' ORDER BY id`)
  return rows.map((row) => row.id)
}

/** A person says that these were sent. Gives those that were unknown, and only those. */
export async function settleSent(
  db: Queryable,
  ids: bigint[],
  by: string,
  now: Date,
  fresh: Ids,
): Promise<HandSettled[]> {
  const { rows } = await db.query<HandSettled>(
    `WITH done AS (
       UPDATE outbox o SET state = 'sent', settled_at = $2, settled_by = $3
       FROM unnest($1::bigint[], $4::uuid[]) AS r (id, said_id)
       WHERE o.id = r.id AND o.state = 'unknown' RETURNING o.*, r.said_id
     ), said AS (
       INSERT INTO message ${saidColumns} SELECT ${saidValues} FROM done WHERE ${isSaid} ON CONFLICT DO NOTHING
     )
     SELECT id, account, key FROM done`,
    [ids, now, by, ids.map(() => fresh.fresh())],
  )
  return rows
}

/**
 * A person wants these sent again: `pending` once more, and its parts no longer too late. `sending_at` stays, so that
 * a late echo of the first try is still recognised. Forgotten rows have no words left to send.
 */
export async function settleRetry(db: Queryable, ids: bigint[]): Promise<HandSettled[]> {
  const { rows } = await db.query<HandSettled>(
    `WITH again AS (
       UPDATE outbox SET state = 'pending', epoch = NULL, reason = 'retried', not_before = NULL, not_after = NULL,
         settled_at = NULL, settled_by = NULL
       WHERE id = ANY ($1) AND state = 'unknown' AND settled_by IS DISTINCT FROM 'forgotten' RETURNING id, account, key
     ), rest AS (
       UPDATE outbox o SET not_after = NULL FROM again
       WHERE o.key = again.key AND o.state = 'pending' AND o.id <> ALL ($1)
     )
     SELECT id, account, key FROM again`,
    [ids],
  )
  return rows
}

export async function audit(db: Queryable, by: string, action: string, ids: bigint[], now: Date): Promise<void> {
  await db.query(
    `INSERT INTO audit (at, by, action, subject) SELECT $1, $2, $3, 'outbox:' || id FROM unnest($4::bigint[]) id`,
    [now, by, action, ids],
  )
}
