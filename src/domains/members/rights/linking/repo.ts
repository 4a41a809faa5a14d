/** Two customers who are one person: how it is written down, taken back, and under which locks. */
import { lockId } from '../../../../kernel/batch.ts'
import { ZhangguiError } from '../../../../kernel/errors.ts'
import type { Queryable } from '../../../../kernel/work.ts'
import { lockKeys } from '../../links/repo.ts'

/**
 * Makes `from` resolve to `into`. Throws `customer-unknown` (also of somebody who was forgotten), `customer-merged` when
 * `from` is somebody else already, and `customer-circle` when `into` resolves to `from`.
 */
export async function link(db: Queryable, from: string, into: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ id: string; person_id: string; merged_into: string | null }>(
    'SELECT id, person_id, merged_into FROM customer WHERE id = ANY($1::uuid[]) AND forgotten_at IS NULL ORDER BY id FOR UPDATE',
    [[from, into]],
  )
  const context = { from, into }
  const source = rows.find((row) => row.id === from)
  const target = rows.find((row) => row.id === into)
  if (!source || !target) {
    throw new ZhangguiError({ code: 'customer-unknown', message: 'One of the two customers does not exist.', context })
  }
  if (source.merged_into === into) return
  if (source.merged_into !== null) {
    const message = 'The customer is linked to another one already. Unlink her first.'
    throw new ZhangguiError({ code: 'customer-merged', message, context })
  }
  if (target.person_id === from) {
    const message = 'The second customer resolves to the first: linking them would make a circle.'
    throw new ZhangguiError({ code: 'customer-circle', message, context })
  }
  await db.query('UPDATE customer SET merged_into = $2, merged_at = $3 WHERE id = $1', [from, into, now])
  await db.query('UPDATE customer SET person_id = $2 WHERE person_id = $1', [from, target.person_id])
}

export async function unlink(db: Queryable, from: string, into: string): Promise<void> {
  const { rowCount } = await db.query(
    'UPDATE customer SET merged_into = NULL, merged_at = NULL WHERE id = $1 AND merged_into = $2',
    [from, into],
  )
  if (rowCount === 0) return
  await db.query(
    `WITH RECURSIVE hers (id) AS (
       SELECT $1::uuid UNION SELECT c.id FROM customer c JOIN hers ON c.merged_into = hers.id
     )
     UPDATE customer SET person_id = $1 WHERE id IN (SELECT id FROM hers)`,
    [from],
  )
}

/** Where one person is asked two things in one thread, the newest stays. */
export async function keepNewestQuestions(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `DELETE FROM open_question q USING (
       SELECT thread_id, customer_id, row_number() OVER (
         PARTITION BY thread_id ORDER BY asked_at DESC, customer_id) AS place
       FROM open_question WHERE customer_id = ANY($1::uuid[])) AS ranked
     WHERE q.thread_id = ranked.thread_id AND q.customer_id = ranked.customer_id AND ranked.place > 1`,
    [customerIds],
  )
}

export type ContactOf = { realm: string; contactId: string }

/** Everybody who is the same person as one of these, and every contact of theirs. */
export type Persons = { customerIds: string[]; contacts: ContactOf[] }

/**
 * Locks persons against everything that is handled for their contacts, and against imports and other links: contacts
 * first, as the handling of events does it, each in id order. Whoever handles an event holds some of them already.
 *
 * The danger: a contact that is linked to them between the reading and the locking is locked out of order. PostgreSQL
 * ends such a circle as a deadlock, and both sides try again.
 */
export async function lockPersons(db: Queryable, customerIds: readonly string[]): Promise<Persons> {
  const before = await readPersons(db, customerIds)
  await lockContacts(db, before.contacts)
  await lockKeys(db)
  const persons = await readPersons(db, customerIds)
  await lockContacts(db, persons.contacts)
  return persons
}

async function readPersons(db: Queryable, customerIds: readonly string[]): Promise<Persons> {
  const { rows } = await db.query<{ id: string; realm: string | null; contact_id: string | null }>(
    `SELECT c.id, i.realm, i.contact_id FROM customer c LEFT JOIN identity i ON i.customer_id = c.id
     WHERE c.person_id IN (SELECT person_id FROM customer WHERE id = ANY($1::uuid[])) ORDER BY c.id, i.id`,
    [customerIds],
  )
  return {
    customerIds: [...new Set(rows.map(({ id }) => id))],
    contacts: rows.flatMap(({ realm, contact_id: contactId }) => (realm && contactId ? [{ realm, contactId }] : [])),
  }
}

async function lockContacts(db: Queryable, contacts: readonly ContactOf[]): Promise<void> {
  const ids = [...new Set(contacts.map(({ contactId }) => lockId(`contact:${contactId}`)))]
  await db.query('SELECT pg_advisory_xact_lock(id) FROM unnest($1::bigint[]) id', [
    ids.sort((a, b) => (a < b ? -1 : 1)),
  ])
}

export type LinkRow = {
  id: string
  fromId: string
  intoId: string
  reason: 'key' | 'hand'
  evidence: Record<string, unknown>
  by: string
  at: Date
}

/** Puts a link on record; nothing waits for it any more. */
export async function recordLink(db: Queryable, link: LinkRow): Promise<void> {
  await db.query(
    'INSERT INTO customer_link (id, from_id, into_id, reason, evidence, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [link.id, link.fromId, link.intoId, link.reason, JSON.stringify(link.evidence), link.by, link.at],
  )
}

/** From then on a shared key does not link the two again. */
export async function recordUnlink(
  db: Queryable,
  { id, fromId, intoId, by, at }: Omit<LinkRow, 'reason' | 'evidence'>,
): Promise<void> {
  const { rowCount } = await db.query(
    `UPDATE customer_link SET undone_at = $3, undone_by = $4 WHERE from_id = $1 AND into_id = $2 AND undone_at IS NULL`,
    [fromId, intoId, at, by],
  )
  if (rowCount !== 0) return
  await recordLink(db, { id, fromId, intoId, reason: 'hand', evidence: {}, by, at })
  await recordUnlink(db, { id, fromId, intoId, by, at })
}

/** Whom the customer was linked to; null when she stands for herself, undefined when she does not exist. */
export async function linkedInto(db: Queryable, customerId: string): Promise<string | null | undefined> {
  const { rows } = await db.query<{ merged_into: string | null }>('SELECT merged_into FROM customer WHERE id = $1', [
    customerId,
  ])
  return rows[0]?.merged_into
}

export type DueLink = { fromId: string; intoId: string; evidence: Record<string, unknown> }

/** Who waits to be linked, the oldest first. */
export async function listDueLinks(db: Queryable, limit: number): Promise<DueLink[]> {
  const { rows } = await db.query<{ from_id: string; into_id: string; evidence: Record<string, unknown> }>(
    'SELECT from_id, into_id, evidence FROM link_due ORDER BY at, from_id, into_id LIMIT $1',
    [limit],
  )
  return rows.map((row) => ({ fromId: row.from_id, intoId: row.into_id, evidence: row.evidence }))
}

export async function deleteDueLink(db: Queryable, { fromId, intoId }: Pick<DueLink, 'fromId' | 'intoId'>) {
  await db.query('DELETE FROM link_due WHERE from_id = $1 AND into_id = $2', [fromId, intoId])
}

/**
 * The two customers who would be linked for a key that `fromId` and `intoId` share: those who stand for their persons,
 * the younger into the older. Null when they are one person already, one of them was forgotten, or a human has parted
 * their persons before.
 */
export async function findLinkable(db: Queryable, { fromId, intoId }: Pick<DueLink, 'fromId' | 'intoId'>) {
  const { rows } = await db.query<{ id: string }>(
    `SELECT p.id FROM customer c JOIN customer p ON p.id = c.person_id
     WHERE c.id IN ($1, $2) AND p.forgotten_at IS NULL AND NOT EXISTS (
       SELECT FROM customer_link l JOIN customer f ON f.id = l.from_id JOIN customer i ON i.id = l.into_id
       WHERE l.undone_at IS NOT NULL
         AND f.person_id IN (SELECT person_id FROM customer WHERE id IN ($1, $2))
         AND i.person_id IN (SELECT person_id FROM customer WHERE id IN ($1, $2)) AND f.person_id <> i.person_id)
     GROUP BY p.id ORDER BY p.first_seen_at, p.id`,
    [fromId, intoId],
  )
  const [older, younger] = rows
  return older && younger ? { from: younger.id, into: older.id } : null
}
