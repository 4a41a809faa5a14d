/** Identities and customers in PostgreSQL, many at a time. */
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Consent } from '../privacy/consent.ts'
import type { Role } from '../schema.ts'
import type { Identity, Known } from './schema.ts'

export type ContactKey = { realm: string; contactId: string }

type IdentityRow = {
  realm: string
  contact_id: string
  id: string | null
  customer_id: string | null
  role: Role
  name: string
  alias: string | null
  profile: Record<string, unknown>
  friend_of: Record<string, string>
  appointed: boolean
  first_seen_at: Date
  last_seen_at: Date
  account: string | null
} & ConsentColumns

type ConsentColumns = {
  person_id: string | null
  noticed_at: Date | null
  opted_out_at: Date | null
  profiling_refused_at: Date | null
  consented_at: Date | null
  sensitive_consent_at: Date | null
  sensitive_asked_at: Date | null
}

const keyOf = ({ realm, contactId }: ContactKey): string => JSON.stringify([realm, contactId])

/**
 * What is known of contacts, by (realm, contact id). A contact that nobody has met and that is not ours has no row. What
 * the person let us do comes with it, so that nobody asks for it with a statement of its own. OFFSET 0 keeps the planner
 * from joining with the view as a whole, which would sum up everybody to find one.
 */
export const findKnown: BatchQuery<ContactKey, Known> = {
  name: 'members-known',
  keyOf,
  async run(db, keys) {
    const { rows } = await db.query<IdentityRow>({
      name: 'members-known',
      text: `SELECT k.realm, k.contact_id, i.id, i.customer_id, i.role, i.name, i.alias, i.profile, i.friend_of, i.appointed,
                    i.first_seen_at, i.last_seen_at, a.name AS account, s.*
             FROM unnest($1::text[], $2::text[]) AS k (realm, contact_id)
             LEFT JOIN identity i ON i.realm = k.realm AND i.contact_id = k.contact_id
             LEFT JOIN account a ON a.contact_id = k.contact_id
             LEFT JOIN customer c ON c.id = i.customer_id
             LEFT JOIN LATERAL (SELECT * FROM person_consent p WHERE p.person_id = c.person_id OFFSET 0) s ON true
             WHERE ${few('k.contact_id')} AND (i.id IS NOT NULL OR a.name IS NOT NULL)`,
      values: [keys.map((key) => key.realm), keys.map((key) => key.contactId)],
    })
    return new Map(
      rows.map((row) => [
        keyOf({ realm: row.realm, contactId: row.contact_id }),
        { identity: identityOf(row), account: row.account ?? undefined, consent: consentOf(row) },
      ]),
    )
  },
}

function identityOf(row: IdentityRow): Identity | undefined {
  if (row.id === null) return undefined
  return {
    id: row.id,
    realm: row.realm,
    contactId: row.contact_id,
    customerId: row.customer_id,
    role: row.role,
    name: row.name,
    alias: row.alias,
    profile: row.profile,
    friendOf: row.friend_of,
    appointed: row.appointed,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  }
}

function consentOf(row: ConsentColumns): Consent | undefined {
  if (row.person_id === null) return undefined
  return {
    personId: row.person_id,
    noticedAt: row.noticed_at,
    optedOutAt: row.opted_out_at,
    profilingRefusedAt: row.profiling_refused_at,
    consentedAt: row.consented_at,
    sensitiveConsentAt: row.sensitive_consent_at,
    sensitiveAskedAt: row.sensitive_asked_at,
  }
}

export type CustomerSeen = { id: string; at: Date }

export const insertCustomers: BatchWrite<CustomerSeen> = {
  name: 'members-customers',
  order: 10,
  async run(db, rows) {
    await db.query({
      name: 'members-customers',
      text: `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at)
             SELECT id, id, at, at FROM unnest($1::uuid[], $2::timestamptz[]) AS row (id, at)`,
      values: [rows.map((row) => row.id), rows.map((row) => row.at)],
    })
  },
}

export const touchCustomers: BatchWrite<CustomerSeen> = {
  name: 'members-customers-seen',
  order: 11,
  async run(db, rows) {
    await db.query({
      name: 'members-customers-seen',
      text: `UPDATE customer SET last_seen_at = row.at
             FROM (SELECT id, max(at) AS at FROM unnest($1::uuid[], $2::timestamptz[]) AS seen (id, at)
               WHERE ${few('id')} GROUP BY id) AS row
             WHERE customer.id = row.id AND customer.last_seen_at < row.at`,
      values: [rows.map((row) => row.id), rows.map((row) => row.at)],
    })
  },
}

/** Whether every contact of the person is staff or a bot, for all her customers (law 13). After the identities. */
export const settleStaff: BatchWrite<string> = {
  name: 'members-staff',
  order: 14,
  async run(db, customerIds) {
    await db.query(
      `UPDATE customer c SET staff = hers.staff
       FROM (SELECT c.person_id, coalesce(bool_and(i.role <> 'customer'), false) AS staff
             FROM customer c LEFT JOIN identity i ON i.customer_id = c.id
             WHERE c.person_id IN (SELECT person_id FROM customer WHERE id = ANY($1::uuid[])) GROUP BY 1) AS hers
       WHERE c.person_id = hers.person_id AND c.staff <> hers.staff`,
      [customerIds],
    )
  },
}

/** Who brought a customer in: the first whom we know of, as long as she is a customer herself. */
export const noteInviters: BatchWrite<{ customerId: string; inviterId: string }> = {
  name: 'members-inviters',
  order: 15,
  async run(db, rows) {
    await db.query(
      `UPDATE customer c SET invited_by = i.customer_id
       FROM unnest($1::uuid[], $2::uuid[]) AS row (customer_id, inviter_id)
       JOIN identity i ON i.id = row.inviter_id AND i.role = 'customer'
       WHERE c.id = row.customer_id AND c.invited_by IS NULL AND i.customer_id <> c.id`,
      [rows.map(({ customerId }) => customerId), rows.map(({ inviterId }) => inviterId)],
    )
  },
}

export const insertIdentities: BatchWrite<Identity> = {
  name: 'members-identities',
  order: 12,
  async run(db, rows) {
    await db.query({
      name: 'members-identities',
      text: `INSERT INTO identity
               (id, realm, contact_id, customer_id, role, name, alias, profile, friend_of, first_seen_at, last_seen_at)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                                  $8::jsonb[], $9::jsonb[], $10::timestamptz[], $11::timestamptz[])
             ON CONFLICT (realm, contact_id) DO NOTHING`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.realm),
        rows.map((row) => row.contactId),
        rows.map((row) => row.customerId),
        ...changeable(rows),
        rows.map((row) => row.firstSeenAt),
        rows.map((row) => row.lastSeenAt),
      ],
    })
  },
}

export const updateIdentities: BatchWrite<Identity> = {
  name: 'members-identities-changed',
  order: 13,
  async run(db, rows) {
    await db.query({
      name: 'members-identities-changed',
      text: `UPDATE identity SET customer_id = row.customer_id, role = row.role, name = row.name, alias = row.alias,
                    profile = row.profile, friend_of = row.friend_of, last_seen_at = row.last_seen_at
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[],
                         $8::timestamptz[])
               AS row (id, customer_id, role, name, alias, profile, friend_of, last_seen_at)
             WHERE identity.id = row.id AND ${few('row.id')}`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.customerId),
        ...changeable(rows),
        rows.map((row) => row.lastSeenAt),
      ],
    })
  },
}

export type Appointment = { identityId: string; appointed: boolean }

/** Says of contacts that they are ours, or are not any more: then their next words show what they are. */
export const appointIdentities: BatchWrite<Appointment> = {
  name: 'members-appointed',
  order: 13,
  async run(db, rows) {
    await db.query({
      name: 'members-appointed',
      text: `UPDATE identity SET appointed = row.appointed, role = CASE WHEN row.appointed THEN 'staff' ELSE role END
             FROM unnest($1::uuid[], $2::bool[]) AS row (id, appointed) WHERE identity.id = row.id AND ${few('row.id')}`,
      values: [rows.map((row) => row.identityId), rows.map((row) => row.appointed)],
    })
  },
}

/** The columns role, name, alias, profile and friend_of. */
function changeable(rows: Identity[]): unknown[] {
  return [
    rows.map((row) => row.role),
    rows.map((row) => row.name),
    rows.map((row) => row.alias),
    rows.map((row) => JSON.stringify(row.profile)),
    rows.map((row) => JSON.stringify(row.friendOf)),
  ]
}

/** All customers that are the same person as this one, herself included (law 14). */
export async function listSameCustomers(db: Queryable, customerId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'members-same-customers',
    text: `SELECT id FROM customer
           WHERE person_id = (SELECT person_id FROM customer WHERE id = $1::uuid) ORDER BY id`,
    values: [customerId],
  })
  return rows.map((row) => row.id)
}
