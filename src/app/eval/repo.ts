/** What came of a turn, as it stands in the tables. */
import type { Queryable } from '../../kernel/work.ts'

/** A send of ours, whether it has left or not. */
export type Sent = { id: bigint; direct: boolean; body: { type: string; text?: string; filename?: string } }

/** An exchange that has ended. */
export type Closed = {
  id: string
  attempt: number
  outcome: string
  entries: string[]
  mood: string | null
  model: string | null
  promptHash: string | null
  complaints: { check: string; words: string }[]
  tokens: number
  cost: number
}

/**
 * Everything that is said to one who asks, after the send `after`. Left out is what has nothing to do with what is asked:
 * notices, welcomes and what privacy says.
 */
export async function sentAfter(db: Queryable, account: string, after: bigint): Promise<Sent[]> {
  const { rows } = await db.query<{ id: bigint; direct: boolean; body: Sent['body'] }>(
    `SELECT id, recipient ->> 'kind' = 'direct' AS direct, body FROM outbox
     WHERE account = $1 AND id > $2 AND purpose <> 'security' AND key !~ '^(notice|welcome|privacy)' ORDER BY id`,
    [account, after],
  )
  return rows
}

/** Exchanges of an account that have ended and are not among `known`, in the order of the questions. */
export async function closedExchanges(db: Queryable, account: string, known: readonly string[]): Promise<Closed[]> {
  const { rows } = await db.query<Omit<Closed, 'cost'> & { cost: string }>(
    `SELECT id, attempt, outcome, entries, mood, model, prompt_hash AS "promptHash", complaints,
       tokens_in + tokens_out AS tokens, cost
     FROM exchange WHERE account = $1 AND state = 'closed' AND id <> ALL($2::uuid[]) ORDER BY asked_at, inbox_id`,
    [account, known],
  )
  return rows.map((row) => ({ ...row, cost: Number(row.cost) }))
}

/** Reasons of cases that were opened and are not among `known`, by their keys. */
export async function openedCases(db: Queryable, known: readonly string[]): Promise<{ key: string; reason: string }[]> {
  const { rows } = await db.query<{ key: string; reason: string }>(
    'SELECT key, reason FROM handoff_case WHERE key <> ALL($1::text[]) ORDER BY opened_at',
    [known],
  )
  return rows
}

/** Entries that a «did you mean» of this contact waits to hear about. */
export async function offeredEntries(db: Queryable, contactId: string): Promise<string[]> {
  const { rows } = await db.query<{ entry: string }>(
    `SELECT option ->> 'entry' AS entry
     FROM open_question q
     JOIN identity i ON i.customer_id = q.customer_id,
     jsonb_array_elements(CASE WHEN jsonb_typeof(q.payload -> 'options') = 'array' THEN q.payload -> 'options' ELSE '[]' END) AS option
     WHERE i.contact_id = $1 AND q.kind = 'faq.did-you-mean'`,
    [contactId],
  )
  return rows.map(({ entry }) => entry)
}
