/** What a person's own orders come to when she asks about them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancellation, delivery, type Own, refund } from '../../src/domains/orders/facts/decide.ts'
import { facts } from '../../src/domains/orders/facts/index.ts'
import { ordersSettings, type OwnOrder } from '../../src/domains/orders/facts/schema.ts'
import { OrderStatus } from '../../src/domains/orders/index.ts'
import type { Fact } from '../../src/kernel/slice.ts'

const day = 86_400_000
const now = new Date('2026-11-22T04:00:00Z')
const settings = ordersSettings.schema.parse({})

let serial = 0
/** An order of so many days ago. */
function order(status: OrderStatus, ago: number, more: Partial<OwnOrder> = {}): OwnOrder {
  return {
    ...{ shop: 'mall', orderNo: `E20261${(serial += 1)}`, cents: 19_900n, refundOf: null, status, carrier: null },
    ...{ trackingNo: null, deliveredAt: null, at: new Date(now.getTime() - ago * day), original: null },
    ...more,
  }
}

function refundOf(original: OwnOrder, status: OrderStatus, ago: number, more: Partial<OwnOrder> = {}): OwnOrder {
  const known = { at: original.at, isHers: true }
  return order(status, ago, { cents: -original.cents, refundOf: original.orderNo, original: known, ...more })
}

function own(orders: OwnOrder[], on: Partial<Own> = {}): Own {
  const newestFirst = orders.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  return { orders: newestFirst, now, zone: 'Asia/Shanghai', settings, ...on }
}

function valuesOf(fact: Fact): Record<string, unknown> {
  if (fact.kind === 'unknown') throw new Error('nothing is known')
  return fact.values
}

describe('where her parcels are', () => {
  test('of one on its way is told by the tails of its numbers alone', () => {
    const one = order('shipped', 2, { orderNo: 'E202611201227', carrier: '顺丰速运', trackingNo: 'SF9595784692' })
    expect(delivery(own([one]))).toEqual({
      kind: 'known',
      values: expect.objectContaining({
        ...{ state: 'shipped', order: '1227', ordered: '2026-11-20', carrier: '顺丰速运', tracking: '4692' },
        ...{ delivered: null, orders: 1, parcels: [expect.objectContaining({ order: '1227' })] },
      }) as unknown,
    })
  })

  test('counts all that are under way, what has left before what has not, and the newest first', () => {
    const all = [order('paid', 1), order('shipped', 5), order('shipped', 3), order('delivered', 8), order('placed', 0)]
    const { orders, parcels, state } = valuesOf(delivery(own(all)))
    expect([orders, state]).toEqual([3, 'shipped'])
    expect(parcels).toMatchObject([
      { state: 'shipped', ordered: '2026-11-19' },
      { state: 'shipped', ordered: '2026-11-17' },
      { state: 'paid', ordered: '2026-11-21' },
    ])
  })

  test('is her last order, when none is under way', () => {
    const arrived = order('completed', 6, { deliveredAt: new Date('2026-11-18T16:00:00Z') })
    expect(valuesOf(delivery(own([arrived, order('cancelled', 9)])))).toMatchObject({
      ...{ state: 'delivered', delivered: '2026-11-19', orders: 0, parcels: [] },
    })
  })

  test('is unknown of who has ordered nothing', () => {
    for (const ask of [delivery, refund, cancellation]) expect(ask(own([]))).toEqual({ kind: 'unknown' })
  })

  test.each([
    ['paid', 72 / 24],
    ['shipped', 72 / 24 + 7],
  ] as const)('is late when an order is still %s after %d days, and not a moment before', (status, days) => {
    expect(delivery(own([order(status, days)])).kind).toBe('known')
    expect(delivery(own([order(status, days + 1 / day)])).kind).toBe('late')
  })

  test('tells of the late one before all others', () => {
    const late = order('paid', 4)
    const fact = delivery(own([late, order('shipped', 1)]))
    expect(fact.kind).toBe('late')
    expect(valuesOf(fact)).toMatchObject({ state: 'paid', ordered: '2026-11-18', orders: 2 })
  })

  test('of an order that was taken back whole waits for no parcel, and of one taken back in part it does', () => {
    const whole = order('paid', 4)
    expect(valuesOf(delivery(own([whole, refundOf(whole, 'paid', 1)])))).toMatchObject({ state: 'refunded', orders: 0 })
    const part = order('paid', 1)
    const some = refundOf(part, 'refunded', 0, { cents: -5_000n })
    expect(valuesOf(delivery(own([part, some])))).toMatchObject({ state: 'paid', orders: 1 })
    const withdrawn = refundOf(part, 'cancelled', 0)
    expect(valuesOf(delivery(own([part, withdrawn])))).toMatchObject({ state: 'paid', orders: 1 })
  })
})

describe('what became of her refund', () => {
  test('is told to the cent, however large it is', () => {
    const bought = order('completed', 9, { cents: 90_071_992_547_409_93n })
    expect(valuesOf(refund(own([bought, refundOf(bought, 'refunded', 2)])))).toMatchObject({
      ...{ state: 'done', amount: '90071992547409.93', date: '2026-11-20', ordered: '2026-11-13', pending: 0 },
    })
  })

  test('is the one that is not done, before newer ones that are', () => {
    const [a, b] = [order('completed', 20), order('completed', 19)]
    const fact = refund(own([a, b, refundOf(a, 'paid', 5), refundOf(b, 'refunded', 1)]))
    expect(fact).toMatchObject({ kind: 'known', values: { state: 'pending', date: '2026-11-17', pending: 1 } })
  })

  test('is late when it is not done in time', () => {
    const bought = order('completed', 20)
    expect(refund(own([bought, refundOf(bought, 'paid', 7)])).kind).toBe('known')
    expect(refund(own([bought, refundOf(bought, 'paid', 7 + 1 / day)])).kind).toBe('late')
    expect(refund(own([bought, refundOf(bought, 'refunded', 30)])).kind).toBe('known')
  })

  test('of an order that was closed as a whole is dated by nobody', () => {
    expect(valuesOf(refund(own([order('refunded', 3)])))).toMatchObject({ state: 'done', date: null, amount: '199.00' })
    expect(valuesOf(refund(own([order('cancelled', 3)])))).toMatchObject({ state: 'cancelled', date: null })
  })

  test('tells nothing of an order that is known as somebody else’s', () => {
    const foreign = order('refunded', 1, { cents: -100n, refundOf: 'XYZ9876', original: { at: now, isHers: false } })
    expect(valuesOf(refund(own([foreign])))).toMatchObject({ order: null, ordered: null, amount: '1.00' })
    expect(valuesOf(refund(own([{ ...foreign, original: null }])))).toMatchObject({ order: '9876', ordered: null })
  })
})

describe('whether her order was cancelled', () => {
  test('is told of the last that was, though she has ordered since', () => {
    const all = [order('paid', 0), order('cancelled', 1, { orderNo: 'E1111' }), order('cancelled', 9)]
    expect(valuesOf(cancellation(own(all)))).toMatchObject({ state: 'cancelled', order: '1111' })
  })

  test('is told of her last order where none was', () => {
    expect(valuesOf(cancellation(own([order('shipped', 1), order('completed', 9)])))).toMatchObject({
      state: 'shipped',
    })
  })
})

test('a day is the brand’s, to the millisecond of its midnight', () => {
  const at = (instant: string): unknown => {
    const one = order('paid', 0, { at: new Date(instant) })
    return valuesOf(delivery(own([one], { now: new Date('2026-11-19T00:00:00Z') })))['ordered']
  }
  expect(at('2026-11-17T15:59:59.999Z')).toBe('2026-11-17')
  expect(at('2026-11-17T16:00:00.000Z')).toBe('2026-11-18')
})

const anyOrder = fc
  .record({
    orderNo: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
    status: fc.constantFrom(...OrderStatus.options),
    ago: fc.double({ min: 0, max: 60, noNaN: true }),
    cents: fc.bigInt({ min: -10_000_000n, max: 10_000_000n }),
    trackingNo: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
    refundOf: fc.option(fc.constantFrom('A', 'B')),
    known: fc.option(fc.boolean()),
  })
  .map(({ status, ago, known, ...more }) =>
    order(status, ago, { ...more, original: known === null ? null : { at: now, isHers: known } }),
  )

test('whatever she has ordered, each placeholder has a value, and of numbers four characters at most', () => {
  const all = [
    ['order.delivery', delivery],
    ['order.refund', refund],
    ['order.cancellation', cancellation],
  ] as const
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 8 }), (orders) => {
      for (const [name, ask] of all) {
        const fact = ask(own(orders))
        if (fact.kind === 'unknown') continue
        expect(Object.keys(fact.values).sort()).toEqual(facts[name]?.placeholders.toSorted())
        expect(Object.values(fact.values)).not.toContain(undefined)
        for (const key of ['order', 'tracking']) {
          const tail = fact.values[key]
          if (typeof tail === 'string') expect([...tail].length).toBeLessThanOrEqual(4)
        }
      }
    }),
  )
})

test('every example has the placeholders that the fact says', () => {
  for (const { placeholders, examples = [] } of Object.values(facts)) {
    // A fact without placeholders is told to advisers alone: no answer shows it.
    expect(examples.length > 0).toBe(placeholders.length > 0)
    for (const example of examples) expect(Object.keys(example).sort()).toEqual(placeholders.toSorted())
  }
})
