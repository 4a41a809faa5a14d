/** Which days are worked and which are free, as the State Council tells for each year in the November before. */
import { z } from 'zod'
import { contentKind } from '../../../kernel/content.ts'
import { weekdayOf } from '../../../kernel/zone.ts'
import { Day } from './day.ts'

export const HolidayYear = z.strictObject({
  year: z.int().min(2020).max(2100).describe('The year that this file tells of'),
  source: z.string().trim().min(1).describe('Where it was published: the notice of the State Council'),
  holidays: z
    .array(
      z
        .strictObject({
          name: z.string().trim().min(1).describe('What people call it'),
          from: Day.describe('The first free day'),
          to: Day.describe('The last free day'),
        })
        .refine(({ from, to }) => from <= to, {
          when: ({ issues }) => issues.length === 0,
          path: ['to'],
          error: 'a last day that is not before the first',
        }),
    )
    .describe('Free days'),
  makeupWorkdays: z.array(Day).default([]).describe('Saturdays and Sundays that are worked instead'),
})
export type HolidayYear = z.output<typeof HolidayYear>

export const holidaysKind = contentKind<HolidayYear>({
  name: 'holidays',
  title: 'Public holidays',
  sources: ['2025', '2026', '2027', '2028', '2029', '2030'].map((year) => ({
    form: 'single',
    path: `holidays/${year}.yaml`,
    optional: true,
  })),
  schema: HolidayYear,
  review(items, tell) {
    for (const item of items) {
      for (const { at, ...told } of faultsOf(item.data, item.file)) tell(item, at, { severity: 'error', ...told })
    }
  },
})

type Fault = { at: (string | number)[]; message: string; expected: string }

function faultsOf({ year, holidays, makeupWorkdays }: HolidayYear, file: string): Fault[] {
  const named = /(\d{4})\.yaml$/.exec(file)?.[1]
  const faults: Fault[] = []
  if (named !== undefined && Number(named) !== year) {
    const expected = `year: ${named}, or the file's name ${year}.yaml`
    faults.push({ at: ['year'], message: `the file of ${named} tells of ${year}`, expected })
  }
  return [
    ...faults,
    ...holidays.flatMap((_, i) => faultsOfHoliday(holidays, i, year)),
    ...makeupWorkdays.flatMap((day, i) => faultsOfWorkday(day, i, { year, holidays, makeupWorkdays })),
  ]
}

/** No holiday is longer, two that are joined included. */
const longestHoliday = 16

function faultsOfHoliday(holidays: HolidayYear['holidays'], i: number, year: number): Fault[] {
  const { name, from, to } = holidays[i]!
  const at = ['holidays', i]
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  if (days > longestHoliday) {
    return [{ at, message: `${name} lasts ${days} days`, expected: 'The first and the last free day of the notice' }]
  }
  // The one of New Year may begin in the old year.
  if (!to.startsWith(String(year)) || from < `${year - 1}-12-25`) return [notOf(year, at, `${from} to ${to}`)]
  const other = holidays.slice(0, i).find((one) => one.from <= to && from <= one.to)
  if (!other) return []
  return [{ at, message: `${name} and ${other.name} share a day`, expected: 'Each free day once' }]
}

function faultsOfWorkday(
  day: string,
  i: number,
  { year, holidays, makeupWorkdays }: Pick<HolidayYear, 'year' | 'holidays' | 'makeupWorkdays'>,
): Fault[] {
  const at = ['makeupWorkdays', i]
  if (!day.startsWith(String(year))) return [notOf(year, at, day)]
  const holiday = holidays.find(({ from, to }) => from <= day && day <= to)
  if (holiday) {
    const message = `${day} is worked, and free for ${holiday.name}`
    return [{ at, message, expected: 'Each day either free or worked' }]
  }
  if (weekdayOf(day) < 6) {
    const message = `${day} is no Saturday and no Sunday, so that it is worked anyway`
    return [{ at, message, expected: 'The weekends that the notice says are worked' }]
  }
  if (makeupWorkdays.indexOf(day) === i) return []
  return [{ at, message: `${day} stands here a second time`, expected: 'Each day once' }]
}

function notOf(year: number, at: Fault['at'], days: string): Fault {
  return { at, message: `${days} is not in ${year}`, expected: 'Days of the year of the file; each year has its own' }
}
