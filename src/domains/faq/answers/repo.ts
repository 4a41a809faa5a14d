/** Exchanges, cached answers and spending in PostgreSQL, many at a time. */
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Talk } from '../schema.ts'
import {
  type Allowance,
  type Context,
  type Complaint,
  type Ending,
  type Exchange,
  type ExchangeState,
  ModelAnswer,
  type Outcome,
  type Recent,
  type Retrieved,
} from './schema.ts'

/** Stands for everybody together in `model_spend`. */
const everybody = '00000000-0000-0000-0000-000000000000'

/** An exchange as it begins; `ending` where it ends in the same breath. */
export type NewExchange = Exchange & { ending: Ending | null; closedAt: Date | null }

/** After threads and customers, before what is sent. */
export const insertExchanges: BatchWrite<NewExchange> = {
  name: 'faq-exchanges',
  order: 52,
  async run(db, rows) {
    await db.query({
      name: 'faq-exchanges',
      text: `INSERT INTO exchange (id, thread_id, customer_id, account, inbox_id, talk, question, messages, context, found,
               state, attempt, complaints, persona, level, content_version, cache_key, asked_at, deadline_at, closed_at,
               outcome, entries, said, intent, mood, model, tokens_in, tokens_out, cost, latency_ms, prompt_hash)
             SELECT r.id, r.thread_id, r.customer_id, r.account, r.inbox_id, r.talk, r.question,
               ARRAY(SELECT jsonb_array_elements_text(r.messages)), r.context, r.found, r.state, r.attempt, r.complaints,
               r.persona, r.level, r.content_version, r.cache_key, r.asked_at, r.deadline_at, r.closed_at, r.outcome,
               ARRAY(SELECT jsonb_array_elements_text(r.entries)), r.said, r.intent, r.mood, r.model, r.tokens_in,
               r.tokens_out, r.cost, r.latency_ms, r.prompt_hash
             FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::jsonb[], $7::text[],
               $8::jsonb[], $9::jsonb[], $10::jsonb[], $11::text[], $12::int[], $13::jsonb[], $14::text[], $15::text[],
               $16::text[], $17::text[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[], $21::text[],
               $22::jsonb[], $23::text[], $24::text[], $25::text[], $26::text[], $27::int[], $28::int[],
               $29::numeric[], $30::int[], $31::text[])
               AS r (id, thread_id, customer_id, account, inbox_id, talk, question, messages, context, found, state,
                 attempt, complaints, persona, level, content_version, cache_key, asked_at, deadline_at, closed_at, outcome,
                 entries, said, intent, mood, model, tokens_in, tokens_out, cost, latency_ms, prompt_hash)
             ON CONFLICT (id) DO NOTHING`,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ talk }) => talk.threadId),
        rows.map(({ talk }) => talk.customerId),
        rows.map(({ account }) => account),
        rows.map(({ inboxId }) => inboxId),
        rows.map(({ talk }) => JSON.stringify(talk)),
        rows.map(({ question }) => storable(question)),
        rows.map(({ messages }) => JSON.stringify(messages)),
        rows.map(({ context }) => JSON.stringify(context)),
        rows.map(({ found }) => JSON.stringify(found)),
        rows.map(({ state }) => state),
        rows.map(({ attempt }) => attempt),
        rows.map(({ complaints }) => JSON.stringify(complaints)),
        rows.map(({ persona }) => persona),
        rows.map(({ level }) => level),
        rows.map(({ contentVersion }) => contentVersion),
        rows.map(({ cacheKey }) => cacheKey),
        rows.map(({ askedAt }) => askedAt),
        rows.map(({ deadlineAt }) => deadlineAt),
        rows.map(({ closedAt }) => closedAt),
        ...endingColumns(rows.map(({ ending }) => ending)),
      ],
    })
  },
}

function endingColumns(endings: readonly (Ending | null)[]): unknown[] {
  return [
    endings.map((ending) => ending?.outcome ?? null),
    endings.map((ending) => JSON.stringify(ending?.entries ?? [])),
    endings.map((ending) => (ending?.said == null ? null : storable(ending.said))),
    endings.map((ending) => ending?.intent ?? null),
    endings.map((ending) => ending?.mood ?? null),
    endings.map((ending) => ending?.model ?? null),
    endings.map((ending) => ending?.usage.input ?? 0),
    endings.map((ending) => ending?.usage.output ?? 0),
    endings.map((ending) => ending?.cost ?? 0),
    endings.map((ending) => (ending ? Math.round(ending.latencyMs) : null)),
    endings.map((ending) => ending?.promptHash ?? null),
  ]
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

export type Closing = { id: string; ending: Ending; complaints: readonly Complaint[]; closedAt: Date }

export const closeExchanges: BatchWrite<Closing> = {
  name: 'faq-exchanges-close',
  order: 53,
  async run(db, rows) {
    await db.query({
      name: 'faq-exchanges-close',
      text: `UPDATE exchange e SET state = 'closed', complaints = r.complaints, closed_at = r.closed_at, outcome = r.outcome,
               entries = ARRAY(SELECT jsonb_array_elements_text(r.entries)), said = r.said, intent = r.intent,
               mood = r.mood, model = r.model, tokens_in = e.tokens_in + r.tokens_in,
               tokens_out = e.tokens_out + r.tokens_out, cost = e.cost + r.cost, latency_ms = r.latency_ms,
               prompt_hash = r.prompt_hash, previous = NULL
             FROM unnest($1::uuid[], $2::jsonb[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::text[], $7::text[],
               $8::text[], $9::text[], $10::int[], $11::int[], $12::numeric[], $13::int[], $14::text[])
               AS r (id, complaints, closed_at, outcome, entries, said, intent, mood, model, tokens_in, tokens_out, cost,
                 latency_ms, prompt_hash)
             WHERE e.id = r.id AND ${few('r.id')}`,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ complaints }) => JSON.stringify(complaints)),
        rows.map(({ closedAt }) => closedAt),
        ...endingColumns(rows.map(({ ending }) => ending)),
      ],
    })
  },
}

export type Repairing = {
  id: string
  complaints: readonly Complaint[]
  previous: string
  usage: { input: number; output: number }
  cost: number
}

/** The model is asked once more. */
export const repairExchanges: BatchWrite<Repairing> = {
  name: 'faq-exchanges-repair',
  order: 53,
  async run(db, rows) {
    await db.query({
      name: 'faq-exchanges-repair',
      text: `UPDATE exchange e SET attempt = e.attempt + 1, complaints = r.complaints, previous = r.previous,
               tokens_in = e.tokens_in + r.tokens_in, tokens_out = e.tokens_out + r.tokens_out, cost = e.cost + r.cost
             FROM unnest($1::uuid[], $2::jsonb[], $3::text[], $4::int[], $5::int[], $6::numeric[])
               AS r (id, complaints, previous, tokens_in, tokens_out, cost)
             WHERE e.id = r.id AND ${few('r.id')}`,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ complaints }) => JSON.stringify(complaints)),
        rows.map(({ previous }) => storable(previous)),
        rows.map(({ usage }) => usage.input),
        rows.map(({ usage }) => usage.output),
        rows.map(({ cost }) => cost),
      ],
    })
  },
}

type RecentRow = {
  thread_id: string
  customer_id: string
  question: string
  said: string | null
  entries: string[]
  state: ExchangeState
  outcome: Outcome | null
  asked_at: Date
}

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
      text: `SELECT e.thread_id, e.customer_id, e.question, e.said, e.entries, e.state, e.outcome, e.asked_at
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
      const { question, said, entries, state, outcome, asked_at: askedAt } = row
      const list = found.get(key) ?? []
      list.push({ question, said, entries, state, outcome, askedAt })
      found.set(key, list)
    }
    for (const list of found.values()) list.sort((a, b) => b.askedAt.getTime() - a.askedAt.getTime())
    return found
  },
}

export type AllowanceKey = { customerId: string; day: string; since: Date }

/** What has been spent on a day (YYYY-MM-DD), by everybody and by her, and how often she asked since then. */
export const findAllowance: BatchQuery<AllowanceKey, Allowance> = {
  name: 'faq-allowance',
  keyOf: ({ customerId }) => customerId,
  async run(db, keys) {
    const { rows } = await db.query<{
      customer_id: string
      asked: string
      tokens: string | null
      cost: string | null
      all_tokens: string | null
      all_cost: string | null
    }>({
      name: 'faq-allowance',
      text: `SELECT k.customer_id, h.tokens, h.cost, a.tokens AS all_tokens, a.cost AS all_cost,
               (SELECT count(*) FROM exchange e WHERE e.customer_id = k.customer_id AND e.asked_at >= k.since) AS asked
             FROM unnest($1::uuid[], $2::date[], $3::timestamptz[]) AS k (customer_id, day, since)
             LEFT JOIN model_spend h ON h.day = k.day AND h.customer_id = k.customer_id
             LEFT JOIN model_spend a ON a.day = k.day AND a.customer_id = '${everybody}'
             WHERE ${few('k.customer_id')}`,
      values: [keys.map(({ customerId }) => customerId), keys.map(({ day }) => day), keys.map(({ since }) => since)],
    })
    return new Map(
      rows.map((row) => [
        row.customer_id,
        {
          asked: Number(row.asked),
          hers: { tokens: Number(row.tokens ?? 0), cost: Number(row.cost ?? 0) },
          all: { tokens: Number(row.all_tokens ?? 0), cost: Number(row.all_cost ?? 0) },
        },
      ]),
    )
  },
}

export type Spent = { day: string; customerId: string; tokens: number; cost: number }

/** Adds up, for the customer and for everybody. */
export const addSpend: BatchWrite<Spent> = {
  name: 'faq-spend',
  order: 54,
  async run(db, rows) {
    const spent = rows.flatMap((row) => [row, { ...row, customerId: everybody }])
    await db.query({
      name: 'faq-spend',
      // In one order for everybody: the row of all is shared by all who spend.
      text: `INSERT INTO model_spend (day, customer_id, tokens, cost)
             SELECT day, customer_id, sum(tokens), sum(cost)
             FROM unnest($1::date[], $2::uuid[], $3::bigint[], $4::numeric[]) AS r (day, customer_id, tokens, cost)
             GROUP BY day, customer_id ORDER BY day, customer_id DESC
             ON CONFLICT (day, customer_id)
             DO UPDATE SET tokens = model_spend.tokens + excluded.tokens, cost = model_spend.cost + excluded.cost`,
      values: [
        spent.map(({ day }) => day),
        spent.map(({ customerId }) => customerId),
        spent.map(({ tokens }) => tokens),
        spent.map(({ cost }) => cost),
      ],
    })
  },
}

export type CacheKey = { key: string; now: Date }

/** An answer that was given to this very question before, while everything that it stands on is the same. */
export const findCached: BatchQuery<CacheKey, ModelAnswer> = {
  name: 'faq-cached',
  keyOf: ({ key }) => key,
  async run(db, keys) {
    const { rows } = await db.query<{ key: string; answer: unknown }>({
      name: 'faq-cached',
      text: `SELECT c.key, c.answer FROM unnest($1::text[], $2::timestamptz[]) AS k (key, now)
             JOIN answer_cache c ON c.key = k.key AND c.expires_at > k.now WHERE ${few('k.key')}`,
      values: [keys.map(({ key }) => key), keys.map(({ now }) => now)],
    })
    return new Map(rows.map(({ key, answer }) => [key, ModelAnswer.parse(answer)]))
  },
}

export type Cached = { key: string; answer: ModelAnswer; customerId: string; createdAt: Date; expiresAt: Date }

export const saveCached: BatchWrite<Cached> = {
  name: 'faq-cache',
  order: 55,
  async run(db, all) {
    const rows = [...new Map(all.map((row) => [row.key, row])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    await db.query({
      name: 'faq-cache',
      text: `INSERT INTO answer_cache (key, answer, customer_id, created_at, expires_at)
             SELECT * FROM unnest($1::text[], $2::jsonb[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
             ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, customer_id = excluded.customer_id,
               created_at = excluded.created_at, expires_at = excluded.expires_at`,
      values: [
        rows.map(({ key }) => key),
        rows.map(({ answer }) => JSON.stringify(answer)),
        rows.map(({ customerId }) => customerId),
        rows.map(({ createdAt }) => createdAt),
        rows.map(({ expiresAt }) => expiresAt),
      ],
    })
  },
}

type ExchangeRow = {
  id: string
  account: string
  inbox_id: string
  talk: Talk
  question: string
  messages: string[]
  context: Context
  found: Retrieved[]
  state: ExchangeState
  attempt: number
  complaints: Complaint[]
  previous: string | null
  persona: string | null
  level: string | null
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

export async function deleteExchangesOf(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM answer_cache WHERE customer_id = ANY($1::uuid[])', [customerIds])
  await db.query('DELETE FROM model_spend WHERE customer_id = ANY($1::uuid[])', [customerIds])
  await db.query('DELETE FROM exchange WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

/** What she asked and what was answered, for her to take along. */
export async function listExchangesOf(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT asked_at AS "askedAt", question, outcome, entries, said, intent, mood FROM exchange
     WHERE customer_id = ANY($1::uuid[]) ORDER BY asked_at, id`,
    [customerIds],
  )
  return rows
}
