/** When a campaign is due, as a community manager writes it. */
import { z } from 'zod'
import { Day, dayNamesHint, isDay, isDayName } from '../calendar/index.ts'
import { cronFault } from './cron.ts'
import { daysIn, mayCome, type Named } from './days.ts'

const Time = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'a time such as 20:00')
const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}[ T]([01]?\d|2[0-3]):[0-5]\d$/, 'a day and a time such as 2026-12-24 20:00')
  .refine((text) => isDay(text.slice(0, 10)), 'a day that there is, and a time, such as 2026-12-24 20:00')
const Cron = z.string().check(({ value, issues }) => {
  const message = cronFault(value)
  if (message !== undefined) issues.push({ code: 'custom', input: value, message })
})
const Zone = z.string().refine(isZone, 'a time zone by its IANA name, such as Asia/Shanghai')
const Days = z
  .string()
  .refine((text) => daysIn(text) !== undefined, 'a day, or days such as 2026-10-01..2026-10-07')
  .meta({ examples: ['2026-12-25', '2026-10-01..2026-10-07'] })
// 618 is a number to YAML, and a day to everybody else.
const On = z.union([z.string(), z.int()]).transform(String).refine(isDayName, dayNamesHint)

const Written = z.strictObject({
  at: z
    .union([Moment, z.array(Moment).min(1)])
    .optional()
    .describe('Once, at this local time; or a list of such times'),
  cron: Cron.optional()
    .describe('Again and again: minute, hour, day of the month, month, weekday (1 is Monday, 0 and 7 Sunday)')
    .meta({ examples: ['0 20 * * 5', '30 12 1,15 * *'] }),
  time: Time.optional().describe('With «on»: at this time of each such day'),
  on: z
    .union([On, z.array(On).min(1)])
    .optional()
    .describe(`Only on such days: ${dayNamesHint}; of a list one is enough`),
  zone: Zone.optional().describe('The zone of these times; without it that of the brand'),
  start: Day.optional().describe('The first day'),
  end: Day.optional().describe('The last day'),
  skip: z.array(Days).default([]).describe('Not on these days: 2026-12-25, or 2026-10-01..2026-10-07'),
})
type Written = z.output<typeof Written>

/** Local times in `zone`, or in the brand's zone where there is none. */
export type When = Named & { zone?: string | undefined }

export const WhenWritten = Written.check(({ value, issues }) => {
  // What is wrong by itself is told of first: it may be all that is wrong.
  const fault = issues.length > 0 ? undefined : faultOf(value)
  if (!fault) return
  issues.push({ code: 'custom', input: value, path: fault.at === undefined ? [] : [fault.at], message: fault.expected })
}).transform(whenOf)

function whenOf({ at, on, ...rest }: Written): When {
  return {
    ...rest,
    at: at === undefined ? [] : [at].flat().map((moment) => moment.replace('T', ' ')),
    on: on === undefined ? [] : [on].flat(),
  }
}

type Fault = { at?: keyof Written; expected: string }

/** What does not fit together, the first of it. */
function faultOf(written: Written): Fault | undefined {
  const kinds = (['at', 'cron', 'time'] as const).filter((key) => written[key] !== undefined)
  const [kind, other] = kinds
  if (kind === undefined) return { expected: 'one of «at», «cron», and «time» with «on»' }
  if (other !== undefined) return { at: other, expected: `either «${kind}» or «${other}»` }
  if (kind === 'at') {
    const beside = (['on', 'start', 'end'] as const).find((key) => written[key] !== undefined)
    const needless = beside ?? (written.skip.length > 0 ? 'skip' : undefined)
    return needless && { at: needless, expected: '«at» alone: it names its day itself' }
  }
  if (kind === 'time' && written.on === undefined) return { at: 'time', expected: '«on» beside it: on which days' }
  const { start, end } = written
  if (start !== undefined && end !== undefined && start > end) {
    return { at: 'end', expected: `a last day that is not before the first, ${start}` }
  }
  if (mayCome(whenOf(written))) return undefined
  return { at: kind, expected: 'a time that comes: on these days, less those that are skipped, it never does' }
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
