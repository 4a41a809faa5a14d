/**
 * Cases as lines of the queue. Everything about a person is looked up by key, so that 500 open cases are little work. The
 * statements have no names: a plan that was made while the tables were empty would be kept.
 */
import type { Wanting } from '../../../../domains/handoff/index.ts'
import type { Queryable } from '../../../../kernel/work.ts'
import type { Sighted } from '../sight.ts'

export type LineRow = Sighted & {
  id: string
  number: number
  customerId: string | null
  name: string
  reason: string
  urgency: number
  wanted: Wanting
  /** Of the group where it arose; '' for a direct message. */
  topic: string
  offeredUntil: Date | null
  openedAt: Date
  closedAt: Date | null
  firstResponseAt: Date | null
  unansweredSince: Date | null
  lastCustomerAt: Date | null
  lastAdviserAt: Date | null
  reopened: number
  unread: number
  lastType: string | null
  lastWords: string | null
}

/** To whom a case was given by an entry: the same expression as in the index `case_entry_given`. */
const givenTo = `coalesce(e.data ->> 'to', e.data ->> 'by')`
const isGiven = `e.kind IN ('offered', 'accepted', 'transferred', 'taken-over')`

/** A condition on `handoff_case h`: she owns it, is asked to take it, or was ever given it. */
export const wasHers = (adviser: string): string =>
  `(h.owner = ${adviser} OR h.offered_to = ${adviser} OR EXISTS (
     SELECT FROM case_entry e WHERE e.case_id = h.id AND ${isGiven} AND ${givenTo} = ${adviser}))`

const columns = `h.id, h.number, h.state, h.owner, h.offered_to AS "offeredTo", h.customer_id AS "customerId",
  coalesce(i.name, '') AS name, h.reason, h.urgency, h.wanted, coalesce(g.topic, '') AS topic,
  h.offered_until AS "offeredUntil", h.opened_at AS "openedAt", h.closed_at AS "closedAt",
  h.first_response_at AS "firstResponseAt", h.unanswered_since AS "unansweredSince",
  h.last_customer_at AS "lastCustomerAt", h.last_adviser_at AS "lastAdviserAt", h.reopened,
  coalesce(u.n, 0) AS unread, w.type AS "lastType", w.text AS "lastWords",
  ARRAY(SELECT DISTINCT ${givenTo} FROM case_entry e WHERE e.case_id = h.id AND ${isGiven}) AS given`

// Behind the adviser's last word entries tell what is unread, in their order: platforms tell whole seconds. Before it no
// entry is made of what she says, and her messages are counted, from her last before the case was opened: a case may be
// opened long after the words that it is about.
const joins = `LEFT JOIN thread t ON t.id = h.thread_id LEFT JOIN room g ON g.id = t.group_id
  LEFT JOIN LATERAL (SELECT name FROM identity WHERE customer_id = h.customer_id AND role = 'customer'
    ORDER BY last_seen_at DESC LIMIT 1) i ON true
  LEFT JOIN LATERAL (SELECT type, left(text, 200) AS text FROM message
    WHERE customer_id = h.customer_id AND direction = 'in' AND recalled_at IS NULL ORDER BY sent_at DESC LIMIT 1) w ON true
  LEFT JOIN LATERAL (SELECT max(id) AS id FROM case_entry WHERE case_id = h.id AND kind = 'adviser-said') s ON true
  LEFT JOIN LATERAL (SELECT greatest(1, CASE WHEN s.id IS NULL
    THEN (SELECT count(*) FROM message WHERE customer_id = h.customer_id AND direction = 'in' AND recalled_at IS NULL
      AND sent_at >= coalesce((SELECT max(sent_at) FROM message WHERE customer_id = h.customer_id AND direction = 'in'
        AND recalled_at IS NULL AND sent_at <= h.opened_at), date_trunc('second', h.opened_at)))
    ELSE (SELECT count(*) FILTER (WHERE kind = 'customer-said') - count(*) FILTER (WHERE kind = 'customer-recalled')
      FROM case_entry WHERE case_id = h.id AND id > s.id) END)::int AS n) u ON h.unanswered_since IS NOT NULL`

/** Open cases, and those closed since `since` that were hers. */
export async function listQueue(db: Queryable, adviser: string, since: Date): Promise<LineRow[]> {
  const { rows } = await db.query<LineRow>(
    `SELECT ${columns} FROM (
             SELECT id FROM handoff_case WHERE closed_at IS NULL
             UNION ALL SELECT id FROM handoff_case h WHERE closed_at > $2 AND ${wasHers('$1')}) q
           JOIN handoff_case h ON h.id = q.id ${joins}`,
    [adviser, since],
  )
  return rows
}

export async function linesOf(db: Queryable, ids: readonly string[]): Promise<LineRow[]> {
  const { rows } = await db.query<LineRow>(
    `SELECT ${columns} FROM unnest($1::uuid[]) AS q (id) JOIN handoff_case h ON h.id = q.id ${joins}`,
    [ids],
  )
  return rows
}

export async function lineByNumber(db: Queryable, number: number): Promise<LineRow | undefined> {
  const { rows } = await db.query<LineRow>(`SELECT ${columns} FROM handoff_case h ${joins} WHERE h.number = $1`, [
    number,
  ])
  return rows[0]
}

/** Whether somebody was given the case since then: whoever still sees it waiting may try to take it. */
export async function wasGivenSince(db: Queryable, caseId: string, since: Date): Promise<boolean> {
  const { rows } = await db.query(`SELECT FROM case_entry e WHERE case_id = $1 AND ${isGiven} AND at > $2 LIMIT 1`, [
    caseId,
    since,
  ])
  return rows.length > 0
}

/** The cases of a person, with who may see each. */
export async function casesOfPerson(db: Queryable, customerId: string): Promise<Sighted[]> {
  const { rows } = await db.query<Sighted>(
    `SELECT h.state, h.owner, h.offered_to AS "offeredTo",
             ARRAY(SELECT DISTINCT ${givenTo} FROM case_entry e WHERE e.case_id = h.id AND ${isGiven}) AS given
           FROM customer c JOIN customer o ON o.person_id = c.person_id JOIN handoff_case h ON h.customer_id = o.id
           WHERE c.id = $1`,
    [customerId],
  )
  return rows
}
