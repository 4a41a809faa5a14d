/** Who sees what: the one place that decides it. */
import type { Viewer } from './house.ts'

export type Sighted = {
  state: 'waiting' | 'offered' | 'owned' | 'closed'
  owner: string | null
  offeredTo: string | null
  /** Advisers to whom it was ever offered or given, or who took it. */
  given: readonly string[]
}

/**
 * whole: everything, also when it is long over. redacted: that a case waits, and what she needs to take it. none: as if it
 * were not there.
 */
export type Sight = 'whole' | 'redacted' | 'none'

export function sightOf({ id, role }: Pick<Viewer, 'id' | 'role'>, one: Sighted): Sight {
  if (role === 'manager' || one.owner === id || one.offeredTo === id || one.given.includes(id)) return 'whole'
  return one.state === 'waiting' ? 'redacted' : 'none'
}
