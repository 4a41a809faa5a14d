/** When campaigns are due: what may be written, and which instants it means, in any zone and against another's reckoning. */
import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { createCalendar, type HolidayYear } from '../../src/domains/campaigns/calendar/index.ts'
import {
  firstUnknownDay,
  missedOf,
  nextSlots,
  slotsBetween,
  type When,
  WhenWritten,
} from '../../src/domains/campaigns/schedule/index.ts'
import { dayAfter, dayIn, minuteIn } from '../../src/kernel/zone.ts'

const shanghai = 'Asia/Shanghai'
const year2026: HolidayYear = {
  year: 2026,
  source: 'a test',
  holidays: [{ name: '国庆节', from: '2026-10-01', to: '2026-10-07' }],
  makeupWorkdays: ['2026-09-20', '2026-10-10'],
}
const calendar = createCalendar([year2026])

type WhenInput = z.input<typeof WhenWritten>
const when = (written: WhenInput): When => WhenWritten.parse(written)
const slots = (written: WhenInput, after: string, until: string, zone = shanghai): string[] =>
  slotsBetween(when(written), { zone, calendar, after: new Date(after), until: new Date(until) }).map((slot) =>
    minuteIn(written.zone ?? zone, slot),
  )

describe('in Shanghai', () => {
  test('a moment is one slot, after the one instant and up to the other', () => {
    const at: WhenInput = { at: '2026-12-24 20:00' }
    expect(slots(at, '2026-12-24T11:59Z', '2026-12-24T12:00Z')).toEqual(['2026-12-24 20:00'])
    expect(slots(at, '2026-12-24T12:00Z', '2026-12-25T12:00Z')).toEqual([])
    expect(slots(at, '2026-12-23T12:00Z', '2026-12-24T11:59:59.999Z')).toEqual([])
  })

  test('several moments come in their order, however they are written', () => {
    expect(
      slots(
        { at: ['2026-12-24 20:00', '2026-12-01T9:30', '2026-12-24 8:00'] },
        '2026-11-01T00:00Z',
        '2027-01-01T00:00Z',
      ),
    ).toEqual(['2026-12-01 09:30', '2026-12-24 08:00', '2026-12-24 20:00'])
  })

  test('a cron goes from its first day to its last, less what is skipped', () => {
    expect(
      slots(
        {
          cron: '0 20 * * FRI',
          start: '2026-11-13',
          end: '2026-12-18',
          skip: ['2026-11-27', '2026-12-01..2026-12-05'],
        },
        '2026-10-01T00:00Z',
        '2027-03-01T00:00Z',
      ),
    ).toEqual(['2026-11-13 20:00', '2026-11-20 20:00', '2026-12-11 20:00', '2026-12-18 20:00'])
  })

  test('days of the month and of the week are one or the other, as cron has always done it', () => {
    expect(slots({ cron: '0 9 1,15 * 1' }, '2026-11-30T16:00Z', '2026-12-21T16:00Z')).toEqual([
      ...['2026-12-01 09:00', '2026-12-07 09:00', '2026-12-14 09:00', '2026-12-15 09:00', '2026-12-21 09:00'],
    ])
  })

  test('L is the last day of the month', () => {
    expect(slots({ cron: '0 9 L * *' }, '2028-01-15T00:00Z', '2028-04-15T00:00Z')).toEqual([
      ...['2028-01-31 09:00', '2028-02-29 09:00', '2028-03-31 09:00'],
    ])
  })

  test('names, ranges, steps, lists and a Sunday that is 7', () => {
    const days = (cron: string): string[] =>
      slots({ cron }, '2026-11-30T16:00Z', '2026-12-13T16:00Z').map((slot) => slot.slice(8))
    expect(days('0 8 * DEC SAT,7')).toEqual(['05 08:00', '06 08:00', '12 08:00', '13 08:00'])
    expect(days('0 8 * dec fri-mon')).toEqual([
      ...['04 08:00', '05 08:00', '06 08:00', '07 08:00', '11 08:00', '12 08:00', '13 08:00'],
    ])
    expect(days('0,30 9-17/4 1 12 *')).toEqual([
      ...['01 09:00', '01 09:30', '01 13:00', '01 13:30', '01 17:00', '01 17:30'],
    ])
    expect(days('0 23-1 6 * *')).toEqual(['06 00:00', '06 01:00', '06 23:00'])
  })

  test('on workdays it comes on a Saturday that is worked, and not in the holiday week', () => {
    expect(slots({ cron: '0 9 * * *', on: 'workdays' }, '2026-09-29T16:00Z', '2026-10-12T16:00Z')).toEqual([
      ...['2026-09-30 09:00', '2026-10-08 09:00', '2026-10-09 09:00', '2026-10-10 09:00', '2026-10-12 09:00'],
    ])
  })

  test('a time on named days: of several names one is enough', () => {
    expect(slots({ time: '20:00', on: ['立春', '中秋', 618] }, '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toEqual([
      ...['2026-02-04 20:00', '2026-06-18 20:00', '2026-09-25 20:00'],
    ])
  })

  test('a cron with a named day comes only when both are so', () => {
    expect(slots({ cron: '0 9 * * 6', on: 'holidays' }, '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toEqual([
      '2026-10-03 09:00',
    ])
  })

  test('a day of which nobody has told whether it is worked has no slot, and the first of these is told', () => {
    const work: WhenInput = { cron: '0 9 * * 1', on: 'workdays' }
    expect(slots(work, '2026-12-20T16:00Z', '2027-02-01T00:00Z')).toEqual(['2026-12-21 09:00', '2026-12-28 09:00'])
    expect(firstUnknownDay(when(work), calendar, '2026-11-01')).toBe('2027-01-04')
    expect(firstUnknownDay(when(work), calendar, '2026-11-01', 60)).toBeUndefined()
    expect(firstUnknownDay(when({ ...work, end: '2026-12-31' }), calendar, '2026-11-01')).toBeUndefined()
    expect(firstUnknownDay(when({ ...work, skip: ['2027-01-01..2027-01-31'] }), calendar, '2026-11-01')).toBe(
      '2027-02-01',
    )
    expect(firstUnknownDay(when({ time: '9:00', on: ['中秋'] }), calendar, '2026-11-01')).toBeUndefined()
    expect(firstUnknownDay(when({ time: '9:00', on: ['元旦', 'holidays'] }), calendar, '2026-11-01')).toBe('2027-01-02')
  })

  test('who names workdays and all free days means every day, also those of which nobody has told', () => {
    const all: WhenInput = { time: '9:00', on: ['workdays', 'weekends', 'holidays'] }
    expect(slots(all, '2026-12-30T16:00Z', '2027-01-03T16:00Z')).toHaveLength(4)
    expect(firstUnknownDay(when(all), calendar, '2026-11-01')).toBeUndefined()
    // A Saturday may be worked, or free for a holiday: only the notice knows.
    expect(firstUnknownDay(when({ ...all, on: ['workdays', 'holidays'] }), calendar, '2026-11-01')).toBe('2027-01-02')
  })

  test('the next slots reach over leap years, and end where there are no more', () => {
    const next = (written: WhenInput, count: number): string[] =>
      nextSlots(when(written), { zone: shanghai, calendar, after: new Date('2026-11-23T04:00Z') }, count).map((slot) =>
        dayIn(shanghai, slot),
      )
    expect(next({ cron: '0 9 29 2 *' }, 2)).toEqual(['2028-02-29', '2032-02-29'])
    expect(next({ at: ['2026-01-01 9:00', '2026-12-01 9:00'] }, 5)).toEqual(['2026-12-01'])
    expect(next({ time: '9:00', on: '除夕', start: '2027-06-01' }, 2)).toEqual(['2028-01-25', '2029-02-12'])
    expect(next({ cron: '0 9 * * *' }, 0)).toEqual([])
  })
})

describe('where clocks are changed', () => {
  const newYork = 'America/New_York'
  const instants = (written: WhenInput, zone: string, after: string, until: string): string[] =>
    slotsBetween(when(written), { zone, calendar, after: new Date(after), until: new Date(until) }).map((slot) =>
      slot.toISOString().slice(0, 16),
    )

  test('a time that is skipped happens at the end of the gap, once', () => {
    expect(instants({ cron: '30 2 * * *' }, newYork, '2026-03-07T12:00Z', '2026-03-09T12:00Z')).toEqual([
      ...['2026-03-08T07:00', '2026-03-09T06:30'],
    ])
    expect(instants({ cron: '*/20 1-3 * * *' }, newYork, '2026-03-08T05:00Z', '2026-03-08T12:00Z')).toEqual([
      ...['2026-03-08T06:00', '2026-03-08T06:20', '2026-03-08T06:40'],
      ...['2026-03-08T07:00', '2026-03-08T07:20', '2026-03-08T07:40'],
    ])
    expect(
      instants({ at: '2026-10-04 2:10' }, 'Australia/Lord_Howe', '2026-10-01T00:00Z', '2026-10-09T00:00Z'),
    ).toEqual(['2026-10-03T15:30'])
  })

  test('a time that is shown twice happens the first time', () => {
    expect(instants({ cron: '30 1 * * *' }, newYork, '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toEqual([
      ...['2026-11-01T05:30', '2026-11-02T06:30'],
    ])
    expect(instants({ cron: '45 1 * * *' }, 'Australia/Lord_Howe', '2026-04-04T00:00Z', '2026-04-05T12:00Z')).toEqual([
      '2026-04-04T14:45',
    ])
  })

  test('a gap over midnight leaves nothing out: 0:00 of that day is 1:00', () => {
    // Egypt's clocks go from 23:59 to 1:00, those of west Greenland from 22:59 to midnight.
    expect(instants({ cron: '0 0 * * *' }, 'Africa/Cairo', '2026-04-22T23:00Z', '2026-04-24T23:00Z')).toEqual([
      ...['2026-04-23T22:00', '2026-04-24T21:00'],
    ])
    expect(instants({ cron: '30 23 * * *' }, 'America/Nuuk', '2026-03-27T12:00Z', '2026-03-29T12:00Z')).toEqual([
      ...['2026-03-28T01:30', '2026-03-29T01:00'],
    ])
  })

  test('the schedule’s own zone goes before the brand’s, for its days too', () => {
    expect(
      instants({ cron: '0 20 24 12 *', zone: newYork }, shanghai, '2026-12-24T00:00Z', '2026-12-26T00:00Z'),
    ).toEqual(['2026-12-25T01:00'])
  })
})

const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Europe/Berlin', 'Asia/Kathmandu', 'UTC']
const between = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most })
const listOf = (least: number, most: number): fc.Arbitrary<string> => {
  const range = fc.tuple(between(least, most), between(least, most)).map((pair) => pair.sort((a, b) => a - b).join('-'))
  const part = fc.oneof(
    between(least, most).map(String),
    range,
    fc.tuple(range, between(1, 7)).map(([span, step]) => `${span}/${step}`),
  )
  return fc.uniqueArray(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','))
}
const minute = fc.oneof(
  listOf(0, 59),
  between(5, 30).map((step) => `*/${step}`),
)
const hour = fc.oneof({ weight: 3, arbitrary: listOf(0, 23) }, { weight: 1, arbitrary: fc.constant('*') })
const date = fc.oneof(fc.constant('*'), listOf(1, 28))
const month = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: listOf(1, 12) },
  { weight: 1, arbitrary: fc.constantFrom('JAN', 'MAR,OCT', 'apr-nov') },
)
const weekday = fc.oneof(fc.constant('*'), listOf(0, 7), fc.constantFrom('MON', 'TUE-SAT', 'sun,wed'))
const anyCron = fc.tuple(minute, hour, date, month, weekday).map((fields) => fields.join(' '))
const anyInstant = fc.date({ min: new Date('2024-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })

/** The day is as long as others in the zone, and so are those around it: what happens in gaps each does in its own way. */
const isEven = (zone: string, day: string): boolean => {
  const offsetAt = (at: string): string => minuteIn(zone, new Date(`${at}T12:00Z`)).slice(11)
  return offsetAt(dayAfter(day, -2)) === offsetAt(dayAfter(day, 2))
}

test('on days without a change of clocks the slots are those that croner finds', () => {
  fc.assert(
    fc.property(anyCron, fc.constantFrom(...zones), anyInstant, (cron, zone, after) => {
      const oracle = new Cron(cron, { timezone: zone, mode: '5-part' })
      const found = oracle.nextRuns(40, after).filter((slot) => slot.getTime() < after.getTime() + 400 * 86_400_000)
      const until = found.at(-1)
      if (!until) return
      const ours = slotsBetween(when({ cron }), { zone, calendar, after, until })
      const even = (slot: Date): boolean => isEven(zone, dayIn(zone, slot))
      expect(ours.filter(even)).toEqual(found.filter(even))
    }),
    { numRuns: 200 },
  )
})

test('what is cut into pieces is the whole: every slot once, whatever the looks between', () => {
  fc.assert(
    fc.property(
      anyCron,
      fc.constantFrom(...zones),
      fc.array(between(0, 40 * 86_400_000), { minLength: 2, maxLength: 6 }),
      fc.constantFrom(...['2026-03-01', '2026-03-29', '2026-10-01', '2026-10-25', '2026-11-01']),
      (cron, zone, cuts, day) => {
        const looks = cuts.sort((a, b) => a - b).map((ms) => new Date(Date.parse(day) + ms))
        const take = (after: Date, until: Date): Date[] =>
          slotsBetween(when({ cron }), { zone, calendar, after, until })
        const whole = take(looks[0]!, looks.at(-1)!)
        expect(looks.slice(1).flatMap((until, i) => take(looks[i]!, until))).toEqual(whole)
        const times = whole.map((slot) => slot.getTime())
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
      },
    ),
    { numRuns: 300 },
  )
})

test('every day that a daily time names has one slot, which shows that time or ends the gap that skips it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), between(0, 23), between(0, 59), between(2024, 2028), (zone, h, m, year) => {
      const [after, until] = [new Date(`${year}-01-02T00:00Z`), new Date(`${year}-12-30T00:00Z`)]
      const time = `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
      const found = slotsBetween(when({ cron: `${m} ${h} * * *` }), { zone, calendar, after, until })
      expect(new Set(found.map((slot) => dayIn(zone, slot))).size).toBe(found.length)
      for (const slot of found) {
        const shown = minuteIn(zone, slot).slice(11)
        const before = minuteIn(zone, new Date(slot.getTime() - 60_000)).slice(11)
        expect(shown === time || (before < time && time < shown)).toBe(true)
      }
      expect(found.length).toBeGreaterThanOrEqual(361)
    }),
    { numRuns: 25 },
  )
})

describe('what is due since the last look', () => {
  const at = (hour: number): Date => new Date(Date.UTC(2026, 11, 24, hour))
  const late = 2 * 3_600_000

  test.each<[string, number[], number | null, number[]]>([
    ['nothing', [], null, []],
    ['one in time', [11], 11, []],
    ['one exactly as late as it may be', [10], 10, []],
    ['one too late', [9], null, [9]],
    ['three that were slept over', [3, 9, 11], 11, [3, 9]],
    ['three that are all too late', [3, 5, 9], null, [3, 5, 9]],
    ['one that is still to come', [11, 13], 11, []],
  ])('%s', (_, due, run, missed) => {
    expect(missedOf(due.map(at), { now: at(12), late })).toEqual({
      run: run === null ? null : at(run),
      missed: missed.map(at),
    })
  })
})

describe('what may not be written is told with what is expected', () => {
  test.each<[string, unknown, string]>([
    ['nothing', {}, 'one of «at», «cron», and «time» with «on»'],
    ['two at once', { at: '2026-12-24 20:00', cron: '0 20 * * 5' }, 'cron: either «at» or «cron»'],
    ['a moment with days beside it', { at: '2026-12-24 20:00', skip: ['2026-12-25'] }, 'skip: «at» alone'],
    ['a day that there is not', { at: '2026-02-30 20:00' }, 'at: a day that there is'],
    ['a time that there is not', { at: '2026-02-03 24:00' }, 'at: a day and a time such as 2026-12-24 20:00'],
    ['a time without days', { time: '20:00' }, 'time: «on» beside it'],
    ['no time', { time: '8 pm', on: 'workdays' }, 'time: a time such as 20:00'],
    ['no name of a day', { time: '20:00', on: '中秋夜' }, 'on: workdays, holidays, weekends, a festival'],
    ['six fields', { cron: '0 0 20 * * 5' }, 'cron: five fields'],
    ['a nickname', { cron: '@daily' }, 'cron: five fields'],
    ['an hour too many', { cron: '0 24 * * *' }, 'cron: an hour from 0 to 23'],
    ['a minute of letters', { cron: 'x 20 * * *' }, 'cron: a minute from 0 to 59'],
    ['a day too many', { cron: '0 20 32 * *' }, 'cron: a day from 1 to 31'],
    ['an eighth weekday', { cron: '0 20 * * 8' }, 'cron: a weekday from 0 (Sunday)'],
    ['a step of nothing', { cron: '*/0 20 * * *' }, 'cron: a minute from 0 to 59'],
    ['signs of other crons', { cron: '0 20 15W * *' }, 'cron: numbers, names and L'],
    ['a word that is none', { cron: 'every Friday at eight o’clock' }, 'cron: five fields'],
    ['31 February', { cron: '0 20 31 2 *' }, 'cron: a day that its months have: none of them has a 31'],
    [
      '30 February, among others',
      { cron: '0 20 30,31 2 *' },
      'cron: a day that its months have: none of them has a 30,31',
    ],
    [
      'an end before the start',
      { cron: '0 20 * * *', start: '2026-12-02', end: '2026-12-01' },
      'end: a last day that is',
    ],
    [
      'a Friday in four days without one',
      { cron: '0 20 * * 5', start: '2026-12-05', end: '2026-12-09' },
      'cron: a time that comes',
    ],
    [
      'everything skipped',
      { cron: '0 20 * * *', start: '2026-12-01', end: '2026-12-03', skip: ['2026-12-01..2026-12-03'] },
      'cron: a time that comes',
    ],
    ['a festival that is never then', { cron: '0 20 * 3 *', on: '中秋' }, 'cron: a time that comes'],
    ['days the wrong way round', { cron: '0 20 * * *', skip: ['2026-12-05..2026-12-01'] }, 'skip.0: a day, or days'],
    ['no zone', { cron: '0 20 * * *', zone: 'Beijing' }, 'zone: a time zone by its IANA name'],
    ['a key that nobody knows', { cron: '0 20 * * *', until: '2026-12-01' }, 'Unrecognized key: "until"'],
  ])('%s', (_, written, expected) => {
    const { error } = WhenWritten.safeParse(written)
    const told = error?.issues.map(({ path, message }) => `${path.join('.')}${path.length > 0 ? ': ' : ''}${message}`)
    expect(told).toHaveLength(1)
    expect(told?.[0]).toContain(expected)
  })

  test.each<WhenInput>([
    { cron: '0 20 29 2 *' },
    { time: '9:00', on: '农历腊月三十' },
    { cron: '0 20 * * *', on: 'holidays', start: '2031-12-01', end: '2031-12-02' },
    { cron: '0 20 * * 1', end: '2026-12-01' },
  ])('what comes seldom, or may come for all we know, is let be: %o', (written) => {
    expect(WhenWritten.safeParse(written).success).toBe(true)
  })
})
