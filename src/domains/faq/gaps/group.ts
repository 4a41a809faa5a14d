/**
 * Groups questions by the likeness that retrieval finds entries by, and by nothing else.
 *
 * The questions are an index of their own. In the order of how often they were asked, each that has no group yet is
 * searched for: it joins the group whose first question comes near enough, else it begins one and takes in what is near
 * and free. Then the groups are an index, each with all its wordings, as entries have them: one whose first question
 * comes near another group joins it. That is two searches for a question at most, and no chains that grow for ever.
 */
import { buildIndex } from '../retrieval/index.ts'
import { normalise, read } from '../retrieval/tokenise.ts'
import type { FaqEntry } from '../schema.ts'
import { masked } from './mask.ts'
import type { Missed } from './schema.ts'

/**
 * Likeness from which two questions are one. People look at the groups: one too wide costs less than two too many. All
 * wordings of the example brand together, which are written to differ, make groups of which 86 % belong together
 * (78 % at 0.35, 92 % at 0.45).
 */
const alike = 0.4
/** By single wordings, then by all wordings of a group. */
const rounds = 2
/** What is joined at once. */
const joinedAtMost = 60
/** Nobody asks in more characters; the rest is a story. */
const longest = 120
const longestLooked = 1_000

/** A wording, masked, with everybody who used it. */
export type Wording = { text: string; asked: number; people: ReadonlySet<string>; lastAsked: Date }

export type Grouping = {
  /** Takes off what is no part of a question. */
  plain?: (text: string) => string
  /** Questions of the brand: by them a word is usual or rare, also where few questions are grouped. */
  background?: readonly string[]
}

/** Groups of wordings, within a group the most usual first. */
export function groupAlike(
  missed: readonly Missed[],
  { plain = (text) => text, background = [] }: Grouping = {},
): Wording[][] {
  const beside = background.map((text) => entryOf([text]))
  let groups = wordingsOf(missed, plain).map((wording) => [wording])
  for (let round = 0; round < rounds; round++) groups = joinAlike(groups, beside)
  return groups.map((group) => group.toSorted(mostUsual))
}

/** Joins groups whose first wordings come near; what stands first stays first. */
function joinAlike(groups: readonly Wording[][], beside: readonly FaqEntry[]): Wording[][] {
  const entries = groups.map((group) => entryOf(group.map(({ text }) => text)))
  const index = buildIndex([...entries, ...beside])
  const numbers = new Map(entries.map((entry, i) => [entry, i]))
  // One function for all searches: the index asks it once of each entry.
  const allow = (entry: FaqEntry): boolean => numbers.has(entry)
  const joined = new Map<number, Wording[]>()
  const leaders = new Map<number, Wording[]>()
  for (const [i, group] of groups.entries()) {
    if (joined.has(i)) continue
    const found = index.search(read(normalise(group[0]!.text)), { limit: joinedAtMost, allow })
    const near = found.filter(({ score }) => score >= alike).map(({ entry }) => numbers.get(entry)!)
    const leader = near.find((number) => leaders.has(number))
    const into = leader === undefined ? [] : leaders.get(leader)!
    const free = leader === undefined ? near.filter((number) => number !== i && !joined.has(number)) : []
    if (leader === undefined) leaders.set(i, into)
    for (const number of [i, ...free.toSorted((a, b) => a - b)]) {
      into.push(...groups[number]!)
      joined.set(number, into)
    }
  }
  return [...leaders.values()]
}

function entryOf(questions: string[]): FaqEntry {
  return { id: '', questions, answer: '', tags: [], groups: [], draft: false }
}

/** The distinct wordings, the most usual first. What is nothing but signs is none. */
function wordingsOf(missed: readonly Missed[], plain: (text: string) => string): Wording[] {
  const byText = new Map<string, Wording & { people: Set<string> }>()
  for (const { question, askedAt, customerId } of missed) {
    const text = [...masked(plain(question.slice(0, longestLooked)))].slice(0, longest).join('').trim()
    const key = normalise(text)
    if (key === '') continue
    const known = byText.get(key) ?? { text, asked: 0, people: new Set<string>(), lastAsked: askedAt }
    known.asked += 1
    known.people.add(customerId)
    if (askedAt > known.lastAsked) known.lastAsked = askedAt
    byText.set(key, known)
  }
  return [...byText.values()].sort(mostUsual)
}

/** By code points: the order is the same on every machine. */
function mostUsual(a: Wording, b: Wording): number {
  return b.asked - a.asked || (a.text < b.text ? -1 : Number(a.text > b.text))
}
