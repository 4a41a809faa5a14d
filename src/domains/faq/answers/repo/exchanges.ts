/** Exchanges as they begin, are repaired and end, many at a time. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchWrite } from '../../../../kernel/work.ts'
import type { Complaint, Ending, Exchange, Reason, Retrieved } from '../schema.ts'

/** An exchange as it begins; `ending` where it ends in the same breath. */
export type NewExchange = Exchange & { ending: Ending | null; reasons: readonly Reason[]; closedAt: Date | null }

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
        rows.map(({ reasons }) => JSON.stringify(reasons)),
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

export type Closing = {
  id: string
  ending: Ending
  reasons: readonly Reason[]
  /** What the model was given in the end. */
  found: readonly Retrieved[]
  closedAt: Date
}

export const closeExchanges: BatchWrite<Closing> = {
  name: 'faq-exchanges-close',
  order: 53,
  async run(db, rows) {
    await db.query({
      name: 'faq-exchanges-close',
      text: `UPDATE exchange e SET state = 'closed', complaints = r.complaints, found = r.found, closed_at = r.closed_at, outcome = r.outcome,
               entries = ARRAY(SELECT jsonb_array_elements_text(r.entries)), said = r.said, intent = r.intent,
               mood = r.mood, model = r.model, tokens_in = e.tokens_in + r.tokens_in,
               tokens_out = e.tokens_out + r.tokens_out, cost = e.cost + r.cost, latency_ms = r.latency_ms,
               prompt_hash = r.prompt_hash, previous = NULL
             FROM unnest($1::uuid[], $2::jsonb[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::text[], $7::text[],
               $8::text[], $9::text[], $10::int[], $11::int[], $12::numeric[], $13::int[], $14::text[], $15::jsonb[])
               AS r (id, complaints, closed_at, outcome, entries, said, intent, mood, model, tokens_in, tokens_out, cost,
                 latency_ms, prompt_hash, found)
             WHERE e.id = r.id AND ${few('r.id')}`,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ reasons }) => JSON.stringify(reasons)),
        rows.map(({ closedAt }) => closedAt),
        ...endingColumns(rows.map(({ ending }) => ending)),
        rows.map(({ found }) => JSON.stringify(found)),
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
