/** Who a case is about, and what was said, in PostgreSQL. */
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'

export type Known = {
  /** As she is called in WeChat; '' where nobody has told. */
  name: string
  account: string
  /** Where it arose. */
  kind: 'group' | 'direct'
  topic: string | null
  /** Her contact, where she is one of the account's. */
  contactId: string | null
  /** Who she is by now. */
  personId: string | null
}

/** Undefined when the thread of the case is gone. */
export async function readKnown(db: Queryable, caseId: string): Promise<Known | undefined> {
  const { rows } = await db.query<{
    name: string | null
    account: string
    kind: 'group' | 'direct'
    topic: string | null
    contact_id: string | null
    person_id: string | null
  }>({
    name: 'handoff-known',
    text: `SELECT t.kind, coalesce(t.account, g.speaker) AS account, g.topic, i.name, coalesce(t.contact_id, i.contact_id) AS contact_id,
             c.person_id
           FROM handoff_case h JOIN thread t ON t.id = h.thread_id LEFT JOIN room g ON g.id = t.group_id
           LEFT JOIN customer c ON c.id = h.customer_id
           LEFT JOIN LATERAL (
             SELECT name, contact_id FROM identity WHERE customer_id = h.customer_id AND role = 'customer'
             ORDER BY last_seen_at DESC LIMIT 1) i ON true
           WHERE h.id = $1`,
    values: [caseId],
  })
  const [row] = rows
  return (
    row && {
      ...{ name: row.name ?? '', account: row.account, kind: row.kind, topic: row.topic },
      ...{ contactId: row.contact_id, personId: row.person_id },
    }
  )
}

export type Line = {
  /** human: an adviser, through the bot or on the account's own phone. */
  who: 'customer' | 'bot' | 'human'
  type: string
  /** '' where it was taken back. */
  text: string
  at: Date
  recalled: boolean
}

/** The last words of a thread, the oldest first; in a group those of the customer and ours alone. */
export async function listLines(
  db: Queryable,
  { threadId, customerId }: { threadId: string; customerId: string | null },
  limit: number,
): Promise<Line[]> {
  const { rows } = await db.query<Said>({
    name: 'handoff-lines',
    text: `SELECT CASE WHEN o.key LIKE 'handoff-say:%' THEN 'human' ELSE m.direction END AS direction, m.type,
             CASE WHEN m.recalled_at IS NULL THEN m.text ELSE '' END AS text, m.sent_at,
             m.recalled_at IS NOT NULL AS recalled FROM message m LEFT JOIN outbox o ON o.id = m.outbox_id
           WHERE m.thread_id = $1 AND (m.direction <> 'in' OR m.customer_id = $2)
           ORDER BY m.sent_at DESC, m.id DESC LIMIT $3`,
    values: [threadId, customerId, limit],
  })
  const who = { in: 'customer', out: 'bot', human: 'human' } as const
  return rows.map(({ direction, sent_at: at, ...said }): Line => ({ who: who[direction], at, ...said })).reverse()
}

type Said = { direction: 'in' | 'out' | 'human'; type: string; text: string; sent_at: Date; recalled: boolean }

/** The open case of a customer that a human owns, for whoever speaks in a thread that one has. */
export const findOwned: BatchQuery<string, string> = {
  name: 'handoff-owned',
  keyOf: (customerId) => customerId,
  async run(db, customerIds) {
    const { rows } = await db.query<{ customer_id: string; id: string }>({
      name: 'handoff-owned',
      text: `SELECT k.id AS customer_id, h.id FROM unnest($1::uuid[]) AS k (id)
             CROSS JOIN LATERAL (
               SELECT id FROM handoff_case WHERE customer_id = k.id AND closed_at IS NULL AND state = 'owned' LIMIT 1) h`,
      values: [customerIds],
    })
    return new Map(rows.map(({ customer_id: customer, id }) => [customer, id]))
  },
}

/** Gives a thread back to the bot. */
export const freeThreads: BatchWrite<string> = {
  name: 'handoff-free',
  order: 22,
  async run(db, threadIds) {
    await db.query({
      name: 'handoff-free',
      text: 'UPDATE thread SET silent_until = NULL WHERE id = ANY($1::uuid[])',
      values: [threadIds],
    })
  },
}
