/** Interests: evidence adds, dislike takes away, time wears off. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wanted } from '../../src/domains/tags/interest/decide.ts'
import { interestsSaid } from '../../src/domains/tags/interest/said.ts'
import { InterestDimension } from '../../src/domains/tags/interest/schema.ts'
import type { Facts, OrderFact } from '../../src/domains/tags/schema.ts'

const day = 86_400_000
const now = new Date('2026-11-22T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * day)

const dimension = InterestDimension.parse({
  kind: 'interest',
  id: 'interest',
  values: [
    {
      id: '香水',
      words: ['香水', '香氛'],
      except: ['香水百合'],
      categories: ['香水'],
      interactions: ['perfume-check-in'],
    },
    { id: '防晒', words: ['防晒', 'SPF'], patterns: ['晒(黑|伤)'], skus: ['SUN50'] },
  ],
})

function facts(given: Partial<Facts>): Facts {
  return {
    personId: 'p',
    firstSeenAt: ago(900),
    lastSeenAt: now,
    profile: {},
    orders: [],
    interactions: [],
    messages: [],
    referredCents: 0n,
    consent: { profiling: true, sensitive: true },
    current: [],
    ...given,
  }
}

const message = (text: string, days = 0) => ({ id: `m${days}`, at: ago(days), text })
const order = (more: Partial<OrderFact>, days = 0): OrderFact => ({
  id: BigInt(days),
  orderNo: `o${days}`,
  at: ago(days),
  cents: 10_000n,
  status: 'done',
  refundOf: null,
  categories: [],
  skus: [],
  province: null,
  city: null,
  area: null,
  ...more,
})

const tags = (given: Partial<Facts>, at = now) => wanted(facts(given), dimension, at, 'Asia/Shanghai')
const strengthOf = (given: Partial<Facts>, value = '香水', at = now) =>
  tags(given, at).find((tag) => tag.value === value)?.strength ?? 0

describe('what a message says', () => {
  const said = (text: string) => interestsSaid(text, dimension).map(({ value, stance }) => `${value} ${stance}`)

  it.each([
    ['有没有香水，我超喜欢防晒', ['香水 asked', '防晒 liked']],
    ['我不喜欢香水', ['香水 disliked']],
    ['给我妈买香氛', []],
    ['以前不喜欢香水，现在很喜欢香水', ['香水 liked']],
    ['我家养了香水百合', []],
    ['ＳＰＦ５０的有吗', ['防晒 asked']],
    ['容易曬傷怎麼辦', ['防晒 asked']],
    ['今天又晒黑了', ['防晒 mentioned']],
    ['好的', []],
  ])('«%s»', (text, expected) => expect(said(text)).toEqual(expected))
})

describe('an interest', () => {
  it('is hers from the first question about it, with the message as evidence', () => {
    expect(tags({ messages: [message('有没有香水')] })).toEqual([
      {
        dimension: 'interest',
        value: '香水',
        source: 'rule',
        strength: 0.35,
        until: new Date(Math.ceil(now.getTime() + 90 * day * Math.log2(0.35 / 0.3))),
        rule: 'interest/香水',
        evidence: [{ kind: 'message', ref: 'm0', at: now.toISOString(), note: 'asked 香水' }],
      },
    ])
  })

  it('is not hers for a single passing word, but for two', () => {
    expect(strengthOf({ messages: [message('香水用完了')] })).toBe(0)
    expect(strengthOf({ messages: [message('香水用完了'), message('这香水留香', 1)] })).toBeGreaterThan(0.4)
  })

  it('comes from what she buys, by category or number, but not from what went back', () => {
    expect(strengthOf({ orders: [order({ categories: ['香水'] })] })).toBe(0.6)
    expect(strengthOf({ orders: [order({ skus: ['SUN50'] })] }, '防晒')).toBe(0.6)
    const back = order({ cents: -10_000n, refundOf: 'o3', categories: ['香水'] }, 1)
    expect(strengthOf({ orders: [back, order({ categories: ['香水'] }, 3)] })).toBe(0)
  })

  it('comes from what she does', () => {
    const did = (days: number) => ({
      id: BigInt(days),
      kind: 'perfume-check-in',
      at: ago(days),
      weight: 1,
      source: 's',
    })
    expect(strengthOf({ interactions: [did(0), did(1)] })).toBeGreaterThan(0.4)
  })

  it('halves in the half-life, and is gone when it falls under the bar', () => {
    const messages = [message('我喜欢香水')]
    const [tag] = tags({ messages })
    expect(tag?.strength).toBe(0.6)
    expect(strengthOf({ messages }, '香水', new Date(now.getTime() + 45 * day))).toBe(0.42)
    const until = tag?.until ?? now
    expect(until.getTime() - now.getTime()).toBe(90 * day)
    expect(tags({ messages }, new Date(until.getTime() - day))).toHaveLength(1)
    expect(tags({ messages }, new Date(until.getTime() + 1_000))).toEqual([])
  })

  it('is lowered by a dislike, and grows again from what comes after it', () => {
    const bought = [order({ categories: ['香水'] }, 20), order({ categories: ['香水'] }, 30)]
    expect(strengthOf({ orders: bought })).toBeGreaterThan(0.6)
    expect(strengthOf({ orders: bought, messages: [message('我不喜欢香水', 1)] })).toBe(0)
    const again = [message('现在很喜欢香水'), message('我不喜欢香水', 1)]
    expect(strengthOf({ orders: bought, messages: again })).toBeGreaterThan(0.6)
  })

  it('is not hers for what is somebody else’s', () => {
    const texts = ['给我妈买香水', '我朋友喜欢香水', '老公用香水', '送人的香水有吗']
    expect(tags({ messages: texts.map((text, i) => message(text, i)) })).toEqual([])
  })

  it('shows the strongest evidence first, five pieces at most', () => {
    const messages = Array.from({ length: 9 }, (_, i) => message('我喜欢香水', i * 10))
    const [tag] = tags({ messages, orders: [order({ categories: ['香水'] }, 5)] })
    expect(tag?.evidence.map(({ ref }) => ref)).toEqual(['m0', 'o5', 'm10', 'm20', 'm30'])
  })
})

describe('whatever happens', () => {
  const event = fc.record({
    days: fc.nat(400),
    text: fc.constantFrom(
      '我喜欢香水',
      '有没有香水',
      '香水用完了',
      '我不喜欢香水',
      '好的',
      '给我妈买香水',
      '香水就算了',
    ),
  })
  const history = fc.uniqueArray(event, { maxLength: 12, selector: ({ days }) => days })
  const messagesOf = (events: readonly { days: number; text: string }[]) =>
    events.map(({ days, text }) => message(text, days))

  it('the strength is a share, and `until` is when the tag ends', () => {
    fc.assert(
      fc.property(history, (events) => {
        const messages = messagesOf(events)
        for (const { strength, until, evidence } of tags({ messages })) {
          expect(strength).toBeGreaterThanOrEqual(0.3)
          expect(strength).toBeLessThanOrEqual(1)
          expect(evidence.length).toBeGreaterThan(0)
          expect(tags({ messages }, new Date((until?.getTime() ?? 0) - 60_000))).toHaveLength(1)
          expect(tags({ messages }, new Date((until?.getTime() ?? 0) + 60_000))).toHaveLength(0)
        }
      }),
    )
  })

  it('more of a liking never lowers it, a dislike never raises it, and the order of the lists does not matter', () => {
    fc.assert(
      fc.property(history, fc.nat(400), (events, days) => {
        const others = events.filter((one) => one.days !== days)
        const strength = strengthOf({ messages: messagesOf(others) })
        const liked = [...others, { days, text: '我喜欢香水' }]
        const disliked = [...others, { days, text: '我不喜欢香水' }]
        expect(strengthOf({ messages: messagesOf(liked) })).toBeGreaterThanOrEqual(strength)
        expect(strengthOf({ messages: messagesOf(disliked) })).toBeLessThanOrEqual(strength)
        expect(tags({ messages: messagesOf(events.toReversed()) })).toEqual(tags({ messages: messagesOf(events) }))
      }),
    )
  })
})
