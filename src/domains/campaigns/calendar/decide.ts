/** What kind of day a day is. Days are `2026-11-22`, of whatever zone. Pure. */
import { dayAfter, weekdayOf } from '../../../kernel/zone.ts'
import { isLunar, isTerm } from './almanac.ts'
import type { HolidayYear } from './schema.ts'
import { lunarFestivals, readLunar, solarFestivals, solarTerms, weekdayFestivals } from './vocabulary.ts'

/** Answers are undefined for days of years that nobody has told of: a guess would send on a day on which nobody works. */
export type Calendar = {
  /** The first day of the first year that is known; undefined when none is. */
  since: string | undefined
  /** Whether the year of the day is known. */
  knows(day: string): boolean
  /** Monday to Friday but for public holidays, and weekends that are worked instead. */
  isWorkday(day: string): boolean | undefined
  /** A day of a public holiday, its Saturdays and Sundays included; of other weekends it is false. */
  isHoliday(day: string): boolean | undefined
  /** A Saturday or Sunday that is not worked, whether it belongs to a public holiday or not. */
  isWeekend(day: string): boolean | undefined
}

export function createCalendar(years: readonly HolidayYear[]): Calendar {
  const known = new Set(years.map(({ year }) => String(year)))
  const free = new Set(years.flatMap(({ holidays }) => holidays.flatMap(({ from, to }) => daysBetween(from, to))))
  const worked = new Set(years.flatMap(({ makeupWorkdays }) => makeupWorkdays))
  const [first] = [...known].sort()
  const knows = (day: string): boolean => known.has(day.slice(0, 4))
  const ifKnown = (day: string, answer: boolean): boolean | undefined => (knows(day) ? answer : undefined)
  return {
    since: first === undefined ? undefined : `${first}-01-01`,
    knows,
    isWorkday: (day) => ifKnown(day, worked.has(day) || (weekdayOf(day) < 6 && !free.has(day))),
    isHoliday: (day) => ifKnown(day, free.has(day)),
    // That a Wednesday is none needs no notice.
    isWeekend: (day) => (weekdayOf(day) < 6 ? false : ifKnown(day, !worked.has(day))),
  }
}

function daysBetween(from: string, to: string): string[] {
  const days: string[] = []
  for (let day = from; day <= to; day = dayAfter(day, 1)) days.push(day)
  return days
}

/** Kinds of days that only the notices of public holidays tell. */
const kinds: Readonly<Record<string, (calendar: Calendar, day: string) => boolean | undefined>> = {
  workdays: (calendar, day) => calendar.isWorkday(day),
  holidays: (calendar, day) => calendar.isHoliday(day),
  weekends: (calendar, day) => calendar.isWeekend(day),
}

/** Days by which a schedule may go: kinds of days, solar terms, festivals, lunar days. */
export function isDayName(name: string): boolean {
  const tables = [kinds, lunarFestivals, solarFestivals, weekdayFestivals]
  return (
    tables.some((table) => Object.hasOwn(table, name)) || solarTerms.includes(name) || readLunar(name) !== undefined
  )
}

/**
 * Whether the day is of that name; undefined where only a notice of public holidays could tell and there is none. A lunar
 * day of a month that the year doubles counts once, the first time.
 */
export function isOn(name: string, day: string, calendar: Calendar): boolean | undefined {
  if (Object.hasOwn(kinds, name)) return kinds[name]!(calendar, day)
  const [, month = 0, date = 0] = day.split('-').map(Number)
  const solar = solarFestivals[name]
  if (solar) return solar[0] === month && solar[1] === date
  const weekday = weekdayFestivals[name]
  if (weekday) return weekday[0] === month && weekday[1] === weekdayOf(day) && weekday[2] === Math.ceil(date / 7)
  if (solarTerms.includes(name)) return isTerm(name, day)
  const wanted = lunarFestivals[name] ?? readLunar(name)
  if (!wanted) return false
  const [wantedMonth, wantedDay] = wanted
  // The last day of the year: the next one begins a new year, after 29 or 30 days.
  return wantedDay === 0 ? isLunar(1, 1, dayAfter(day, 1)) : isLunar(wantedMonth, wantedDay, day)
}

/** Whether the day is of one of these names at least; undefined where that depends on a notice that there is not. */
export function isOnOneOf(names: readonly string[], day: string, calendar: Calendar): boolean | undefined {
  const answers = names.map((name) => isOn(name, day, calendar))
  if (answers.includes(true)) return true
  if (!answers.includes(undefined)) return false
  // Whatever the notice says, the day is worked or it is not: who names both means the day.
  const free = weekdayOf(day) < 6 ? 'holidays' : 'weekends'
  return names.includes('workdays') && names.includes(free) ? true : undefined
}
