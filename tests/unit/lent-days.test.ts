/** At which instants days begin to count for triggers, whatever clocks do. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysWithin } from '../../src/domains/members/index.ts'

const hourMs = 3_600_000
const times = fc.constantFrom('00:00', '02:30', '10:00', '23:59')
const zones = fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London')

test('every day falls into exactly one of windows that join, also where clocks are changed', () => {
  const start = Date.parse('2026-03-01T00:00:00Z')
  const hours = fc.integer({ min: 0, max: 300 * 24 })
  fc.assert(
    fc.property(times, zones, fc.array(hours, { minLength: 2, maxLength: 8 }), (time, zone, cuts) => {
      const edges = cuts.toSorted((a, b) => a - b).map((n) => new Date(start + n * hourMs))
      const [first, last] = [edges[0]!, edges.at(-1)!]
      const pieces = edges.slice(1).flatMap((until, i) => daysWithin(zone, time, { after: edges[i]!, until }))
      const whole = daysWithin(zone, time, { after: first, until: last })
      expect(pieces).toEqual(whole)
      expect(new Set(whole.map(({ day }) => day)).size).toBe(whole.length)
      const days = (last.getTime() - first.getTime()) / 24 / hourMs
      expect(Math.abs(whole.length - days)).toBeLessThanOrEqual(1.05)
    }),
  )
})

test('a window that holds no such time holds no day, and its end belongs to it', () => {
  const at = new Date('2026-12-05T02:00:00Z')
  const before = new Date(at.getTime() - 1)
  expect(daysWithin('Asia/Shanghai', '10:00', { after: before, until: at })).toEqual([{ day: '2026-12-05', at }])
  expect(daysWithin('Asia/Shanghai', '10:00', { after: at, until: new Date(at.getTime() + 23 * hourMs) })).toEqual([])
})
