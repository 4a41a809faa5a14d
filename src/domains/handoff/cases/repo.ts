/** Cases in PostgreSQL, and what happened to them. */
import type { OpenCase } from '../../../kernel/effect.ts'
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Told } from '../clock/decide.ts'
import type { Case, CaseState, Entry, Wanting } from './schema.ts'

/** A case as it is stored: what it asks for, and what its clock has said. */
export type Stored = Case & { talkThreadId: string | null; wanted: Wanting; told: Told }

export type Opened = Pick<OpenCase, 'key' | 'threadId' | 'customerId' | 'reason' | 'evidence'> & {
  id: string
  openedAt: Date
  /** A case of hers that was closed after this instant goes on, in the place of a new one; null: none does. */
  goesOnAfter: Date | null
}

/** The case of `w.customer_id` that goes on; one that is forgotten does not, nor one that no human ever had. */
const goesOn = `SELECT r.id FROM handoff_case r
                 WHERE r.customer_id = w.customer_id AND r.closed_at >= w.goes_on_after AND r.owner IS NOT NULL
                   AND r.key <> 'forgotten:' || r.id
                 ORDER BY r.closed_at DESC LIMIT 1`

/**
 * One case per key, however often it is asked for, and one open case per customer: what else she needs meanwhile is
 * written to it as `again`, under the same key. So is what she needs soon after a case that a human had was closed: it
 * is opened again where all changes of cases are made, under their lock.
 */
export const openCases: BatchWrite<Opened> = {
  name: 'handoff-cases',
  order: 44,
  async run(db, rows) {
    const columns = [
      rows.map((row) => row.key),
      rows.map((row) => row.threadId),
      rows.map((row) => row.customerId),
      rows.map((row) => row.reason),
      rows.map((row) => JSON.stringify(row.evidence)),
      rows.map((row) => row.openedAt),
      rows.map((row) => row.goesOnAfter),
    ]
    await Promise.all([
      db.query({
        name: 'handoff-open',
        text: `INSERT INTO handoff_case (id, key, thread_id, customer_id, reason, evidence, opened_at, unanswered_since,
                 last_customer_at)
               SELECT w.id, key, thread_id, customer_id, reason, evidence, opened_at, opened_at, opened_at
               FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[],
                 $8::uuid[]) AS w (key, thread_id, customer_id, reason, evidence, opened_at, goes_on_after, id)
               LEFT JOIN LATERAL (${goesOn}) recent ON true
               WHERE recent.id IS NULL
               ON CONFLICT DO NOTHING`,
        values: [...columns, rows.map((row) => row.id)],
      }),
      // Laterals, so that no plan ever reads all cases for the sake of one.
      db.query({
        name: 'handoff-opened',
        text: `INSERT INTO case_entry (case_id, key, at, kind, data)
               SELECT coalesce(own.id, open.id, recent.id), w.key, w.opened_at, CASE WHEN own.id IS NULL THEN 'again' ELSE 'opened' END,
                 jsonb_build_object('reason', w.reason, 'evidence', w.evidence, 'threadId', w.thread_id)
               FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[])
                 AS w (key, thread_id, customer_id, reason, evidence, opened_at, goes_on_after)
               LEFT JOIN LATERAL (SELECT id FROM handoff_case WHERE key = w.key LIMIT 1) own ON true
               LEFT JOIN LATERAL (
                 SELECT id FROM handoff_case WHERE customer_id = w.customer_id AND closed_at IS NULL LIMIT 1) open ON true
               LEFT JOIN LATERAL (${goesOn}) recent ON true
               WHERE coalesce(own.id, open.id, recent.id) IS NOT NULL
               ON CONFLICT (key) DO NOTHING`,
        values: columns,
      }),
    ])
  },
}

export const findCase: BatchQuery<string, Stored> = {
  name: 'handoff-case',
  keyOf: (id) => id,
  async run(db, ids) {
    const { rows } = await db.query<CaseRow>({
      name: 'handoff-case',
      // A lateral, so that no plan reads all cases for the sake of a few.
      text: `SELECT h.* FROM unnest($1::uuid[]) AS k (id)
             CROSS JOIN LATERAL (SELECT * FROM handoff_case WHERE id = k.id LIMIT 1) h`,
      values: [ids],
    })
    return new Map(rows.map((row) => [row.id, storedOf(row)]))
  },
}

/** Where a key has led: to the case that it opened, or the one that was open already. */
export const findCaseByKey: BatchQuery<string, Stored> = {
  name: 'handoff-by-key',
  keyOf: (key) => key,
  async run(db, keys) {
    const { rows } = await db.query<CaseRow & { asked: string }>({
      name: 'handoff-by-key',
      // LIMIT keeps PostgreSQL from reading whole tables for the sake of a few keys.
      text: `SELECT h.*, k.key AS asked FROM unnest($1::text[]) AS k (key)
             CROSS JOIN LATERAL (SELECT case_id FROM case_entry e WHERE e.key = k.key LIMIT 1) e
             CROSS JOIN LATERAL (SELECT * FROM handoff_case c WHERE c.id = e.case_id LIMIT 1) h`,
      values: [keys],
    })
    return new Map(rows.map((row) => [row.asked, storedOf(row)]))
  },
}

/** Everything of a case that changes. */
export const saveCases: BatchWrite<Stored> = {
  name: 'handoff-save',
  order: 45,
  async run(db, rows) {
    await db.query({
      name: 'handoff-save',
      text: `UPDATE handoff_case h SET state = w.state, talk_thread_id = w.talk, urgency = w.urgency, wanted = w.wanted,
               owner = w.owner, offered_to = w.offered_to, offered_until = w.offered_until,
               passed_by = ARRAY(SELECT jsonb_array_elements_text(w.passed_by)), accepted_at = w.accepted_at,
               first_response_at = w.first_response_at, unanswered_since = w.unanswered_since,
               last_customer_at = w.last_customer_at, last_adviser_at = w.last_adviser_at, told = w.told,
               closed_at = w.closed_at, resolution = w.resolution, reopened = w.reopened
             FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::jsonb[], $6::text[], $7::text[], $8::timestamptz[],
               $9::jsonb[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
               $14::timestamptz[], $15::jsonb[], $16::timestamptz[], $17::text[], $18::int[])
               AS w (id, state, talk, urgency, wanted, owner, offered_to, offered_until, passed_by, accepted_at,
               first_response_at, unanswered_since, last_customer_at, last_adviser_at, told, closed_at, resolution, reopened)
             WHERE h.id = w.id AND ${few('w.id')}`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.state),
        rows.map((row) => row.talkThreadId),
        rows.map((row) => row.urgency),
        rows.map((row) => JSON.stringify(row.wanted)),
        rows.map((row) => row.owner),
        rows.map((row) => row.offeredTo),
        rows.map((row) => row.offeredUntil),
        rows.map((row) => JSON.stringify(row.passedBy)),
        rows.map((row) => row.acceptedAt),
        rows.map((row) => row.firstResponseAt),
        rows.map((row) => row.unansweredSince),
        rows.map((row) => row.lastCustomerAt),
        rows.map((row) => row.lastAdviserAt),
        rows.map((row) => JSON.stringify(Object.fromEntries(row.told))),
        rows.map((row) => row.closedAt),
        rows.map((row) => row.resolution),
        rows.map((row) => row.reopened),
      ],
    })
  },
}

export const addEntries: BatchWrite<{ caseId: string; at: Date; entry: Entry }> = {
  name: 'handoff-entries',
  order: 46,
  async run(db, rows) {
    await db.query({
      name: 'handoff-entries',
      text: `INSERT INTO case_entry (case_id, at, kind, data)
             SELECT case_id, at, kind, data FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::jsonb[])
               WITH ORDINALITY AS w (case_id, at, kind, data, nth) ORDER BY nth
             ON CONFLICT DO NOTHING`,
      values: [
        rows.map((row) => row.caseId),
        rows.map((row) => row.at),
        rows.map(({ entry }) => entry.kind),
        rows.map(({ entry: { kind: _, ...data } }) => JSON.stringify(data)),
      ],
    })
  },
}

type CaseRow = {
  id: string
  number: number
  key: string
  state: CaseState
  thread_id: string
  customer_id: string | null
  talk_thread_id: string | null
  reason: string
  evidence: Record<string, unknown>
  urgency: number
  wanted: Wanting
  owner: string | null
  offered_to: string | null
  offered_until: Date | null
  passed_by: string[]
  opened_at: Date
  accepted_at: Date | null
  first_response_at: Date | null
  unanswered_since: Date | null
  last_customer_at: Date | null
  last_adviser_at: Date | null
  told: Record<string, string>
  closed_at: Date | null
  resolution: string | null
  reopened: number
}

function storedOf(row: CaseRow): Stored {
  return {
    ...{ id: row.id, number: row.number, key: row.key, state: row.state },
    ...{ threadId: row.thread_id, customerId: row.customer_id, talkThreadId: row.talk_thread_id },
    ...{ reason: row.reason, evidence: row.evidence, urgency: row.urgency, wanted: row.wanted },
    ...{ owner: row.owner, offeredTo: row.offered_to, offeredUntil: row.offered_until, passedBy: row.passed_by },
    ...{ openedAt: row.opened_at, acceptedAt: row.accepted_at, firstResponseAt: row.first_response_at },
    ...{
      unansweredSince: row.unanswered_since,
      lastCustomerAt: row.last_customer_at,
      lastAdviserAt: row.last_adviser_at,
    },
    told: new Map(Object.entries(row.told).map(([key, at]) => [key, new Date(at)])),
    ...{ closedAt: row.closed_at, resolution: row.resolution, reopened: row.reopened },
  }
}

/** Cases, the oldest first. `customerIds` narrows to these customers. */
export async function listCases(
  db: Queryable,
  { open, customerIds = null, limit = 100 }: { open: boolean; customerIds?: readonly string[] | null; limit?: number },
): Promise<Stored[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT * FROM handoff_case WHERE (NOT $1 OR closed_at IS NULL) AND ($2::uuid[] IS NULL OR customer_id = ANY($2))
     ORDER BY opened_at, id LIMIT $3`,
    [open, customerIds, limit],
  )
  return rows.map(storedOf)
}

/** The queue: open cases that nobody owns, in the order in which they are given out. */
export async function listWaiting(db: Queryable, limit: number): Promise<Stored[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT * FROM handoff_case WHERE state = 'waiting' AND closed_at IS NULL
     ORDER BY urgency DESC, opened_at, number LIMIT $1`,
    [limit],
  )
  return rows.map(storedOf)
}

/** What happened to a case, in order. */
export async function listEntries(db: Queryable, caseId: string): Promise<(Entry & { at: Date })[]> {
  const { rows } = await db.query<{ kind: Entry['kind']; at: Date; data: object }>(
    'SELECT kind, at, data FROM case_entry WHERE case_id = $1 ORDER BY id',
    [caseId],
  )
  return rows.map(({ kind, at, data }) => ({ ...data, kind, at }) as Entry & { at: Date })
}

/** Open cases of an adviser: hers, and those that are offered to her, in the order of their numbers. */
export async function listHers(db: Queryable, adviser: string): Promise<Stored[]> {
  const { rows } = await db.query<CaseRow>({
    name: 'handoff-hers',
    text: `SELECT * FROM handoff_case WHERE closed_at IS NULL
             AND (state = 'owned' AND owner = $1 OR state = 'offered' AND offered_to = $1) ORDER BY number`,
    values: [adviser],
  })
  return rows.map(storedOf)
}

export async function findByNumber(db: Queryable, number: number): Promise<Stored | undefined> {
  const { rows } = await db.query<CaseRow>({
    name: 'handoff-by-number',
    text: 'SELECT * FROM handoff_case WHERE number = $1',
    values: [number],
  })
  return rows[0] && storedOf(rows[0])
}

export async function hasOpenCase(db: Queryable, customerId: string): Promise<boolean> {
  const { rows } = await db.query({
    name: 'handoff-has-open',
    text: 'SELECT FROM handoff_case WHERE customer_id = $1 AND closed_at IS NULL LIMIT 1',
    values: [customerId],
  })
  return rows.length > 0
}

/** Who had the customer's last case, whichever of the person's customers it was. */
export async function findLastOwner(db: Queryable, customerId: string, butId: string): Promise<string | null> {
  const { rows } = await db.query<{ owner: string }>(
    `SELECT h.owner FROM customer c JOIN customer o ON o.person_id = c.person_id JOIN handoff_case h ON h.customer_id = o.id
     WHERE c.id = $1 AND h.id <> $2 AND h.owner IS NOT NULL ORDER BY coalesce(h.closed_at, h.opened_at) DESC LIMIT 1`,
    [customerId, butId],
  )
  return rows[0]?.owner ?? null
}

/** Leaves that there was a case, and nothing of what it was about. */
export async function forgetCases(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  await db.query(
    `WITH hers AS (
       UPDATE handoff_case SET evidence = '{}', wanted = '{}', key = 'forgotten:' || id, rating_words = NULL,
         state = 'closed', closed_at = coalesce(closed_at, $2), unanswered_since = NULL
       WHERE customer_id = ANY($1::uuid[]) RETURNING id)
     UPDATE case_entry e SET data = '{}', key = NULL FROM hers WHERE e.case_id = hers.id`,
    [customerIds, now],
  )
}
