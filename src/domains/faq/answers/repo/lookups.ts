/** What exchanges there are: of a person lately, one that comes back from the model, and those that are overdue. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchQuery, Queryable } from '../../../../kernel/work.ts'
import type { Exchange, Recent } from '../schema.ts'

type RecentRow = Omit<Recent, 'askedAt'> & { thread_id: string; customer_id: string; asked_at: Date }

export type RecentKey = { threadId: string; customerId: string }

const recentKey = ({ threadId, customerId }: RecentKey): string => `${threadId} ${customerId}`

/** How many of her last questions are looked at. */
const recentAtMost = 10

/** What this person asked lately in this thread, the newest first. */
export const findRecent: BatchQuery<RecentKey, Recent[]> = {
  name: 'faq-recent',
  keyOf: recentKey,
  async run(db, keys) {
    const { rows } = await db.query<RecentRow>({
      name: 'faq-recent',
      // Only what is being answered can still be dropped because it was taken back.
      text: `SELECT e.thread_id, e.customer_id, e.question, e.said, e.entries, e.state, e.outcome, e.asked_at,
               e.context ->> 'reading' AS reading,
               CASE WHEN e.state = 'asked' THEN coalesce((
                 SELECT bool_and(m.recalled_at IS NOT NULL) FROM unnest(e.messages) AS said (platform_id)
                 JOIN message m ON m.account = e.account AND m.platform_id = said.platform_id
               ), false) ELSE false END AS recalled
             FROM unnest($1::uuid[], $2::uuid[]) AS k (thread_id, customer_id)
             CROSS JOIN LATERAL (
               SELECT * FROM exchange e WHERE e.thread_id = k.thread_id AND e.customer_id = k.customer_id
               ORDER BY e.asked_at DESC LIMIT ${recentAtMost}
             ) e
             WHERE ${few('k.thread_id')}`,
      values: [keys.map(({ threadId }) => threadId), keys.map(({ customerId }) => customerId)],
    })
    const found = new Map<string, Recent[]>()
    for (const row of rows) {
      const key = recentKey({ threadId: row.thread_id, customerId: row.customer_id })
      const { question, said, entries, state, outcome, reading, recalled, asked_at: askedAt } = row
      const list = found.get(key) ?? []
      list.push({ question, said, entries, state, outcome, reading, recalled, askedAt })
      found.set(key, list)
    }
    for (const list of found.values()) list.sort((a, b) => b.askedAt.getTime() - a.askedAt.getTime())
    return found
  },
}

/** The columns that are named as the fields are, and the others. */
type ExchangeRow = Pick<
  Exchange,
  | 'id'
  | 'account'
  | 'talk'
  | 'question'
  | 'messages'
  | 'context'
  | 'found'
  | 'state'
  | 'attempt'
  | 'complaints'
  | 'previous'
  | 'persona'
  | 'level'
> & {
  inbox_id: string
  content_version: string
  cache_key: string | null
  asked_at: Date
  deadline_at: Date
  silent_until: Date | null
  recalled: boolean
  heard: { id: string; at: string }[] | null
}

/** An exchange with what may have changed since it began. */
export type Returned = Exchange & {
  /** A human owns the thread until then. */
  silentUntil: Date | null
  /** Everything that it would answer has been taken back. */
  recalled: boolean
  /** The messages that it answers, as they are stored. */
  heard: { id: string; at: Date }[]
}

/**
 * Locks what it finds: of two outcomes for one attempt (an answer that comes in the moment in which its deadline is
 * noticed) the second must see that the first was there.
 */
export const findExchange: BatchQuery<string, Returned> = {
  name: 'faq-exchange',
  keyOf: (id) => id,
  async run(db, ids) {
    const { rows } = await db.query<ExchangeRow>({
      name: 'faq-exchange',
      text: `SELECT e.*, t.silent_until, m.recalled, m.heard
             FROM unnest($1::uuid[]) AS k (id)
             JOIN exchange e ON e.id = k.id
             LEFT JOIN thread t ON t.id = e.thread_id
             LEFT JOIN LATERAL (
               SELECT coalesce(bool_and(m.recalled_at IS NOT NULL), false) AS recalled,
                 jsonb_agg(jsonb_build_object('id', m.id, 'at', m.sent_at) ORDER BY m.sent_at) AS heard
               FROM unnest(e.messages) AS said (platform_id)
               JOIN message m ON m.account = e.account AND m.platform_id = said.platform_id
             ) m ON true
             WHERE ${few('k.id')}
             ORDER BY e.id
             FOR UPDATE OF e`,
      values: [ids],
    })
    return new Map(rows.map((row) => [row.id, returned(row)]))
  },
}

function returned(row: ExchangeRow): Returned {
  return {
    id: row.id,
    talk: row.talk,
    inboxId: BigInt(row.inbox_id),
    account: row.account,
    question: row.question,
    messages: row.messages,
    context: row.context,
    found: row.found,
    state: row.state,
    attempt: row.attempt,
    complaints: row.complaints,
    previous: row.previous,
    persona: row.persona,
    level: row.level,
    contentVersion: row.content_version,
    cacheKey: row.cache_key,
    askedAt: row.asked_at,
    deadlineAt: row.deadline_at,
    silentUntil: row.silent_until,
    recalled: row.recalled,
    heard: (row.heard ?? []).map(({ id, at }) => ({ id, at: new Date(at) })),
  }
}

/** An exchange that should have ended: whoever asked the model for it has died. */
export type Overdue = { id: string; attempt: number; account: string; contactId: string }

/** Of these accounts, the oldest first. */
export async function listOverdue(db: Queryable, accounts: readonly string[], before: Date): Promise<Overdue[]> {
  const { rows } = await db.query<{ id: string; attempt: number; account: string; contact_id: string }>({
    name: 'faq-overdue',
    text: `SELECT id, attempt, account, talk ->> 'contactId' AS contact_id FROM exchange
           WHERE state = 'asked' AND deadline_at < $2 AND account = ANY ($1::text[]) ORDER BY deadline_at LIMIT 100`,
    values: [accounts, before],
  })
  return rows.map(({ contact_id: contactId, ...row }) => ({ ...row, contactId }))
}
