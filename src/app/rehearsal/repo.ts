/** What the scratch database tells after the last day. */
import type { Queryable } from '../../kernel/work.ts'
import type { Collision, DayCell, Deferral, PersonLine } from '../../desk/rehearsal/schema.ts'

/** Within these instants; `zone` says where days begin. */
export type Span = { from: Date; until: Date; zone: string }

/** `drop:<campaign>` or `journey:<id>` of a row of the outbox. */
const sourceOf = `CASE WHEN o.batch LIKE 'journey:%' THEN o.batch ELSE 'drop:' || r.campaign END`
const sends = `outbox o LEFT JOIN campaign_run r ON o.batch = 'drop:' || r.id::text`

/** Whether the bot knows, or knew, such a customer; anything may be asked for. */
export async function isCustomer(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM customer WHERE id::text = lower($1)', [id])
  return rowCount === 1
}

export async function countPeople(db: Queryable): Promise<{ customers: number; groups: number }> {
  const { rows } = await db.query<{ customers: bigint; groups: bigint }>(
    `SELECT (SELECT count(*) FROM customer WHERE merged_into IS NULL AND forgotten_at IS NULL AND NOT staff) AS customers,
       (SELECT count(*) FROM room WHERE rule IS NOT NULL) AS groups`,
  )
  return { customers: Number(rows[0]!.customers), groups: Number(rows[0]!.groups) }
}

/** What leaves, by day and source. */
export async function listCalendar(
  db: Queryable,
  { from, until, zone }: Span,
): Promise<Omit<DayCell, 'title' | 'kind'>[]> {
  const { rows } = await db.query<{ day: string; source: string; sent: bigint; persons: bigint; first_at: Date }>(
    `SELECT to_char(o.sending_at AT TIME ZONE $3, 'YYYY-MM-DD') AS day, ${sourceOf} AS source, count(*) AS sent,
       count(DISTINCT coalesce(o.customer_id, o.thread_id)) AS persons, min(o.sending_at) AS first_at
     FROM ${sends} WHERE o.batch IS NOT NULL AND o.part = 0 AND o.state IN ('sent', 'unknown')
       AND o.sending_at >= $1 AND o.sending_at < $2
     GROUP BY 1, 2 ORDER BY 1, min(o.sending_at), 2`,
    [from, until, zone],
  )
  return rows.map((row) => ({
    day: row.day,
    source: row.source,
    sent: Number(row.sent),
    persons: Number(row.persons),
    firstAt: row.first_at,
  }))
}

/** Recipients of each run by what became of them, with the first and the last that left. */
export async function listOutcomes(
  db: Queryable,
  { from, until }: Span,
): Promise<{ run: string; outcome: string; count: number; firstAt: Date | null; lastAt: Date | null }[]> {
  const { rows } = await db.query<{
    run: string
    outcome: string
    count: bigint
    first_at: Date | null
    last_at: Date | null
  }>(
    `SELECT r.id::text AS run, CASE p.state WHEN 'not-sent' THEN p.reason ELSE p.state END AS outcome, count(*) AS count,
       min(o.sending_at) FILTER (WHERE p.state = 'sent') AS first_at, max(o.sending_at) FILTER (WHERE p.state = 'sent') AS last_at
     FROM campaign_recipient p JOIN campaign_run r ON r.id = p.run_id
     LEFT JOIN outbox o ON o.key = 'drop:' || r.id::text || ':' || p.target::text AND o.part = 0
     WHERE r.slot >= $1 AND r.slot < $2 GROUP BY 1, 2 ORDER BY 1, 2`,
    [from, until],
  )
  return rows.map(({ run, outcome, count, first_at: firstAt, last_at: lastAt }) => ({
    ...{ run, outcome, firstAt, lastAt },
    count: Number(count),
  }))
}

/** Of each journey: who entered, how they ended, what it sent, and what came to nothing. */
export async function listJourneys(
  db: Queryable,
  { from, until }: Span,
): Promise<{ id: string; what: 'entered' | 'ended' | 'sent' | 'not-sent'; name: string; count: number }[]> {
  const { rows } = await db.query<{
    id: string
    what: 'entered' | 'ended' | 'sent' | 'not-sent'
    name: string
    count: bigint
  }>(
    `SELECT journey AS id, 'entered' AS what, '' AS name, count(*) AS count FROM journey_enrolment
       WHERE entered_at >= $1 AND entered_at < $2 GROUP BY 1
     UNION ALL SELECT journey, 'ended', coalesce(reason, state), count(*) FROM journey_enrolment
       WHERE entered_at >= $1 AND entered_at < $2 GROUP BY 1, 3
     UNION ALL SELECT substr(batch, 9), CASE WHEN state IN ('sent', 'unknown') THEN 'sent' ELSE 'not-sent' END,
         CASE WHEN state IN ('sent', 'unknown') THEN '' ELSE coalesce(reason, state) END, count(*)
       FROM outbox WHERE batch LIKE 'journey:%' AND part = 0 AND created_at >= $1 AND created_at < $2 GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3`,
    [from, until],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** How many persons got how many unasked messages of ours. */
export async function countPerPerson(
  db: Queryable,
  { from, until }: Span,
): Promise<{ messages: number; persons: number }[]> {
  const { rows } = await db.query<{ messages: bigint; persons: bigint }>(
    `SELECT messages, count(*) AS persons FROM (
       SELECT c.person_id, count(*) AS messages FROM outbox o JOIN customer c ON c.id = o.customer_id
       WHERE o.purpose = 'marketing' AND o.part = 0 AND o.state IN ('sent', 'unknown') AND o.sending_at >= $1 AND o.sending_at < $2
       GROUP BY 1) p GROUP BY 1 ORDER BY 1`,
    [from, until],
  )
  return rows.map((row) => ({ messages: Number(row.messages), persons: Number(row.persons) }))
}

/**
 * Pairs of sources that wanted the same persons on one day, where caps or gaps let one through alone. Of a recipient that
 * was not sent the day is that on which her turn came. A person's day is put together before it is paired with itself:
 * a join of everybody with everybody is what a planner without statistics would make of it.
 */
export async function listCollisions(db: Queryable, { from, until, zone }: Span): Promise<Collision[]> {
  const { rows } = await db.query<Omit<Collision, 'both' | 'lost'> & { both: bigint; lost: bigint }>(
    `WITH wanted AS MATERIALIZED (
       SELECT c.person_id, to_char(coalesce(o.sending_at, o.created_at) AT TIME ZONE $3, 'YYYY-MM-DD') AS day,
         ${sourceOf} AS source, o.state IN ('sent', 'unknown') AS got,
         o.state = 'cancelled' AND coalesce(o.deferred, o.reason) IN ('capped', 'gap', 'give-way') AS lost
       FROM ${sends} JOIN customer c ON c.id = o.customer_id
       WHERE o.purpose = 'marketing' AND o.part = 0 AND o.batch IS NOT NULL
         AND coalesce(o.sending_at, o.created_at) >= $1 AND coalesce(o.sending_at, o.created_at) < $2
     ), days AS (
       SELECT person_id, day, array_agg(source) AS sources, array_agg(got) AS gots, array_agg(lost) AS losts
       FROM wanted GROUP BY 1, 2
     )
     SELECT d.day, a.source AS one, b.source AS other, count(*) AS both, count(*) FILTER (WHERE b.lost AND a.got) AS lost
     FROM days d CROSS JOIN LATERAL unnest(d.sources, d.gots, d.losts) AS a (source, got, lost)
       CROSS JOIN LATERAL unnest(d.sources, d.gots, d.losts) AS b (source, got, lost)
     WHERE a.got AND a.source <> b.source AND (b.lost OR (b.got AND a.source < b.source))
     GROUP BY 1, 2, 3 HAVING bool_or(b.lost) ORDER BY 1, lost DESC, 2, 3`,
    [from, until, zone],
  )
  return rows.map((row) => ({ ...row, both: Number(row.both), lost: Number(row.lost) }))
}

/** What each account sends in its hours. */
export async function listHours(
  db: Queryable,
  { from, until, zone }: Span,
): Promise<{ account: string; hour: string; sent: number }[]> {
  const { rows } = await db.query<{ account: string; hour: string; sent: bigint }>(
    `SELECT account, to_char(date_trunc('hour', sending_at AT TIME ZONE $3), 'YYYY-MM-DD HH24:00') AS hour, count(*) AS sent
     FROM outbox WHERE state IN ('sent', 'unknown') AND sending_at >= $1 AND sending_at < $2 GROUP BY 1, 2
     ORDER BY 1, 3 DESC, 2`,
    [from, until, zone],
  )
  return rows.map((row) => ({ ...row, sent: Number(row.sent) }))
}

/** Sends of each account that came to nothing for want of time. */
export async function countExpired(db: Queryable, { from, until }: Span): Promise<Map<string, number>> {
  const { rows } = await db.query<{ account: string; count: bigint }>(
    `SELECT account, count(*) AS count FROM outbox WHERE state = 'cancelled' AND reason IN ('expired', 'ceiling') AND part = 0
       AND created_at >= $1 AND created_at < $2 GROUP BY 1`,
    [from, until],
  )
  return new Map(rows.map((row) => [row.account, Number(row.count)]))
}

/** Sends of each account that left more than a quarter of an hour after they might have. */
export async function countLate(db: Queryable, { from, until }: Span): Promise<Map<string, number>> {
  const { rows } = await db.query<{ account: string; count: bigint }>(
    `SELECT account, count(*) AS count FROM outbox WHERE state IN ('sent', 'unknown') AND part = 0
       AND sending_at >= $1 AND sending_at < $2
       AND sending_at > greatest(created_at, not_before) + interval '15 minutes' GROUP BY 1`,
    [from, until],
  )
  return new Map(rows.map((row) => [row.account, Number(row.count)]))
}

/** What was put off, or came to nothing by the same rule, by source. */
export async function listDeferrals(db: Queryable, { from, until }: Span): Promise<Deferral[]> {
  const { rows } = await db.query<{ source: string; reason: string; count: bigint }>(
    `SELECT ${sourceOf} AS source, o.deferred AS reason, count(*) AS count FROM ${sends}
     WHERE o.batch IS NOT NULL AND o.part = 0 AND o.deferred IS NOT NULL AND o.created_at >= $1 AND o.created_at < $2
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    [from, until],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** Everything that was to go to one person, in order. */
export async function listOfPerson(
  db: Queryable,
  customerId: string,
  { from, until }: Span,
): Promise<Omit<PersonLine, 'title'>[]> {
  const { rows } = await db.query<Omit<PersonLine, 'title'>>(
    `WITH hers AS (SELECT id, person_id FROM customer WHERE person_id = (SELECT person_id FROM customer WHERE id = $1))
     SELECT coalesce(o.sending_at, o.settled_at, o.not_before, o.created_at) AS at, ${sourceOf} AS source,
       o.state AS outcome, coalesce(o.deferred, o.reason) AS reason,
       (SELECT string_agg(coalesce(e.body ->> 'text', e.body ->> 'title', '[' || (e.body ->> 'type') || ']'), E'\\n' ORDER BY e.part)
        FROM outbox e WHERE e.key = o.key) AS text
     FROM ${sends} WHERE o.customer_id IN (SELECT id FROM hers) AND o.part = 0 AND o.batch IS NOT NULL
       AND o.created_at >= $2 AND o.created_at < $3
     UNION ALL
     SELECT coalesce(p.settled_at, p.due_at), 'drop:' || r.campaign, p.state, p.reason, NULL
     FROM campaign_recipient p JOIN campaign_run r ON r.id = p.run_id
     WHERE p.target IN (SELECT person_id FROM hers) AND p.kind = 'direct' AND r.slot >= $2 AND r.slot < $3
       AND NOT EXISTS (SELECT FROM outbox o WHERE o.key = 'drop:' || r.id::text || ':' || p.target::text)
     ORDER BY 1, 2`,
    [customerId, from, until],
  )
  return rows
}
