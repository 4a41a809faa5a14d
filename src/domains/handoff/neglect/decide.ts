/** Why cases wait for an adviser. Pure. */
import { isFree, isOnDuty, type Seat } from '../roster/index.ts'

/**
 * nobody: the roster is empty. unbound: none of it has a WeChat that a card could reach. full: all who are there have
 * their hands full. off-duty: nobody is there, though it is the time of service. passed: whoever is there took none.
 */
export type Why = 'nobody' | 'unbound' | 'full' | 'off-duty' | 'passed'

/** The most telling reason, for a case that waits now. */
export function whyWaiting(seats: readonly Seat[], zone: string, now: Date): Why {
  if (seats.length === 0) return 'nobody'
  const reachable = seats.filter((seat) => seat.reachable)
  if (reachable.length === 0) return 'unbound'
  const there = reachable.filter(({ adviser, away }) => !away && isOnDuty(adviser, zone, now))
  if (there.length === 0) return 'off-duty'
  return there.some((seat) => isFree(seat, zone, now)) ? 'passed' : 'full'
}

/** What is wrong whatever the hour, and does not come right by waiting. */
export function isAtOnce(why: Why): boolean {
  return why === 'nobody' || why === 'unbound' || why === 'full'
}
