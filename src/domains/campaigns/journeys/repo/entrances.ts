/** Who enters a journey. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchWrite, Queryable } from '../../../../kernel/work.ts'

/** Somebody who enters, or would. `again`: ms after which she may enter again, null: never. */
export type Entrance = {
  journey: string
  fingerprint: string
  again: number | null
  cause: string
  customerId: string
  data: Record<string, unknown>
  now: Date
}

/**
 * Lets those in whom nothing keeps out: staff and the deleted, who is under way in it, who has been there and may not come
 * again. What began it once begins it once. Behind customers: somebody may have been met in this very transaction.
 */
export const newEnrolments: BatchWrite<Entrance> = { name: 'journeys-enter', order: 62, run: insertEnrolments }

async function insertEnrolments(db: Queryable, entrances: readonly Entrance[]): Promise<void> {
  await db.query({
    name: 'journeys-enter',
    text: `INSERT INTO journey_enrolment (id, journey, fingerprint, cause, customer_id, person_id, data, due_at, entered_at)
           SELECT ${idOf('k.journey', 'p.id', 'k.cause')}, k.journey, k.fingerprint, k.cause, k.customer_id, p.id, k.data, k.now, k.now
           FROM unnest($1::text[], $2::text[], $3::float8[], $4::text[], $5::uuid[], $6::jsonb[], $7::timestamptz[])
             AS k (journey, fingerprint, again, cause, customer_id, data, now)
           JOIN customer c ON c.id = k.customer_id JOIN customer p ON p.id = c.person_id
           WHERE ${few('k.journey')} AND NOT p.staff AND p.forgotten_at IS NULL AND NOT EXISTS (
             SELECT FROM journey_enrolment e WHERE e.person_id = p.id AND e.journey = k.journey AND e.state <> 'refused'
               AND (k.again IS NULL OR e.ended_at IS NULL OR e.ended_at > k.now - k.again * interval '1 millisecond'))
           ON CONFLICT DO NOTHING`,
    values: [
      entrances.map(({ journey }) => journey),
      entrances.map(({ fingerprint }) => fingerprint),
      entrances.map(({ again }) => again),
      entrances.map(({ cause }) => cause),
      entrances.map(({ customerId }) => customerId),
      entrances.map(({ data }) => JSON.stringify(data)),
      entrances.map(({ now }) => now),
    ],
  })
}

/**
 * The same for those to whom something happened by the passing of time: `found` is a query with `person_id`, `cause` and
 * `at`, whose values begin behind the first five. At most `limit` at a time; says how many it found, so that fewer than
 * that are the last; 0 when none of them could be let in.
 */
export async function insertFound(
  db: Queryable,
  { journey, fingerprint, again, now, limit }: Omit<Entrance, 'cause' | 'customerId' | 'data'> & { limit: number },
  found: { text: string; values: readonly unknown[] },
): Promise<number> {
  const { rows } = await db.query<{ found: number }>(
    `WITH found AS MATERIALIZED (
       SELECT p.id, f.cause FROM (${found.text}) f JOIN customer p ON p.id = f.person_id
       WHERE NOT p.staff AND p.forgotten_at IS NULL AND p.merged_into IS NULL AND NOT EXISTS (
         SELECT FROM journey_enrolment e WHERE e.person_id = p.id AND e.journey = $1 AND (e.cause = f.cause OR e.state <> 'refused'
           AND ($3::float8 IS NULL OR e.ended_at IS NULL OR e.ended_at > $4::timestamptz - $3 * interval '1 millisecond')))
       ORDER BY f.at, p.id, f.cause LIMIT $5::int
     ), entered AS (
       INSERT INTO journey_enrolment (id, journey, fingerprint, cause, customer_id, person_id, due_at, entered_at)
       SELECT ${idOf('$1::text', 'found.id', 'found.cause')}, $1, $2, found.cause, found.id, found.id, $4, $4 FROM found
       ON CONFLICT DO NOTHING RETURNING id
     )
     SELECT CASE WHEN EXISTS (SELECT FROM entered) THEN (SELECT count(*)::int FROM found) ELSE 0 END AS found`,
    [journey, fingerprint, again, now, limit, ...found.values],
  )
  return rows[0]!.found
}

/** An enrolment has the same id whenever and wherever she is let in, so that two rehearsals are alike. */
function idOf(journey: string, personId: string, cause: string): string {
  return `md5(jsonb_build_array('journey', ${journey}, ${personId}, ${cause})::text)::uuid`
}
