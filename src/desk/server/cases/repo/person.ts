/** What is known of a person, for whoever has a case of hers. Each by the person's key. */
import type { Queryable } from '../../../../kernel/work.ts'

export type PersonRow = { personId: string; name: string; since: Date | null; groups: string[] }

export async function readPerson(db: Queryable, customerId: string): Promise<PersonRow | undefined> {
  const { rows } = await db.query<PersonRow>(
    `SELECT c.person_id AS "personId", p.first_seen_at AS since, coalesce(i.name, '') AS name,
       ARRAY(SELECT DISTINCT g.topic FROM customer o JOIN membership s ON s.customer_id = o.id AND s.left_at IS NULL
             JOIN room g ON g.id = s.group_id WHERE o.person_id = c.person_id ORDER BY 1) AS groups
     FROM customer c JOIN customer p ON p.id = c.person_id
     LEFT JOIN LATERAL (SELECT name FROM identity WHERE customer_id = c.id AND role = 'customer'
       ORDER BY last_seen_at DESC LIMIT 1) i ON true
     WHERE c.id = $1`,
    [customerId],
  )
  return rows[0]
}

export type TagRow = { dimension: string; value: string; locked: boolean }

/** What counts of her tags, and what a hand has set: `locked`. */
export async function listTags(db: Queryable, personId: string, now: Date): Promise<TagRow[]> {
  const { rows } = await db.query<TagRow>(
    `SELECT t.dimension, t.value, bool_or(k.source = 'hand') AS locked
     FROM customer_tag k JOIN tag t ON t.id = k.tag_id
     WHERE k.person_id = $1 AND k.effective AND (k.until IS NULL OR k.until > $2)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [personId, now],
  )
  return rows
}

/** Values of a dimension that a hand has set. */
export async function listHandValues(db: Queryable, personId: string, dimension: string): Promise<string[]> {
  const { rows } = await db.query<{ value: string }>(
    `SELECT t.value FROM customer_tag k JOIN tag t ON t.id = k.tag_id
     WHERE k.person_id = $1 AND k.source = 'hand' AND t.dimension = $2`,
    [personId, dimension],
  )
  return rows.map(({ value }) => value)
}

export type OrderRow = {
  number: string
  state: string
  placedAt: Date
  amount: string
  items: { name?: string | null }[]
}

/** Her last orders. */
export async function listOrders(db: Queryable, personId: string, limit: number): Promise<OrderRow[]> {
  const { rows } = await db.query<OrderRow>(
    `SELECT order_no AS number, status AS state, ordered_at AS "placedAt", amount::text, items
     FROM orders WHERE person_id = $1 ORDER BY ordered_at DESC, id DESC LIMIT $2`,
    [personId, limit],
  )
  return rows
}

export type PastCaseRow = {
  number: number
  openedAt: Date
  closedAt: Date | null
  reason: string
  resolution: string | null
  mark: number | null
}

export async function listPastCases(db: Queryable, customerId: string, limit: number): Promise<PastCaseRow[]> {
  const { rows } = await db.query<PastCaseRow>(
    `SELECT h.number, h.opened_at AS "openedAt", h.closed_at AS "closedAt", h.reason, h.resolution, h.rating AS mark
     FROM customer c JOIN customer o ON o.person_id = c.person_id JOIN handoff_case h ON h.customer_id = o.id
     WHERE c.id = $1 ORDER BY h.number DESC LIMIT $2`,
    [customerId, limit],
  )
  return rows
}
