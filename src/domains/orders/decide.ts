/** What follows when we are told of an order that we have already. */
import {
  type Buyer,
  OrderStatus,
  type OrderKept,
  type OrderRefusal,
  type OrderTold,
  type TotalsRule,
} from './schema.ts'

export type Verdict =
  | { kind: 'unchanged' }
  | { kind: 'changed'; order: OrderKept }
  | { kind: 'refused'; reason: OrderRefusal }

/**
 * The newer word wins field by field, with three exceptions: an amount that differs is money, so it holds unless `totals`
 * says otherwise; a buyer never changes; and who tells an earlier status than we know has an older list in hand, so she
 * changes nothing. Nothing said leaves what we have.
 */
export function decide(kept: OrderKept, told: OrderTold & Buyer, totals: TotalsRule): Verdict {
  if (kept.personId !== told.personId) return { kind: 'refused', reason: 'other-customer' }
  if (kept.refundOf !== told.refundOf) return { kind: 'refused', reason: 'other-refund' }
  if (kept.cents !== told.cents && totals === 'keep') return { kind: 'refused', reason: 'other-totals' }
  if (rankOf(told.status) < rankOf(kept.status)) return { kind: 'unchanged' }
  const order: OrderKept = {
    ...kept,
    orderedAt: told.orderedAt,
    cents: told.cents,
    status: told.status,
    carrier: told.carrier ?? kept.carrier,
    trackingNo: told.trackingNo ?? kept.trackingNo,
    deliveredAt: told.deliveredAt ?? kept.deliveredAt,
    items: told.items.length > 0 ? told.items : kept.items,
    address: told.address ?? kept.address,
    ...(told.province === null && told.city === null && told.area === null
      ? {}
      : { province: told.province, city: told.city, area: told.area }),
  }
  return sayOf(order) === sayOf(kept)
    ? { kind: 'unchanged' }
    : { kind: 'changed', order: { ...order, source: told.source } }
}

function rankOf(status: OrderStatus): number {
  return OrderStatus.options.indexOf(status)
}

/** Equal for orders that say the same. */
function sayOf(order: OrderKept): string {
  const { orderedAt, cents, status, carrier, trackingNo, deliveredAt, items, address, province, city, area } = order
  const things = items.map(({ sku, name, category, quantity, cents }) => [sku, name, category, quantity, textOf(cents)])
  const when = [orderedAt.getTime(), deliveredAt?.getTime()]
  return JSON.stringify([when, textOf(cents), status, carrier, trackingNo, things, address, province, city, area])
}

/** JSON knows no bigint. */
function textOf(cents: bigint | null): string | null {
  return cents === null ? null : cents.toString()
}
