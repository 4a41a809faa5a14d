/** What the operator asks about a person: who has this phone, number or contact id, and what members knows of her. */
import type { Queryable } from '../../../../kernel/work.ts'

export type FoundCustomer = { customerId: string; personId: string; by: string; forgotten: boolean }

/** Customers under any of these keys, with this contact id, or of this id. Never by name (law 5). */
export async function findCustomers(
  db: Queryable,
  text: string,
  keys: readonly { kind: string; hash: string }[],
): Promise<FoundCustomer[]> {
  const { rows } = await db.query<{ id: string; person_id: string; by: string; forgotten: boolean }>(
    `SELECT DISTINCT c.id, c.person_id, found.by, c.forgotten_at IS NOT NULL AS forgotten
     FROM (SELECT k.customer_id AS id, k.kind AS by FROM unnest($2::text[], $3::text[]) AS wanted (kind, hash)
             JOIN customer_key k ON k.kind = wanted.kind AND k.hash = wanted.hash
           UNION ALL SELECT customer_id, 'contact' FROM identity WHERE contact_id = $1
           UNION ALL SELECT id, 'id' FROM customer WHERE id::text = lower($1)) AS found
     JOIN customer c ON c.id = found.id ORDER BY c.id`,
    [text, keys.map(({ kind }) => kind), keys.map(({ hash }) => hash)],
  )
  return rows.map((row) => ({ customerId: row.id, personId: row.person_id, by: row.by, forgotten: row.forgotten }))
}

export type CustomerShown = {
  personId: string
  firstSeenAt: Date
  lastSeenAt: Date
  staff: boolean
  forgottenAt: Date | null
  invitedBy: string | null
  customers: { id: string; mergedInto: string | null; mergedAt: Date | null; profile: Record<string, unknown> }[]
  contacts: { customerId: string; realm: string; contactId: string; role: string; name: string; lastSeenAt: Date }[]
  keys: { customerId: string; kind: string; sealed: Buffer | null; source: string; at: Date }[]
  groups: { topic: string; joinedAt: Date; leftAt: Date | null }[]
  consent: Record<string, Date | null>
}

/** Undefined when there is no such customer. Members' own part; tags and orders have commands of their own. */
export async function showCustomer(db: Queryable, customerId: string): Promise<CustomerShown | undefined> {
  const list = async <Row extends Record<string, unknown>>(text: string): Promise<Row[]> =>
    (await db.query<Row>(text, [customerId])).rows
  const hers = 'SELECT id FROM customer WHERE person_id = (SELECT person_id FROM customer WHERE id::text = $1)'
  const customers = await list<{
    id: string
    person_id: string
    merged_into: string | null
    merged_at: Date | null
    first_seen_at: Date
    last_seen_at: Date
    staff: boolean
    forgotten_at: Date | null
    invited_by: string | null
    profile: Record<string, unknown>
  }>(`SELECT * FROM customer WHERE id IN (${hers}) ORDER BY first_seen_at, id`)
  const root = customers.find(({ id, person_id }) => id === person_id)
  if (!root) return undefined
  const time = ({ last_seen_at: seen }: { last_seen_at: Date }): number => seen.getTime()
  return {
    personId: root.id,
    firstSeenAt: customers[0]!.first_seen_at,
    lastSeenAt: new Date(Math.max(...customers.map(time))),
    staff: root.staff,
    forgottenAt: root.forgotten_at,
    invitedBy: customers.find(({ invited_by }) => invited_by !== null)?.invited_by ?? null,
    customers: customers.map(({ id, merged_into, merged_at, profile }) => ({
      id,
      mergedInto: merged_into,
      mergedAt: merged_at,
      profile,
    })),
    contacts: await list(
      `SELECT customer_id AS "customerId", realm, contact_id AS "contactId", role, name, last_seen_at AS "lastSeenAt"
       FROM identity WHERE customer_id IN (${hers}) ORDER BY first_seen_at, id`,
    ),
    keys: await list(
      `SELECT customer_id AS "customerId", kind, sealed, source, created_at AS at
       FROM customer_key WHERE customer_id IN (${hers}) ORDER BY created_at, id`,
    ),
    groups: await list(
      `SELECT r.topic, m.joined_at AS "joinedAt", m.left_at AS "leftAt" FROM membership m
       JOIN room r ON r.id = m.group_id WHERE m.customer_id IN (${hers}) ORDER BY m.joined_at, m.id`,
    ),
    consent: (
      await list<Record<string, Date | null>>(
        `SELECT noticed_at AS "noticedAt", opted_out_at AS "optedOutAt", profiling_refused_at AS "profilingRefusedAt",
           consented_at AS "consentedAt", sensitive_consent_at AS "sensitiveConsentAt"
         FROM person_consent WHERE person_id = (SELECT person_id FROM customer WHERE id::text = $1)`,
      )
    )[0]!,
  }
}
