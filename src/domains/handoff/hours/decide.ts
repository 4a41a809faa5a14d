/** When somebody is there, and how much of a time that was. Pure; zones by their IANA names. */
import { dayAfter, dayIn, instantIn, weekdayOf } from '../../../kernel/zone.ts'
import type { Span, Timetable } from './schema.ts'

/** An open time: from its first instant to the one after its last. */
type Open = { start: Date; end: Date }

/** What is looked at ahead: whoever is away for longer is not waited for. */
const daysAhead = 60
/** Targets are counted over at most so many days. */
const daysCounted = 400

function spansOf({ week, exceptions }: Timetable, day: string): readonly Span[] {
  // The last one written wins: an exception to an exception is added below it.
  const exception = exceptions.findLast(({ first, last }) => first <= day && day <= last)
  if (exception) return exception.spans
  const weekday = weekdayOf(day)
  return week.filter(({ days }) => days.includes(weekday))
}

/** The open times that begin on a day, in order. */
function opensOn(timetable: Timetable, zone: string, day: string): Open[] {
  return spansOf(timetable, day)
    .map(({ from, to }) => ({ start: instantIn(zone, day, from), end: instantIn(zone, day, to) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start.getTime() - b.start.getTime())
}

/** Open times that end after `from`, in order, joined where they meet; those of the day before may reach into it. */
function* opensFrom(timetable: Timetable, zone: string, from: Date, days: number): Generator<Open> {
  let held: Open | undefined
  const today = dayIn(zone, from)
  for (let ahead = -1; ahead <= days; ahead += 1) {
    for (const open of opensOn(timetable, zone, dayAfter(today, ahead))) {
      if (held && open.start <= held.end) held = { start: held.start, end: open.end > held.end ? open.end : held.end }
      else {
        if (held && held.end > from) yield held
        held = open
      }
    }
  }
  if (held && held.end > from) yield held
}

export function isOpen(timetable: Timetable, zone: string, at: Date): boolean {
  const [first] = opensFrom(timetable, zone, at, 1)
  return first !== undefined && first.start <= at
}

/** When somebody is there next: `at` itself where somebody is. Undefined: not in the next two months. */
export function nextOpening(timetable: Timetable, zone: string, at: Date): Date | undefined {
  for (const { start } of opensFrom(timetable, zone, at, daysAhead)) return start > at ? start : at
  return undefined
}

/** Until when somebody is there without a break; undefined where nobody is. */
export function openUntil(timetable: Timetable, zone: string, at: Date): Date | undefined {
  const [first] = opensFrom(timetable, zone, at, 2)
  return first && first.start <= at ? first.end : undefined
}

/** The instant at which so many ms of open time have passed since `from`; undefined: not in the next year. */
export function addOpenTime(timetable: Timetable, zone: string, from: Date, ms: number): Date | undefined {
  let left = ms
  for (const { start, end } of opensFrom(timetable, zone, from, daysCounted)) {
    const begin = Math.max(start.getTime(), from.getTime())
    const open = end.getTime() - begin
    if (left <= open) return new Date(begin + left)
    left -= open
  }
  return undefined
}

/** How many ms between two instants were open. */
export function openTimeBetween(timetable: Timetable, zone: string, from: Date, to: Date): number {
  let sum = 0
  const days = Math.ceil((to.getTime() - from.getTime()) / 86_400_000) + 1
  for (const { start, end } of opensFrom(timetable, zone, from, days)) {
    if (start >= to) break
    sum += Math.min(end.getTime(), to.getTime()) - Math.max(start.getTime(), from.getTime())
  }
  return sum
}
