/** Interactions in PostgreSQL. A row keeps the customer it was written for; `person_id` is whose it is now. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { InteractionRow } from './schema.ts'

/**
 * Stores interactions, each (source, kind, customer) once. None of staff, of the deleted, of who wants no profile, nor of
 * a message that has been recalled meanwhile.
 *
 * The danger: two customers may become one person while this runs. The rows of the customers are locked, so that either
 * the link sees our rows or we see the link; in the order of their ids, as everybody locks them.
 */
export const recordInteractions: BatchWrite<InteractionRow> = {
  name: 'members-interactions',
  order: 40,
  async run(db, rows) {
    await db.query({
      name: 'members-interactions',
      text: `WITH given AS (
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::real[], $5::text[], $6::jsonb[],
                                    $7::text[], $8::text[])
                 AS row (customer_id, kind, at, weight, source, data, account, platform_id)
             ), person AS (
               SELECT id, person_id FROM customer
               WHERE id = ANY($1::uuid[]) AND forgotten_at IS NULL AND NOT staff AND profiling_refused_at IS NULL
               ORDER BY id FOR SHARE
             )
             INSERT INTO interaction (customer_id, person_id, kind, at, weight, source, data)
             SELECT g.customer_id, p.person_id, g.kind, g.at, g.weight, g.source, g.data
             FROM given g JOIN person p ON p.id = g.customer_id
             WHERE NOT EXISTS (
               SELECT FROM message m
               WHERE m.account = g.account AND m.platform_id = g.platform_id AND m.recalled_at IS NOT NULL)
             ON CONFLICT (source, kind, customer_id) DO NOTHING`,
      values: [
        rows.map((row) => row.customerId),
        rows.map((row) => row.kind),
        rows.map((row) => row.at),
        rows.map((row) => row.weight),
        rows.map((row) => row.source),
        rows.map((row) => row.data && JSON.stringify(row.data)),
        rows.map((row) => row.message?.account ?? null),
        rows.map((row) => row.message?.platformId ?? null),
      ],
    })
  },
}

/** Takes back what came from a source. */
export const takeBackInteractions: BatchWrite<string> = {
  name: 'members-interactions-back',
  order: 41,
  async run(db, sources) {
    await db.query({
      name: 'members-interactions-back',
      text: 'DELETE FROM interaction WHERE source = ANY($1::text[])',
      values: [sources],
    })
  },
}

export type Invitation = { inviterId: string; customerId: string; at: Date; kind: string; weight: number }

/**
 * Who brought a customer in did something for us, once for each that came; only customers do, and nobody brings herself.
 * `inviterId` is an identity.
 */
export const recordInvitations: BatchWrite<Invitation> = {
  name: 'members-invitations',
  order: 42,
  async run(db, rows) {
    await db.query({
      name: 'members-invitations',
      text: `WITH inviter AS (
               SELECT c.id, c.person_id, i.id AS identity_id FROM identity i JOIN customer c ON c.id = i.customer_id
               WHERE i.id = ANY($1::uuid[]) AND i.role = 'customer'
                 AND c.forgotten_at IS NULL AND NOT c.staff AND c.profiling_refused_at IS NULL
               ORDER BY c.id FOR SHARE OF c
             )
             INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
             SELECT i.id, i.person_id, row.kind, row.at, row.weight, 'invited:' || row.customer_id
             FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::real[])
               AS row (identity_id, customer_id, at, kind, weight)
             JOIN inviter i ON i.identity_id = row.identity_id
             JOIN customer c ON c.id = row.customer_id AND c.person_id <> i.person_id
             ON CONFLICT (source, kind, customer_id) DO NOTHING`,
      values: [
        rows.map((row) => row.inviterId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.at),
        rows.map((row) => row.kind),
        rows.map((row) => row.weight),
      ],
    })
  },
}

/** After customers were linked or unlinked: rows of the persons they belong to now go where they were written for. */
export async function rehomeInteractions(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `UPDATE interaction t SET person_id = c.person_id FROM customer c
     WHERE c.id = t.customer_id AND t.person_id <> c.person_id
       AND c.person_id IN (SELECT person_id FROM customer WHERE id = ANY($1::uuid[]))`,
    [customerIds],
  )
}

export async function forgetInteractions(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM interaction WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

export async function exportInteractions(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    'SELECT kind, at, weight, source, data FROM interaction WHERE customer_id = ANY($1::uuid[]) ORDER BY at, id',
    [customerIds],
  )
  return rows
}
