/** What stays of ways that ended long ago. */
import type { Queryable } from '../../../../kernel/work.ts'

const atOnce = 1_000

type Swept = { last: string | null; emptied: number }

/**
 * Deletes the steps of those who ended before then, and what was known of the cause. That she was in the journey stays: it
 * is what keeps her from entering what one enters once. Says how many ways were emptied.
 */
export async function sweepVisits(db: Queryable, before: Date): Promise<number> {
  let emptied = 0
  let after: string | null = '00000000-0000-0000-0000-000000000000'
  while (after !== null) {
    const { rows }: { rows: Swept[] } = await db.query<Swept>(
      `WITH old AS MATERIALIZED (
         SELECT id FROM journey_enrolment e WHERE id > $2 AND ended_at < $1
           AND (data <> '{}' OR EXISTS (SELECT FROM journey_visit v WHERE v.enrolment_id = e.id))
         ORDER BY id LIMIT ${atOnce}
       ), gone AS (
         DELETE FROM journey_visit v USING old WHERE v.enrolment_id = old.id
       ), bare AS (
         UPDATE journey_enrolment e SET data = '{}' FROM old WHERE e.id = old.id AND e.data <> '{}'
       )
       SELECT (array_agg(id ORDER BY id DESC))[1] AS last, count(*)::int AS emptied FROM old`,
      [before, after],
    )
    emptied += rows[0]?.emptied ?? 0
    after = rows[0]?.last ?? null
  }
  return emptied
}
