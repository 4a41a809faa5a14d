/** An order as journeys hear of it. */
import type { OrderStatus } from '../schema.ts'

export type OrderHeard = {
  id: bigint
  orderNo: string
  customerId: string
  orderedAt: Date
  /** More was paid than nothing, and it is no refund. */
  isBought: boolean
  deliveredAt: Date | null
  skus: string[]
  categories: string[]
  /** No other order of hers that was paid came before it, not even one that was given back since. */
  isFirst: boolean
}

/** A change of status; `from` null: the order is new. */
export type Moved = { from: OrderStatus | null; to: OrderStatus }
