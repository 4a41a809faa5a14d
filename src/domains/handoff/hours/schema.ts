/** Times of the week at which somebody is there, as people write them: `{days: workdays, time: 9:00-18:00}`. */
import { z } from 'zod'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const named: Readonly<Record<string, readonly number[]>> = {
  daily: [1, 2, 3, 4, 5, 6, 7],
  workdays: [1, 2, 3, 4, 5],
  weekend: [6, 7],
}

/** Minutes after midnight; `to` is after `from`, and above 1,440 where the time goes on after midnight. */
export type Span = { from: number; to: number }
/** A span of the days with these numbers; Monday is 1. */
export type Shift = Span & { days: readonly number[] }
/** Days, both included, on which other times hold than those of the week; none: nobody is there. */
export type Exception = { first: string; last: string; spans: readonly Span[] }
export type Timetable = { week: readonly Shift[]; exceptions: readonly Exception[] }

const form = /^(\d{1,2}):(\d{2})\s*[-–—~～至到]\s*(\d{1,2}):(\d{2})$/u

function spanOf(written: string): Span | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] = (form.exec(written.trim()) ?? []).map(Number)
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined) {
    return undefined
  }
  const from = fromHour * 60 + fromMinute
  const to = toHour * 60 + toMinute
  const sound = fromHour < 24 && fromMinute < 60 && toMinute < 60 && to <= 1_440 && from !== to
  return sound ? { from, to: to > from ? to : to + 1_440 } : undefined
}

/** `9:00-18:00`; `22:00-02:00` goes on into the next day. */
const Time = z
  .string()
  .refine((written) => spanOf(written) !== undefined, 'a time such as 9:00-18:00, or 22:00-2:00 for over midnight')
  .meta({ examples: ['9:00-18:00', '22:00-2:00'] })
  .transform((written) => spanOf(written)!)
  .describe('From when to when, such as 9:00-18:00')

const Days = z
  .union([z.enum(['daily', 'workdays', 'weekend']), z.array(z.enum(weekdays)).min(1)])
  .describe('daily, workdays (Monday to Friday), weekend, or a list such as [mon, wed, sun]')

/** → Shift */
export const ShiftWritten = z.strictObject({ days: Days, time: Time }).transform(
  ({ days, time }): Shift => ({
    ...time,
    days: typeof days === 'string' ? named[days]! : days.map((day) => weekdays.indexOf(day) + 1),
  }),
)

/** Days that calendars do not have roll over, or are no dates at all. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** `2027-02-05`, or `2027-02-05..2027-02-08` with both ends. → first and last day */
export const DaysWritten = z
  .string()
  .refine((written) => {
    const [first = '', last = first, ...rest] = written.split('..')
    return rest.length === 0 && isDay(first) && isDay(last) && first <= last
  }, 'a day such as 2027-02-05, or days such as 2027-02-05..2027-02-08')
  .meta({ examples: ['2027-02-05', '2027-02-05..2027-02-08'] })
  .transform((written) => {
    const [first = '', last = first] = written.split('..')
    return { first, last }
  })
  .describe('A day such as 2027-02-05, or days such as 2027-02-05..2027-02-08')

/** → Exception */
export const ExceptionWritten = z
  .strictObject({
    days: DaysWritten,
    times: z.array(Time).default([]).describe('When somebody is there on these days; [] for nobody'),
  })
  .transform(({ days, times }): Exception => ({ ...days, spans: times }))
