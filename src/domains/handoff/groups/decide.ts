/** When the bot keeps quiet for one customer in a group, while it answers the others. Pure. */
import type { Aside } from './schema.ts'

/** `everywhere`: in every group. Else in that one thread. Undefined: nowhere. */
export type Quiet = { everywhere: true } | { threadId: string } | undefined

/**
 * While a human has her case, in every group: two never both answer. While it waits for one, where it arose, and not for
 * longer than `atMostMs`: where nobody ever takes it, she would be left to herself. `known`: whether she knows of it at all.
 */
export function quietOf({ state, threadId, openedAt }: Aside, known: boolean, atMostMs: number, now: Date): Quiet {
  if (state === 'owned') return { everywhere: true }
  if (state === 'closed' || !known || now.getTime() - openedAt.getTime() >= atMostMs) return undefined
  return { threadId }
}

export function isQuietIn(quiet: Quiet, threadId: string): boolean {
  return quiet !== undefined && ('everywhere' in quiet || quiet.threadId === threadId)
}
