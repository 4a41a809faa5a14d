/** How sure retrieval is: from likeness to a chance, and from chances to answer, choice or owning up. */
import type { FaqEntry, FaqSettings } from '../schema.ts'
import type { Found } from './index.ts'

/** `topic`: found by what only names what the entry is about: a tag of several entries, or a single word. */
export type Match = Found & { topic: Topic | undefined }
export type Topic = 'tag' | 'word'

/** `score`: the chance (0..1) that this entry answers what was asked. `likeness`: how alike the wording is, as found. */
export type Candidate = Match & { likeness: number }

export type Decision =
  /** More than one where several questions were asked, in their order. */
  | { kind: 'answer'; entries: FaqEntry[] }
  /** «Did you mean»: best first, at least one. */
  | { kind: 'suggest'; found: Found[] }
  /** Nothing to go by. A greeting is returned, anything else owned up to. */
  | { kind: 'none'; reply: 'faq.unknown' | 'faq.greeting' }

/**
 * The logarithm of the odds that the first entry is right, a sum over the logarithms of its likeness, of its share among
 * all that were found (likeness to the power of `contrast`) and of the number of characters asked, up to `enough`: a word
 * or two may mean anything.
 *
 * Fitted by logistic regression, and rounded, on the example brand (each wording asked without itself; and for what has no
 * answer, each second wording without its whole entry) and the shop of the tests with its strangers, weighed so that a
 * third of what is asked has no answer. `npm run retrieval` prints how often what is predicted comes true, also for a
 * brand that had no part in this; docs/operations.md has the table.
 */
const odds = { start: -1.4, likeness: 1.4, share: 2, length: 2.2, enough: 6, contrast: 5 }

/**
 * Chances for what was found, best first; they add up to 1 at most. The same text is certain, whatever else is like it.
 * `length`: characters asked, of which a word in Latin letters or a number is one.
 */
export function chancesOf(found: readonly Match[], length: number): Candidate[] {
  const [first] = found
  if (!first) return []
  const values = found.map(({ score }) => (score / first.score) ** odds.contrast)
  const all = sum(values)
  const chance = first.score === 1 ? 1 : chanceOf(first.score, 1 / all, length)
  const left = all > 1 ? Math.min(chance, (1 - chance) / (all - 1)) : 0
  return found.map((match, i) => {
    const certain = match.score === 1
    return { ...match, likeness: match.score, score: certain ? 1 : i === 0 ? chance : values[i]! * left }
  })
}

function chanceOf(likeness: number, share: number, length: number): number {
  const logOdds =
    odds.start +
    odds.likeness * Math.log(likeness) +
    odds.share * Math.log(share) +
    odds.length * Math.log(Math.min(odds.enough, Math.max(1, length)))
  return 1 / (1 + Math.exp(-logOdds))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** An offer much less likely than the first is only noise beside it. */
const closeEnough = 0.25
/** A topic asks nothing, so no entry can be right: what is as like it as this is offered. Tags were written for that. */
const namedAt: Record<Topic, number> = { tag: 0.3, word: 0.4 }

/**
 * `found`: best first, each entry once. Of two that come equally near neither is sent, since each has half the chance,
 * nor is any for a mere topic. The same text is an answer however near another comes.
 */
export function decideBy(found: readonly Candidate[], settings: FaqSettings): Decision {
  const [top, next] = found
  const none: Decision = { kind: 'none', reply: 'faq.unknown' }
  if (!top) return none
  // What is written for this group comes before what is written for everybody.
  const special = top.entry.groups.length > 0 && next?.entry.groups.length === 0
  const clear = top.score < 1 || next?.score !== 1 || special
  if (top.score >= settings.confident && !top.topic && clear) return { kind: 'answer', entries: [top.entry] }
  const named = top.topic && namedAt[top.topic]
  const isOffered = named
    ? ({ likeness }: Candidate) => likeness >= named
    : ({ score }: Candidate) => top.score >= settings.unsure && score >= top.score * closeEnough
  const offered = found.filter(isOffered)
  return offered.length === 0 ? none : { kind: 'suggest', found: offered.slice(0, settings.suggestions) }
}
