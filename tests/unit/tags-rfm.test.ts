import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barsAbove, scoreOf, scoresOf, stepsOf } from '../../src/domains/tags/rfm/decide.ts'
import { rfmSchema } from '../../src/domains/tags/rfm/schema.ts'
import type { Facts, OrderFact, RfmBars } from '../../src/domains/tags/schema.ts'

const now = new Date('2026-03-31T12:00:00Z')
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000)

function someone(facts: Partial<Facts> = {}): Facts {
  return {
    personId: 'someone',
    firstSeenAt: daysAgo(400),
    lastSeenAt: now,
    profile: {},
    orders: [],
    interactions: [],
    messages: [],
    referredCents: 0n,
    consent: { profiling: true, sensitive: false },
    current: [],
    ...facts,
  }
}

function bought(days: number, amount: number, more: Partial<OrderFact> = {}): OrderFact {
  return {
    id: 1n,
    orderNo: 'o',
    at: daysAgo(days),
    cents: BigInt(Math.round(amount * 100)),
    status: 'completed',
    refundOf: null,
    categories: [],
    skus: [],
    province: null,
    city: null,
    area: null,
    ...more,
  }
}

const said = (days: number, kind: string, weight: number) => ({ id: 1n, kind, at: daysAgo(days), weight, source: 's' })

const settings = rfmSchema.parse({})
const fixed = rfmSchema.parse({ scores: 'bars' })

test('R counts from the last order or interaction of any kind', () => {
  const facts = someone({ orders: [bought(40, 10)], interactions: [said(3.5, 'question', 0.1)] })
  expect(scoreOf(facts, fixed, null, now)).toMatchObject({ lastAt: daysAgo(3.5), r: 5 })
})

test('who has never bought or spoken has no last time and R 1', () => {
  expect(scoreOf(someone(), fixed, null, now)).toEqual({ lastAt: null, frequency: 0, monetary: 0, r: 1, f: 1, m: 1 })
})

test('F counts orders and weighted interactions, by the weights of content where it gives some', () => {
  const facts = someone({
    orders: [bought(1, 10), bought(2, 20)],
    interactions: [said(1, 'praise', 0.3), said(2, 'question', 0.1), said(3, 'question', 0.1)],
  })
  const weighted = rfmSchema.parse({ frequency: { order: 2, interactions: { question: 0.25 } } })
  expect(scoreOf(facts, settings, null, now).frequency).toBe(2.5)
  expect(scoreOf(facts, weighted, null, now).frequency).toBe(4.8)
})

test('M is net of refunds, without cancelled orders, and with a share of those she brought in', () => {
  const facts = someone({
    orders: [bought(1, -19.9, { refundOf: 'o' }), bought(2, 99.9), bought(3, 1_000, { status: 'cancelled' })],
    referredCents: 12_345n,
  })
  expect(scoreOf(facts, settings, null, now)).toMatchObject({ monetary: 92.35, frequency: 1, lastAt: daysAgo(2) })
})

test('what lies before the window or after now does not count', () => {
  const facts = someone({ orders: [bought(-1, 5), bought(50, 7), bought(30, 11), bought(29.9, 13)] })
  const windowed = rfmSchema.parse({ window: '30d', scores: 'bars' })
  expect(scoreOf(facts, windowed, null, now)).toMatchObject({ lastAt: daysAgo(29.9), frequency: 1, monetary: 13, r: 4 })
  const old = someone({ orders: [bought(50, 7)] })
  expect(scoreOf(old, windowed, null, now)).toMatchObject({ lastAt: null, frequency: 0, monetary: 0, r: 1 })
})

test('intervals are half-open: a bar belongs to the step above it', () => {
  const bars = stepsOf({ recencyDays: [7, 30, 90, 180], frequency: [1, 3, 6, 12], monetary: [1, 300, 1_000, 3_000] })
  const at = (days: number, thousandths: number, cents: bigint) =>
    scoresOf({ lastAt: now, days, thousandths, cents }, bars)
  expect(at(6, 999, 99n)).toEqual({ r: 5, f: 1, m: 1 })
  expect(at(7, 1_000, 100n)).toEqual({ r: 4, f: 2, m: 2 })
  expect(at(179, 11_999, 299_999n)).toEqual({ r: 2, f: 4, m: 4 })
  expect(at(180, 12_000, 300_000n)).toEqual({ r: 1, f: 5, m: 5 })
})

test('the bars of the base hold where there are some, unless content wants its own', () => {
  const ofBase: RfmBars = { recencyDays: [1, 2, 3, 4], frequency: [10, 20, 30, 40], monetary: [1, 2, 3, 4] }
  const facts = someone({ orders: [bought(3.2, 2.5)] })
  expect(scoreOf(facts, settings, ofBase, now)).toMatchObject({ r: 2, f: 1, m: 3 })
  expect(scoreOf(facts, settings, null, now)).toMatchObject({ r: 5, f: 2, m: 2 })
  expect(scoreOf(facts, fixed, ofBase, now)).toMatchObject({ r: 5, f: 2, m: 2 })
})

test('a bar above a quantile is the next step of the measure, whatever a float lost', () => {
  expect(barsAbove([2.8, 3, 2.9999999999999996, -0.2])).toEqual([3, 4, 4, 0])
})

/** Quantiles of type 7 the slow way. */
function quantiles(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return [1, 2, 3, 4].map((k) => {
    const place = ((sorted.length - 1) * k) / 5
    const low = sorted[Math.floor(place)]!
    return low + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - low)
  })
}

type Three = { days: number; thousandths: number; cents: number }

function scored(base: Three[]) {
  const of = (key: keyof Three) => barsAbove(quantiles(base.map((one) => one[key])))
  const bars = { days: of('days'), thousandths: of('thousandths'), cents: of('cents').map(BigInt) }
  return (one: Three) => scoresOf({ ...one, lastAt: now, cents: BigInt(one.cents) }, bars)
}

const one = fc.record({
  days: fc.integer({ min: 0, max: 400 }),
  thousandths: fc.integer({ min: -500, max: 20_000 }),
  cents: fc.integer({ min: -10_000, max: 1_000_000 }),
})
const base = fc.array(one, { minLength: 1, maxLength: 60 })

test('scores are 1 to 5 and monotone in each measure', () => {
  fc.assert(
    fc.property(base, one, fc.nat(30), (people, person, more) => {
      const score = scored(people)
      const before = score(person)
      const after = score({
        days: person.days + more,
        thousandths: person.thousandths + more,
        cents: person.cents + more,
      })
      for (const value of Object.values(before)) expect(value >= 1 && value <= 5).toBe(true)
      expect([after.r <= before.r, after.f >= before.f, after.m >= before.m]).toEqual([true, true, true])
    }),
  )
})

/** As many different numbers as five times `k`. */
const different = (k: number, min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 5 * k, maxLength: 5 * k })

test('where all measures differ, each fifth of the base has exactly its share of every score', () => {
  const distinct = fc
    .integer({ min: 1, max: 12 })
    .chain((k) => fc.tuple(different(k, 0, 100), different(k, -50, 100), different(k, -1_000, 90_000)))
  fc.assert(
    fc.property(distinct, ([days, thousandths, cents]) => {
      const people = days.map((day, i) => ({ days: day, thousandths: thousandths[i]!, cents: cents[i]! }))
      const scores = people.map(scored(people))
      for (const key of ['r', 'f', 'm'] as const)
        for (const score of [1, 2, 3, 4, 5])
          expect(scores.filter((all) => all[key] === score)).toHaveLength(days.length / 5)
    }),
  )
})

test('another person, however far away, never turns the order of two others', () => {
  fc.assert(
    fc.property(base, one, one, (people, a, b) => {
      const far = { days: 100_000, thousandths: 1e9, cents: 1e12 }
      for (const score of [scored(people), scored([...people, far])]) {
        const [ofA, ofB] = [score(a), score(b)]
        if (a.days <= b.days) expect(ofA.r).toBeGreaterThanOrEqual(ofB.r)
        if (a.thousandths >= b.thousandths) expect(ofA.f).toBeGreaterThanOrEqual(ofB.f)
        if (a.cents >= b.cents) expect(ofA.m).toBeGreaterThanOrEqual(ofB.m)
      }
    }),
  )
})

test('who are all alike have R 5, F 1 and M 1; of a base that hardly buys, the buyers have the upper scores', () => {
  const alike = { days: 10, thousandths: 1_000, cents: 500 }
  expect(scored(Array.from({ length: 9 }, () => alike))(alike)).toEqual({ r: 5, f: 1, m: 1 })
  const buyers = [1, 2, 3].map((n) => ({ days: n, thousandths: n * 1_000, cents: n * 10_000 }))
  const idle = { days: 100, thousandths: 0, cents: 0 }
  const score = scored([...Array.from({ length: 7 }, () => idle), ...buyers])
  expect(score(idle)).toMatchObject({ f: 1, m: 1 })
  expect(buyers.map((buyer) => score(buyer).m)).toEqual([4, 5, 5])
})

test('content is told what is wrong with its bars and weights', () => {
  expect(rfmSchema.safeParse({ bars: { frequency: [1, 3, 2, 4] } }).success).toBe(false)
  expect(rfmSchema.safeParse({ bars: { frequency: [1, 3] } }).success).toBe(false)
  expect(rfmSchema.safeParse({ monetary: { referred: 1.5 } }).success).toBe(false)
  expect(rfmSchema.safeParse({ frequency: { interactions: { question: 0.0001 } } }).success).toBe(false)
  expect(rfmSchema.safeParse({ frequencies: {} }).success).toBe(false)
})
