/** When somebody is there, in any zone, over midnight, holidays and the changes of clocks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addOpenTime, isOpen, nextOpening, openTimeBetween, openUntil } from '../../src/domains/handoff/hours/index.ts'
import { ExceptionWritten, ShiftWritten, type Timetable } from '../../src/domains/handoff/hours/schema.ts'
import { minuteIn } from '../../src/kernel/zone.ts'

const zone = 'Asia/Shanghai'
const at = (written: string): Date => new Date(`${written}+08:00`)
const table = (week: object[], exceptions: object[] = []): Timetable => ({
  week: week.map((shift) => ShiftWritten.parse(shift)),
  exceptions: exceptions.map((exception) => ExceptionWritten.parse(exception)),
})

const daily = table(
  [{ days: 'daily', time: '9:00-22:00' }],
  [{ days: '2027-02-05..2027-02-08', times: ['10:00-18:00'] }, { days: '2027-02-06' }],
)

test('the first instant is open and the last is not any more', () => {
  expect(isOpen(daily, zone, at('2026-11-22T08:59:59.999'))).toBe(false)
  expect(isOpen(daily, zone, at('2026-11-22T09:00'))).toBe(true)
  expect(isOpen(daily, zone, at('2026-11-22T21:59:59.999'))).toBe(true)
  expect(isOpen(daily, zone, at('2026-11-22T22:00'))).toBe(false)
})

test('whoever asks at night is promised the next morning, and whoever asks by day nothing later than now', () => {
  expect(nextOpening(daily, zone, at('2026-11-22T23:30'))).toEqual(at('2026-11-23T09:00'))
  expect(nextOpening(daily, zone, at('2026-11-22T03:00'))).toEqual(at('2026-11-22T09:00'))
  expect(nextOpening(daily, zone, at('2026-11-22T12:00'))).toEqual(at('2026-11-22T12:00'))
})

test('on a holiday other times hold, and of two exceptions the last', () => {
  expect(isOpen(daily, zone, at('2027-02-05T09:30'))).toBe(false)
  expect(isOpen(daily, zone, at('2027-02-05T10:30'))).toBe(true)
  expect(nextOpening(daily, zone, at('2027-02-05T19:00'))).toEqual(at('2027-02-07T10:00'))
})

test('a shift over midnight belongs to the day on which it begins', () => {
  const night = table([{ days: ['fri'], time: '22:00-2:00' }])
  expect(isOpen(night, zone, at('2026-11-27T23:00'))).toBe(true)
  expect(isOpen(night, zone, at('2026-11-28T01:59'))).toBe(true)
  expect(isOpen(night, zone, at('2026-11-28T02:00'))).toBe(false)
  expect(isOpen(night, zone, at('2026-11-27T01:00'))).toBe(false)
})

test('shifts that meet are one', () => {
  const two = table([
    { days: 'daily', time: '9:00-13:00' },
    { days: 'daily', time: '12:00-18:00' },
  ])
  expect(openUntil(two, zone, at('2026-11-22T10:00'))).toEqual(at('2026-11-22T18:00'))
  expect(openTimeBetween(two, zone, at('2026-11-22T00:00'), at('2026-11-23T00:00'))).toBe(9 * 3_600_000)
  expect(openUntil(two, zone, at('2026-11-22T18:00'))).toBeUndefined()
})

test('a target of ten minutes that begins five before closing ends five after the next opening', () => {
  expect(addOpenTime(daily, zone, at('2026-11-22T21:55'), 600_000)).toEqual(at('2026-11-23T09:05'))
  expect(addOpenTime(daily, zone, at('2026-11-22T23:55'), 600_000)).toEqual(at('2026-11-23T09:10'))
})

test('where nobody ever is, nothing is promised', () => {
  const never = table([])
  expect(nextOpening(never, zone, at('2026-11-22T12:00'))).toBeUndefined()
  expect(addOpenTime(never, zone, at('2026-11-22T12:00'), 1)).toBeUndefined()
  expect(openTimeBetween(never, zone, at('2026-11-22T12:00'), at('2026-12-22T12:00'))).toBe(0)
})

describe('where clocks change', () => {
  const berlin = 'Europe/Berlin'
  test('a shift in the hour that is skipped begins when clocks show a time of it', () => {
    const early = table([{ days: 'daily', time: '2:30-5:00' }])
    const open = nextOpening(early, berlin, new Date('2026-03-29T00:00:00Z'))
    expect(minuteIn(berlin, open!)).toBe('2026-03-29 03:30')
    expect(openTimeBetween(early, berlin, new Date('2026-03-29T00:00:00Z'), new Date('2026-03-29T12:00:00Z'))).toBe(
      1.5 * 3_600_000,
    )
  })

  test('a shift over the hour that comes twice lasts an hour longer', () => {
    const early = table([{ days: 'daily', time: '1:00-5:00' }])
    expect(openTimeBetween(early, berlin, new Date('2026-10-24T20:00:00Z'), new Date('2026-10-25T12:00:00Z'))).toBe(
      5 * 3_600_000,
    )
  })
})

test('open time that is added is the open time that has passed, in every zone', () => {
  const anyShift = fc.record({
    days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], { minLength: 1 }),
    time: fc
      .tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 30 }))
      .map(([from, halves]) => [from, (from + halves) % 48].map((half) => `${half >> 1}:${half % 2 ? '30' : '00'}`))
      .map(([from, to]) => `${from}-${to}`),
  })
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC']
  fc.assert(
    fc.property(
      fc.array(anyShift, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
      fc.integer({ min: 0, max: 20 * 3_600_000 }),
      (week, where, from, ms) => {
        const any = table(week)
        const then = addOpenTime(any, where, from, ms)!
        expect(openTimeBetween(any, where, from, then)).toBe(ms)
        const opening = nextOpening(any, where, from)!
        expect(opening >= from).toBe(true)
        expect(isOpen(any, where, opening)).toBe(true)
        expect(openTimeBetween(any, where, from, opening)).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  ['9-18', 'a time such as'],
  ['25:00-26:00', 'a time such as'],
  ['9:00-9:00', 'a time such as'],
  ['9:60-10:00', 'a time such as'],
])('«%s» is no time, and what one looks like is said', (time, message) => {
  expect(ShiftWritten.safeParse({ days: 'daily', time }).error?.message).toContain(message)
})

test.each(['2026-02-30', '2026-1-1', '2027-02-08..2027-02-05', 'Monday'])('«%s» is no day', (days) => {
  expect(ExceptionWritten.safeParse({ days }).error?.message).toContain('a day such as')
})
