/** When drafts are made, and for which words. Pure. */
import type { Drafts, Said } from './schema.ts'

/** So many of her last lines are one question. */
const linesAtMost = 6

/**
 * What she last said without a word of ours between, by lines, and the message that ended it; what the bot answered to
 * it meanwhile does not count. Undefined where she has said nothing.
 */
export function questionIn(said: readonly Said[]): { text: string; last: string } | undefined {
  const end = said.findLastIndex(({ who }) => who === 'customer')
  if (end === -1) return undefined
  const begin = said.findLastIndex(({ who }, at) => at < end && who !== 'customer') + 1
  const lines = said.slice(Math.max(begin, end + 1 - linesAtMost), end + 1)
  return { text: lines.map(({ text }) => text).join('\n'), last: said[end]!.id }
}

/** Whether they answer what she said last, so that they may be shown and sent. */
export function areCurrent(drafts: Pick<Drafts, 'state' | 'madeFor'> | undefined, last: string | undefined): boolean {
  return drafts?.state === 'ready' && drafts.madeFor === last
}

/** Somebody makes some at this moment: there is never more than one who does for a case. */
export function areUnderWay(drafts: Pick<Drafts, 'state' | 'deadlineAt'> | undefined, now: Date): boolean {
  return drafts?.state === 'asked' && drafts.deadlineAt > now
}
