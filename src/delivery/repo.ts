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
import { isUnasked } from './schema.ts'

/** How many due rows a claim looks at to find the first of each thread. */
const horizon = 256

/** `account` under `epoch`, unless it was swapped or rests; $1 account, $2 epoch, $3 now. */
const mine = `mine AS MATERIALIZED (
  SELECT name FROM account
  WHERE name = $1 AND epoch = $2 AND state <> 'swapped' AND (throttled_until IS NULL OR throttled_until <= $3)
  FOR SHARE
)`

/**
 * The first due row of each thread, best first; $4 threads to leave out, $5 the only thread or null, $6 how many.
 * A part waits for the earlier parts of its key; other messages do not.
 */
const heads = `heads AS MATERIALIZED (
  SELECT id, thread_id, more FROM (
    SELECT DISTINCT ON (thread_id) id, thread_id, priority, count(*) OVER (PARTITION BY thread_id) > 1 AS more FROM (
      SELECT id, thread_id, priority FROM outbox o
      WHERE account = $1 AND state = 'pending' AND EXISTS (SELECT FROM mine)
        AND (not_before IS NULL OR not_before <= $3)
        AND thread_id <> ALL ($4::uuid[]) AND ($5::uuid IS NULL OR thread_id = $5)
        AND (part = 0 OR NOT EXISTS (
          SELECT FROM outbox e WHERE e.key = o.key AND e.part < o.part AND e.state IN ('pending', 'sending', 'unknown')))
      ORDER BY priority, id LIMIT ${horizon}
    ) due ORDER BY thread_id, priority, id
  ) head ORDER BY priority, id LIMIT $6
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
  /** Of the brand (IANA): where its days begin, for the daily ceiling. */
  zone: string
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
  not_after: Date | null
  priority: number
  silent_until: Date | null
  opted_out: boolean
  forgotten: boolean
  recalled: boolean
  group_posts: number
  account_posts: number
  tomorrow: Date
}

/**
 * Takes the best rows into `sending`, one per thread, with the facts that decide whether they may go.
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
             SELECT o.id, key, part, account, o.thread_id, customer_id, answers, purpose, recipient, state, heads.more
             FROM heads JOIN outbox o ON o.id = heads.id FOR UPDATE OF o SKIP LOCKED
           )
           UPDATE outbox o SET state = 'sending', epoch = $2, sending_at = $3, reason = NULL
           FROM locked l
             LEFT JOIN thread t ON t.id = l.thread_id
             LEFT JOIN LATERAL ${consent} c ON true
             LEFT JOIN LATERAL (
               SELECT count(DISTINCT e.key)::int AS n FROM outbox e
               WHERE l.purpose IN ('challenge', 'marketing') AND l.recipient ->> 'kind' = 'group'
                 AND e.thread_id = l.thread_id AND e.purpose IN ('challenge', 'marketing')
                 AND e.sending_at >= date_trunc('day', $3::timestamptz, $7)
                 AND e.state IN ('sending', 'unknown', 'sent') AND e.key <> l.key
             ) posts ON true
             LEFT JOIN LATERAL (
               SELECT count(*)::int AS n FROM outbox e
               WHERE l.purpose IN ('challenge', 'marketing') AND l.part = 0
                 AND e.account = $1 AND e.part = 0 AND e.purpose IN ('challenge', 'marketing')
                 AND e.sending_at >= date_trunc('day', $3::timestamptz, $7) AND e.state IN ('sending', 'unknown', 'sent')
             ) unasked ON true
           WHERE o.id = l.id AND l.state = 'pending'
           RETURNING o.id, o.key, o.part, l.more OR o.part + 1 < o.parts AS more, o.thread_id, o.customer_id, o.recipient, o.purpose, o.body, o.not_after, o.priority,
             t.silent_until, c.opted_out, c.forgotten, posts.n AS group_posts, unasked.n AS account_posts,
             date_trunc('day', $3::timestamptz, $7) + interval '1 day' AS tomorrow,
             ${recalled}`,
    values: [account, epoch, asked.now, asked.busy, asked.only ?? null, asked.limit, asked.zone],
  })
  rows.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
  let unasked = 0
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
    notAfter: row.not_after,
    facts: {
      silentUntil: row.silent_until,
      optedOut: row.opted_out,
      forgotten: row.forgotten,
      recalled: row.recalled,
      groupPostsToday: row.group_posts,
      // The statement does not see what it takes itself: of one batch each counts those before it.
      accountPostsToday: row.account_posts + (isUnasked(row.purpose) ? unasked++ : 0),
      tomorrow: row.tomorrow,
    },
  }))
}

/** The thread whose turn it is, without taking anything. */
export async function nextThread(db: Queryable, asked: Omit<Claim, 'limit' | 'zone'>): Promise<string | undefined> {
  const { rows } = await db.query<{ thread_id: string }>({
    name: 'outbox-next',
    text: `WITH ${mine}, ${heads} SELECT thread_id FROM heads`,
    values: [asked.account, asked.epoch, asked.now, asked.busy, asked.only ?? null, 1],
  })
  return rows[0]?.thread_id
}
