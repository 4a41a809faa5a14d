/** Orders as the shop tells of them, and as we keep them. */
import { z } from 'zod'

/** How far an order has come. The order of the list is the way it goes: what comes later knows more. */
export const OrderStatus = z.enum(['placed', 'paid', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'])
export type OrderStatus = z.infer<typeof OrderStatus>

export type OrderItem = {
  sku: string | null
  name: string | null
  category: string | null
  quantity: number
  /** In cents, for all pieces of it; null where the shop does not say. */
  cents: bigint | null
}

export type Place = { province: string | null; city: string | null; area: string | null }

/** One order as an import or the shop's own program tells it. Null is «not said», never «not any more». */
export type OrderTold = Place & {
  shop: string
  /** Unique within the shop. */
  orderNo: string
  orderedAt: Date
  /** Exact, in cents; negative for a refund. */
  cents: bigint
  /** Of a refund: the number of the order that it takes back. */
  refundOf: string | null
  status: OrderStatus
  carrier: string | null
  trackingNo: string | null
  deliveredAt: Date | null
  items: readonly OrderItem[]
  /** In plain; sealed before it is stored. */
  address: string | null
  /** import:<run>:<line> | api:<key>:<place>, one of its own for each order. */
  source: string
}

/** Whose order it is: the customer that it is written under, and the person that she is now. */
export type Buyer = { customerId: string; personId: string }

/** An order that we have, with its address opened. */
export type OrderKept = OrderTold & Buyer & { id: bigint }

/** What became of an order that we were told. */
export type OrderOutcome =
  | { kind: 'added' | 'changed' | 'unchanged' }
  | { kind: 'refused'; reason: OrderRefusal; kept: { cents: bigint; source: string } }

/**
 * other-totals: we have the order with another amount. other-customer: with another buyer.
 * other-refund: as a refund of another order, or as no refund at all.
 */
export type OrderRefusal = 'other-totals' | 'other-customer' | 'other-refund'

/** Which amount holds when an order comes again with another one: the one that we have, or the newer one. */
export type TotalsRule = 'keep' | 'replace'

/** The slice event of a status that changed; its payload says nothing that leads to a person outside. */
export const orderStatusChanged = 'OrderStatusChanged'
export const OrderStatusChanged = z.object({
  /** Row id of the order. */
  orderId: z.string(),
  customerId: z.string(),
  personId: z.string(),
  /** Null for an order that is new. */
  from: OrderStatus.nullable(),
  to: OrderStatus,
  /** When we learned of it, ISO 8601 in UTC. */
  at: z.iso.datetime(),
})
export type OrderStatusChanged = z.infer<typeof OrderStatusChanged>
