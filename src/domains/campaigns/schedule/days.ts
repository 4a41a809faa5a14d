/** The days and times that a schedule names, whatever the zone. Pure. */
import { dayAfter } from '../../../kernel/zone.ts'
import { type Calendar, createCalendar, isDay, isOnOneOf } from '../calendar/index.ts'
import { parseCron } from './cron.ts'

export type Named = {
  /** Single moments, `2026-12-24 20:00`; none where one of the others says when. */
  at: readonly string[]
  cron?: string | undefined
  /** `20:00`, on the days of `on`. */
  time?: string | undefined
  /** Names of days, of which one is enough; none for every day. */
  on: readonly string[]
  /** The first and the last day, both included. */
  start?: string | undefined
  end?: string | undefined
  /** Days and spans of days. */
  skip: readonly string[]
}

/** Of a day its times in minutes after midnight, rising; undefined where the calendar does not know whether it is meant. */
export type TimesOn = (day: string) => readonly number[] | undefined

const none: readonly number[] = []

export function timesOf(named: Named, calendar: Calendar): TimesOn {
  const { start = '', end = '9999' } = named
  const skipped = named.skip.flatMap((text) => daysIn(text) ?? [])
  const times = writtenTimes(named)
  return (day) => {
    if (day < start || day > end || skipped.some(({ first, last }) => first <= day && day <= last)) return none
    const ofDay = times(day)
    if (ofDay.length === 0 || named.on.length === 0) return ofDay
    const meant = isOnOneOf(named.on, day, calendar)
    return meant ? ofDay : meant === undefined ? undefined : none
  }
}

function writtenTimes({ at, cron, time }: Named): (day: string) => readonly number[] {
  if (at.length > 0) {
    const moments = at.map((text) => ({ day: text.slice(0, 10), minutes: minutesIn(text.slice(11)) }))
    return (day) => rising(moments.flatMap((moment) => (moment.day === day ? [moment.minutes] : [])))
  }
  if (time !== undefined) {
    const times = [minutesIn(time)]
    return () => times
  }
  const parsed = parseCron(cron ?? '')
  return (day) => (parsed?.isDay(day) ? parsed.times : none)
}

function rising(times: number[]): readonly number[] {
  return times.sort((a, b) => a - b)
}

function minutesIn(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** `2026-10-01` or `2026-10-01..2026-10-07` as its first and last day; undefined when it is neither. */
export function daysIn(text: string): { first: string; last: string } | undefined {
  const [first = '', last = first, ...more] = text.split('..').map((day) => day.trim())
  return more.length === 0 && isDay(first) && isDay(last) && first <= last ? { first, last } : undefined
}

/** 29 February and every lunar day come within such a time, the turn of a century apart. */
export const horizonDays = 366 * 12

const noNotice = createCalendar([])

/** Whether it comes at all, as far as the notices of public holidays are no matter: of days that need one it may. */
export function mayCome(named: Named): boolean {
  if (named.at.length > 0) return true
  const timesOn = timesOf(named, noNotice)
  const { start, end } = named
  // Any twelve years stand for all: some that it names, or some of ours.
  const first = start ?? (end === undefined ? '2026-01-01' : dayAfter(end, -horizonDays))
  const last = [dayAfter(first, horizonDays), end ?? '9999'].sort()[0]!
  for (let day = first; day <= last; day = dayAfter(day, 1)) if (timesOn(day)?.length !== 0) return true
  return false
}
