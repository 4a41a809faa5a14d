/** What a changed status of an order means to journeys. Pure. */
import type { Announce } from '../../../kernel/effect.ts'
import type { OrderStatus } from '../schema.ts'
import type { Moved, OrderHeard } from './schema.ts'

const dayMs = 86_400_000
const paid: readonly OrderStatus[] = ['paid', 'shipped', 'delivered', 'completed']
const delivered: readonly OrderStatus[] = ['delivered', 'completed']

/** Nothing of a refund, nor of an order that nothing was paid for. */
export function announcementsOf(order: OrderHeard, { from, to }: Moved, now: Date): Announce[] {
  if (!order.isBought) return []
  const { id, orderNo, customerId, skus, categories, orderedAt } = order
  const data = { orderId: id.toString(), orderNo, skus, categories }
  const daysSince = (at: Date): number => Math.floor((now.getTime() - at.getTime()) / dayMs)
  const isNew = (among: readonly OrderStatus[]): boolean =>
    among.includes(to) && (from === null || !among.includes(from))
  const told: Announce[] = []
  // One cause for all: of two orders that are paid at once only one is the first.
  if (isNew(paid) && order.isFirst) {
    told.push({
      kind: 'Announce',
      trigger: 'firstOrder',
      cause: 'first-order',
      customerId,
      at: now,
      data: { ...data, daysAgo: daysSince(orderedAt) },
    })
  }
  if (isNew(delivered)) {
    const at = order.deliveredAt !== null && order.deliveredAt < now ? order.deliveredAt : now
    const more = { deliveredAt: at.toISOString(), daysAgo: daysSince(at) }
    const cause = `order:${id}:delivered`
    told.push({ kind: 'Announce', trigger: 'orderDelivered', cause, customerId, at, data: { ...data, ...more } })
  }
  return told
}

/** Whether a list in an announcement's data holds one of these words; nothing asked for is nothing missing. */
export function holdsOne(words: readonly string[] | undefined, list: unknown): boolean {
  return words === undefined || (Array.isArray(list) && words.some((word) => list.includes(word)))
}
