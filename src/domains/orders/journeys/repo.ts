/** Orders as journeys and campaigns look at them, in PostgreSQL. */
import type { ClauseSql } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { DayWithin } from '../../members/index.ts'
import type { OrderHeard } from './schema.ts'

type Bind = ClauseSql['bind']

/** An order that stands: paid for, no refund, not given back as a whole. */
const stands = "o.amount > 0 AND o.refund_of IS NULL AND o.status IN ('paid', 'shipped', 'delivered', 'completed')"

/** Undefined when the order is gone, or was forgotten with its buyer. */
export async function findHeard(db: Queryable, orderId: string): Promise<OrderHeard | undefined> {
  const { rows } = await db.query<{
    id: bigint
    order_no: string
    customer_id: string
    ordered_at: Date
    bought: boolean
    delivered_at: Date | null
    skus: string[]
    categories: string[]
    first: boolean
  }>({
    name: 'orders-heard',
    text: `SELECT o.id, o.order_no, o.customer_id, o.ordered_at, o.amount > 0 AND o.refund_of IS NULL AS bought,
             o.delivered_at, o.skus, o.categories,
             NOT EXISTS (
               SELECT FROM orders p WHERE p.person_id = o.person_id AND p.amount > 0 AND p.refund_of IS NULL
                 AND p.status NOT IN ('placed', 'cancelled') AND (p.ordered_at, p.id) < (o.ordered_at, o.id)) AS first
           FROM orders o WHERE o.id = $1 AND o.source <> 'forgotten'`,
    values: [orderId],
  })
  const [row] = rows
  return (
    row && {
      ...{ id: row.id, orderNo: row.order_no, customerId: row.customer_id, orderedAt: row.ordered_at },
      ...{ isBought: row.bought, deliveredAt: row.delivered_at, skus: row.skus, categories: row.categories },
      isFirst: row.first,
    }
  )
}

export type Supply = { category: string; everyDays: number; beforeDays: number }

/** So many of her last days of buying tell how often she does. */
const lastDays = 6

/**
 * Persons whose supply of a category ends on one of these days: after their usual interval since they bought it last, or
 * the given one where fewer than two intervals are known. Orders of one day are one. A pass over the orders.
 */
export function runsOut(
  { category, everyDays, beforeDays }: Supply,
  days: readonly DayWithin[],
  zone: string,
  bind: Bind,
): string {
  const until = days.reduce((last, { at }) => (at > last ? at : last), new Date(0))
  return `SELECT usual.person_id, 'replenish:' || ${bind(category, 'text')} || ':' || usual.last_id AS cause, due.at
    FROM (
      SELECT person_id, max(day) AS last_day, (array_agg(last_id ORDER BY day DESC))[1] AS last_id,
        CASE WHEN count(gap) >= 2 THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY gap))::int
             ELSE ${bind(everyDays, 'int')} END AS days
      FROM (
        SELECT person_id, day, last_id, day - lag(day) OVER (PARTITION BY person_id ORDER BY day) AS gap,
          row_number() OVER (PARTITION BY person_id ORDER BY day DESC) AS place
        FROM (
          SELECT o.person_id, (o.ordered_at AT TIME ZONE ${bind(zone, 'text')})::date AS day,
            (array_agg(o.id ORDER BY o.ordered_at DESC, o.id DESC))[1] AS last_id
          FROM orders o
          WHERE ${bind(category, 'text')} = ANY (o.categories) AND ${stands}
            AND o.ordered_at <= ${bind(until, 'timestamptz')}
          GROUP BY 1, 2) bought) gaps
      WHERE place <= ${lastDays} GROUP BY person_id) usual
    JOIN unnest(${bind(
      days.map(({ day }) => day),
      'date[]',
    )}, ${bind(
      days.map(({ at }) => at),
      'timestamptz[]',
    )}) AS due (day, at) ON due.day = usual.last_day + greatest(1, usual.days - ${bind(beforeDays, 'int')})`
}

export type Bought = { category?: string[] | undefined; product?: string[] | undefined; min?: number | undefined }

/** Orders that stand, by the instant at which they were made. */
export function ordered({ category, product, min }: Bought, window: { after: Date; until: Date }, bind: Bind): string {
  const where = [
    `o.ordered_at > ${bind(window.after, 'timestamptz')} AND o.ordered_at <= ${bind(window.until, 'timestamptz')}`,
    stands,
    ...(category ? [`o.categories && ${bind(category, 'text[]')}`] : []),
    ...(product ? [`o.skus && ${bind(product, 'text[]')}`] : []),
    ...(min === undefined ? [] : [`o.amount >= ${bind(min, 'numeric')}`]),
  ]
  return `SELECT o.person_id, o.ordered_at AS at FROM orders o WHERE ${where.join(' AND ')}`
}
