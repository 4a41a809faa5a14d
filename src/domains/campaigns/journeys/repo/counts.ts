/** How it stands with journeys. */
import type { Queryable } from '../../../../kernel/work.ts'

/** Messages of each journey by what became of the step: `sent` is handed over to delivery, others are why it was not. */
export async function countSends(db: Queryable): Promise<{ journey: string; outcome: string; count: number }[]> {
  const { rows } = await db.query<{ journey: string; outcome: string; count: bigint }>(
    `SELECT e.journey, v.outcome, count(*) AS count FROM journey_visit v JOIN journey_enrolment e ON e.id = v.enrolment_id
     WHERE v.outcome = ANY ($1::text[]) GROUP BY 1, 2 ORDER BY 1, 2`,
    [['sent', 'no-words', 'no-identity', 'stranger', 'staff', 'forgotten']],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** How it stands with each journey: people by state and reason. */
export async function countEnrolments(
  db: Queryable,
): Promise<{ journey: string; state: string; reason: string | null; count: number }[]> {
  const { rows } = await db.query<{ journey: string; state: string; reason: string | null; count: bigint }>(
    'SELECT journey, state, reason, count(*) AS count FROM journey_enrolment GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}
