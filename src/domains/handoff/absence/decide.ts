/** Who is not there any more for the cases that are hers. Pure. */
import { isOnDuty, type Seat } from '../roster/index.ts'

/** A case that somebody has, or is asked to take. */
export type Held = {
  caseId: string
  owner: string | null
  offeredTo: string | null
  /** The customer waits for an answer. */
  waits: boolean
  /** When its owner last did something in it; null: she does not have it, or nobody knows. */
  lastThereAt: Date | null
}

/**
 * here: on duty, or at work beyond her shifts by her own will. off: her shift has ended since she was last there. left:
 * the roster does not have her any more.
 */
export function presenceOf(
  seat: Pick<Seat, 'adviser'> | undefined,
  lastThereAt: Date | null,
  zone: string,
  now: Date,
): 'here' | 'off' | 'left' {
  if (!seat) return 'left'
  if (isOnDuty(seat.adviser, zone, now)) return 'here'
  return lastThereAt === null || isOnDuty(seat.adviser, zone, lastThereAt) ? 'off' : 'here'
}

/**
 * Whether a case has to go to somebody else at once. What is offered goes on from whoever is not on duty or has signed
 * off; what is hers stays hers over the night while its customer waits for nothing, and while she has only signed off.
 */
export function isForsaken(held: Held, seats: readonly Seat[], zone: string, now: Date): boolean {
  const { owner, offeredTo, waits, lastThereAt } = held
  const seat = seats.find(({ adviser }) => adviser.id === (owner ?? offeredTo))
  if (owner === null) return !seat || seat.away || !isOnDuty(seat.adviser, zone, now)
  const presence = presenceOf(seat, lastThereAt, zone, now)
  return presence === 'left' || (presence === 'off' && waits)
}
