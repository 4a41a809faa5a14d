/** What a customer may honestly be told to expect. Pure. */
import { dayAfter, dayIn, minuteIn } from '../../../kernel/zone.ts'

/** A day as people say it, in the brand's zone: its date for `later`, and the time without a zero in front. */
export type Spoken = { day: 'today' | 'tomorrow' | 'later'; date: string; time: string }

export function spokenTime(at: Date, zone: string, now: Date): Spoken {
  const [date = '', time = ''] = minuteIn(zone, at).split(/ 0?/u)
  const today = dayIn(zone, now)
  return { day: date === today ? 'today' : date === dayAfter(today, 1) ? 'tomorrow' : 'later', date, time }
}

/** What is due later than this is told as a time of day: nobody counts so many minutes. */
const minutesAtMost = 90

/** By when a human answers: in minutes, rounded up, or, where working hours lie between, at which time. */
export function spokenWait(due: Date, zone: string, now: Date): { minutes: number | null } & Spoken {
  const minutes = Math.max(1, Math.ceil((due.getTime() - now.getTime()) / 60_000))
  // Rounded up to the minute, so that a time that is named is never before the promise.
  const named = new Date(Math.ceil(due.getTime() / 60_000) * 60_000)
  return { minutes: minutes <= minutesAtMost ? minutes : null, ...spokenTime(named, zone, now) }
}
