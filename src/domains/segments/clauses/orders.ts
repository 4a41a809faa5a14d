/** `orders: {within: 90d, count: {min: 2}, spend: {min: 500}, category: serum}`: what somebody bought. */
import { z } from 'zod'
import type { ClauseSql, PersonMeasure, SegmentClause } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { before, Binding, contains, inRange, oneOrMore, rangeOf, Count, Within } from './parts.ts'

const OrdersArgs = z.strictObject({
  within: Within.optional(),
  count: Count.optional().describe('How many orders; without it and `spend` at least one. `{max: 0}` is none'),
  spend: rangeOf(z.number()).optional().describe('What was paid, less what was paid back, in the shop’s currency'),
  product: oneOrMore(z.string().min(1))
    .optional()
    .describe('Only orders with this product (its number), or one of these'),
  category: oneOrMore(z.string().min(1))
    .optional()
    .describe('Only orders with something of this category, or of one of these'),
})
type OrdersArgs = z.output<typeof OrdersArgs>

/** An order that stands: a refund has a negative amount, and what was paid back as a whole was not bought. */
const stands = "o.amount > 0 AND o.status <> 'refunded'"
const sums = { count: `count(CASE WHEN ${stands} THEN 1 END)`, spend: 'sum(o.amount)' }

export const ordersClause: SegmentClause<OrdersArgs> = {
  title: 'What the person bought: how often, for how much, which products or categories, within which time',
  schema: OrdersArgs,
  persons(args, on) {
    const { where, only } = rowsOf(args, on)
    const narrowed = only === undefined ? where : `${where} AND ${only}`
    const bought = `SELECT o.person_id FROM orders o WHERE ${narrowed} AND ${stands}`
    if (isAnyOrder(args)) return { in: bought }
    if (isNoOrder(args)) return { notIn: bought }
    return { per: measureOf(args, where, only, on) }
  },
  async seen(db, personId, args, { now, content }) {
    const { bind, values } = new Binding([personId])
    const { where, only } = rowsOf(args, { bind, now, content })
    const { rows } = await db.query<{ count: bigint; spend: string; last: Date | null }>(
      `SELECT ${sums.count} AS count, coalesce(${sums.spend}, 0) AS spend, max(CASE WHEN ${stands} THEN o.ordered_at END) AS last
       FROM orders o WHERE o.person_id = $1 AND ${[where, ...(only === undefined ? [] : [only])].join(' AND ')}`,
      values,
    )
    const { count, spend, last } = rows[0]!
    const holds =
      contains(countOf(args), Number(count)) && (args.spend === undefined || contains(args.spend, Number(spend)))
    const fact = `${count} orders for ${spend} in all${last ? `, the last on ${dayIn(content.zone, last)}` : ''}`
    return { holds, fact, data: { count: Number(count), spend, lastAt: last } }
  },
}

/** The bounds of the count that the arguments ask for. */
function countOf({ count, spend }: OrdersArgs): { min?: number | undefined; max?: number | undefined } {
  return count ?? (spend === undefined ? { min: 1 } : {})
}

function isAnyOrder(args: OrdersArgs): boolean {
  const { min, max } = countOf(args)
  return args.spend === undefined && min === 1 && max === undefined
}

function isNoOrder(args: OrdersArgs): boolean {
  return args.spend === undefined && countOf(args).max === 0
}

function rowsOf(args: OrdersArgs, { bind, now }: ClauseSql): { where: string; only?: string } {
  const where = [
    ...(args.within === undefined ? [] : [`o.ordered_at >= ${bind(before(now, args.within), 'timestamptz')}`]),
    `o.ordered_at <= ${bind(now, 'timestamptz')}`,
    "o.status <> 'cancelled'",
  ].join(' AND ')
  const only = [
    ...(args.product ? [hasOneOf('o.skus', args.product, bind)] : []),
    ...(args.category ? [hasOneOf('o.categories', args.category, bind)] : []),
  ]
  return only.length === 0 ? { where } : { where, only: only.join(' AND ') }
}

/** Of one word the plain comparison: it costs a third of looking for what two arrays have in common. */
function hasOneOf(list: string, words: readonly string[], bind: ClauseSql['bind']): string {
  const [only] = words
  return words.length === 1 ? `${bind(only, 'text')} = ANY (${list})` : `${list} && ${bind(words, 'text[]')}`
}

function measureOf(args: OrdersArgs, where: string, only: string | undefined, { bind }: ClauseSql): PersonMeasure {
  const { count, spend } = args
  return {
    from: 'orders o',
    where,
    person: 'o.person_id',
    ...(only !== undefined && { only }),
    measures: { ...(count && { count: sums.count }), ...(spend && { spend: sums.spend }) },
    holds: (measure) =>
      [
        ...(count ? [inRange(measure('count'), count, bind, 'bigint')] : []),
        ...(spend ? [inRange(measure('spend'), spend, bind, 'numeric')] : []),
      ].join(' AND '),
    holdsForNone: contains(count ?? {}, 0) && contains(spend ?? {}, 0),
  }
}
