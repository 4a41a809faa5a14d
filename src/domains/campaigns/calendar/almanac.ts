/** Solar terms and lunar days, as they are reckoned for China. Pure. */
import { Solar } from 'lunar-typescript'
import { dayAfter } from '../../../kernel/zone.ts'

/** A year of the common calendar. */
type Almanac = {
  /** Days by the solar term that falls on them. */
  terms: ReadonlyMap<string, string>
  /** Lunar month and day by day: «8-15». A month that a leap year repeats is «-8» the second time. */
  lunar: ReadonlyMap<string, string>
}

/** A year takes some 10 ms, and its days are asked for one by one. */
const almanacs = new Map<string, Almanac>()

function almanacOf(year: string): Almanac {
  const known = almanacs.get(year)
  if (known) return known
  const almanac = reckon(year)
  almanacs.set(year, almanac)
  return almanac
}

function reckon(year: string): Almanac {
  const terms = new Map<string, string>()
  const lunar = new Map<string, string>()
  for (let day = `${year}-01-01`; day.startsWith(year); day = dayAfter(day, 1)) {
    const [, month = 1, date = 1] = day.split('-').map(Number)
    const of = Solar.fromYmd(Number(year), month, date).getLunar()
    const term = of.getJieQi()
    if (term) terms.set(term, day)
    lunar.set(day, `${of.getMonth()}-${of.getDay()}`)
  }
  return { terms, lunar }
}

/** Whether a solar term falls on a day. */
export function isTerm(term: string, day: string): boolean {
  return almanacOf(day.slice(0, 4)).terms.get(term) === day
}

/** Whether a day is that day of that lunar month; a month that a leap year repeats counts the first time only. */
export function isLunar(month: number, date: number, day: string): boolean {
  return almanacOf(day.slice(0, 4)).lunar.get(day) === `${month}-${date}`
}
