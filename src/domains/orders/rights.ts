/** What becomes of a person's orders when she is linked, unlinked, forgotten, or asks what we keep (law 14). */
import type { Rights } from '../../kernel/slice.ts'
import { dayIn } from '../../kernel/zone.ts'
import { listSameCustomers } from '../members/index.ts'
import { decimalOf } from './money.ts'
import { anonymiseOrders, listOrders, rehomeOrders } from './repo.ts'

/**
 * A forgotten person's orders stay as figures of the shop and are nobody's. Jobs that tell of a changed status carry
 * row ids alone, so there is nothing in them to forget.
 */
export const rights: Rights = {
  async onMerge(db, from, into) {
    await rehomeOrders(db, [from, into])
  },
  async onUnlink(db, from, into) {
    await rehomeOrders(db, [from, into])
  },
  async forget(db, customerId, now) {
    await anonymiseOrders(db, await listSameCustomers(db, customerId), now)
  },
  async exportOf(db, customerId, secrets) {
    const orders = await listOrders(db, await listSameCustomers(db, customerId))
    const open = (address: Buffer | null): string | null | undefined =>
      address && secrets ? secrets.open(address, 'orders.address') : undefined
    return {
      orders: orders.map(({ id: _, cents, items, address, ...order }) => ({
        ...order,
        amount: decimalOf(cents),
        items: items.map(({ cents, ...item }) => ({ ...item, amount: cents === null ? null : decimalOf(cents) })),
        address: open(address),
      })),
    }
  },
  async summaryOf(db, customerId, content) {
    const orders = await listOrders(db, await listSameCustomers(db, customerId))
    const last = orders.at(-1)
    if (!last) return []
    const spend = orders.reduce((sum, { cents }) => sum + cents, 0n)
    const day = dayIn(content.zone, last.orderedAt)
    return [content.reply('orders.summary', { count: orders.length, spend: decimalOf(spend), last: day })]
  },
}
