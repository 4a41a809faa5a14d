/** What a walk asks of a person. */
import type { ClauseSql, GoalKind } from '../../../../kernel/slice.ts'
import type { Queryable } from '../../../../kernel/work.ts'

/** Whether she has done it since then. */
export async function hasReached(
  db: Queryable,
  personId: string,
  { kind, args }: { kind: GoalKind; args: unknown },
  on: Pick<ClauseSql, 'now' | 'content'> & { since: Date },
): Promise<boolean> {
  const values: unknown[] = [personId]
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`
  const reached = kind.reached(args, { now: on.now, content: on.content, bind, after: on.since, until: on.now })
  const { rows } = await db.query<{ reached: boolean }>(
    `SELECT EXISTS (SELECT FROM (${reached}) r WHERE r.person_id = $1) AS reached`,
    values,
  )
  return rows[0]!.reached
}

/** Whether she is in one of these journeys now. */
export async function isUnderWay(db: Queryable, personId: string, journeys: readonly string[]): Promise<boolean> {
  const { rows } = await db.query<{ under_way: boolean }>({
    name: 'journeys-under-way',
    text: `SELECT EXISTS (SELECT FROM journey_enrolment
             WHERE person_id = $1 AND journey = ANY ($2::text[]) AND state = 'active' AND step <> '') AS under_way`,
    values: [personId, journeys],
  })
  return rows[0]!.under_way
}
