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
