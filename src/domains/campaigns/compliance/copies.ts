/** The gate for whoever keeps texts by their offsets within one larger text. */
import type { Gate } from './decide.ts'
import type { Complaint, Context } from './pieces.ts'

/** `offset`: where the text begins in what its place leads to. */
export type Copy = { text: string; offset: number }

export type Setting = Pick<Context, 'purpose'> & { direct: boolean; group: boolean }

/**
 * Everything that is wrong with what one reader gets at once; `index` has the offset added. `complete`: whether sender and
 * opt-out must stand in it, as in the first message of a journey and in every drop.
 */
export function reviewCopies(
  gate: Gate,
  copies: readonly Copy[],
  { purpose, direct, group, complete }: Setting & { complete: boolean },
): Omit<Complaint, 'at'>[] {
  const to = direct && group ? 'both' : group ? 'group' : 'direct'
  const pieces = copies.map(({ text, offset }) => ({ text, at: offset, kind: 'text' as const }))
  return gate(pieces, { purpose, to, complete }).map(({ at, index, ...rest }) => ({ ...rest, index: at + index }))
}
