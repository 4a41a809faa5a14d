/** Instants as people read them, in a zone by its IANA name: the brand's is `content.zone`. */

const calendars = new Map<string, Intl.DateTimeFormat>()
/** The day as it was told last: it is asked for several times with every message, and a calendar takes its time. */
let lately = { zone: '', minute: NaN, day: '' }

/** `2026-11-22` */
export function dayIn(zone: string, at: Date): string {
  const minute = Math.floor(at.getTime() / 60_000)
  if (lately.minute === minute && lately.zone === zone) return lately.day
  const calendar = calendars.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  calendars.set(zone, calendar)
  lately = { zone, minute, day: calendar.format(at) }
  return lately.day
}

/** The last day on which something holds that holds no longer from `until` on: at midnight, the day before. */
export function lastDayIn(zone: string, until: Date): string {
  return dayIn(zone, new Date(until.getTime() - 1))
}

/** `2026-11-22 13:04` */
export function minuteIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** How far a zone is ahead of UTC at an instant, in ms: 28,800,000 for Asia/Shanghai. */
function offsetIn(zone: string, at: number): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
  clocks.set(zone, clock)
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

/** The beginnings and ends of the same few shifts are asked for again and again, and a calendar takes its time. */
const instants = new Map<string, Date>()
const instantsKept = 5_000

/**
 * The instant at which clocks of a zone show so many minutes after midnight of a day (`2026-11-22`); 1,440 and more are
 * of the days after. Where they skip that time it is the instant of the skip's end or later, where they show it twice the first.
 */
export function instantIn(zone: string, day: string, minutes: number): Date {
  const asked = `${zone} ${day} ${minutes}`
  const known = instants.get(asked)
  if (known) return new Date(known)
  const instant = reckonInstant(zone, day, minutes)
  if (instants.size >= instantsKept) instants.clear()
  instants.set(asked, instant)
  return new Date(instant)
}

function reckonInstant(zone: string, day: string, minutes: number): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
  const before = shown - offsetIn(zone, shown - 86_400_000)
  const after = shown - offsetIn(zone, shown + 86_400_000)
  // Of the two only one is true, but for an hour that is shown twice (both) or never (none).
  const first = Math.min(before, after)
  if (first + offsetIn(zone, first) === shown) return new Date(first)
  return new Date(Math.max(before, after))
}

/** The day after so many: («2026-12-31», 1) → «2027-01-01». */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Monday is 1, Sunday 7. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}
