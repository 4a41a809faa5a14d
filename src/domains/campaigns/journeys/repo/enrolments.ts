/** People on their way through journeys. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../../../kernel/work.ts'
import type { FrozenJourney } from '../schema.ts'

export type Enrolment = {
  id: string
  journey: string
  fingerprint: string
  cause: string
  customerId: string
  personId: string
  data: Record<string, unknown>
  state: string
  step: string
  dueAt: Date
  waitsUntil: Date | null
  enteredAt: Date
  frozen: FrozenJourney
  /** Steps that she has done. */
  visited: ReadonlySet<string>
  /** Why nothing may be done for her, whatever the journey says. */
  closed: 'forgotten' | 'staff' | null
  optedOut: boolean
  /** Nobody goes on in the journey just now. */
  paused: boolean
}

type Row = {
  id: string
  journey: string
  fingerprint: string
  cause: string
  customer_id: string
  person_id: string
  data: Record<string, unknown>
  state: string
  step: string
  due_at: Date
  waits_until: Date | null
  entered_at: Date
  frozen: FrozenJourney
  visited: string[]
  staff: boolean
  forgotten: boolean
  opted_out: boolean
  paused: boolean
}

/** Enrolments with their journeys as they began, locked until the transaction ends, and how it stands with each person. */
export const lockEnrolments: BatchQuery<string, Enrolment> = {
  name: 'journeys-lock',
  keyOf: (id) => id,
  async run(db, ids) {
    const { rows } = await db.query<Row>({
      name: 'journeys-lock',
      text: `SELECT e.id, e.journey, e.fingerprint, e.cause, e.customer_id, e.person_id, e.data, e.state, e.step, e.due_at,
               e.waits_until, e.entered_at, p.staff, p.forgotten_at IS NOT NULL AS forgotten,
               EXISTS (SELECT FROM customer c WHERE c.person_id = p.id AND c.opted_out_at IS NOT NULL) AS opted_out,
               ARRAY(SELECT v.step FROM journey_visit v WHERE v.enrolment_id = e.id) AS visited,
               EXISTS (SELECT FROM campaign_clock k WHERE k.name = 'journey:' || e.journey AND k.paused_at IS NOT NULL) AS paused,
               (SELECT v.data FROM journey_version v
                WHERE v.journey = e.journey AND v.fingerprint = e.fingerprint) AS frozen
             FROM journey_enrolment e JOIN customer p ON p.id = e.person_id
             WHERE e.id = ANY ($1::uuid[]) ORDER BY e.id FOR UPDATE OF e`,
      values: [ids],
    })
    return new Map(rows.map((row) => [row.id, enrolmentOf(row)]))
  },
}

function enrolmentOf(row: Row): Enrolment {
  return {
    ...{ id: row.id, journey: row.journey, fingerprint: row.fingerprint, cause: row.cause, data: row.data },
    ...{ customerId: row.customer_id, personId: row.person_id, state: row.state, step: row.step },
    ...{ dueAt: row.due_at, waitsUntil: row.waits_until, enteredAt: row.entered_at, frozen: row.frozen },
    ...{ visited: new Set(row.visited), optedOut: row.opted_out, paused: row.paused },
    closed: row.forgotten ? 'forgotten' : row.staff ? 'staff' : null,
  }
}

/** Whose time has come, in journeys that are not paused, the longest overdue first. */
export async function listDue(
  db: Queryable,
  now: Date,
  limit: number,
): Promise<{ id: string; personId: string; dueAt: Date }[]> {
  const { rows } = await db.query<{ id: string; person_id: string; due_at: Date }>({
    name: 'journeys-due',
    text: `SELECT e.id, e.person_id, e.due_at FROM journey_enrolment e
           WHERE e.state = 'active' AND e.due_at <= $1 AND e.journey <> ALL (ARRAY(
             SELECT substr(name, 9) FROM campaign_clock WHERE name LIKE 'journey:%' AND paused_at IS NOT NULL))
           ORDER BY e.due_at, e.id LIMIT $2`,
    values: [now, limit],
  })
  return rows.map((row) => ({ id: row.id, personId: row.person_id, dueAt: row.due_at }))
}

/** Where somebody goes on, or how it ended. */
export type Standing = {
  id: string
  state: string
  reason: string | null
  step: string
  dueAt: Date
  waitsUntil: Date | null
  now: Date
}

export const saveStandings: BatchWrite<Standing> = {
  name: 'journeys-stand',
  order: 63,
  async run(db, rows) {
    await db.query({
      name: 'journeys-stand',
      text: `UPDATE journey_enrolment e SET state = s.state, reason = s.reason, step = s.step, due_at = s.due_at,
               waits_until = s.waits_until, ended_at = CASE WHEN s.state <> 'active' THEN s.now END
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
               AS s (id, state, reason, step, due_at, waits_until, now)
             WHERE ${few('s.state')} AND e.id = s.id`,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ state }) => state),
        rows.map(({ reason }) => reason),
        rows.map(({ step }) => step),
        rows.map(({ dueAt }) => dueAt),
        rows.map(({ waitsUntil }) => waitsUntil),
        rows.map(({ now }) => now),
      ],
    })
  },
}

/** A step that somebody has done: its row is what keeps it from being done again. */
export const saveVisits: BatchWrite<{ enrolmentId: string; step: string; outcome: string; at: Date }> = {
  name: 'journeys-visits',
  order: 64,
  async run(db, rows) {
    await db.query({
      name: 'journeys-visits',
      text: `INSERT INTO journey_visit (enrolment_id, step, at, outcome)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[])
             ON CONFLICT (enrolment_id, step) DO NOTHING`,
      values: [
        rows.map(({ enrolmentId }) => enrolmentId),
        rows.map(({ step }) => step),
        rows.map(({ at }) => at),
        rows.map(({ outcome }) => outcome),
      ],
    })
  },
}

/** Ends what is under way in a journey: of one person, or of everybody. Gives who left, and what the one had done. */
export async function stopEnrolments(
  db: Queryable,
  { journey, personId, reason, now }: { journey: string; personId?: string; reason: string; now: Date },
): Promise<{ id: string; visited: string[] }[]> {
  const { rows } = await db.query<{ id: string; visited: string[] }>(
    `UPDATE journey_enrolment e SET state = 'exited', reason = $3, ended_at = $4
     WHERE journey = $1 AND state = 'active' AND ($2::uuid IS NULL OR person_id = $2)
     RETURNING id, ARRAY(SELECT v.step FROM journey_visit v WHERE v.enrolment_id = e.id AND $2::uuid IS NOT NULL ORDER BY 1)
       AS visited`,
    [journey, personId ?? null, reason, now],
  )
  return rows
}
