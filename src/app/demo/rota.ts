/** The demo is looked at in the evening too, and the hours of the example stay those of a shop. */
import type { Registry } from '../../content/index.ts'
import { Adviser, advisersKind } from '../../domains/handoff/index.ts'

const atAnyHour = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1_440 }

/** Content as in life, but that a manager is always on duty: at any hour somebody takes a case. */
export function withNightWatch(registry: Registry): Registry {
  const schema = Adviser.transform((one) =>
    one.role === 'manager' ? { ...one, shifts: [atAnyHour], daysOff: [] } : one,
  )
  const watched = { ...advisersKind, schema }
  return {
    ...registry,
    kinds: registry.kinds.map((kind) => (kind.name === advisersKind.name ? watched : kind)),
  }
}
