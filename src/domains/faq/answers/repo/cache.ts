/** Answers of the model that may be said again. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite } from '../../../../kernel/work.ts'
import { ModelAnswer } from '../schema.ts'

export type CacheKey = { key: string; now: Date }

/** An answer, who gave it, and to which prompt. */
export type Kept = { answer: ModelAnswer; model: string | null; promptHash: string | null }

/** An answer that was given to this very question before, while everything that it stands on is the same. */
export const findCached: BatchQuery<CacheKey, Kept> = {
  name: 'faq-cached',
  keyOf: ({ key }) => key,
  async run(db, keys) {
    const { rows } = await db.query<{ key: string; answer: unknown; model: string | null; prompt_hash: string | null }>(
      {
        name: 'faq-cached',
        text: `SELECT c.key, c.answer, c.model, c.prompt_hash FROM unnest($1::text[], $2::timestamptz[]) AS k (key, now)
             JOIN answer_cache c ON c.key = k.key AND c.expires_at > k.now WHERE ${few('k.key')}`,
        values: [keys.map(({ key }) => key), keys.map(({ now }) => now)],
      },
    )
    return new Map(
      rows.map(({ key, answer, model, prompt_hash: promptHash }) => [
        key,
        { answer: ModelAnswer.parse(answer), model, promptHash },
      ]),
    )
  },
}

export type Cached = Kept & { key: string; customerId: string; createdAt: Date; expiresAt: Date }

export const saveCached: BatchWrite<Cached> = {
  name: 'faq-cache',
  order: 55,
  async run(db, all) {
    const rows = [...new Map(all.map((row) => [row.key, row])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    await db.query({
      name: 'faq-cache',
      text: `INSERT INTO answer_cache (key, answer, customer_id, created_at, expires_at, model, prompt_hash)
             SELECT * FROM unnest($1::text[], $2::jsonb[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[],
               $7::text[])
             ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, customer_id = excluded.customer_id,
               created_at = excluded.created_at, expires_at = excluded.expires_at,
               model = excluded.model, prompt_hash = excluded.prompt_hash`,
      values: [
        rows.map(({ key }) => key),
        rows.map(({ answer }) => JSON.stringify(answer)),
        rows.map(({ customerId }) => customerId),
        rows.map(({ createdAt }) => createdAt),
        rows.map(({ expiresAt }) => expiresAt),
        rows.map(({ model }) => model),
        rows.map(({ promptHash }) => promptHash),
      ],
    })
  },
}
