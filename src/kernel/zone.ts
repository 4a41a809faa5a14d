/** Instants as people read them, in a zone by its IANA name: the brand's is `content.zone`. */

/** `2026-11-22` */
export function dayIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at)
}

/** The last day on which something holds that holds no longer from `until` on: at midnight, the day before. */
export function lastDayIn(zone: string, until: Date): string {
  return dayIn(zone, new Date(until.getTime() - 1))
}

/** `2026-11-22 13:04` */
export function minuteIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at)
}
