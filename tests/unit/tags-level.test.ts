import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domains/tags/decide.ts'
import type { OrderFact, PersonTag } from '../../src/domains/tags/schema.ts'
import { settle } from '../../src/domains/tags/settle/decide.ts'
import { daysAgo, dimensionOf, factsOf, now, order, rulesOf, tagged } from './tags-facts.ts'

const rules = rulesOf(`
dimensions:
  - id: consumption
    kind: level
    window: 365d
    hysteresis: 0.15
    levels:
      - { id: high, when: [{ spend: 2000 }, { spend: 1200, orders: 6 }] }
      - { id: middle, when: [{ spend: 500 }] }
      - { id: low, when: [{ orders: 1 }] }
      - { id: none }
`)
const levels = dimensionOf(rules, 'level').levels.map(({ id }) => id)

function levelOf(orders: readonly OrderFact[], has?: string): string {
  const current = has === undefined ? [] : [tagged('consumption', has)]
  const decided = decide(factsOf({ orders, current }), rules, null, now)
  const [tag, ...others] = decided?.wanted.filter(({ dimension }) => dimension === 'consumption') ?? []
  expect(others).toEqual([])
  return tag?.value ?? 'no level'
}

describe('a level', () => {
  test('is the highest whose bar is reached, by any of its ways', () => {
    expect(levelOf([])).toBe('none')
    expect(levelOf([order(20, 3)])).toBe('low')
    expect(levelOf([order(500, 3)])).toBe('middle')
    expect(levelOf([order(2_000, 3)])).toBe('high')
    expect(levelOf(Array.from({ length: 6 }, (_, i) => order(200, i + 1)))).toBe('high')
  })

  test('counts what was spent within the window, less what went back, and nothing that was cancelled', () => {
    expect(levelOf([order(2_000, 366), order(30, 2)])).toBe('low')
    expect(levelOf([order(2_000, 3, { status: 'cancelled' })])).toBe('none')
    const bought = order(2_500, 30)
    expect(levelOf([bought, order(-600, 2, { refundOf: bought.orderNo })])).toBe('middle')
    expect(levelOf([bought, order(-2_500, 2, { refundOf: bought.orderNo })])).toBe('none')
  })

  test('is not lowered by the refund of an order that has left the window', () => {
    const old = order(900, 380)
    expect(levelOf([order(600, 10), old, order(-900, 360, { refundOf: old.orderNo })])).toBe('middle')
  })

  test('tells two orders with one number apart, which two shops may give', () => {
    expect(levelOf([order(300, 3, { orderNo: '1' }), order(300, 4, { orderNo: '1' })])).toBe('middle')
  })

  test('is kept until she is clearly below its bar, and then left', () => {
    expect(levelOf([order(1_700, 3)], 'high')).toBe('high')
    expect(levelOf([order(1_699, 3)], 'high')).toBe('middle')
    expect(levelOf([order(1_700, 3)], 'middle')).toBe('middle')
  })

  test('stays with a score that falls by one, but not to the worst', () => {
    const byScore = rulesOf(`
rfm: { scores: bars, bars: { monetary: [100, 200, 300, 400] } }
dimensions:
  - { id: consumption, kind: level, levels: [{ id: high, when: [{ m: 4 }] }, { id: some, when: [{ m: 2 }] }, { id: none }] }
`)
    const levelWith = (yuan: number, has: string): string | undefined =>
      decide(factsOf({ orders: [order(yuan, 3)], current: [tagged('consumption', has)] }), byScore, null, now)
        ?.wanted[0]?.value
    expect(levelWith(250, 'none')).toBe('some')
    expect(levelWith(250, 'high')).toBe('high')
    expect(levelWith(150, 'high')).toBe('some')
    expect(levelWith(50, 'some')).toBe('none')
  })
})

const yuan = fc.integer({ min: 0, max: 4_000 })
const anyLevel = fc.constantFrom(...levels)

/** Levels one after the other while the spend goes as given. */
function walk(spends: readonly number[], start: string): string[] {
  let has = start
  return spends.map((spend) => (has = levelOf(spend === 0 ? [] : [order(spend, 3)], has)))
}

describe('whatever she spends', () => {
  test('she has exactly one level', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(yuan, fc.integer({ min: 0, max: 500 })), { maxLength: 9 }),
        anyLevel,
        (bought, has) =>
          levels.includes(
            levelOf(
              bought.map(([spend, days]) => order(spend + 1, days)),
              has,
            ),
          ),
      ),
    )
  })

  test('a spend that wobbles within the band of a bar changes the level at most once', () => {
    const bar = fc.constantFrom(2_000, 500)
    const wobble = fc.array(fc.double({ min: 0.8501, max: 1.14, noNaN: true }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(bar, wobble, anyLevel, (around, shares, start) => {
        const seen = walk(
          shares.map((share) => Math.round(around * share)),
          start,
        )
        const changes = seen.filter((level, i) => i > 0 && level !== seen[i - 1]).length
        expect(changes).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('a spend that only rises never lowers the level', () => {
    fc.assert(
      fc.property(fc.array(yuan, { minLength: 2, maxLength: 20 }), anyLevel, (spends, start) => {
        const seen = walk(
          [...spends].sort((a, b) => a - b),
          start,
        ).map((level) => levels.indexOf(level))
        for (const [i, level] of seen.entries()) if (i > 0) expect(level).toBeLessThanOrEqual(seen[i - 1]!)
      }),
    )
  })
})

test('the order of the facts does not matter', () => {
  const bought = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 400 })), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(bought, fc.infiniteStream(fc.nat()), (given, random) => {
      const orders = given.map(([spend, days]) => order(spend, days))
      const shuffled = orders
        .map((one) => ({ one, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one)
      const tagsOf = (list: readonly OrderFact[]) => decide(factsOf({ orders: list }), rules, null, now)
      expect(tagsOf(shuffled)).toEqual(tagsOf(orders))
    }),
  )
})

test('what was settled once is settled: a second time nothing is written', () => {
  const bought = fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 400 })), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(bought, fc.option(anyLevel), (given, has) => {
      const current: PersonTag[] = has === null ? [] : [tagged('consumption', has)]
      const facts = factsOf({ orders: given.map(([spend, days]) => order(spend, days)), current })
      const on = { rules, consent: facts.consent, now }
      const first = settle(current, decide(facts, rules, null, now)!.wanted, on)
      const kept = current.filter((tag) => !first.ended.some(({ tag: ended }) => ended === tag))
      const after = [...kept.filter(({ value }) => !first.put.some((tag) => tag.value === value)), ...first.put]
      const again = settle(after, decide({ ...facts, current: after }, rules, null, now)!.wanted, on)
      expect(again).toEqual({ put: [], ended: [], changed: false })
    }),
  )
})

test('she is looked at again when an order leaves the window, or her recency falls', () => {
  const at = (days: number): string | undefined =>
    decide(factsOf({ orders: [order(100, days)] }), rules, null, now)?.lookAt?.toISOString()
  expect(at(300)).toBe(daysAgo(-65).toISOString())
  expect(at(20)).toBe(daysAgo(-10).toISOString())
})
