/**
 * What of a person's own orders answers her question. Pure. Days are those of the brand's zone (YYYY-MM-DD), amounts
 * decimal text, numbers of orders and parcels their last four characters.
 */
import type { Fact, FactValues } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { decimalOf } from '../money.ts'
import type { OrdersSettings, OwnOrder } from './schema.ts'

/** The newest first. */
export type Own = { orders: readonly OwnOrder[]; now: Date; zone: string; settings: OrdersSettings }

/** How far an order has come, for her: what is complete has been delivered, what was taken back is refunded. */
type State = 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled' | 'refunded'

const parcelsAtMost = 5

/**
 * Where her parcels are. While any is under way that is what she asks about, and one that is late comes before all
 * others; else her last order, whatever became of it.
 */
export function delivery(own: Own): Fact {
  const bought = own.orders.filter((order) => !isRefund(order))
  const underWay = bought.filter((order) => isUnderWay(stateOf(order, own)))
  // What has left is what «where is it» asks about. The sort keeps the newest first.
  const waiting = underWay.toSorted((a, b) => Number(b.status === 'shipped') - Number(a.status === 'shipped'))
  const late = underWay.findLast((order) => isLate(order, own))
  const foremost = late ?? waiting[0] ?? bought[0]
  if (!foremost) return { kind: 'unknown' }
  const values: FactValues = {
    ...parcelOf(foremost, own),
    orders: underWay.length,
    parcels: waiting.slice(0, parcelsAtMost).map((order) => parcelOf(order, own)),
  }
  return { kind: late ? 'late' : 'known', values }
}

const lastAtMost = 3

/** Her last orders and refunds for our own people: whole numbers, and how far each has come. */
export function last(own: Own): Fact {
  const orders = own.orders.slice(0, lastAtMost).map((order) => ({
    ...{ order: order.orderNo, state: isRefund(order) ? refundStateOf(order) : stateOf(order, own) },
    ...{ refund: isRefund(order), day: dayIn(own.zone, order.at), amount: decimalOf(order.cents).replace('-', '') },
  }))
  return orders.length === 0 ? { kind: 'unknown' } : { kind: 'known', values: { orders } }
}

/**
 * What became of her last refund. One that is not done comes first. An order that was refunded or cancelled as a whole,
 * and of which no refund tells, counts on its own day.
 */
export function refund(own: Own): Fact {
  const refunds = own.orders.filter(isRefund)
  const told = new Set(refunds.map((one) => `${one.shop}\n${one.refundOf}`))
  const closed = own.orders.filter((order) => !isRefund(order) && isClosed(order) && !told.has(keyOf(order)))
  const all = [...refunds, ...closed].sort((a, b) => b.at.getTime() - a.at.getTime())
  const pending = all.filter((one) => refundStateOf(one) === 'pending')
  const late = pending.findLast(({ at }) => own.now.getTime() - at.getTime() > own.settings.refundWithin)
  const foremost = late ?? pending[0] ?? all[0]
  if (!foremost) return { kind: 'unknown' }
  const { cents, at } = foremost
  const values: FactValues = {
    state: refundStateOf(foremost),
    amount: decimalOf(cents < 0n ? -cents : cents),
    // When an order was closed nobody has told us.
    date: isRefund(foremost) ? dayIn(own.zone, at) : null,
    ...takenBackBy(foremost, own),
    pending: pending.length,
  }
  return { kind: late ? 'late' : 'known', values }
}

/** The order that she gets money back for. One that we know as somebody else's is not hers to read of. */
function takenBackBy(one: OwnOrder, { zone }: Own): { order: string | null; ordered: string | null } {
  const { refundOf, original } = one
  if (refundOf === null) return { order: tailOf(one.orderNo), ordered: dayIn(zone, one.at) }
  if (original && !original.isHers) return { order: null, ordered: null }
  return { order: tailOf(refundOf), ordered: original && dayIn(zone, original.at) }
}

/** Whether her order was cancelled: of the last that was, else how her last order stands. */
export function cancellation(own: Own): Fact {
  const bought = own.orders.filter((order) => !isRefund(order))
  const order = bought.find((one) => ['cancelled', 'refunded'].includes(stateOf(one, own))) ?? bought[0]
  if (!order) return { kind: 'unknown' }
  const values: FactValues = {
    state: stateOf(order, own),
    order: tailOf(order.orderNo),
    ordered: dayIn(own.zone, order.at),
    amount: decimalOf(order.cents),
  }
  return { kind: 'known', values }
}

function isRefund({ cents, refundOf }: OwnOrder): boolean {
  return cents < 0n || refundOf !== null
}

function isClosed({ status }: OwnOrder): boolean {
  return status === 'cancelled' || status === 'refunded'
}

function stateOf(order: OwnOrder, own: Own): State {
  if (order.status === 'cancelled' || order.status === 'refunded') return order.status
  if (isTakenBack(order, own)) return 'refunded'
  return order.status === 'completed' ? 'delivered' : order.status
}

function isUnderWay(state: State): boolean {
  return state === 'paid' || state === 'shipped'
}

/** Whether refunds come to all of it: who has asked for her money back waits for no parcel. */
function isTakenBack(order: OwnOrder, { orders }: Own): boolean {
  const back = orders.filter((one) => isRefund(one) && originalOf(one) === keyOf(order) && one.status !== 'cancelled')
  return back.length > 0 && back.reduce((sum, { cents }) => sum + cents, order.cents) <= 0n
}

/** When it was paid or left nobody tells us: it is late once it is so however late that was allowed to be. */
function isLate({ status, at }: OwnOrder, { now, settings: { shipWithin, deliverWithin } }: Own): boolean {
  return now.getTime() - at.getTime() > (status === 'shipped' ? shipWithin + deliverWithin : shipWithin)
}

/**
 * A refund that is told of as refunded or complete is done; any other word says that it is on its way. Of an order that
 * was cancelled we do not know whether it had been paid.
 */
function refundStateOf(one: OwnOrder): 'pending' | 'done' | 'withdrawn' | 'cancelled' {
  if (one.status === 'cancelled') return isRefund(one) ? 'withdrawn' : 'cancelled'
  return one.status === 'refunded' || one.status === 'completed' ? 'done' : 'pending'
}

type Parcel = Record<'state' | 'order' | 'ordered' | 'carrier' | 'tracking' | 'delivered', string | null>

function parcelOf(order: OwnOrder, own: Own): Parcel {
  return {
    state: stateOf(order, own),
    order: tailOf(order.orderNo),
    ordered: dayIn(own.zone, order.at),
    carrier: order.carrier,
    tracking: order.trackingNo && tailOf(order.trackingNo),
    delivered: order.deliveredAt && dayIn(own.zone, order.deliveredAt),
  }
}

/** Enough for her to know it again, and of no use to anybody else. */
export function tailOf(number: string): string {
  return [...number].slice(-4).join('')
}

function keyOf({ shop, orderNo }: OwnOrder): string {
  return `${shop}\n${orderNo}`
}

function originalOf({ shop, refundOf }: OwnOrder): string {
  return `${shop}\n${refundOf}`
}
