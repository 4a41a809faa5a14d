/** Which days are worked and free, and on which days terms of the sun, lunar days and festivals fall. */
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkContent, createRegistry, loadFolder } from '../../src/content/index.ts'
import {
  type Calendar,
  createCalendar,
  type HolidayYear,
  holidaysKind,
  isDayName,
  isOn,
} from '../../src/domains/campaigns/calendar/index.ts'
import { dayAfter, weekdayOf } from '../../src/kernel/zone.ts'
import { folderWith } from '../support/content-files.ts'

const example = fileURLToPath(new URL('../../content', import.meta.url))
const registry = createRegistry([{ name: 'test', kinds: [holidaysKind] }])
const everyDay = (year: number): string[] =>
  daysFrom(`${year}-01-01`, 366).filter((day) => day.startsWith(String(year)))
const daysFrom = (first: string, days: number): string[] => Array.from({ length: days }, (_, i) => dayAfter(first, i))

describe('the year 2026, as the State Council tells', () => {
  let calendar: Calendar

  beforeAll(async () => {
    const { content, findings } = await loadFolder(example, registry, { tolerates: () => true })
    expect(findings.filter(({ file }) => file.startsWith('holidays/'))).toEqual([])
    calendar = createCalendar(content!.items(holidaysKind).map(({ data }) => data))
  })

  test.each([
    '2026-01-01',
    '2026-02-15',
    '2026-02-23',
    '2026-04-05',
    '2026-05-04',
    '2026-06-21',
    '2026-09-27',
    '2026-10-07',
  ])('%s is free', (day) => {
    expect([calendar.isHoliday(day), calendar.isWorkday(day)]).toEqual([true, false])
  })

  test.each(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])(
    '%s is a weekend that is worked',
    (day) => {
      expect([calendar.isHoliday(day), calendar.isWorkday(day), calendar.isWeekend(day)]).toEqual([false, true, false])
    },
  )

  test('has 33 free days, 248 that are worked, and no day of two sorts', () => {
    const days = everyDay(2026)
    expect(days.filter((day) => calendar.isHoliday(day))).toHaveLength(33)
    expect(days.filter((day) => calendar.isWorkday(day))).toHaveLength(248)
    for (const day of days) {
      expect(Number(calendar.isWorkday(day)) + Number(calendar.isHoliday(day)! || calendar.isWeekend(day)!)).toBe(1)
    }
  })

  test('of 2027 nobody has told: only that a Wednesday is no weekend is known', () => {
    expect([calendar.isHoliday('2027-01-01'), calendar.isWorkday('2027-03-03'), calendar.knows('2027-03-03')]).toEqual([
      undefined,
      undefined,
      false,
    ])
    expect([calendar.isWeekend('2027-03-03'), calendar.isWeekend('2027-03-06')]).toEqual([false, undefined])
    expect(calendar.since).toBe('2026-01-01')
  })
})

const year2027: HolidayYear = {
  year: 2027,
  source: 'a test',
  holidays: [{ name: 'new year', from: '2026-12-31', to: '2027-01-02' }],
  makeupWorkdays: ['2027-01-03'],
}

test('a holiday that begins in the old year is free from its first day on', () => {
  const both = createCalendar([{ ...year2027, year: 2026, holidays: [], makeupWorkdays: [] }, year2027])
  expect(['2026-12-30', '2026-12-31', '2027-01-02', '2027-01-04'].map((day) => both.isHoliday(day))).toEqual([
    false,
    true,
    true,
    false,
  ])
})

test('every day of a known year is worked, or a free day, and of an unknown one nothing is said', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 364 }), fc.array(fc.integer({ min: 0, max: 364 })), (i, more) => {
      const day = dayAfter('2027-01-01', i)
      const free = more.map((at) => dayAfter('2027-01-01', at))
      const calendar = createCalendar([
        { ...year2027, holidays: free.map((from) => ({ name: 'x', from, to: from })), makeupWorkdays: [] },
      ])
      expect(calendar.isWorkday(day)).toBe(weekdayOf(day) < 6 && !free.includes(day))
      expect(calendar.isHoliday(day)).toBe(free.includes(day))
      expect(calendar.isWorkday(dayAfter(day, 366))).toBeUndefined()
    }),
  )
})

const nothing = createCalendar([])
const daysOf = (name: string, first: number, last = first): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => everyDay(first + i))
    .flat()
    .filter((day) => isOn(name, day, nothing))

test.each([
  ['立春', '2026-02-04'],
  ['清明', '2026-04-05'],
  ['夏至', '2026-06-21'],
  ['冬至', '2026-12-22'],
  ['春节', '2026-02-17'],
  ['除夕', '2026-02-16'],
  ['元宵', '2026-03-03'],
  ['端午', '2026-06-19'],
  ['七夕', '2026-08-19'],
  ['中秋', '2026-09-25'],
  ['农历八月十五', '2026-09-25'],
  ['重阳', '2026-10-18'],
  ['母亲节', '2026-05-10'],
  ['父亲节', '2026-06-21'],
  ['感恩节', '2026-11-26'],
  ['双11', '2026-11-11'],
  ['618', '2026-06-18'],
  ['520', '2026-05-20'],
])('%s is on %s', (name, day) => {
  expect(isDayName(name)).toBe(true)
  expect(daysOf(name, 2026)).toEqual([day])
})

test('a month that a leap year repeats does not double a lunar day', () => {
  // 2025 had a second sixth month, 2028 has a second fifth.
  expect(daysOf('农历六月初六', 2025)).toEqual(['2025-06-30'])
  expect(daysOf('端午', 2028)).toEqual(['2028-05-28'])
})

test('the last day of the lunar year is there in every year, of 29 days or of 30', () => {
  expect(daysOf('除夕', 2022, 2031)).toHaveLength(10)
  expect(daysOf('农历腊月三十', 2026, 2029)).toEqual([])
})

test('each solar term falls on one day of each year', () => {
  for (const term of ['小寒', '立春', '清明', '立夏', '大暑', '霜降', '冬至']) {
    expect(daysOf(term, 2024, 2036).map((day) => day.slice(0, 4))).toEqual(
      Array.from({ length: 13 }, (_, i) => String(2024 + i)),
    )
  }
})

/** New moons within minutes of midnight in Beijing, where the runtime is a day off and the almanac is not. */
const closeCalls = [
  { from: '2027-02-06', to: '2027-03-08', newYear: '2027-02-06' },
  { from: '2030-02-02', to: '2030-03-04', newYear: '2030-02-03' },
]

test('lunar days are those of the Chinese calendar that the runtime knows', () => {
  const oracle = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' })
  const months = ['正', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二']
  const dates = ['初一', '初八', '初十', '十五', '二十', '廿三', '廿九']
  const numbers = [1, 8, 10, 15, 20, 23, 29]
  for (const day of daysFrom('2024-02-10', 366 * 12)) {
    const part = Object.fromEntries(
      oracle.formatToParts(new Date(`${day}T00:00:00Z`)).map((one) => [one.type, one.value]),
    )
    const at = numbers.indexOf(Number(part['day']))
    if (at === -1 || closeCalls.some(({ from, to }) => from <= day && day <= to)) continue
    const month = Number.parseInt(part['month']!, 10)
    expect(isOn(`农历${months[month - 1]}月${dates[at]}`, day, nothing), day).toBe(!part['month']!.endsWith('bis'))
  }
})

test.each(closeCalls)('the new year of a close call is on $newYear', ({ newYear }) => {
  expect(daysOf('春节', Number(newYear.slice(0, 4)))).toEqual([newYear])
})

test.each([
  '农历闰六月初一',
  '农历十三月初一',
  '农历八月',
  '八月十五',
  '农历八月三十一',
  '春分节',
  'weekday',
  '',
  'constructor',
  'toString',
])('«%s» names no day', (name) => {
  expect(isDayName(name)).toBe(false)
  expect(isOn(name, '2026-09-25', nothing)).toBe(false)
})

describe('a file of holidays', () => {
  const findings = async (text: string, name = '2027'): Promise<string[]> => {
    const folder = await folderWith({ [`holidays/${name}.yaml`]: text })
    const told = await checkContent(folder, registry)
    return told.filter(({ file }) => file.startsWith('holidays/')).map(({ line, message }) => `${line}: ${message}`)
  }
  const head = 'year: 2027\nsource: 通知\n'

  test('is fine when it says what the notice says', async () => {
    const text = `${head}holidays:\n  - { name: 元旦, from: 2026-12-31, to: 2027-01-02 }\nmakeupWorkdays: [2027-01-03]\n`
    expect(await findings(text)).toEqual([])
  })

  test('tells of what cannot be, each at its place', async () => {
    const text = `${head}holidays:
  - { name: 元旦, from: 2027-01-01, to: 2027-01-03 }
  - { name: 年假, from: 2027-01-03, to: 2027-01-05 }
  - { name: 劳动节, from: 2027-05-01, to: 2027-06-05 }
  - { name: 国庆节, from: 2026-10-01, to: 2026-10-07 }
makeupWorkdays:
  - 2027-01-02
  - 2027-02-24
  - 2026-02-28
  - 2027-02-28
  - 2027-02-28
`
    expect(await findings(text)).toEqual([
      '5: 年假 and 元旦 share a day',
      '6: 劳动节 lasts 36 days',
      '7: 2026-10-01 to 2026-10-07 is not in 2027',
      '9: 2027-01-02 is worked, and free for 元旦',
      '10: 2027-02-24 is no Saturday and no Sunday, so that it is worked anyway',
      '11: 2026-02-28 is not in 2027',
      '13: 2027-02-28 stands here a second time',
    ])
  })

  test('tells of the year in its name', async () => {
    expect(await findings(`${head}holidays: []\n`, '2028')).toEqual(['1: the file of 2028 tells of 2027'])
  })

  test.each(['2027-02-30', '2027-1-1', '2027-13-01'])('knows that there is no %s', async (day) => {
    expect(await findings(`${head}holidays:\n  - { name: 元旦, from: ${day}, to: 2027-03-03 }\n`)).toHaveLength(1)
  })
})
