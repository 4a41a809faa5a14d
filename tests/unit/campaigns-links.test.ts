import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lift, wilson } from '../../src/domains/campaigns/goals/decide.ts'
import { isReader, isToken, tokenOf, trackedUrl } from '../../src/domains/campaigns/links/decide.ts'

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50'

describe('tracked links', () => {
  test('somebody on a phone counts', () => {
    expect(isReader({ method: 'GET', userAgent: phone, purpose: '' })).toBe(true)
  })

  test.each([
    ['a look without reading', { method: 'HEAD', userAgent: phone, purpose: '' }],
    ['a program that says nothing of itself', { method: 'GET', userAgent: '', purpose: '' }],
    ['a spider', { method: 'GET', userAgent: 'Baiduspider/2.0', purpose: '' }],
    ['a preview', { method: 'GET', userAgent: 'Mozilla/5.0 WeChat Link Preview', purpose: '' }],
    ['a browser that fetches ahead', { method: 'GET', userAgent: phone, purpose: 'prefetch;prerender' }],
    ['a script', { method: 'GET', userAgent: 'curl/8.5.0', purpose: '' }],
  ])('%s does not', (_, visit) => {
    expect(isReader(visit)).toBe(false)
  })

  test('a token is short, its own, and fits into an address', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(isToken(tokenOf(one))).toBe(true)
        if (one !== other) expect(tokenOf(one)).not.toBe(tokenOf(other))
        expect(new URL(trackedUrl('https://go.qingyu.cn/', tokenOf(one))).pathname).toBe(`/l/${tokenOf(one)}`)
      }),
    )
    expect(isToken('../../etc/passwd')).toBe(false)
  })
})

describe('figures that are few', () => {
  const share = fc
    .integer({ min: 1, max: 5_000 })
    .chain((of) => fc.record({ of: fc.constant(of), count: fc.integer({ min: 0, max: of }) }))

  test('the interval of a share is Wilson’s, contains it, and is narrower for more people', () => {
    // Wilson's own example figures, by hand: 15 of 50.
    const { low, high } = wilson({ of: 50, count: 15 })
    expect(low).toBeCloseTo(0.191, 3)
    expect(high).toBeCloseTo(0.438, 3)
    fc.assert(
      fc.property(share, ({ of, count }) => {
        const few = wilson({ of, count })
        expect(few.low).toBeLessThanOrEqual(count / of + 1e-9)
        expect(few.high).toBeGreaterThanOrEqual(count / of - 1e-9)
        const many = wilson({ of: of * 10, count: count * 10 })
        expect(many.high - many.low).toBeLessThanOrEqual(few.high - few.low + 1e-9)
      }),
    )
    expect(wilson({ of: 0, count: 0 })).toEqual({ low: 0, high: 1 })
  })

  test('the lift is the difference, lies in its interval, and is turned round with its sides', () => {
    fc.assert(
      fc.property(share, share, (given, holdout) => {
        const found = lift(given, holdout)!
        expect(found.points).toBeCloseTo(given.count / given.of - holdout.count / holdout.of, 9)
        expect(found.low).toBeLessThanOrEqual(found.points + 1e-9)
        expect(found.high).toBeGreaterThanOrEqual(found.points - 1e-9)
        const turned = lift(holdout, given)!
        expect(turned.low).toBeCloseTo(-found.high, 9)
      }),
    )
    // Newcombe 1998, table II (a): 56/70 against 48/80.
    expect(lift({ of: 70, count: 56 }, { of: 80, count: 48 })!.low).toBeCloseTo(0.0524, 3)
    expect(lift({ of: 70, count: 56 }, { of: 80, count: 48 })!.high).toBeCloseTo(0.3339, 3)
    expect(lift({ of: 0, count: 0 }, { of: 5, count: 1 })).toBeNull()
  })
})
