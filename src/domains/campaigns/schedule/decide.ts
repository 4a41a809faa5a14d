/**
 * The slots of a schedule: one function for the running house and for rehearsals (law 9). Pure.
 *
 * Slots are reckoned day by day in the schedule's zone. A time that the clocks skip happens at the end of the gap, a time
 * that they show twice happens once. A day of which the calendar does not know whether it is meant has none:
 * `firstUnknownDay` tells of it in time.
 */
import { dayAfter, dayIn } from '../../../kernel/zone.ts'
import type { Calendar } from '../calendar/index.ts'
import { dayClock } from './day-clock.ts'
import { horizonDays, timesOf } from './days.ts'
import type { When } from './schema.ts'

export type Between = {
  /** The brand's, where the schedule names none. */
  zone: string
  calendar: Calendar
  /** Slots after this instant … */
  after: Date
  /** … up to this one, itself included. */
  until: Date
}

/** In their order, each instant once. */
export function slotsBetween(when: When, between: Between): Date[] {
  return [...slotsOf(when, between, between.until)]
}

/** The next `count` slots after an instant; fewer when there are no more within twelve years. */
export function nextSlots(when: When, on: Omit<Between, 'until'>, count: number): Date[] {
  const until = new Date(on.after.getTime() + horizonDays * 86_400_000)
  const slots: Date[] = []
  if (count < 1) return slots
  for (const slot of slotsOf(when, on, until)) {
    slots.push(slot)
    if (slots.length === count) break
  }
  return slots
}

function* slotsOf(when: When, { zone: brand, calendar, after }: Omit<Between, 'until'>, until: Date): Generator<Date> {
  if (after >= until) return
  const zone = when.zone ?? brand
  const timesOn = timesOf(when, calendar)
  // A day before, as a skipped time of it may happen after midnight.
  const first = later(dayAfter(dayIn(zone, after), -1), when.start)
  const last = earlier(dayIn(zone, until), when.end)
  let before = after.getTime()
  for (let day = first; day <= last; day = dayAfter(day, 1)) {
    const times = timesOn(day) ?? []
    if (times.length === 0) continue
    const clock = dayClock(zone, day)
    for (const minutes of times) {
      const at = clock(minutes)
      if (at > until.getTime()) break
      if (at <= before) continue
      before = at
      yield new Date(at)
    }
  }
}

function later(day: string, other: string | undefined): string {
  return other !== undefined && other > day ? other : day
}

function earlier(day: string, other: string | undefined): string {
  return other !== undefined && other < day ? other : day
}

/**
 * What becomes of slots that are due, in their order: the newest one runs when it is no later than `late` ms, all others
 * are missed. So a house that slept over three of them does one thing once, and says what it did not do. A slot that is
 * still to come is neither.
 */
export function missedOf(
  slots: readonly Date[],
  { now, late }: { now: Date; late: number },
): { run: Date | null; missed: Date[] } {
  const due = slots.filter((slot) => slot <= now)
  const newest = due.at(-1)
  if (!newest || now.getTime() - newest.getTime() > late) return { run: null, missed: due }
  return { run: newest, missed: due.slice(0, -1) }
}

/**
 * The first day of which only a notice of public holidays could tell whether it is meant, and nobody has told of its
 * year: from there on the calendar has expired. Looked at are `days` days from `from` on, and of the schedule no more
 * than its own days.
 */
export function firstUnknownDay(
  when: When,
  calendar: Calendar,
  from: string,
  days: number = horizonDays,
): string | undefined {
  const timesOn = timesOf(when, calendar)
  const last = earlier(dayAfter(from, days), when.end)
  for (let day = later(from, when.start); day <= last; day = dayAfter(day, 1)) {
    if (timesOn(day) === undefined) return day
  }
  return undefined
}
