/** The figures of runs: what became of whom, and who did what the run aims at. */
import type { ClauseSql, GoalKind } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { batchOf } from '../runs/schema.ts'

/** Recipients of a run by variant (null: the holdout), state and reason; those who wait by what puts them off. */
export type StateCount = { variant: string | null; state: string; reason: string | null; count: number }

export async function countStates(db: Queryable, runId: string): Promise<StateCount[]> {
  const { rows } = await db.query<{ variant: string | null; state: string; reason: string | null; count: bigint }>(
    `SELECT r.variant, r.state, coalesce(r.reason, o.deferred) AS reason, count(*) AS count
     FROM campaign_recipient r LEFT JOIN outbox o ON r.state = 'queued' AND o.key = $2 || r.target::text AND o.part = 0
     WHERE r.run_id = $1 GROUP BY 1, 2, 3 ORDER BY 1 NULLS LAST, 2, 3 NULLS FIRST`,
    [runId, `${batchOf(runId)}:`],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** Persons of a run by variant: those who count, and how many of them did what it aims at within `within` ms. */
export type Reached = { variant: string | null; of: number; count: number }

/**
 * Who got it counts from then on, the holdout from the slot on. `goal` null counts nobody. Groups are no persons: of them
 * nobody can say who has read what.
 */
export async function countReached(
  db: Queryable,
  run: { id: string; slot: Date },
  goal: { kind: GoalKind; args: unknown; within: number } | null,
  on: Pick<ClauseSql, 'now' | 'content'>,
): Promise<Reached[]> {
  const values: unknown[] = [run.id, run.slot, goal?.within ?? 0]
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`
  const window = { after: run.slot, until: on.now }
  const events = goal
    ? goal.kind.reached(goal.args, { ...on, bind, ...window })
    : 'SELECT NULL::uuid AS person_id, NULL::timestamptz AS at WHERE false'
  const { rows } = await db.query<{ variant: string | null; of: bigint; count: bigint }>(
    `WITH given AS MATERIALIZED (
       SELECT r.target, c.person_id, r.variant, CASE WHEN r.variant IS NULL THEN $2::timestamptz ELSE r.settled_at END AS since
       FROM campaign_recipient r JOIN customer c ON c.id = r.target
       WHERE r.run_id = $1 AND r.kind = 'direct' AND (r.state IN ('sent', 'unknown') OR r.reason = 'holdout')
     ), events AS (${events})
     SELECT g.variant, count(*) AS of, count(*) FILTER (WHERE EXISTS (
         SELECT FROM events e WHERE e.person_id = g.person_id AND e.at > g.since
           AND e.at <= g.since + $3 * interval '1 millisecond')) AS count
     FROM given g GROUP BY g.variant ORDER BY g.variant NULLS LAST`,
    values,
  )
  return rows.map((row) => ({ variant: row.variant, of: Number(row.of), count: Number(row.count) }))
}

/** Readers of a run by variant who followed one of its tracked links. */
export async function countClicked(db: Queryable, runId: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ variant: string; count: bigint }>(
    `SELECT r.variant, count(DISTINCT r.target) AS count FROM campaign_link l
     JOIN campaign_recipient r ON r.run_id = $1 AND r.target = l.person_id
     WHERE l.source = $2 AND l.clicked_at IS NOT NULL AND r.variant IS NOT NULL GROUP BY r.variant`,
    [runId, batchOf(runId)],
  )
  return new Map(rows.map((row) => [row.variant, Number(row.count)]))
}

/** Readers by variant who opted out within `within` ms of getting it, and have not come back since. */
export async function countOptedOut(db: Queryable, runId: string, within: number): Promise<Map<string, number>> {
  const { rows } = await db.query<{ variant: string; count: bigint }>(
    `SELECT r.variant, count(*) AS count FROM campaign_recipient r
     JOIN customer c ON c.id = r.target JOIN person_consent p ON p.person_id = c.person_id
     WHERE r.run_id = $1 AND r.kind = 'direct' AND r.variant IS NOT NULL AND r.state IN ('sent', 'unknown')
       AND p.opted_out_at > r.settled_at AND p.opted_out_at <= r.settled_at + $2 * interval '1 millisecond'
     GROUP BY r.variant`,
    [runId, within],
  )
  return new Map(rows.map((row) => [row.variant, Number(row.count)]))
}

/** The same by segment: which of the recipients are in it now. `persons`: a query with `person_id`, its first value free. */
export async function countCohort(
  db: Queryable,
  persons: { text: string; values: unknown[] },
): Promise<{ sent: number; recipients: number }> {
  const { rows } = await db.query<{ recipients: bigint; sent: bigint }>(
    `SELECT count(*) AS recipients, count(*) FILTER (WHERE r.state IN ('sent', 'unknown')) AS sent
     FROM campaign_recipient r JOIN customer c ON c.id = r.target JOIN (${persons.text}) s ON s.person_id = c.person_id
     WHERE r.run_id = $1`,
    persons.values,
  )
  return { recipients: Number(rows[0]!.recipients), sent: Number(rows[0]!.sent) }
}

/** Runs that are over, whose slot was before then, and whose report nobody has kept yet. */
export async function listUncounted(db: Queryable, before: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM campaign_run
     WHERE report IS NULL AND slot < $1 AND audience > 0 AND state IN ('done', 'stopped', 'missed') ORDER BY slot, id`,
    [before],
  )
  return rows.map(({ id }) => id)
}

/** The first report that is kept stays: what it was counted from may be gone when somebody else has counted. */
export async function saveReport(db: Queryable, runId: string, variants: readonly object[]): Promise<void> {
  await db.query('UPDATE campaign_run SET report = $2 WHERE id = $1 AND report IS NULL', [
    runId,
    JSON.stringify(variants),
  ])
}

export async function findReport<T>(db: Queryable, runId: string): Promise<T[] | undefined> {
  const { rows } = await db.query<{ report: T[] | null }>('SELECT report FROM campaign_run WHERE id = $1', [runId])
  return rows[0]?.report ?? undefined
}

const deletedAtOnce = 5_000

/** Recipients of runs whose slot was before then and whose report is kept, some thousand a statement. */
export async function deleteRecipients(db: Queryable, before: Date): Promise<number> {
  const { rows: runs } = await db.query<{ id: string }>(
    `SELECT id FROM campaign_run c WHERE report IS NOT NULL AND slot < $1
       AND EXISTS (SELECT FROM campaign_recipient r WHERE r.run_id = c.id) ORDER BY slot, id`,
    [before],
  )
  let deleted = 0
  for (const { id } of runs) {
    for (let batch = deletedAtOnce; batch === deletedAtOnce; deleted += batch) {
      const { rowCount } = await db.query(
        `DELETE FROM campaign_recipient WHERE run_id = $1 AND target = ANY (ARRAY(
           SELECT target FROM campaign_recipient WHERE run_id = $1 LIMIT ${deletedAtOnce}))`,
        [id],
      )
      batch = rowCount ?? 0
    }
  }
  return deleted
}
