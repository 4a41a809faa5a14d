import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domains/tags/decide.ts'
import type { Facts, PersonTag } from '../../src/domains/tags/schema.ts'
import { settle } from '../../src/domains/tags/settle/decide.ts'
import { daysAgo, factsOf, interaction, now, order, rulesOf, tagged } from './tags-facts.ts'

const rules = rulesOf(`
rfm: { scores: bars, bars: { recencyDays: [10, 20, 30, 40], frequency: [1, 2, 3, 4], monetary: [100, 200, 300, 400] } }
dimensions:
  - id: value
    kind: valueGroup
    high: { r: 4, f: 3, m: 4 }
    groups:
      - { id: best, when: { r: high, f: high, m: high } }
      - { id: lost, when: { m: high, lifecycle: [leaving] } }
      - { id: dear, when: { m: high } }
      - { id: rest }
  - id: lifecycle
    kind: lifecycle
    new: { id: new, for: 14d }
    active: { id: active }
    dormant: { id: dormant, after: 30d }
    leaving: { id: leaving, after: 90d }
    back: { id: back, for: 20d }
  - id: loyalty
    kind: loyalty
    behaviour: { order: 10, month: 5, middle: 30, high: 60 }
    attitude: { points: { praise: 10, share: 15, complaint: -15 }, most: 30, middle: 10, high: 40 }
    kinds:
      - { id: fanatic, when: { behaviour: [high], attitude: [high] } }
      - { id: steadfast, when: { behaviour: [middle, high], attitude: [middle, high] } }
      - { id: latent, when: { behaviour: [low], attitude: [middle, high] } }
      - { id: inert, when: { behaviour: [high], attitude: [low] } }
      - { id: mercenary, when: { behaviour: [middle], attitude: [low] } }
      - { id: disloyal }
  - { id: likes, kind: byHand, several: true, values: [{ id: tea }, { id: wine }] }
  - { id: role, kind: byHand, values: [{ id: vip }, { id: helper }] }
`)

function wantedOf(given: Partial<Facts>, dimension: string) {
  const tags = decide(factsOf(given), rules, null, now)?.wanted.filter((tag) => tag.dimension === dimension) ?? []
  expect(tags).toHaveLength(1)
  return tags[0]!
}

const silentFor = (days: number): Partial<Facts> => ({ lastSeenAt: daysAgo(days) })
const has = (stage: string, sinceDays: number): PersonTag[] => [
  tagged('lifecycle', stage, { since: daysAgo(sinceDays) }),
]

describe('the lifecycle', () => {
  test('follows the days since she was last heard of', () => {
    const stageAfter = (days: number): string => wantedOf(silentFor(days), 'lifecycle').value
    expect([0, 29, 30, 89, 90, 400].map(stageAfter)).toEqual([
      'active',
      'active',
      'dormant',
      'dormant',
      'leaving',
      'leaving',
    ])
  })

  test('begins with the first order where that was before we met her', () => {
    const met = { firstSeenAt: daysAgo(3), lastSeenAt: daysAgo(3) }
    expect(wantedOf(met, 'lifecycle').value).toBe('new')
    expect(wantedOf({ ...met, orders: [order(50, 300)] }, 'lifecycle').value).toBe('active')
  })

  test('calls who was silent and is heard of again won back, for a while', () => {
    expect(wantedOf({ ...silentFor(0), current: has('leaving', 40) }, 'lifecycle').value).toBe('back')
    expect(wantedOf({ ...silentFor(1), current: has('back', 19) }, 'lifecycle').value).toBe('back')
    expect(wantedOf({ ...silentFor(1), current: has('back', 20) }, 'lifecycle').value).toBe('active')
    expect(wantedOf({ ...silentFor(31), current: has('back', 32) }, 'lifecycle').value).toBe('dormant')
  })

  test('counts a purchase, a word and an interaction as signs of life, but not a refund', () => {
    const base = silentFor(100)
    expect(wantedOf({ ...base, orders: [order(50, 5)] }, 'lifecycle')).toMatchObject({
      value: 'active',
      evidence: [{ kind: 'order' }],
    })
    expect(wantedOf({ ...base, interactions: [interaction('praise', 5)] }, 'lifecycle').value).toBe('active')
    expect(wantedOf({ ...base, messages: [{ id: 'm', at: daysAgo(5), text: '' }] }, 'lifecycle').value).toBe('active')
    expect(wantedOf({ ...base, orders: [order(-50, 5)] }, 'lifecycle').value).toBe('leaving')
  })

  test('says until when it holds if nothing is heard of her', () => {
    expect(wantedOf(silentFor(10), 'lifecycle').until).toEqual(daysAgo(-20))
    expect(wantedOf(silentFor(40), 'lifecycle').until).toEqual(daysAgo(-50))
    expect(wantedOf(silentFor(100), 'lifecycle').until).toBeNull()
  })
})

describe('the group of value', () => {
  test('is the first whose scores and stage fit', () => {
    const often = [3, 4, 5].map((days) => order(200, days))
    expect(wantedOf({ orders: often }, 'value').value).toBe('best')
    expect(wantedOf({ orders: [order(600, 35)], ...silentFor(35) }, 'value').value).toBe('dear')
    expect(wantedOf({ orders: [order(600, 95)], ...silentFor(95) }, 'value').value).toBe('lost')
    expect(wantedOf({}, 'value').value).toBe('rest')
  })

  test('shows the scores and the stage that it comes from', () => {
    const { evidence } = wantedOf({ orders: [order(600, 95)], ...silentFor(95) }, 'value')
    expect(evidence).toMatchObject([{ kind: 'rfm', ref: 'r1 f2 m5' }, { kind: 'order' }])
  })

  test('of who has done nothing yet is dated by when we came to know her', () => {
    const imported = { firstSeenAt: daysAgo(40), lastSeenAt: new Date(0) }
    const at = daysAgo(40).toISOString()
    expect(wantedOf(imported, 'value').evidence).toMatchObject([{ kind: 'rfm', at }])
    expect(wantedOf(imported, 'lifecycle').evidence).toMatchObject([{ kind: 'profile', ref: 'first-seen', at }])
  })
})

describe('loyalty', () => {
  const bought = (orders: number) => Array.from({ length: orders }, (_, i) => order(50, i))
  const felt = (...kinds: string[]) => kinds.map((kind) => interaction(kind, 3))
  const kindOf = (orders: number, ...kinds: string[]): string =>
    wantedOf({ orders: bought(orders), interactions: felt(...kinds) }, 'loyalty').value

  test('holds what she does against how she feels about us', () => {
    expect(kindOf(0)).toBe('disloyal')
    expect(kindOf(3)).toBe('mercenary')
    expect(kindOf(6)).toBe('inert')
    expect(kindOf(0, 'praise')).toBe('latent')
    expect(kindOf(3, 'praise')).toBe('steadfast')
    expect(kindOf(6, 'praise', 'praise', 'praise', 'share')).toBe('fanatic')
  })

  test('takes a complaint for what it is, and one kind of praise for no more than its most', () => {
    expect(kindOf(6, 'praise', 'complaint')).toBe('inert')
    expect(kindOf(6, ...Array.from({ length: 20 }, () => 'praise'))).toBe('steadfast')
  })
})

describe('what wins', () => {
  const settled = (current: PersonTag[], consent = { profiling: true, sensitive: true }) =>
    settle(current, [], { rules, consent, now })
  const hand = (dimension: string, value: string, days: number) =>
    tagged(dimension, value, { source: 'hand', since: daysAgo(days), rule: 'Lin' })

  test('of two hands in one dimension the later one', () => {
    const { put } = settled([hand('role', 'vip', 9), hand('role', 'helper', 3)])
    expect(put).toMatchObject([{ value: 'vip', effective: false }])
  })

  test('where a customer may have several values, each by itself', () => {
    expect(settled([hand('likes', 'tea', 9), hand('likes', 'wine', 3)])).toMatchObject({ put: [], ended: [] })
  })

  test('a rule over the model, and a hand over both', () => {
    const model = tagged('role', 'helper', { source: 'model', strength: 0.6, until: daysAgo(-9) })
    expect(settled([model, hand('role', 'vip', 3)]).put).toMatchObject([{ source: 'model', effective: false }])
    const wanted = [{ ...tagged('likes', 'tea'), source: 'rule' as const }]
    const proposed = tagged('likes', 'tea', { source: 'model', until: daysAgo(-9) })
    const { put } = settle([proposed], wanted, { rules, consent: { profiling: true, sensitive: true }, now })
    expect(put.map(({ source, effective }) => [source, effective])).toEqual([
      ['model', false],
      ['rule', true],
    ])
  })

  test('a value that a rule wants twice is written once', () => {
    const wanted = [1, 0.5].map((strength) => ({ ...tagged('likes', 'tea', { strength }), source: 'rule' as const }))
    const { put } = settle([], wanted, { rules, consent: { profiling: true, sensitive: true }, now })
    expect(put).toMatchObject([{ value: 'tea', strength: 1 }])
  })

  test('a value that is wanted twice is one tag: Shanghai is a province and a city', () => {
    const twice = ['area', 'place'].map((rule) => ({ ...tagged('role', 'vip', { rule }), source: 'rule' as const }))
    const { put } = settle([], twice, { rules, consent: { profiling: true, sensitive: true }, now })
    expect(put).toMatchObject([{ value: 'vip', rule: 'area' }])
  })

  test('what a hand has set outlives its dimension without effect; what a rule gave ends', () => {
    const { put, ended } = settled([hand('gone', 'x', 3), tagged('gone', 'y')])
    expect(put).toMatchObject([{ value: 'x', effective: false }])
    expect(ended).toMatchObject([{ tag: { value: 'y' }, reason: 'rule-gone' }])
  })
})
