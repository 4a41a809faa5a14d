/** What orders lends to journeys: a first order, a delivery, what runs out; and what campaigns may aim at. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type OrderStatus, orderStatusChanged, slice } from '../../src/domains/orders/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Announce } from '../../src/kernel/effect.ts'
import type { JourneyTrigger } from '../../src/kernel/slice.ts'
import type { Work } from '../../src/kernel/work.ts'
import { testDatabase } from '../support/database.ts'
import { dayMs, due, joins, reached } from './lent-stage.ts'

const { db } = await testDatabase()
beforeEach(() => db.pool.query('TRUNCATE orders RESTART IDENTITY'))
const { triggers = {}, goals = {}, events = {} } = slice
const { firstOrder, orderDelivered, replenish } = triggers

const at = (text: string): Date => new Date(`${text}+08:00`)
const window = (after: string, until: string) => ({ after: at(after), until: at(until) })
const now = at('2026-12-01T12:00')

type Given = {
  day?: Date
  status?: OrderStatus
  amount?: number
  categories?: string[]
  skus?: string[]
  refundOf?: string | null
  delivered?: Date | null
  source?: string
}
/** An order; gives its id. */
async function order(she: string, given: Given = {}): Promise<string> {
  const { day = now, status = 'paid', amount = 100, categories = ['精华'], skus = ['QY-1'] } = given
  const { refundOf = null, delivered = null, source = 'test' } = given
  const { rows } = await db.pool.query<{ id: bigint }>(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, categories, skus, refund_of,
       delivered_at, source, created_at, updated_at)
     VALUES ('shop', $1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $3, $3) RETURNING id`,
    [randomUUID(), she, day, amount, status, categories, skus, refundOf, delivered, source],
  )
  return String(rows[0]?.id)
}

/** What journeys hear when the status of an order has changed. */
async function heard(id: string, from: OrderStatus | null, to: OrderStatus): Promise<Announce[]> {
  const ids = { orderId: id, customerId: randomUUID(), personId: randomUUID() }
  const what = {
    ...{ kind: 'SliceEvent' as const, name: orderStatusChanged, lock: [] },
    payload: { ...ids, from, to, at: now.toISOString() },
  }
  const event = { id: 1n, account: '', key: 'k', at: now, receivedAt: now, what }
  const work = { db: db.pool, now } as unknown as Work
  const effects = await events[orderStatusChanged]?.({ event, work } as never)
  return (effects ?? []).filter((effect) => effect.kind === 'Announce')
}
const names = (told: Announce[]): string[] => told.map(({ trigger, cause }) => `${trigger} ${cause}`)

function matches(trigger: JourneyTrigger | undefined, written: object, data: Record<string, unknown>): boolean {
  if (trigger?.on !== 'announced') throw new TypeError('not announced')
  return trigger.matches(trigger.schema.parse(written), data, {} as Content)
}

describe('a first order', () => {
  test('is announced when it is paid for, not before, and not again on its way', async () => {
    const she = randomUUID()
    const id = await order(she)
    expect(names(await heard(id, null, 'placed'))).toEqual([])
    const [told] = await heard(id, 'placed', 'paid')
    expect(told).toMatchObject({
      ...{ trigger: 'firstOrder', cause: 'first-order', customerId: she, at: now },
      data: { orderId: id, skus: ['QY-1'], categories: ['精华'], orderNo: expect.any(String) },
    })
    expect(names(await heard(id, null, 'shipped'))).toEqual(['firstOrder first-order'])
    expect(names(await heard(id, 'paid', 'shipped'))).toEqual([])
  })

  test('is not one after another that was paid, also one given back since; what was never paid does not count', async () => {
    const earlier = new Date(now.getTime() - dayMs)
    const cases: [Given, number][] = [
      [{ status: 'completed' }, 0],
      [{ status: 'refunded' }, 0],
      [{ status: 'placed' }, 1],
      [{ status: 'cancelled' }, 1],
      [{ amount: 0 }, 1],
      [{ amount: -20, refundOf: 'A1', status: 'refunded' }, 1],
    ]
    for (const [before, count] of cases) {
      const she = randomUUID()
      await order(she, { day: earlier, ...before })
      expect(await heard(await order(she), null, 'paid'), JSON.stringify(before)).toHaveLength(count)
    }
  })

  test('of two that are paid at once is the earlier one', async () => {
    const she = randomUUID()
    const [first, second] = [await order(she), await order(she)]
    expect(names([...(await heard(second, null, 'paid')), ...(await heard(first, null, 'paid'))])).toEqual([
      'firstOrder first-order',
    ])
  })

  test('is no refund, no present, and nothing that was forgotten', async () => {
    const kinds: Given[] = [{ amount: -5, refundOf: 'A' }, { amount: 0 }, { source: 'forgotten' }]
    for (const given of kinds) expect(await heard(await order(randomUUID(), given), null, 'completed')).toEqual([])
    expect(await heard('999', null, 'paid')).toEqual([])
  })

  test('of long ago, told of only now, begins nothing unless content says so', async () => {
    const [told] = await heard(
      await order(randomUUID(), { day: new Date(now.getTime() - 20 * dayMs) }),
      null,
      'completed',
    )
    expect(matches(firstOrder, {}, told!.data)).toBe(false)
    expect(matches(firstOrder, { days: 20 }, told!.data)).toBe(true)
  })

  test('may be asked for by category', () => {
    expect(matches(firstOrder, {}, { categories: [], daysAgo: 0 })).toBe(true)
    expect(matches(firstOrder, { category: ['面霜', '精华'] }, { categories: ['精华'], daysAgo: 0 })).toBe(true)
    expect(matches(firstOrder, { category: '面霜' }, { categories: ['精华'], daysAgo: 0 })).toBe(false)
  })
})

describe('a delivery', () => {
  test('is announced once, as delivered or complete, with the time at which it was', async () => {
    const she = randomUUID()
    await order(she, { day: new Date(0) })
    const id = await order(she, { delivered: at('2026-11-29T09:00') })
    const [told] = await heard(id, 'shipped', 'delivered')
    expect(told).toMatchObject({
      ...{ trigger: 'orderDelivered', cause: `order:${id}:delivered`, at: at('2026-11-29T09:00') },
      data: { orderId: id, deliveredAt: '2026-11-29T01:00:00.000Z', daysAgo: 2 },
    })
    expect(names(await heard(id, 'shipped', 'completed'))).toEqual([`orderDelivered order:${id}:delivered`])
    expect(await heard(id, 'delivered', 'completed')).toEqual([])
    const unknown = await order(she)
    expect(await heard(unknown, 'paid', 'delivered')).toMatchObject([{ at: now, data: { daysAgo: 0 } }])
  })

  test('may be asked for by category, product, and how old the news may be', () => {
    const data = { categories: ['精华'], skus: ['QY-1'], daysAgo: 20 }
    expect(matches(orderDelivered, {}, data)).toBe(false)
    expect(matches(orderDelivered, { days: 20 }, data)).toBe(true)
    expect(matches(orderDelivered, { days: 20, category: '精华', product: ['QY-1', 'QY-2'] }, data)).toBe(true)
    expect(matches(orderDelivered, { days: 20, product: 'QY-2' }, data)).toBe(false)
  })
})

describe('what runs out', () => {
  const found = (written: object, after: string, until: string) =>
    due(db.pool, replenish, { category: '精华', ...written }, window(after, until))
  const orders = async (she: string, ...days: string[]): Promise<string> => {
    let last = ''
    for (const day of days) last = await order(she, { day: at(`${day}T20:00`), status: 'completed' })
    return last
  }

  test('does so after the median of her intervals since the last time, or the given time where she has had fewer than two', async () => {
    const regular = randomUUID()
    const last = await orders(regular, '2026-08-01', '2026-08-31', '2026-09-30', '2026-11-20')
    const newcomer = randomUUID()
    const only = await orders(newcomer, '2026-10-01', '2026-11-10')
    // Intervals of 30, 30 and 51 days: the median is 30.
    expect(await found({ every: '45d' }, '2026-12-20T09:59', '2026-12-20T10:00')).toEqual([
      { person: regular, cause: `replenish:精华:${last}`, at: at('2026-12-20T10:00') },
    ])
    expect(await found({ every: '45d', before: '5d', at: '08:30' }, '2026-12-20T00:00', '2026-12-21T00:00')).toEqual([
      { person: newcomer, cause: `replenish:精华:${only}`, at: at('2026-12-20T08:30') },
    ])
    expect(await found({}, '2026-12-20T10:00', '2026-12-21T09:59')).toEqual([])
  })

  test('counts several orders of a day as one, and none that was cancelled, given back, a refund, or of something else', async () => {
    const she = randomUUID()
    const last = await orders(she, '2026-11-01', '2026-11-01', '2026-11-01')
    const later = at('2026-11-10T12:00')
    const others: Given[] = [
      ...[{ status: 'cancelled' as const }, { status: 'refunded' as const }, { status: 'placed' as const }],
      ...[{ amount: -10, refundOf: 'A' }, { categories: ['面霜'] }, { amount: 0 }],
    ]
    for (const given of others) await order(she, { day: later, ...given })
    expect(await found({ every: '30d' }, '2026-11-30T12:00', '2026-12-01T12:00')).toMatchObject([
      { person: she, cause: `replenish:精华:${last}` },
    ])
  })

  test('is not told of before the day after she bought it', async () => {
    const she = randomUUID()
    await orders(she, '2026-11-01')
    expect(await found({ every: '3d', before: '5d' }, '2026-11-01T12:00', '2026-11-02T12:00')).toHaveLength(1)
  })

  test('windows that join find everybody once', async () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 120 * 24 * 60 }), { maxLength: 5 })
    const people = fc.array(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(people, minutes, async (list, cuts) => {
        await db.pool.query('TRUNCATE orders')
        const bought = at('2026-06-01T20:00').getTime()
        for (const days of list) {
          const she = randomUUID()
          for (const day of days) await order(she, { day: new Date(bought + day * dayMs) })
        }
        const range = { after: at('2026-09-01T00:00'), until: at('2026-12-30T00:00') }
        const edges = cuts.map((n) => new Date(range.after.getTime() + n * 60_000))
        const written = { category: '精华', every: '95d' }
        const told = await joins(db.pool, replenish, written, { ...range, cuts: edges })
        const persons = new Set(told.map(({ person }) => person))
        expect(persons.size).toBe(told.length)
        // Whoever has no two intervals is due after the given time, which lies in the window for all.
        const few = list.filter((days) => new Set(days).size < 3)
        expect(told.length).toBeGreaterThanOrEqual(few.length)
      }),
      { numRuns: 20 },
    )
  })
})

test('goals: orders that stand, by what they hold and what they come to', async () => {
  const she = randomUUID()
  await order(she, { amount: 99.9 })
  await order(she, { amount: 300, categories: ['面霜'], skus: ['QY-2'], status: 'completed' })
  await order(she, { status: 'placed' })
  await order(she, { status: 'refunded' })
  await order(she, { amount: -99, refundOf: 'A' })
  const all = { after: new Date(now.getTime() - 1), until: now }
  const ask = (written: object, range = all) => reached(db.pool, goals['order'], written, range)
  expect(await ask({})).toEqual([
    { person: she, at: now },
    { person: she, at: now },
  ])
  expect(await ask({}, { after: now, until: now })).toEqual([])
  expect(await ask({ category: '面霜' })).toHaveLength(1)
  expect(await ask({ product: ['QY-1'] })).toHaveLength(1)
  expect(await ask({ product: 'QY-1', category: '面霜' })).toEqual([])
  expect(await ask({ spend: { min: 100 } })).toHaveLength(1)
  expect(await ask({ spend: { min: 99.9 } })).toHaveLength(2)
})
