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
 * The logarithm of the odds that the first entry is right (`first`), or that one of those that may be offered is
 * (`offered`): a sum over the logarithms of the likeness of the first, of the share that it has, or they have, among all
 * that were found, and of the number of characters asked up to `enough`, since a word or two may mean anything. The share
 * is by likeness to the power of `contrast`.
 *
 * Fitted by logistic regression and rounded; then moved a little towards likeness, so that short questions of the brand
 * are answered and no stranger of the shop is. Fitted on the example brand (each wording asked without itself; and for what
 * has no answer, each second wording without its whole entry) and the shop of the tests with its strangers, weighed so that
 * a third of what is asked has no answer. `npm run retrieval` fits again, and prints how often what is predicted comes
 * true, also for a set that had no part in this; docs/operations.md has the table.
 */
export const odds = {
  first: { start: 2.8, likeness: 2.2, share: 1.8, length: 5 },
  offered: { start: 3, likeness: 2.2, share: 1.5, length: 5 },
  enough: 4,
  contrast: 6,
  /** Of near twins each has at most its share by likeness to this power, however like both are: half, when they are equal. */
  twins: 12,
}

/** The values of which odds are made: of the first entry and, by its share, of some among which it is. */
export function featuresOf(likeness: number, share: number, length: number): [number, number, number] {
  return [Math.log(likeness), Math.log(share), Math.log(Math.min(1, Math.max(1, length) / odds.enough))]
}

function chanceBy(weights: typeof odds.first, likeness: number, share: number, length: number): number {
  const [ofLikeness, ofShare, ofLength] = featuresOf(likeness, share, length)
  const sum = weights.likeness * ofLikeness + weights.share * ofShare + weights.length * ofLength
  return 1 / (1 + Math.exp(-weights.start - sum))
}

/** What each weighs among what was found, the first 1. */
function weightsOf(likenesses: readonly number[], power = odds.contrast): number[] {
  const [first = 1] = likenesses
  return likenesses.map((likeness) => (likeness / first) ** power)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/**
 * Chances for what was found, best first; they add up to 1 at most. The same text is certain, whatever else is like it.
 * `length`: characters asked, of which a word in Latin letters or a number is one.
 */
export function chancesOf(found: readonly Match[], length: number): Candidate[] {
  const [first] = found
  if (!first) return []
  const likenesses = found.map(({ score }) => score)
  const weights = weightsOf(likenesses)
  const all = sum(weights)
  const atMost = 1 / sum(weightsOf(likenesses, odds.twins))
  const chance = first.score === 1 ? 1 : Math.min(atMost, chanceBy(odds.first, first.score, 1 / all, length))
  const left = all > 1 ? Math.min(chance, (1 - chance) / (all - 1)) : 0
  return found.map((match, i) => {
    const score = match.score === 1 ? 1 : i === 0 ? chance : weights[i]! * left
    return { ...match, likeness: match.score, score }
  })
}

/** How many of the first are not mere noise beside the best, and the chance that one of them is right. */
export function offerOf(found: readonly Candidate[], length: number, most: number): { count: number; chance: number } {
  const weights = weightsOf(found.map(({ likeness }) => likeness))
  const count = weights.filter((weight, i) => i < most && weight >= closeEnough).length
  const share = sum(weights.slice(0, count)) / sum(weights)
  return { count, chance: count === 0 ? 0 : chanceBy(odds.offered, found[0]!.likeness, share, length) }
}

/** An offer much less likely than the first is only noise beside it. */
const closeEnough = 0.2
/** A topic asks nothing, so no entry can be right: what is as like it as this is offered. Tags were written for that. */
const namedAt: Record<Topic, number> = { tag: 0.3, word: 0.4 }

/**
 * `found`: best first, each entry once. Of two that come equally near neither is sent, since each has half the chance,
 * nor is any for a mere topic. The same text is an answer however near another comes.
 */
export function decideBy(found: readonly Candidate[], length: number, settings: FaqSettings): Decision {
  const [top, next] = found
  const none: Decision = { kind: 'none', reply: 'faq.unknown' }
  if (!top) return none
  // What is written for this group comes before what is written for everybody.
  const special = top.entry.groups.length > 0 && next?.entry.groups.length === 0
  const clear = top.score < 1 || next?.score !== 1 || special
  if (top.score >= settings.confident && !top.topic && clear) return { kind: 'answer', entries: [top.entry] }
  if (top.topic) {
    const named = namedAt[top.topic]
    const offered = found.filter(({ likeness }) => likeness >= named)
    return offered.length === 0 ? none : { kind: 'suggest', found: offered.slice(0, settings.suggestions) }
  }
  const { count, chance } = offerOf(found, length, settings.suggestions)
  return chance < settings.unsure ? none : { kind: 'suggest', found: found.slice(0, count) }
}
