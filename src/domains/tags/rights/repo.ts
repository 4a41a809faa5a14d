/** Law 14 for tags: rows of hands move with the customer that they were written under; what was derived is derived anew. */
import type { Queryable } from '../../../kernel/work.ts'
import type { Evidence, TagSource } from '../schema.ts'

/** All customers of the persons that these customers are now, and everybody whom they name. */
const affected = `SELECT id FROM customer WHERE id = ANY($1::uuid[])
  OR person_id IN (SELECT person_id FROM customer WHERE id = ANY($1::uuid[]))`

/**
 * After a link or an unlink: puts rows under the person that their customer is now. Where a hand had set the same for two
 * that became one, one row waits in the history (`merged`) until they part again.
 */
export async function rehome(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  await withdrawClaims(db, customerIds)
  await db.query(`DELETE FROM customer_tag WHERE source <> 'hand' AND person_id IN (${affected})`, [customerIds])
  await db.query(`DELETE FROM customer_rfm WHERE person_id IN (${affected})`, [customerIds])
  await db.query(
    `WITH meant AS (
       SELECT t.person_id, t.tag_id, t.customer_id,
         row_number() OVER (PARTITION BY c.person_id, t.tag_id ORDER BY t.since DESC, t.customer_id) AS place
       FROM customer_tag t JOIN customer c ON c.id = t.customer_id
       WHERE t.source = 'hand' AND t.customer_id IN (${affected})
     ), parked AS (
       DELETE FROM customer_tag t USING meant m
       WHERE m.place > 1 AND t.person_id = m.person_id AND t.tag_id = m.tag_id AND t.source = 'hand'
       RETURNING t.*)
     INSERT INTO customer_tag_history
       (person_id, customer_id, tag_id, source, strength, since, ended_at, until, rule, evidence, reason)
     SELECT person_id, customer_id, tag_id, source, strength, since, $2, until, rule, evidence, 'merged' FROM parked`,
    [customerIds, now],
  )
  for (const table of ['customer_tag', 'customer_tag_history']) {
    await db.query(
      `UPDATE ${table} t SET person_id = c.person_id FROM customer c
       WHERE c.id = t.customer_id AND t.person_id <> c.person_id AND t.customer_id IN (${affected})`,
      [customerIds],
    )
  }
  await db.query(
    `WITH back AS (
       DELETE FROM customer_tag_history h
       WHERE h.reason = 'merged' AND h.customer_id IN (${affected}) AND NOT EXISTS (
         SELECT FROM customer_tag t WHERE t.person_id = h.person_id AND t.tag_id = h.tag_id AND t.source = h.source)
       RETURNING *)
     INSERT INTO customer_tag
       (person_id, customer_id, tag_id, source, effective, strength, since, until, rule, evidence)
     SELECT DISTINCT ON (person_id, tag_id, source)
       person_id, customer_id, tag_id, source, true, strength, since, until, rule, evidence FROM back`,
    [customerIds],
  )
  await db.query(
    `INSERT INTO tag_due (person_id, since, priority)
     SELECT DISTINCT person_id, $2::timestamptz, 0 FROM customer WHERE id IN (${affected}) ORDER BY 1
     ON CONFLICT (person_id) DO UPDATE SET priority = 0`,
    [customerIds, now],
  )
}

/**
 * Takes persons out of the hands of a tagging that is under way: what it has loaded no longer holds. Waits for one that is
 * just writing, so that whatever it wrote is there to be seen by what follows.
 */
async function withdrawClaims(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `UPDATE tag_claim SET people = ARRAY(SELECT unnest(people) EXCEPT (${affected})) WHERE people && ARRAY(${affected})`,
    [customerIds],
  )
}

/** Everything goes: tags, their history, scores, and her place in the queue. */
export async function forgetTags(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await withdrawClaims(db, customerIds)
  for (const table of ['customer_tag', 'customer_tag_history']) {
    await db.query(`DELETE FROM ${table} WHERE person_id = ANY($1::uuid[]) OR customer_id = ANY($1::uuid[])`, [
      customerIds,
    ])
  }
  for (const table of ['customer_rfm', 'tag_due'])
    await db.query(`DELETE FROM ${table} WHERE person_id = ANY($1::uuid[])`, [customerIds])
}

export type KeptTag = {
  dimension: string
  value: string
  source: TagSource
  effective: boolean
  strength: number
  since: Date
  until: Date | null
  rule: string
  evidence: Evidence[]
  /** The customer that it was written under. */
  customerId: string
}

export type PastTag = Omit<KeptTag, 'effective'> & { endedAt: Date; reason: string }

export async function listKeptTags(db: Queryable, customerIds: readonly string[]): Promise<KeptTag[]> {
  const { rows } = await db.query<KeptTag>(
    `SELECT g.dimension, g.value, t.source, t.effective, t.strength::float8 AS strength, t.since, t.until, t.rule,
            t.evidence, t.customer_id AS "customerId"
     FROM customer_tag t JOIN tag g ON g.id = t.tag_id WHERE t.person_id = ANY($1::uuid[])
     ORDER BY g.dimension, t.effective DESC, t.strength DESC, g.value, t.source`,
    [customerIds],
  )
  return rows
}

/** The newest first. */
export async function listPastTags(db: Queryable, customerIds: readonly string[]): Promise<PastTag[]> {
  const { rows } = await db.query<PastTag>(
    `SELECT g.dimension, g.value, h.source, h.strength::float8 AS strength, h.since, h.until, h.rule, h.evidence,
            h.customer_id AS "customerId", h.ended_at AS "endedAt", h.reason
     FROM customer_tag_history h JOIN tag g ON g.id = h.tag_id WHERE h.person_id = ANY($1::uuid[])
     ORDER BY h.ended_at DESC, h.id DESC`,
    [customerIds],
  )
  return rows
}

export type KeptScores = {
  lastAt: Date | null
  frequency: number
  /** Numeric text. */
  monetary: string
  r: number
  f: number
  m: number
  computedAt: Date
}

export async function findKeptScores(db: Queryable, customerIds: readonly string[]): Promise<KeptScores | null> {
  const { rows } = await db.query<KeptScores>(
    `SELECT last_at AS "lastAt", frequency, monetary::text AS monetary, r, f, m, computed_at AS "computedAt"
     FROM customer_rfm WHERE person_id = ANY($1::uuid[])`,
    [customerIds],
  )
  return rows[0] ?? null
}

/** What we have put on her contacts in WeChat Work. */
export async function listMirrored(db: Queryable, customerIds: readonly string[]): Promise<object[]> {
  const { rows } = await db.query<object>(
    `SELECT m.account, m.name, m.set_at AS "setAt" FROM tag_mirror m JOIN identity i ON i.id = m.identity_id
     WHERE m.ours AND i.customer_id = ANY($1::uuid[]) ORDER BY m.set_at`,
    [customerIds],
  )
  return rows
}
