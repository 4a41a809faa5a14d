/** How far runs are, in numbers: for lists, where the report of each would be too much. */
import type { Queryable } from '../../../../kernel/work.ts'

/** Recipients of a run. `waiting`: not handed over, or in the outbox; `notSent` is without the holdout. */
export type RunCounts = { sent: number; unknown: number; waiting: number; notSent: number; holdout: number }

/** By run; one without recipients is not there. Those of an old run, whose recipients are gone, stand in its report. */
export async function countRecipients(db: Queryable, runs: readonly string[]): Promise<Map<string, RunCounts>> {
  const { rows } = await db.query<{ run_id: string } & Record<keyof RunCounts, bigint>>({
    name: 'campaigns-run-counts',
    text: `SELECT run_id, count(*) FILTER (WHERE state = 'sent') AS sent,
             count(*) FILTER (WHERE state = 'unknown') AS unknown,
             count(*) FILTER (WHERE state IN ('waiting', 'queued')) AS waiting,
             count(*) FILTER (WHERE state = 'not-sent' AND reason IS DISTINCT FROM 'holdout') AS "notSent",
             count(*) FILTER (WHERE state = 'not-sent' AND reason = 'holdout') AS holdout
           FROM campaign_recipient WHERE run_id = ANY ($1) GROUP BY run_id
           UNION ALL
           SELECT c.id, sum((v ->> 'sent')::bigint), sum((v ->> 'unknown')::bigint), sum((v ->> 'waiting')::bigint),
             sum(missed.count) FILTER (WHERE v ->> 'variant' IS NOT NULL),
             sum((v ->> 'recipients')::bigint) FILTER (WHERE v ->> 'variant' IS NULL)
           FROM campaign_run c, jsonb_array_elements(c.report) v,
             LATERAL (SELECT sum(value::bigint) AS count FROM jsonb_each_text(v -> 'notSent')) missed
           WHERE c.id = ANY ($1) AND NOT EXISTS (SELECT FROM campaign_recipient r WHERE r.run_id = c.id) GROUP BY c.id`,
    values: [runs],
  })
  return new Map(
    rows.map(({ run_id: run, sent, unknown, waiting, notSent, holdout }) => [
      run,
      {
        ...{ sent: Number(sent), unknown: Number(unknown), waiting: Number(waiting) },
        ...{ notSent: Number(notSent), holdout: Number(holdout) },
      },
    ]),
  )
}
