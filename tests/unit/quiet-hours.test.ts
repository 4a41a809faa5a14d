/** Hours in which nobody is disturbed, in any zone, over midnight and the changes of clocks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterQuiet, isQuiet, type QuietHours } from '../../src/kernel/quiet-hours.ts'
import { minuteIn } from '../../src/kernel/zone.ts'

const night: QuietHours = { from: '22:00', to: '9:00' }
const after = (zone: string, at: string, hours = night): string => minuteIn(zone, afterQuiet(hours, zone, new Date(at)))

test.each([
  ['2026-12-24T21:59:59+08:00', '2026-12-24 21:59'],
  ['2026-12-24T22:00:00+08:00', '2026-12-25 09:00'],
  ['2026-12-25T03:12:45+08:00', '2026-12-25 09:00'],
  ['2026-12-25T08:59:59+08:00', '2026-12-25 09:00'],
  ['2026-12-25T09:00:00+08:00', '2026-12-25 09:00'],
])('what is due at %s goes out at %s', (at, then) => {
  expect(after('Asia/Shanghai', at)).toBe(then)
})

test('it is the very instant at which they end, and the very instant where nothing is quiet', () => {
  const inside = new Date('2026-12-25T03:12:45.678+08:00')
  expect(afterQuiet(night, 'Asia/Shanghai', inside)).toEqual(new Date('2026-12-25T09:00:00.000+08:00'))
  const outside = new Date('2026-12-25T13:12:45.678+08:00')
  expect(afterQuiet(night, 'Asia/Shanghai', outside)).toEqual(outside)
})

test('hours within one day leave the night alone', () => {
  const noon: QuietHours = { from: '12:00', to: '14:00' }
  expect(after('Asia/Shanghai', '2026-12-25T12:30+08:00', noon)).toBe('2026-12-25 14:00')
  expect(after('Asia/Shanghai', '2026-12-25T03:30+08:00', noon)).toBe('2026-12-25 03:30')
})

test('from and to the same hour nothing is quiet', () => {
  expect(after('Asia/Shanghai', '2026-12-25T09:00+08:00', { from: '9:00', to: '09:00' })).toBe('2026-12-25 09:00')
})

describe('in New York, where clocks are changed', () => {
  const zone = 'America/New_York'

  test('the night is an hour shorter in March, and an hour longer in November', () => {
    expect(afterQuiet(night, zone, new Date('2026-03-08T03:00Z'))).toEqual(new Date('2026-03-08T13:00Z'))
    expect(afterQuiet(night, zone, new Date('2026-11-01T02:00Z'))).toEqual(new Date('2026-11-01T14:00Z'))
  })

  test('an end that the clocks skip is the end of the gap', () => {
    const early: QuietHours = { from: '23:00', to: '2:30' }
    expect(after(zone, '2026-03-08T05:10Z', early)).toBe('2026-03-08 03:00')
  })

  test('an end that they show twice is the first; when they show the hours again it is quiet again', () => {
    const early: QuietHours = { from: '23:00', to: '1:30' }
    expect(afterQuiet(early, zone, new Date('2026-11-01T04:10Z'))).toEqual(new Date('2026-11-01T05:30Z'))
    expect(isQuiet(early, zone, new Date('2026-11-01T06:10Z'))).toBe(true)
    expect(afterQuiet(early, zone, new Date('2026-11-01T06:10Z'))).toEqual(new Date('2026-11-01T06:30Z'))
  })
})

const zones = [
  ...['Asia/Shanghai', 'Asia/Urumqi', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham'],
  ...['America/St_Johns', 'Africa/Cairo', 'America/Nuuk', 'Africa/Casablanca', 'UTC'],
]
const anyTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${hour}:${String(minute).padStart(2, '0')}`)
const anyHours = fc.record({ from: anyTime, to: anyTime })
/** Around the changes of clocks as often as at other times. */
const anyInstant = fc.oneof(
  fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2026-10-03T15:30Z',
        '2026-04-04T15:00Z',
        '2026-04-23T22:00Z',
      ),
      fc.integer({ min: -26 * 3_600_000, max: 3 * 3_600_000 }),
    )
    .map(([change, ms]) => new Date(Date.parse(change) + ms)),
)

test('what comes out is never quiet, never earlier, and stays as it is', () => {
  fc.assert(
    fc.property(anyHours, fc.constantFrom(...zones), anyInstant, (hours, zone, at) => {
      const then = afterQuiet(hours, zone, at)
      expect(then >= at).toBe(true)
      expect(isQuiet(hours, zone, then)).toBe(false)
      expect(afterQuiet(hours, zone, then)).toEqual(then)
      // Two days at most: a change of clocks can swallow the only minutes of a day that are not quiet.
      expect(then.getTime() - at.getTime()).toBeLessThanOrEqual(49 * 3_600_000)
    }),
    { numRuns: 2_000 },
  )
})

test('up to what comes out every minute is quiet by the clocks there', () => {
  const shows = (zone: string, at: number): number => {
    const [hour = 0, minute = 0] = minuteIn(zone, new Date(at)).slice(11).split(':').map(Number)
    return hour * 60 + minute
  }
  fc.assert(
    fc.property(anyHours, fc.constantFrom(...zones), anyInstant, (hours, zone, at) => {
      const [from = 0, to = 0] = [hours.from, hours.to].map((time) => {
        const [hour = 0, minute = 0] = time.split(':').map(Number)
        return hour * 60 + minute
      })
      const then = afterQuiet(hours, zone, at).getTime()
      for (let minute = at.getTime(); minute < then; minute += 60_000) {
        const shown = shows(zone, minute)
        expect(from < to ? from <= shown && shown < to : from <= shown || shown < to).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})
