/** The clocks of a zone on one day. Pure. */
import { instantIn } from '../../../kernel/zone.ts'

/** Beyond the day, so that a gap is seen to its end: it may begin late in the evening. */
const horizon = 27 * 60

/**
 * When the clocks of a zone show a time of a day: from minutes after its midnight to ms since 1970. A time that they skip
 * is taken for the end of the gap, one that they show twice for the first.
 */
export function dayClock(zone: string, day: string): (minutes: number) => number {
  const at = (minutes: number): number => instantIn(zone, day, minutes).getTime()
  const midnight = at(0)
  const runsOn = (minutes: number): boolean => at(minutes) === midnight + minutes * 60_000
  if (runsOn(horizon)) return (minutes) => midnight + minutes * 60_000
  // The first minute that does not follow from midnight: the end of a gap, or the first after what is shown twice.
  let [even, changed] = [0, horizon]
  while (changed - even > 1) {
    const middle = (even + changed) >> 1
    if (runsOn(middle)) even = middle
    else changed = middle
  }
  const change = at(changed)
  return (minutes) => (minutes < changed ? Math.min(midnight + minutes * 60_000, change) : at(minutes))
}
