/** What the model cost, by day and customer. */
import { few } from '../../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite } from '../../../../kernel/work.ts'
import type { Allowance } from '../schema.ts'

/**
 * Everybody together in `model_spend`, in sixteen rows by the last digit of the customer: one row would be locked from here to
 * the commit by each transaction that spends, and they would commit one after the other.
 */
const everybody = '00000000-0000-0000-0000-00000000000'
const ofEverybody = (customerId: string): string => everybody + customerId.slice(-1)

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
             CROSS JOIN LATERAL (SELECT sum(tokens) AS tokens, sum(cost) AS cost FROM model_spend
               WHERE day = k.day AND customer_id BETWEEN '${everybody}0' AND '${everybody}f') a
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
    const spent = rows.flatMap((row) => [row, { ...row, customerId: ofEverybody(row.customerId) }])
    await db.query({
      name: 'faq-spend',
      // In one order for everybody: the rows of all are shared by all who spend.
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
