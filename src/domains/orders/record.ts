/** Takes in what the shop tells of its orders, in the caller's transaction. */
import type { ScheduleEvent } from '../../kernel/effect.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { Queryable } from '../../kernel/work.ts'
import { decide } from './decide.ts'
import {
  type BoughtOrder,
  insertOrders,
  type KeptRow,
  lockOrders,
  type ReadyOrder,
  updateOrders,
  writtenOf,
} from './repo.ts'
import {
  type Buyer,
  type OrderKept,
  type OrderOutcome,
  type OrderStatus,
  orderStatusChanged,
  type OrderStatusChanged,
  type OrderTold,
  type TotalsRule,
} from './schema.ts'

export type Recording = {
  now: Date
  secrets: Secrets
  totals: TotalsRule
  /** Whether an order that is new is a change of status too: so for the shop's own program, not for a file of the past. */
  announceNew: boolean
}

const column = 'orders.address'

/** Seals the address and writes the columns: all that can be done of an order before any lock is held. */
export function makeReady(told: OrderTold, secrets: Secrets): ReadyOrder {
  return { told, written: writtenOf(told, sealedAddress(told.address, secrets)) }
}

/**
 * Writes orders and says, in their order, what became of each; the effects tell of every status that has changed. Of
 * several with one number the first is written, and each other one is held against it as if it had come later.
 *
 * For buyers that `resolveCustomers` has found in the same transaction: until that ends nobody links or forgets them.
 */
export async function recordOrders(
  db: Queryable,
  orders: readonly BoughtOrder[],
  on: Recording,
): Promise<{ outcomes: OrderOutcome[]; effects: ScheduleEvent[] }> {
  if (orders.length === 0) return { outcomes: [], effects: [] }
  const added = await insertOrders(db, firstOfEach(orders), { now: on.now, ids: on.announceNew })
  const again = orders.flatMap(({ told }) => (added.has(told.source) ? [] : [told]))
  const known = again.length === 0 ? [] : await lockOrders(db, again)
  const memory = new Map(known.map((row) => [keyOf(row), { row, order: opened(row, on.secrets) }]))
  const changed = new Map<bigint, KeptRow>()
  const moved = new Map<bigint, Move>()
  const outcomes = orders.map(({ told, buyer }): OrderOutcome => {
    if (!added.has(told.source)) return tellAgain(memory.get(keyOf(told))!, { ...told, ...buyer })
    const id = added.get(told.source)
    if (id !== undefined) moved.set(id, { buyer, from: null, to: told.status })
    return { kind: 'added' }
  })
  if (changed.size > 0) await updateOrders(db, [...changed.values()], on.now)
  return { outcomes, effects: [...moved].map(([id, move]) => announcement(id, move, on.now)) }

  function tellAgain(kept: { row: KeptRow; order: OrderKept }, told: OrderTold & Buyer): OrderOutcome {
    const { id, cents, source, status, address } = kept.order
    const verdict = decide(kept.order, told, on.totals)
    if (verdict.kind === 'refused') return { ...verdict, kept: { cents, source } }
    if (verdict.kind === 'changed') {
      const { order } = verdict
      const same = order.address === address
      kept.row = { ...order, address: same ? kept.row.address : sealedAddress(order.address, on.secrets) }
      kept.order = order
      changed.set(id, kept.row)
      const from = moved.get(id)?.from ?? status
      if (order.status !== status) moved.set(id, { buyer: order, from, to: order.status })
    }
    return { kind: verdict.kind }
  }
}

function firstOfEach(orders: readonly BoughtOrder[]): BoughtOrder[] {
  const seen = new Set<string>()
  return orders.filter(({ told }) => {
    const before = seen.size
    return seen.add(keyOf(told)).size > before
  })
}

type Move = { buyer: Buyer; from: OrderStatus | null; to: OrderStatus }

/** A job of the same commit: whichever process runs jobs hears of it, and none is lost (law 12). */
function announcement(id: bigint, { buyer, from, to }: Move, now: Date): ScheduleEvent {
  const { customerId, personId } = buyer
  const payload: OrderStatusChanged = { orderId: id.toString(), customerId, personId, from, to, at: now.toISOString() }
  const lock = [`customer:${personId}`]
  return {
    kind: 'ScheduleEvent',
    name: orderStatusChanged,
    key: `order:${id}:${to}`,
    at: now,
    account: '',
    lock,
    payload,
  }
}

function keyOf({ shop, orderNo }: { shop: string; orderNo: string }): string {
  return `${shop}\n${orderNo}`
}

function sealedAddress(address: string | null, secrets: Secrets): Buffer | null {
  return address === null ? null : secrets.seal(address, column)
}

function opened(row: KeptRow, secrets: Secrets): OrderKept {
  return { ...row, address: row.address && secrets.open(row.address, column) }
}
