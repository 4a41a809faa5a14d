/** Which case words without a number are for. Pure. */
import type { Stored } from '../cases/index.ts'
import type { Hands } from './repo.ts'
import type { OnCase } from './schema.ts'

/** none: she has none that it could be. which: it could be several, and nothing may be guessed. */
export function targetOf(
  kind: OnCase['kind'],
  hers: readonly Stored[],
  adviser: string,
  { current, heard }: Pick<Hands, 'current' | 'heard'>,
): Stored | 'none' | 'which' {
  const offers = kind === 'accept' || kind === 'decline'
  const fitting = hers.filter((one) => (offers ? one.offeredTo === adviser : one.owner === adviser))
  const [only, ...others] = fitting
  if (!only) return 'none'
  if (others.length === 0) return only
  // She may be answering whom she has just read, while what she chose before was another.
  const chosen = fitting.find(({ id }) => id === current)
  return chosen && !offers && (heard === null || heard === current) ? chosen : 'which'
}
