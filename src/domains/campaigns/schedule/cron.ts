/**
 * The five fields of a cron expression: minute, hour, day of the month, month, day of the week. Pure.
 *
 * What an expression says is read by node-cron; which days it means is ours. node-cron asks for a day of the month *and*
 * of the week, where cron has always asked for one of the two.
 */
import cron from 'node-cron'
import { weekdayOf } from '../../../kernel/zone.ts'

export type Cron = {
  /** Minutes after midnight, rising, each once. */
  times: readonly number[]
  /** Whether it comes on a day (`2026-11-22`). */
  isDay(day: string): boolean
}

type Fields = NonNullable<ReturnType<typeof cron.validateDetailed>['fields']>

/** They are asked for at every tick. */
const known = new Map<string, Cron | string>()
const mostKnown = 1_000

/** Undefined when it is none: `cronFault` says why. */
export function parseCron(text: string): Cron | undefined {
  const found = read(text)
  return typeof found === 'string' ? undefined : found
}

/** What is expected instead of a text that is no expression; undefined where it is one. */
export function cronFault(text: string): string | undefined {
  const found = read(text)
  return typeof found === 'string' ? found : undefined
}

function read(text: string): Cron | string {
  const before = known.get(text)
  if (before !== undefined) return before
  if (known.size >= mostKnown) known.clear()
  const found = parse(text.trim().split(/\s+/))
  known.set(text, found)
  return found
}

const fiveFields = 'five fields: minute, hour, day, month, weekday, such as 0 20 * * 5 for Fridays at 20:00'

function parse(written: readonly string[]): Cron | string {
  if (written.length !== 5) return fiveFields
  const { fields, errors } = cron.validateDetailed(written.join(' '))
  if (!fields) return faultOf(errors[0]?.field, written)
  const odd = [...fields.dayOfMonth, ...fields.dayOfWeek].find((one) => typeof one === 'string' && !isLast(one))
  if (odd !== undefined) return `numbers, names and L for the last day of the month; ${odd} is not known here`
  const times = fields.hour.flatMap((hour) => fields.minute.map((minute) => hour * 60 + minute))
  const [, , date = '', , weekday = ''] = written
  return {
    times: [...new Set(times)].sort((a, b) => a - b),
    isDay: (day) => isDayOf(fields, { anyDate: isAny(date), anyWeekday: isAny(weekday) }, day),
  }
}

/** `L`, the last day of the month, is all that node-cron leaves as a word and we know. */
function isLast(token: string): boolean {
  return token === 'L'
}

/** As in cron a field that begins with a star does not count as restricted, steps or no steps. */
function isAny(field: string): boolean {
  return field.startsWith('*') || field === '?'
}

function isDayOf(
  fields: Fields,
  { anyDate, anyWeekday }: { anyDate: boolean; anyWeekday: boolean },
  day: string,
): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  if (!fields.month.includes(month)) return false
  const last = fields.dayOfMonth.includes('L') && date === new Date(Date.UTC(year, month, 0)).getUTCDate()
  const onDate = last || fields.dayOfMonth.includes(date)
  const onWeekday = fields.dayOfWeek.includes(weekdayOf(day) % 7)
  return anyDate || anyWeekday ? onDate && onWeekday : onDate || onWeekday
}

const ranges: Readonly<Record<string, string>> = {
  minute: 'a minute from 0 to 59 in the first field',
  hour: 'an hour from 0 to 23 in the second field',
  dayOfMonth: 'a day from 1 to 31, or L for the last of the month, in the third field',
  month: 'a month from 1 to 12, or JAN to DEC, in the fourth field',
  dayOfWeek: 'a weekday from 0 (Sunday) to 6, or MON to SUN, in the fifth field',
}

function faultOf(field: string | undefined, written: readonly string[]): string {
  const [minute, hour, date, , weekday] = written
  // Fine in some month, and in none of those that are written.
  if (field === 'dayOfMonth' && cron.validate(`${minute} ${hour} ${date} * ${weekday}`)) {
    return `a day that its months have: none of them has a ${date}`
  }
  const range = ranges[field ?? '']
  return range === undefined ? fiveFields : `${range}; ranges as 1-5, lists as 1,15, steps as */10`
}
