/**
 * What limits need to know, in PostgreSQL. As in `claim`, whatever statistics the planner has, it can only look rows up
 * by key: by the person's customers, by the thread, by the account. Hers is read in one stretch of an index that serves
 * nothing else, and its state is looked at behind OFFSET 0: a planner that counted when little waited would go through
 * all that waits for each row.
 */
import { Preferences } from '../../domains/members/index.ts'
import type { Queryable } from '../../kernel/work.ts'
import type { Claimed } from '../schema.ts'
import type { LimitFacts, Sent } from './schema.ts'

/** A send that takes longer has lost its sender: it counts as sent, and nobody waits for its end. */
const onTheWay = `interval '5 minutes'`
/** The longest window of the caps. */
const window = `interval '30 days'`
const used = `e.state IN ('sending', 'unknown', 'sent')`

/** The customers who are the same person as the one of the row `r`; none where it has none. */
const herself = `(
  SELECT array_agg(c.id) AS ids, min(c.person_id::text) AS person, min(c.opted_out_at) AS opted_out_at,
    min(c.profiling_refused_at) AS profiling_refused_at,
    coalesce(jsonb_agg(c.preferences ORDER BY c.id) FILTER (WHERE c.preferences <> '{}'), '[]') AS preferences
  FROM customer c WHERE c.person_id = (SELECT k.person_id FROM customer k WHERE k.id = r.customer_id)
)`

/**
 * Until the end of the transaction nobody else decides about these persons and groups, in whatever process: always taken
 * in one order, so that two who want the same wait for each other one way round.
 */
export async function lockTargets(db: Queryable, rows: readonly Claimed[]): Promise<void> {
  await db.query({
    name: 'limits-lock',
    text: `SELECT pg_advisory_xact_lock(target) FROM (
             SELECT DISTINCT hashtextextended('unasked:' || coalesce(
               (SELECT person_id FROM customer k WHERE k.id = r.customer_id), r.thread_id)::text, 0) AS target
             FROM unnest($1::uuid[], $2::uuid[]) AS r (customer_id, thread_id) ORDER BY target
           ) targets`,
    values: [rows.map((row) => row.customerId), rows.map((row) => row.threadId)],
  })
}

type FactsRow = {
  id: bigint
  person: string | null
  opted_out_at: Date | null
  profiling_refused_at: Date | null
  preferences: unknown[]
  hers: [number, boolean][]
  posts: [number, boolean][]
  rivals: number
  account_today: number
  first_seen_at: Date | null
}

export type FactsAsked = {
  account: string
  now: Date
  /** When the brand's day began. */
  today: Date
  /** How far ahead more important messages are looked for (ms). */
  giveWay: number
  /** What the account has said today, where that is known; counting it ends at `most`. */
  said: number | undefined
  most: number
}

/** `person`: null where nobody knows whose thread it is, and for groups. */
export type Known = LimitFacts & { person: string | null }

/**
 * The facts of claimed rows of one account, each without the others: of what was claimed together the caller knows what
 * goes. Only whole messages count, so part 0 stands for each. Where nobody knows whose thread it is, the thread is hers.
 */
export async function readFacts(
  db: Queryable,
  rows: readonly Claimed[],
  { account, now, today, giveWay, said, most }: FactsAsked,
): Promise<Map<bigint, Known>> {
  const found = await db.query<FactsRow>({
    name: 'limits-facts',
    text: `SELECT r.id, p.person, p.opted_out_at, p.profiling_refused_at, p.preferences, h.sent AS hers, t.sent AS posts, h.rivals,
             coalesce($11::int, (SELECT count(*)::int FROM (
                SELECT FROM outbox e WHERE e.account = $7 AND e.purpose IN ('challenge', 'marketing')
                  AND e.sending_at >= $8 AND e.part = 0 AND ${used} AND e.id NOT IN (SELECT unnest($1::bigint[])) LIMIT $10) said)) AS account_today,
             (SELECT first_seen_at FROM account WHERE name = $7) AS first_seen_at
           FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::int[], $5::bool[])
               AS r (id, customer_id, thread_id, rank, marketing)
             LEFT JOIN LATERAL ${herself} p ON true
             LEFT JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_array(extract(epoch FROM e.sending_at) * 1000,
                   e.state = 'sending' AND e.sending_at > $6::timestamptz - ${onTheWay}) ORDER BY e.sending_at)
                   FILTER (WHERE e.sending_at IS NOT NULL AND ${used}), '[]') AS sent,
                 (count(*) FILTER (WHERE e.sending_at IS NULL AND e.state = 'pending' AND e.rank < r.rank
                   AND (e.not_before IS NULL OR e.not_before <= $6::timestamptz + $9::float8 * interval '1 millisecond')
                   AND (e.not_after IS NULL OR e.not_after > greatest($6::timestamptz, e.not_before))
                   AND (e.batch IS NULL OR e.batch <> ALL (ARRAY(SELECT batch FROM outbox_hold)))))::int AS rivals
               FROM (SELECT * FROM outbox o
                     WHERE r.marketing AND o.customer_id = ANY (p.ids) AND o.purpose = 'marketing'
                       AND coalesce(o.sending_at, 'infinity') > $6::timestamptz - ${window} OFFSET 0) e
               WHERE e.part = 0 AND e.id NOT IN (SELECT unnest($1::bigint[]))
             ) h ON true
             LEFT JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_array(extract(epoch FROM e.sending_at) * 1000,
                 e.state = 'sending' AND e.sending_at > $6::timestamptz - ${onTheWay}) ORDER BY e.sending_at), '[]') AS sent
               FROM outbox e
               WHERE r.customer_id IS NULL AND e.thread_id = r.thread_id AND e.purpose IN ('challenge', 'marketing')
                 AND e.sending_at > $6::timestamptz - ${window} AND e.part = 0 AND ${used} AND e.id NOT IN (SELECT unnest($1::bigint[]))
             ) t ON true`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.customerId),
      rows.map((row) => row.threadId),
      rows.map((row) => row.rank),
      rows.map((row) => row.purpose === 'marketing'),
      ...[now, account, today, giveWay, most, said],
    ],
  })
  const ofThread = new Set(rows.filter((row) => row.customerId === null).map(({ id }) => id))
  return new Map(
    found.rows.map((row) => [
      row.id,
      {
        person: row.person,
        optedOutAt: row.opted_out_at,
        profilingRefusedAt: row.profiling_refused_at,
        preferences: row.preferences.map((one) => Preferences.parse(one)),
        hers: sentOf(ofThread.has(row.id) ? row.posts : row.hers),
        posts: sentOf(row.posts),
        rivals: row.rivals,
        accountToday: row.account_today,
        firstSeenAt: row.first_seen_at,
      },
    ]),
  )
}

function sentOf(sent: [number, boolean][]): Sent[] {
  return sent.map(([at, onTheWay]) => ({ at: new Date(at), onTheWay }))
}
