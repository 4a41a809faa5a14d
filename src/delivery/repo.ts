/**
 * The outbox on its hot road: claim (rows come in through express/repo.ts, what ended is recorded in record/repo.ts). Few statements, each named so that PostgreSQL prepares it once.
 *
 * The dangers, and what stands against them:
 * - An owner that lost its account must not write `sending`: `mine` demands the epoch and locks the account's row, so
 *   a take-over waits for the claim or the claim finds nothing (law 3).
 * - A row that was claimed and perhaps sent must not be claimed again: a claim takes `pending` alone, and every way
 *   back to `pending` demands the state and the epoch that it knows.
 */
import type { Queryable } from '../kernel/work.ts'
import type { Claimed } from './schema.ts'

/** How many due rows of either index a claim looks at to find the first of each thread. */
const horizon = 256

/** `account` under `epoch`, unless it was swapped or rests; $1 account, $2 epoch, $3 now. */
const mine = `mine AS MATERIALIZED (
  SELECT name FROM account
  WHERE name = $1 AND epoch = $2 AND state <> 'swapped' AND (throttled_until IS NULL OR throttled_until <= $3)
  FOR SHARE
)`

/**
 * Rows of the account that may go, best first, of those with `when`. A part waits for the earlier parts of its key, and
 * for its delay after they left; other messages do not. What is held is left out: of batches there are few at a time, so
 * their names are read once.
 */
const due = (when: string): string => `(
  SELECT id, thread_id, priority, rank FROM outbox o
  WHERE account = $1 AND state = 'pending' AND ${when} AND EXISTS (SELECT FROM mine)
    AND thread_id <> ALL ($4::uuid[]) AND ($5::uuid IS NULL OR thread_id = $5)
    AND (batch IS NULL OR batch <> ALL (ARRAY(SELECT batch FROM outbox_hold)))
    AND (part = 0 OR NOT EXISTS (
      SELECT FROM outbox e WHERE e.key = o.key AND e.part < o.part AND (e.state IN ('pending', 'sending', 'unknown')
        OR (o.delay > 0 AND coalesce(e.settled_at, e.sending_at) > $3::timestamptz - o.delay * interval '1 millisecond'))))
  ORDER BY priority, rank, id LIMIT ${horizon}
)`

/**
 * The first due row of each thread, best first; $4 threads to leave out, $5 the only thread or null, $6 how many. What
 * waits for its hour has an index of its own, so that a crowd that sleeps until the morning is not passed by each claim.
 */
const heads = `heads AS MATERIALIZED (
  SELECT id, thread_id, more FROM (
    SELECT DISTINCT ON (thread_id) id, thread_id, priority, rank, count(*) OVER (PARTITION BY thread_id) > 1 AS more
    FROM (${due('not_before IS NULL')} UNION ALL ${due('not_before <= $3')}) due
    ORDER BY thread_id, priority, rank, id
  ) head ORDER BY priority, rank, id LIMIT $6
)`

/** What a person said about being written to, as any of the customers that she is; of the row `l`. */
export const consent = `(
  SELECT count(opted_out_at) > 0 AS opted_out, count(forgotten_at) > 0 AS forgotten
  FROM customer WHERE person_id = (SELECT person_id FROM customer k WHERE k.id = l.customer_id)
)`

/** Whether the row `l` answers messages and all of them were recalled. */
export const recalled = `coalesce((SELECT bool_and(coalesce((
  SELECT recalled_at IS NOT NULL FROM message m WHERE m.account = l.account AND m.platform_id = a.id), false))
  FROM unnest(l.answers) a (id)), false) AS recalled`

export type Claim = {
  account: string
  epoch: number
  now: Date
  /** Threads with a send on its way: order within a thread is kept by claiming one row at a time. */
  busy: readonly string[]
  /** Claim from this thread alone. */
  only?: string | undefined
  limit: number
}

type ClaimedRow = {
  id: bigint
  key: string
  part: number
  more: boolean
  thread_id: string
  customer_id: string | null
  recipient: Claimed['recipient']
  purpose: Claimed['purpose']
  body: Claimed['body']
  rank: number
  offer: Claimed['offer']
  deferred: string | null
  not_after: Date | null
  priority: number
  silent_until: Date | null
  opted_out: boolean
  forgotten: boolean
  recalled: boolean
}

/**
 * Takes the best rows into `sending`, one per thread, with the facts that decide whether they may go. What nobody asked
 * for is not free to go yet: limits/ asks for more, once it is committed.
 *
 * It is written so that whatever statistics the planner has (none, after a start), it can only look rows up by key:
 * OFFSET 0 and the subqueries in the select list keep it from joining with all customers or messages, and the state is
 * checked after the lock lest it searches the index of what is pending for every id.
 */
export async function claim(db: Queryable, asked: Claim): Promise<Claimed[]> {
  const { account, epoch } = asked
  const { rows } = await db.query<ClaimedRow>({
    name: 'outbox-claim',
    text: `WITH ${mine}, ${heads}, locked AS (
             SELECT o.id, account, o.thread_id, customer_id, answers, state, deferred, heads.more
             FROM heads JOIN outbox o ON o.id = heads.id FOR UPDATE OF o SKIP LOCKED
           )
           UPDATE outbox o SET state = 'sending', epoch = $2, sending_at = $3, reason = NULL, deferred = NULL
           FROM locked l
             LEFT JOIN thread t ON t.id = l.thread_id
             LEFT JOIN LATERAL ${consent} c ON true
           WHERE o.id = l.id AND l.state = 'pending'
           RETURNING o.id, o.key, o.part, l.more OR o.part + 1 < o.parts AS more, o.thread_id, o.customer_id, o.recipient, o.purpose, o.body, o.rank, o.offer, l.deferred, o.not_after, o.priority,
             t.silent_until, c.opted_out, c.forgotten, ${recalled}`,
    values: [account, epoch, asked.now, asked.busy, asked.only ?? null, asked.limit],
  })
  rows.sort((a, b) => a.priority - b.priority || a.rank - b.rank || (a.id < b.id ? -1 : 1))
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    part: row.part,
    more: row.more,
    account,
    epoch,
    threadId: row.thread_id,
    customerId: row.customer_id,
    recipient: row.recipient,
    purpose: row.purpose,
    body: row.body,
    rank: row.rank,
    offer: row.offer,
    deferred: row.deferred,
    notAfter: row.not_after,
    facts: {
      silentUntil: row.silent_until,
      optedOut: row.opted_out,
      forgotten: row.forgotten,
      recalled: row.recalled,
    },
  }))
}

/** The thread whose turn it is, without taking anything. */
export async function nextThread(db: Queryable, asked: Omit<Claim, 'limit'>): Promise<string | undefined> {
  const { rows } = await db.query<{ thread_id: string }>({
    name: 'outbox-next',
    text: `WITH ${mine}, ${heads} SELECT thread_id FROM heads`,
    values: [asked.account, asked.epoch, asked.now, asked.busy, asked.only ?? null, 1],
  })
  return rows[0]?.thread_id
}
