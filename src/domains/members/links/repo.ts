/** Keys, who has them, and who must be linked for them. */
import { few } from '../../../kernel/plan.ts'
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Led } from './decide.ts'
import type { KeyKind } from './schema.ts'

/** Who gives keys to customers by the thousand, or takes a person's away, does so alone. Any number. */
const keysLock = 7_203_461

export async function lockKeys(db: Queryable): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [keysLock])
}

/** What the keys lead to, by their places in the list; a key that leads nowhere is left out. */
export async function findLed(
  db: Queryable,
  keys: readonly { kind: string; hash: string }[],
): Promise<Map<number, Led>> {
  if (keys.length === 0) return new Map()
  const { rows } = await db.query<{ place: number; forgotten: boolean; customer_id: string; person_id: string }>(
    `SELECT wanted.place::int, t.hash IS NOT NULL AS forgotten, k.customer_id, c.person_id
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (kind, hash, place)
     LEFT JOIN tombstone t ON t.kind = wanted.kind AND t.hash = wanted.hash
     LEFT JOIN customer_key k ON k.kind = wanted.kind AND k.hash = wanted.hash
     LEFT JOIN customer c ON c.id = k.customer_id
     WHERE ${few('wanted.hash')} AND (t.hash IS NOT NULL OR c.id IS NOT NULL)`,
    [keys.map(({ kind }) => kind), keys.map(({ hash }) => hash)],
  )
  return new Map(
    rows.map((row) => [
      row.place - 1,
      row.forgotten ? 'forgotten' : { customerId: row.customer_id, personId: row.person_id },
    ]),
  )
}

/** The customers of contacts that were met, by their places in the list. */
export async function findLedByContact(
  db: Queryable,
  contacts: readonly { realm: string; contactId: string }[],
): Promise<Map<number, Led>> {
  if (contacts.length === 0) return new Map()
  const { rows } = await db.query<{ place: number; customer_id: string; person_id: string }>(
    `SELECT wanted.place::int, i.customer_id, c.person_id
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (realm, contact_id, place)
     JOIN identity i ON i.realm = wanted.realm AND i.contact_id = wanted.contact_id AND i.role = 'customer'
     JOIN customer c ON c.id = i.customer_id`,
    [contacts.map(({ realm }) => realm), contacts.map(({ contactId }) => contactId)],
  )
  return new Map(rows.map((row) => [row.place - 1, { customerId: row.customer_id, personId: row.person_id }]))
}

/** Customers that an import makes were never seen: `last_seen_at` is the epoch until they do something. */
export async function insertUnseen(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  if (customerIds.length === 0) return
  await db.query(
    `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at)
     SELECT id, id, $2, to_timestamp(0) FROM unnest($1::uuid[]) AS row (id)`,
    [customerIds, now],
  )
}

export type NewKey = {
  id: string
  customerId: string
  kind: KeyKind
  hash: string
  sealed: Buffer
  source: string
  at: Date
}

/**
 * Gives keys to customers. A key of somebody who was forgotten is dropped; one that another person has stays with her,
 * and the two are put down to be linked. Returns how many were added.
 *
 * The danger: a key that somebody else adds at this very moment is neither added nor seen. Whoever needs to be sure
 * asks again when fewer were added than given.
 */
export async function addKeys(db: Queryable, keys: readonly NewKey[]): Promise<number> {
  const { rows } = await db.query<{ added: number }>(
    `WITH given AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::timestamptz[])
         WITH ORDINALITY AS row (id, customer_id, kind, hash, sealed, source, at, place)
       WHERE NOT EXISTS (SELECT FROM tombstone t WHERE t.kind = row.kind AND t.hash = row.hash)
     ), added AS (
       INSERT INTO customer_key (id, customer_id, kind, hash, sealed, source, created_at)
       SELECT id, customer_id, kind, hash, sealed, source, at FROM given ORDER BY place
       ON CONFLICT (kind, hash) DO NOTHING RETURNING 1
     ), owned AS (
       SELECT given.*, coalesce(k.customer_id, first_value(given.customer_id)
         OVER (PARTITION BY given.kind, given.hash ORDER BY given.place)) AS owner_id
       FROM given LEFT JOIN customer_key k ON k.kind = given.kind AND k.hash = given.hash
     ), shared AS (
       INSERT INTO link_due (from_id, into_id, evidence, at)
       SELECT DISTINCT ON (o.customer_id, o.owner_id) o.customer_id, o.owner_id,
         jsonb_build_object('kind', o.kind, 'source', o.source), o.at
       FROM owned o JOIN customer mine ON mine.id = o.customer_id JOIN customer hers ON hers.id = o.owner_id
       WHERE mine.person_id <> hers.person_id ORDER BY o.customer_id, o.owner_id, o.place
       ON CONFLICT (from_id, into_id) DO NOTHING
     )
     SELECT count(*)::int AS added FROM added`,
    columnsOf(keys),
  )
  return rows[0]?.added ?? 0
}

/** Gives keys that nobody had a moment ago, at half the cost of `addKeys`; returns how many nobody has taken since. */
export async function addUnknownKeys(db: Queryable, keys: readonly NewKey[]): Promise<number> {
  const { rowCount } = await db.query(
    `INSERT INTO customer_key (id, customer_id, kind, hash, sealed, source, created_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::timestamptz[])
     ON CONFLICT (kind, hash) DO NOTHING`,
    columnsOf(keys),
  )
  return rowCount ?? 0
}

function columnsOf(keys: readonly NewKey[]): unknown[] {
  return [
    keys.map((key) => key.id),
    keys.map((key) => key.customerId),
    keys.map((key) => key.kind),
    keys.map((key) => key.hash),
    keys.map((key) => key.sealed),
    keys.map((key) => key.source),
    keys.map((key) => key.at),
  ]
}

/** The same for people as they are met: after the customers (10) and before what points at them. */
export const claimKeys: BatchWrite<NewKey> = {
  name: 'members-keys',
  order: 14,
  async run(db, rows) {
    await addKeys(db, rows)
  },
}

export type DueLink = { fromId: string; intoId: string; evidence: Record<string, unknown>; at: Date }

export async function putLinksDue(db: Queryable, links: readonly DueLink[]): Promise<void> {
  if (links.length === 0) return
  await db.query(
    `INSERT INTO link_due (from_id, into_id, evidence, at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::timestamptz[])
     ON CONFLICT (from_id, into_id) DO NOTHING`,
    [
      links.map(({ fromId }) => fromId),
      links.map(({ intoId }) => intoId),
      links.map(({ evidence }) => JSON.stringify(evidence)),
      links.map(({ at }) => at),
    ],
  )
}
