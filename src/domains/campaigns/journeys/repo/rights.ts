/** A person's rights over her way through journeys (law 14). */
import type { Queryable } from '../../../../kernel/work.ts'

/**
 * Of two ways through one journey the older goes on; what is moved keeps the id under which it was written. Where one thing
 * began it for both, such as a birthday, the cause of what is moved says whose it was.
 */
export async function mergeEnrolments(db: Queryable, from: string, into: string, now: Date): Promise<void> {
  await db.query(
    `UPDATE journey_enrolment y SET state = 'exited', reason = 'merged', ended_at = $3
     FROM journey_enrolment o WHERE y.state = 'active' AND o.state = 'active' AND y.journey = o.journey
       AND y.person_id IN ($1, $2) AND o.person_id IN ($1, $2) AND y.person_id <> o.person_id
       AND (y.entered_at, y.id) > (o.entered_at, o.id)`,
    [from, into, now],
  )
  await db.query(
    `UPDATE journey_enrolment e SET person_id = $2, cause = CASE WHEN EXISTS (
         SELECT FROM journey_enrolment o WHERE o.person_id = $2 AND o.journey = e.journey AND o.cause = e.cause)
       THEN e.cause || $3::text ELSE e.cause END
     WHERE e.person_id = $1`,
    [from, into, whose(from)],
  )
}

/** Each goes back to where it was written, and is called what it was. */
export async function unlinkEnrolments(db: Queryable, customerIds: readonly string[], to: string): Promise<void> {
  await db.query(
    `UPDATE journey_enrolment e SET person_id = $2,
       cause = CASE WHEN e.cause LIKE '%' || $3::text THEN left(e.cause, -length($3::text)) ELSE e.cause END
     WHERE customer_id = ANY ($1::uuid[]) AND person_id <> $2`,
    [customerIds, to, whose(to)],
  )
}

/** Behind a cause: whose of two who became one it was. Without what LIKE takes for a pattern. */
function whose(personId: string): string {
  return ` of ${personId}`
}

export async function forgetEnrolments(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `DELETE FROM journey_visit WHERE enrolment_id IN (
       SELECT id FROM journey_enrolment WHERE person_id = ANY ($1::uuid[]) OR customer_id = ANY ($1::uuid[]))`,
    [customerIds],
  )
  await db.query('DELETE FROM journey_enrolment WHERE person_id = ANY ($1::uuid[]) OR customer_id = ANY ($1::uuid[])', [
    customerIds,
  ])
}

export async function exportEnrolments(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT e.journey, e.cause, e.data, e.state, e.reason, e.entered_at AS "enteredAt", e.ended_at AS "endedAt",
       (SELECT jsonb_agg(jsonb_build_object('step', v.step, 'at', v.at, 'outcome', v.outcome) ORDER BY v.at, v.step)
        FROM journey_visit v WHERE v.enrolment_id = e.id) AS steps
     FROM journey_enrolment e WHERE e.person_id = ANY ($1::uuid[]) OR e.customer_id = ANY ($1::uuid[])
     ORDER BY e.entered_at, e.id`,
    [customerIds],
  )
  return rows
}
