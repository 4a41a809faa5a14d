/** Takes in what the shop tells of its orders, in the caller's transaction. */
import type { ScheduleEvent } from '../../kernel/effect.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { Queryable } from '../../kernel/work.ts'
import { decide } from './decide.ts'
import { insertOrders, type KeptRow, lockOrders, type OrderRow, updateOrders } from './repo.ts'
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

/**
 * Writes orders and says, in their order, what became of each; the effects tell of every status that has changed. Of
 * several with one number the first is written, and each other one is held against it as if it had come later.
 *
 * For buyers that `resolveCustomers` has found in the same transaction: until that ends nobody links or forgets them.
 */
export async function recordOrders(
  db: Queryable,
  told: readonly (OrderTold & Buyer)[],
  on: Recording,
): Promise<{ outcomes: OrderOutcome[]; effects: ScheduleEvent[] }> {
  if (told.length === 0) return { outcomes: [], effects: [] }
  const added = await insertOrders(
    db,
    told.map((order) => sealed(order, on.secrets)),
    on.now,
  )
  const again = told.filter(({ source }) => !added.has(source))
  const known = again.length === 0 ? [] : await lockOrders(db, again)
  const memory = new Map(known.map((row) => [keyOf(row), { row, order: opened(row, on.secrets) }]))
  const changed = new Map<bigint, KeptRow>()
  const moved = new Map<bigint, Move>()
  const outcomes = told.map((order): OrderOutcome => {
    const id = added.get(order.source)
    if (id !== undefined) {
      if (on.announceNew) moved.set(id, { buyer: order, from: null, to: order.status })
      return { kind: 'added', id }
    }
    const kept = memory.get(keyOf(order))!
    const { id: keptId, cents, source, status } = kept.order
    const verdict = decide(kept.order, order, on.totals)
    if (verdict.kind === 'refused') return { ...verdict, kept: { cents, source } }
    if (verdict.kind === 'changed') {
      const { address } = verdict.order
      const same = address === kept.order.address
      kept.row = { ...verdict.order, address: same ? kept.row.address : sealedAddress(address, on.secrets) }
      kept.order = verdict.order
      changed.set(keptId, kept.row)
      if (verdict.order.status !== status) {
        moved.set(keptId, { buyer: kept.order, from: moved.get(keptId)?.from ?? status, to: verdict.order.status })
      }
    }
    return { kind: verdict.kind, id: keptId }
  })
  if (changed.size > 0) await updateOrders(db, [...changed.values()], on.now)
  return { outcomes, effects: [...moved].map(([id, move]) => announcement(id, move, on.now)) }
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

function sealed(order: OrderTold & Buyer, secrets: Secrets): OrderRow {
  return { ...order, address: sealedAddress(order.address, secrets) }
}

function sealedAddress(address: string | null, secrets: Secrets): Buffer | null {
  return address === null ? null : secrets.seal(address, column)
}

function opened(row: KeptRow, secrets: Secrets): OrderKept {
  return { ...row, address: row.address && secrets.open(row.address, column) }
}
