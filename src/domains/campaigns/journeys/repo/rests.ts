/** Those who rest at a step, many at a time. */
import type { Queryable } from '../../../../kernel/work.ts'
import type { FrozenJourney } from '../schema.ts'

/** Where people rest: each journey and step once, with the first of them that entered. */
export async function listRests(
  db: Queryable,
): Promise<{ journey: string; fingerprint: string; step: string; since: Date; frozen: FrozenJourney }[]> {
  const { rows } = await db.query<{
    journey: string
    fingerprint: string
    step: string
    since: Date
    data: FrozenJourney
  }>({
    name: 'journeys-rests',
    text: `SELECT w.journey, w.fingerprint, w.step, w.since, v.data FROM (
             SELECT journey, fingerprint, step, min(entered_at) AS since FROM journey_enrolment
             WHERE state = 'active' GROUP BY 1, 2, 3) w
           JOIN journey_version v USING (journey, fingerprint) ORDER BY 1, 2, 3`,
  })
  return rows.map(({ data, ...row }) => ({ ...row, frozen: data }))
}

type Resting = { journey: string; fingerprint: string; step: string; now: Date }

/**
 * Those who rest at a step have their time now, when they have done it: since they entered, or since they began to wait so
 * many ms for it (`within`). `reached` is a query with `person_id` and `at`, whose values begin behind the first five.
 */
export async function wake(
  db: Queryable,
  { journey, fingerprint, step, within, now }: Resting & { within: number | null },
  reached: { text: string; values: readonly unknown[] },
): Promise<void> {
  await db.query(
    `UPDATE journey_enrolment e SET due_at = $4
     WHERE e.state = 'active' AND e.journey = $1 AND e.fingerprint = $2 AND e.step = $3 AND e.due_at > $4
       AND EXISTS (SELECT FROM (${reached.text}) r WHERE r.person_id = e.person_id
         AND r.at > coalesce(e.waits_until - $5::float8 * interval '1 millisecond', e.entered_at))`,
    [journey, fingerprint, step, now, within, ...reached.values],
  )
}

/** The same for those who have opted out. */
export async function wakeOptedOut(db: Queryable, { journey, fingerprint, step, now }: Resting): Promise<void> {
  await db.query({
    name: 'journeys-wake-opted-out',
    text: `UPDATE journey_enrolment e SET due_at = $4
           WHERE e.state = 'active' AND e.journey = $1 AND e.fingerprint = $2 AND e.step = $3 AND e.due_at > $4
             AND EXISTS (SELECT FROM customer c WHERE c.person_id = e.person_id AND c.opted_out_at IS NOT NULL)`,
    values: [journey, fingerprint, step, now],
  })
}
