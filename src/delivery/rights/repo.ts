/** Law 14 for the outbox, and what is shown of it. */
import type { Database } from '../../kernel/db.ts'
import type { Rights } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'

/** Everybody who is the same person as the customer $1. */
const same = `SELECT $1::uuid UNION SELECT id FROM customer WHERE person_id = (SELECT person_id FROM customer WHERE id = $1)`
/** The person's own rows, and what was said to her by mention in groups. */
const hers = `customer_id IN (${same})
  OR body -> 'mentions' ?| ARRAY(SELECT contact_id FROM identity WHERE customer_id IN (${same}))`

export const rights: Rights = {
  // Rows keep the id under which they were written; the canonical view resolves it.
  onMerge: async () => undefined,
  onUnlink: async () => undefined,

  /**
   * Cancels what waits and blanks the words, the address and the keys of all that was ever sent. What remains says
   * that something was sent, under a pseudonym. Must run before the identities are forgotten: they lead to mentions.
   */
  async forget(db: Queryable, customerId: string, now: Date): Promise<void> {
    await db.query(
      `UPDATE outbox SET
         state = CASE state WHEN 'pending' THEN 'cancelled' ELSE state END,
         reason = CASE state WHEN 'pending' THEN 'forgotten' ELSE reason END,
         settled_at = CASE WHEN state IN ('pending', 'unknown') THEN coalesce(settled_at, $2) ELSE settled_at END,
         settled_by = CASE WHEN state IN ('pending', 'unknown') THEN 'forgotten' ELSE settled_by END,
         key = 'forgotten:' || id, part = 0,
         body = jsonb_build_object('type', 'text', 'text', ''), body_hash = '', answers = '{}', message_id = NULL, offer = NULL,
         recipient = jsonb_build_object('kind', recipient ->> 'kind', 'account', account, 'threadId', thread_id)
       WHERE ${hers}`,
      [customerId, now],
    )
  },

  async exportOf(db: Queryable, customerId: string): Promise<Record<string, unknown>> {
    const { rows } = await db.query<Record<string, unknown>>(
      `SELECT account, purpose, body, state, created_at AS "createdAt", sending_at AS "sentAt"
       FROM outbox WHERE ${hers} ORDER BY id`,
      [customerId],
    )
    return { sends: rows }
  },
}

export type OutboxEntry = {
  id: bigint
  account: string
  key: string
  part: number
  parts: number
  recipient: unknown
  purpose: string
  body: unknown
  state: string
  reason: string | null
  createdAt: Date
  sendingAt: Date | null
  settledAt: Date | null
  settledBy: string | null
}

/** Rows of the outbox, newest first. Of `unknown` also those that the clock has closed: they stay uncertain. */
export async function listOutbox(
  { prisma }: Pick<Database, 'prisma'>,
  { state, limit = 50 }: { state?: string | undefined; limit?: number },
): Promise<OutboxEntry[]> {
  return prisma.outbox.findMany({
    where: state ? { state } : {},
    orderBy: { id: 'desc' },
    take: limit,
    select: {
      id: true,
      account: true,
      key: true,
      part: true,
      parts: true,
      recipient: true,
      purpose: true,
      body: true,
      state: true,
      reason: true,
      createdAt: true,
      sendingAt: true,
      settledAt: true,
      settledBy: true,
    },
  })
}

/**
 * How many rows are open, by state. What ended is not counted: that history only grows. Literals and one count each,
 * so that each finds its partial index.
 */
export async function countOutbox({
  pool,
}: Pick<Database, 'pool'>): Promise<{ pending: number; sending: number; unknown: number }> {
  const { rows } = await pool.query<{ pending: number; sending: number; unknown: number }>(
    `SELECT (SELECT count(*)::int FROM outbox WHERE state = 'pending' AND not_before IS NULL)
              + (SELECT count(*)::int FROM outbox WHERE state = 'pending' AND not_before IS NOT NULL) AS pending,
            (SELECT count(*)::int FROM outbox WHERE state = 'sending') AS sending,
            (SELECT count(*)::int FROM outbox WHERE state = 'unknown') AS unknown`,
  )
  return rows[0] ?? { pending: 0, sending: 0, unknown: 0 }
}
