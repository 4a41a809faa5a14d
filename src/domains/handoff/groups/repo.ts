/** Open cases of who speaks in a group, in PostgreSQL. */
import type { BatchQuery, Queryable } from '../../../kernel/work.ts'
import type { CaseState } from '../cases/schema.ts'
import type { Aside } from './schema.ts'

/** The one open case of a customer. */
export const findAsides: BatchQuery<string, Aside> = {
  name: 'handoff-asides',
  keyOf: (customerId) => customerId,
  async run(db, customerIds) {
    const { rows } = await db.query<{
      customer_id: string
      id: string
      state: CaseState
      thread_id: string
      reason: string
      opened_at: Date
    }>({
      name: 'handoff-asides',
      // LIMIT keeps PostgreSQL from reading all cases for the sake of one.
      text: `SELECT k.id AS customer_id, h.id, h.state, h.thread_id, h.reason, h.opened_at FROM unnest($1::uuid[]) AS k (id)
             CROSS JOIN LATERAL (
               SELECT * FROM handoff_case WHERE customer_id = k.id AND closed_at IS NULL LIMIT 1) h`,
      values: [customerIds],
    })
    return new Map(
      rows.map(({ customer_id: customer, id: caseId, state, thread_id: threadId, reason, opened_at: openedAt }) => [
        customer,
        { caseId, state, threadId, reason, openedAt },
      ]),
    )
  },
}

/** Open cases of these contacts that arose in a group and have no place yet where somebody talks with her. */
export async function listUnreached(
  db: Queryable,
  { realm, contactIds }: { realm: string; contactIds: readonly string[] },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'handoff-unreached',
    text: `SELECT h.id FROM unnest($2::text[]) AS k (contact_id)
           CROSS JOIN LATERAL (
             SELECT customer_id FROM identity WHERE realm = $1 AND contact_id = k.contact_id LIMIT 1) i
           CROSS JOIN LATERAL (
             SELECT id, thread_id FROM handoff_case
             WHERE customer_id = i.customer_id AND closed_at IS NULL AND talk_thread_id IS NULL LIMIT 1) h
           CROSS JOIN LATERAL (SELECT kind FROM thread WHERE id = h.thread_id LIMIT 1) t
           WHERE t.kind = 'group'`,
    values: [realm, contactIds],
  })
  return rows.map(({ id }) => id)
}
