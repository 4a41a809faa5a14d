/** Dates as files write them, and the instants that they mean in the brand's zone. */

/** Reads a date in one way of writing it; undefined when the text is not written so, or is no day of the calendar. */
export type DateReader = (text: string) => Local | undefined
/** A wall-clock time without a zone. */
export type Local = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const tokens = {
  yyyy: ['year', '\\d{4}'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  dd: ['day', '\\d{2}'],
  d: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  m: ['minute', '\\d{1,2}'],
  ss: ['second', '\\d{2}'],
  s: ['second', '\\d{1,2}'],
} as const
type Token = keyof typeof tokens

/**
 * The reader of a format such as `yyyy-MM-dd HH:mm:ss`, where a single letter takes one digit or two; `excel` reads the
 * days that spreadsheets count. Undefined when the format lacks the year, the month or the day, or says one twice.
 */
export function readFormat(format: string): DateReader | undefined {
  if (format === 'excel') return fromSerial
  const fields: string[] = []
  const pattern = format.replaceAll(/yyyy|MM?|dd?|HH?|mm?|ss?|[^\w\s]|\s+|\w/g, (part) => {
    const token = (tokens as Partial<Record<string, (typeof tokens)[Token]>>)[part]
    if (!token) return /^\s+$/.test(part) ? '\\s+' : part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    fields.push(token[0])
    return `(${token[1]})`
  })
  if (new Set(fields).size < fields.length || !['year', 'month', 'day'].every((field) => fields.includes(field))) {
    return undefined
  }
  const whole = new RegExp(`^${pattern}$`)
  return (text) => {
    const found = whole.exec(text)
    if (!found) return undefined
    const local: Local = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
    fields.forEach((field, i) => (local[field as keyof Local] = Number(found[i + 1])))
    return isReal(local) ? local : undefined
  }
}

function isReal({ year, month, day, hour, minute, second }: Local): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
}

/** Days since 1899-12-30, with the time as their fraction: 46000.5 is noon. */
function fromSerial(text: string): Local | undefined {
  if (!/^\d{5}(\.\d+)?$/.test(text)) return undefined
  const date = new Date(Date.UTC(1899, 11, 30) + Math.round(Number(text) * 86_400) * 1_000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

/** The instant of a wall-clock time in a zone; of the two of an hour that comes twice, the first. */
export function zoned(zone: string): (local: Local) => Date {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  /** How far the zone's clocks are ahead of UTC at an instant, in ms. */
  const ahead = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const [hour, minute, second] = [part('hour'), part('minute'), part('second')]
    return Date.UTC(part('year'), part('month') - 1, part('day'), hour, minute, second) - instant
  }
  const offsetAt = (asUtc: number): number => {
    const near = [ahead(asUtc - dayMs), ahead(asUtc + dayMs)]
    const right = near.filter((offset) => ahead(asUtc - offset) === offset)
    // An hour that the clocks skip is read by the clock before it.
    return Math.max(...(right.length > 0 ? right : near.slice(0, 1)))
  }
  // Asking Intl costs more than reading the whole row, so it is asked once for a day around which no clock changes.
  const steady = new Map<number, number | null>()
  const steadyOf = (asUtc: number): number | null => {
    const day = Math.floor(asUtc / dayMs)
    let offset = steady.get(day)
    if (offset === undefined) {
      const [before, after] = [ahead((day - 1) * dayMs), ahead((day + 2) * dayMs)]
      offset = before === after ? before : null
      steady.set(day, offset)
    }
    return offset
  }
  return ({ year, month, day, hour, minute, second }) => {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute, second)
    return new Date(asUtc - (steadyOf(asUtc) ?? offsetAt(asUtc)))
  }
}

const dayMs = 86_400_000
