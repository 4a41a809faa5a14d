/** Holds what came of a turn against what was expected of it. Pure. */
import type { evals } from '../../domains/faq/index.ts'

type Expectation = evals.Expectation

/** What came of one turn. */
export type Happened = {
  /** In the order in which it was said; pictures and files by their names in brackets. */
  said: { direct: boolean; text: string }[]
  /** The last exchange that ended, in the words of an expectation; `other` where something else spoke. */
  decision: string
  /** Said or cited. */
  entries: string[]
  /** Only offered, to be chosen from. */
  offered: string[]
  mood: string | null
  /** Whether what a model said was read: without it there is no mood, and no voice. */
  heardModel: boolean
  /** Reasons of cases for a human. */
  cases: string[]
}

/** A line for each expectation that was not met, in words for our own people. */
export function judge(expect: Expectation, happened: Happened): string[] {
  if (expect.orOffered && happened.decision === 'offered') return judgeOffer(expect, happened)
  return [
    ...judgeDecision(expect, happened),
    ...judgeEntries(expect, happened),
    ...judgeWords(expect, happened),
    ...judgeMood(expect, happened),
    ...judgeHandoff(expect, happened),
  ]
}

/** She can still choose what she meant. */
function judgeOffer(expect: Expectation, { offered }: Happened): string[] {
  const missing = wantedEntries(expect).filter((id) => !offered.includes(id))
  return missing.map((id) => `entry ${id} was not among those offered: ${offered.join(', ') || 'none'}`)
}

function judgeDecision({ decision }: Expectation, happened: Happened): string[] {
  if (decision === undefined) return []
  const wanted = listOf(decision)
  if (wanted.some((one) => one === happened.decision)) return []
  // Where no model has spoken, the approved words are what it would have stood on.
  if (wanted.includes('voiced') && happened.decision === 'verbatim' && !happened.heardModel) return []
  return [`decision ${wanted.join(' or ')} was expected, it was ${happened.decision}`]
}

function wantedEntries({ entry, entries = [] }: Expectation): string[] {
  return entry === undefined ? entries : [entry, ...entries]
}

function judgeEntries(expect: Expectation, { entries, offered }: Happened): string[] {
  const had =
    entries.length > 0 ? entries.join(', ') : offered.length > 0 ? `only offered ${offered.join(', ')}` : 'none'
  return [
    ...wantedEntries(expect)
      .filter((id) => !entries.includes(id))
      .map((id) => `entry ${id} was expected, it was ${had}`),
    ...(expect.notEntries ?? [])
      .filter((id) => entries.includes(id) || offered.includes(id))
      .map((id) => `entry ${id} must not be said`),
  ]
}

function judgeWords(expect: Expectation, { said }: Happened): string[] {
  const all = folded(said.map(({ text }) => text).join('\n'))
  const inGroup = folded(said.flatMap(({ direct, text }) => (direct ? [] : [text])).join('\n'))
  return [
    ...(expect.mustSay ?? [])
      .filter((words) => !listOf(words).some((one) => all.includes(folded(one))))
      .map((words) => `«${listOf(words).join('» or «')}» was not said`),
    ...(expect.mustNotSay ?? [])
      .filter((words) => all.includes(folded(words)))
      .map((words) => `«${words}» must not be said`),
    ...(expect.groupMustNotSay ?? [])
      .filter((words) => inGroup.includes(folded(words)))
      .map((words) => `«${words}» must not be said in the group`),
  ]
}

function judgeMood({ mood }: Expectation, happened: Happened): string[] {
  if (mood === undefined || happened.mood === null || listOf(mood).some((one) => one === happened.mood)) return []
  return [`mood ${listOf(mood).join(' or ')} was expected, it was ${happened.mood}`]
}

function judgeHandoff({ handoff }: Expectation, { cases }: Happened): string[] {
  if (handoff === undefined) return []
  if (handoff === false) return cases.map((reason) => `no case was expected, there is one: ${reason}`)
  if (handoff === true) return cases.length > 0 ? [] : ['a case for a human was expected']
  return cases.includes(handoff)
    ? []
    : [`a case of reason ${handoff} was expected, there is ${cases.join(', ') || 'none'}`]
}

/** Width, case and spaces are no difference: «12 元» is «12元». */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
}

function listOf<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? (one as readonly T[]) : [one as T]
}
