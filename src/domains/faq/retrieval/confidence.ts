/** How sure retrieval is: answer, offer a choice, or own up. */
import type { FaqEntry, FaqSettings } from '../schema.ts'
import type { Found } from './index.ts'

/** `topic`: found by a word that only names what the entry is about. */
export type Candidate = Found & { topic: boolean }

export type Decision =
  /** More than one where several questions were asked, in their order. */
  | { kind: 'answer'; entries: FaqEntry[] }
  /** «Did you mean»: best first, at least one. */
  | { kind: 'suggest'; found: Found[] }
  /** Nothing to go by. A greeting is returned, anything else owned up to. */
  | { kind: 'none'; reply: 'faq.unknown' | 'faq.greeting' }

/** An offer much less likely than the first is only noise beside it, unless the first is a mere topic. */
const closeEnough = 0.75

/**
 * `found`: best first, each entry once. An answer must be alike enough and stand clear of the next entry; of two that
 * come equally near neither is sent, nor is any for a mere topic. The same text is an answer however near another comes.
 */
export function decideBy(found: readonly Candidate[], settings: FaqSettings): Decision {
  const [top, next] = found
  if (!top || top.score < settings.unsure) return { kind: 'none', reply: 'faq.unknown' }
  const clear = top.score - (next?.score ?? 0) >= settings.margin || (top.score === 1 && next?.score !== 1)
  // What is written for this group comes before what is written for everybody.
  const special = top.score === 1 && top.entry.groups.length > 0 && next?.entry.groups.length === 0
  if (top.score >= settings.confident && !top.topic && (clear || special))
    return { kind: 'answer', entries: [top.entry] }
  const least = top.topic ? settings.unsure : Math.max(settings.unsure, top.score * closeEnough)
  const offered = found.filter(({ score }) => score >= least)
  return { kind: 'suggest', found: offered.slice(0, settings.suggestions) }
}
