/** Hours in which nobody is to be disturbed, such as 22:00 to 09:00 where she is. Pure. */
import { dayIn, instantIn, minuteIn } from './zone.ts'

/** Times of day; over midnight where `from` is the later. The same twice: no hour is quiet. */
export type QuietHours = { from: string; to: string }

const wholeDay = 24 * 60

/** Whether the clocks of a zone show a time from `from` on and before `to`. The zone is an IANA name. */
export function isQuiet(hours: QuietHours, zone: string, at: Date): boolean {
  return untilEnd(hours, shownIn(zone, at.getTime())) > 0
}

/**
 * `at` itself where nothing is quiet then, else the first instant after the quiet hours: where the clocks skip their end,
 * the end of the gap; where they show it twice, the first.
 */
export function afterQuiet(hours: QuietHours, zone: string, at: Date): Date {
  const left = untilEnd(hours, shownIn(zone, at.getTime()))
  if (left === 0) return at
  const minute = Math.floor(at.getTime() / 60_000) * 60_000
  const end = minute + left * 60_000
  if (aheadIn(zone, end) === aheadIn(zone, minute)) return new Date(end)
  // The clocks are changed on the way: they run evenly up to there, and from there on.
  const change = changeBetween(zone, minute, end)
  return new Date(change + untilEnd(hours, shownIn(zone, change)) * 60_000)
}

/** How many minutes are left of the quiet hours at a time of day; 0 outside of them. */
function untilEnd({ from, to }: QuietHours, minutes: number): number {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const [lasts, passed] = [end - begin, minutes - begin].map((span) => (span + wholeDay) % wholeDay) as [number, number]
  return passed < lasts ? lasts - passed : 0
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** What the clocks of a zone show, in minutes after midnight. */
function shownIn(zone: string, at: number): number {
  const day = dayIn(zone, new Date(at))
  const midnight = instantIn(zone, day, 0).getTime()
  // Cheap on days without a change of clocks, and there are few others.
  if (instantIn(zone, day, wholeDay).getTime() - midnight === wholeDay * 60_000)
    return Math.floor((at - midnight) / 60_000)
  return minutesOf(minuteIn(zone, new Date(at)).slice(11))
}

/** How far the clocks are ahead of an even one, in minutes of a day. */
function aheadIn(zone: string, at: number): number {
  return (((shownIn(zone, at) - Math.floor(at / 60_000)) % wholeDay) + wholeDay) % wholeDay
}

/** The first minute, after one instant and up to another, from which on the clocks are not ahead as before. */
function changeBetween(zone: string, before: number, after: number): number {
  const ahead = aheadIn(zone, before)
  let [same, changed] = [before / 60_000, after / 60_000]
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2)
    if (aheadIn(zone, middle * 60_000) === ahead) same = middle
    else changed = middle
  }
  return changed * 60_000
}
