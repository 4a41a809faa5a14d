/** POST /api/orders: orders and refunds as they happen. */
import { resolveCustomers, resolvePlace } from '../../domains/members/index.ts'
import { decimalOf, makeReady, type OrderTold, recordOrders } from '../../domains/orders/index.ts'
import type { Queryable } from '../../kernel/work.ts'
import { importKind } from '../import/index.ts'
import { placeReader } from '../import/parts.ts'
import type { ApiHouse, Request } from './house.ts'
import { type Answer, type FieldError, type OrderGiven, OrdersBody, fieldErrors, refused } from './schema.ts'

/** What happened a moment ago: tags follow at once. */
const priority = 0

const placeFor = placeReader(resolvePlace)

/**
 * Takes orders in. Each is answered for itself: one that cannot be taken does not keep the others out. 422 when none
 * could.
 */
export async function takeOrders(house: ApiHouse, db: Queryable, { body, key, now }: Request): Promise<Answer> {
  const parsed = OrdersBody.safeParse(body)
  if (!parsed.success) return refused(400, fieldErrors(parsed.error))
  const mapping = house.content().one(importKind).orders
  const given = parsed.data.orders.map((order, i) => ({
    ...order,
    shop: order.shop ?? mapping.shop,
    source: `api:${key}:${i}`,
  }))
  const wrong = complaints(given, BigInt(Math.round(mapping.maxAmount * 100)))
  if (wrong.length > 0) return refused(400, wrong)
  const { ids, secrets } = house
  const rows = given.map(({ customer, source }) => ({ keys: customer.keys, source }))
  const buyers = await resolveCustomers(db, { secrets, ids, now }, rows)
  const known = given.flatMap((order, i) => {
    const buyer = buyers[i]!
    return 'refused' in buyer ? [] : [{ ...makeReady(toldOf(order), secrets), buyer }]
  })
  const on = { now, secrets, totals: 'keep' as const, announceNew: true }
  const { outcomes, effects } = await recordOrders(db, known, on)
  if (effects.length > 0) await house.schedule.run(db, effects)
  const persons = known.flatMap(({ buyer }, i) => (isNews(outcomes[i]!.kind) ? [buyer.personId] : []))
  if (persons.length > 0) await house.onChanged(db, [...new Set(persons)], priority)
  let next = 0
  // By their places alone: the answer is kept, and an order's number leads to a person.
  const results = buyers.map((buyer) => {
    const outcome = 'refused' in buyer ? { kind: 'refused' as const, reason: buyer.refused } : outcomes[next++]!
    return { result: outcome.kind, ...(outcome.kind === 'refused' ? { reason: outcome.reason } : {}) }
  })
  return { status: results.every(({ result }) => result === 'refused') ? 422 : 200, body: { orders: results } }
}

function isNews(kind: string): boolean {
  return kind === 'added' || kind === 'changed'
}

type Given = OrderGiven & { shop: string; source: string }

function toldOf({ customer: _, amount, items, ...order }: Given): OrderTold {
  return {
    ...order,
    cents: amount,
    items: items.map(({ amount: cents, ...item }) => ({ ...item, cents })),
    ...placeFor(order.province, order.city, order.address),
  }
}

/** What single fields cannot tell: an amount that is a slip, a number that comes twice. */
function complaints(orders: readonly Given[], largest: bigint): FieldError[] {
  const seen = new Set<string>()
  return orders.flatMap(({ shop, orderNo, amount }, i) => {
    const errors: FieldError[] = []
    if (amount > largest || amount < -largest) {
      errors.push({
        path: `orders.${i}.amount`,
        message: `beyond maxAmount of content/import.yaml, ${decimalOf(largest)}`,
      })
    }
    const number = `${shop}\n${orderNo}`
    if (seen.has(number)) errors.push({ path: `orders.${i}.orderNo`, message: 'the same order stands here twice' })
    seen.add(number)
    return errors
  })
}
