/** What arguments of triggers, steps and goals have in common: lists of one, whole days, times of the day. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { dayAfter, dayIn, instantIn } from '../../../kernel/zone.ts'

const dayMs = 86_400_000

/** One word or a list of them; gives the list. */
export function oneOrMore<T extends string | number | boolean>(word: z.ZodType<T>) {
  return z
    .union([word, z.array(word).min(1)])
    .transform((written): T[] => (Array.isArray(written) ? written : [written]))
}

/** Accepts a duration of whole days such as `3d`, gives their number. */
export const WholeDays = Duration.refine((ms) => ms % dayMs === 0, { error: 'whole days such as 3d' }).transform(
  (ms) => ms / dayMs,
)

/** A time of the day in the brand's zone, at which what happens on a day is taken to happen. */
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 10:00')
  .describe('At which time of that day, in the brand’s zone')

export type DayWithin = { day: string; at: Date }

/**
 * The days of a zone whose `time` is after `after` and not after `until`, each with that instant: most ticks of a clock
 * see none, and each day falls into exactly one of windows that join.
 */
export function daysWithin(zone: string, time: string, { after, until }: { after: Date; until: Date }): DayWithin[] {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const days: DayWithin[] = []
  // Where clocks skip a time its instant may lie on the day after.
  const last = dayAfter(dayIn(zone, until), 1)
  for (let day = dayAfter(dayIn(zone, after), -1); day <= last; day = dayAfter(day, 1)) {
    const at = instantIn(zone, day, hours * 60 + minutes)
    if (at > after && at <= until) days.push({ day, at })
  }
  return days
}

/** A query of triggers (`due`) that finds nobody, at no cost. */
export const nobody = `SELECT NULL::uuid AS person_id, NULL::text AS cause, NULL::timestamptz AS at WHERE false`
