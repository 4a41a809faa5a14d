/** What a person's orders within a window come to. */
import type { OrderFact } from './schema.ts'

export type Purchases = {
  /** Own spend, exact, with refunds taken off. */
  cents: bigint
  /** Orders that were kept at least in part. */
  count: number
  /** Those orders, the largest first. */
  kept: readonly OrderFact[]
}

/**
 * Orders after `from` and not after `to`. What was cancelled never was. A refund counts on the day of the order that it
 * takes back, so that an order which has left the window does not leave its refund behind; one whose order is unknown
 * counts on its own day. The sum does not depend on the order of the list.
 */
export function purchasesWithin(orders: readonly OrderFact[], from: Date, to: Date): Purchases {
  const counted = orders.filter(({ status }) => status !== 'cancelled')
  const placed = counted.filter(({ cents }) => cents > 0n)
  const refunds = counted.filter(({ cents }) => cents < 0n)
  const isWithin = ({ at }: OrderFact): boolean => at > from && at <= to
  const left = new Map(placed.filter(isWithin).map((order) => [order, order.cents]))
  let loose = 0n
  if (refunds.length > 0) {
    const originals = new Map(placed.map((order) => [order.orderNo, order]))
    for (const refund of refunds) {
      const original = refund.refundOf === null ? undefined : originals.get(refund.refundOf)
      const rest = original && left.get(original)
      if (original && rest !== undefined) left.set(original, rest + refund.cents)
      else if (!original && isWithin(refund)) loose += refund.cents
    }
  }
  const kept = [...left].filter(([{ status }, cents]) => cents > 0n && status !== 'refunded')
  return {
    cents: kept.reduce((sum, [, cents]) => sum + cents, loose),
    count: kept.length,
    kept: kept.map(([order]) => order).sort(largestFirst),
  }
}

function largestFirst(a: OrderFact, b: OrderFact): number {
  if (a.cents !== b.cents) return a.cents > b.cents ? -1 : 1
  if (a.at.getTime() !== b.at.getTime()) return b.at.getTime() - a.at.getTime()
  return a.id < b.id ? -1 : 1
}
