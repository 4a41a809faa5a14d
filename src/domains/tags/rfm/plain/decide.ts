/**
 * RFM as the textbooks have it: orders alone, as of a day, in fifths of those who have ordered. It follows the R package
 * `rfm` (rsquaredacademy/rfm 0.3.0, `rfm_table_order`) to the number, so that it can be checked against its published
 * tables: bars are quantiles of type 7 plus one (a day, an order, a unit of the currency), intervals are half-open,
 * [lower, upper), and recency counts the other way round. Its sample data as of 2006-12-31 give the bars 115, 181, 297.4,
 * 482 days; 4, 5, 6, 8 orders; 255.8, 382, 506.4, 666.
 */
import { reached } from '../decide.ts'

/** `day` is YYYY-MM-DD in the zone of the brand; a negative amount is a refund. */
export type PlainOrder = { customer: string; day: string; cents: bigint }

/** One customer's orders: days since the last one, how many, and what they came to less refunds. */
export type PlainTotal = { customer: string; recencyDays: number; orders: number; cents: bigint }

/** Each 1 to 5; `score` is the three as digits, 111 to 555. */
export type PlainRfm = PlainTotal & { r: number; f: number; m: number; score: number }

/** Five times each of the four quantiles: whole numbers, and so exact. Amounts are in cents. */
export type PlainFifths = { recencyDays: bigint[]; orders: bigint[]; cents: bigint[] }

export type PlainTable = { fifths: PlainFifths | null; rows: Iterable<PlainRfm> }

const dayMs = 86_400_000
const centsOfOne = 100n

/** A day as a number of days; NaN when it is no day of the calendar. */
export function dayNumber(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`)
  // 30 February is read as 2 March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? Number.NaN : at / dayMs
}

/**
 * Scores every customer who has ordered by `asOf` (YYYY-MM-DD). An order of that day has recency 0, a later one does not
 * count; a refund lowers the amount and is no order. Rows come in the order in which customers first appear.
 */
export function plainRfm(orders: Iterable<PlainOrder>, asOf: string): PlainTable {
  const totals = plainTotals(asOf)
  for (const order of orders) totals.add(order)
  return totals.table()
}

/** The same for orders that come one after the other: only the totals are kept. */
export function plainTotals(asOf: string): { add(order: PlainOrder): void; table(): PlainTable } {
  const today = dayNumber(asOf)
  const totals = new Map<string, { lastDay: number; orders: number; cents: bigint }>()
  return {
    add({ customer, day, cents }) {
      const number = dayNumber(day)
      if (number > today) return
      let total = totals.get(customer)
      if (!total) totals.set(customer, (total = { lastDay: -Infinity, orders: 0, cents: 0n }))
      total.cents += cents
      if (cents < 0n) return
      total.orders += 1
      total.lastDay = Math.max(total.lastDay, number)
    },
    table() {
      const ordered = [...totals]
        .filter(([, { orders }]) => orders > 0)
        .map(([customer, { lastDay, orders, cents }]) => ({ customer, recencyDays: today - lastDay, orders, cents }))
      const fifths = fifthsOf(ordered)
      return { fifths, rows: fifths ? scored(ordered, fifths) : [] }
    },
  }
}

function* scored(totals: readonly PlainTotal[], fifths: PlainFifths): Generator<PlainRfm> {
  for (const total of totals) yield plainScore(total, fifths)
}

/** Null without a customer. */
function fifthsOf(totals: readonly PlainTotal[]): PlainFifths | null {
  if (totals.length === 0) return null
  const of = (read: (total: PlainTotal) => bigint): bigint[] =>
    fifths(BigInt64Array.from({ length: totals.length }, (_, i) => read(totals[i]!)))
  return {
    recencyDays: of(({ recencyDays }) => BigInt(recencyDays)),
    orders: of(({ orders }) => BigInt(orders)),
    cents: of(({ cents }) => cents),
  }
}

/** Five times the quantiles of type 7 at 1/5 … 4/5. Sorts `values` in place; there must be one. */
export function fifths(values: BigInt64Array): bigint[] {
  values.sort()
  return [1, 2, 3, 4].map((k) => {
    const place = (values.length - 1) * k
    const lower = values[Math.floor(place / 5)]!
    const upper = values[Math.ceil(place / 5)]!
    return 5n * lower + BigInt(place % 5) * (upper - lower)
  })
}

/** The bars as people read them: days, orders, units of the currency. */
export function plainBars(fifths: PlainFifths): { recencyDays: number[]; orders: number[]; amount: number[] } {
  return {
    recencyDays: fifths.recencyDays.map((five) => Number(five + 5n) / 5),
    orders: fifths.orders.map((five) => Number(five + 5n) / 5),
    amount: fifths.cents.map((five) => Number(five + 5n * centsOfOne) / 500),
  }
}

export function plainScore(total: PlainTotal, fifths: PlainFifths): PlainRfm {
  const above = (value: bigint, of: readonly bigint[], one: bigint): number =>
    reached(
      5n * value,
      of.map((five) => five + 5n * one),
    )
  const r = 5 - above(BigInt(total.recencyDays), fifths.recencyDays, 1n)
  const f = 1 + above(BigInt(total.orders), fifths.orders, 1n)
  const m = 1 + above(total.cents, fifths.cents, centsOfOne)
  return { ...total, r, f, m, score: r * 100 + f * 10 + m }
}
