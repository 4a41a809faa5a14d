/** What entries are about: the names by which customers call things, and where they stand in a text. */
import type { Content } from '../../../kernel/content.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { mayNamePlace, placeAt } from '../../members/index.ts'
import { wordsKind } from '../retrieval/schema.ts'
import { normalise } from '../retrieval/tokenise.ts'
import { entriesOf, type FaqEntry } from '../schema.ts'
import { amounts } from './vocabulary.ts'

/** A name that content knows: the entries that carry it, and the topics that these share with others. */
type Name = { entries: ReadonlySet<string>; kinds: ReadonlySet<string> }

export type Topics = {
  entries: ReadonlyMap<string, FaqEntry>
  /** Every question of every entry, normalised: whoever asks it word for word leans on nothing. */
  questions: ReadonlySet<string>
  /** How each answer begins, normalised, and whose it is: what customers quote begins so. */
  beginnings: readonly (readonly [beginning: string, entry: string])[]
  names: ReadonlyMap<string, Name>
  /** Characters of the longest name. */
  longest: number
}

/** A name in a text, from its first offset to the one behind it. Names side by side are one: «brand, kind, thing». */
export type Named = { from: number; to: number; word: string; names: string[] }

/** A tag that more entries carry than this names a shelf, not a thing on it. */
const broad = 5

const known = new WeakMap<Content, Topics>()

export function topicsOf(content: Content): Topics {
  const before = known.get(content)
  if (before) return before
  const now = buildTopics(content)
  known.set(content, now)
  return now
}

function buildTopics(content: Content): Topics {
  const entries = entriesOf(content)
  const carriers = new Map<string, Set<string>>()
  const carry = (word: string, ids: Iterable<string>): void => {
    const all = carriers.get(word) ?? new Set()
    for (const id of ids) all.add(id)
    carriers.set(word, all)
  }
  for (const { id, tags } of entries) for (const tag of tags) carry(plainSpelling(tag), [id])
  const { dictionary, synonyms } = content.one(wordsKind)
  for (const group of synonyms.map((words) => words.map(plainSpelling))) {
    const ids = group.flatMap((word) => [...(carriers.get(word) ?? [])])
    if (ids.length > 0) for (const word of group) carry(word, ids)
  }
  for (const word of dictionary.map(plainSpelling)) if (!carriers.has(word)) carry(word, [])
  const tagsOf = new Map(entries.map(({ id, tags }) => [id, tags.map(plainSpelling)]))
  const names = [...carriers].flatMap(([word, ids]): [string, Name][] => {
    if (isAmount(word)) return []
    const kinds = [...ids].flatMap((id) => tagsOf.get(id) ?? []).filter((tag) => (carriers.get(tag)?.size ?? 0) > 1)
    return [[word, { entries: ids, kinds: new Set(kinds) }]]
  })
  return {
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    questions: new Set(entries.flatMap(({ questions }) => questions.map(normalise))),
    beginnings: entries.map(({ id, answer }) => [beginningOf(answer), id]),
    names: new Map(names),
    longest: Math.max(0, ...names.map(([word]) => word.length)),
  }
}

/** Characters of a quoted message that tell whose answer it is. */
const longestBeginning = 40

/** A text by how it begins, normalised. */
export function beginningOf(text: string): string {
  return normalise(text.slice(0, 2 * longestBeginning)).slice(0, longestBeginning)
}

/** The names in a text, leftmost, then longest. One of a single character is none unless it is the whole text. */
export function namesIn(text: string, { names, longest }: Topics): Named[] {
  const found: Named[] = []
  for (let at = 0; at < text.length; ) {
    const word = nameAt(text, at)
    if (word === undefined) {
      at++
      continue
    }
    const last = found.at(-1)
    const alike = last?.to === at && last.names.some((name) => shareKind(names.get(name), names.get(word)))
    if (alike) Object.assign(last, { to: at + word.length, word: last.word + word, names: [...last.names, word] })
    else found.push({ from: at, to: at + word.length, word, names: [word] })
    at += word.length
  }
  return found

  function nameAt(within: string, at: number): string | undefined {
    for (let length = Math.min(longest, within.length - at); length > 1 || length === within.length; length--) {
      if (length === 0) return undefined
      const word = within.slice(at, at + length)
      if (names.has(word)) return word
    }
    return undefined
  }
}

function shareKind(a: Name | undefined, b: Name | undefined): boolean {
  return a !== undefined && b !== undefined && [...a.kinds].some((kind) => b.kinds.has(kind))
}

/** Whether two names are of the same kind: two products, two cities of one's own trade. */
export function areAlike(a: Named, b: Named, { names }: Topics): boolean {
  return a.names.some((one) => b.names.some((other) => shareKind(names.get(one), names.get(other))))
}

/** What a question was about that one of these entries answered; undefined when nothing tells. */
export function topicOf(question: string, ids: readonly string[], topics: Topics): string | undefined {
  const named = namesIn(question, topics)
  const carried = named.filter(({ names }) =>
    names.some((name) => ids.some((id) => topics.names.get(name)?.entries.has(id))),
  )
  const among = carried.length > 0 ? carried : named
  const telling = among.find(({ names }) => names.some((name) => !isBroad(name, topics)))
  return (telling ?? among[0])?.word ?? tagOf(ids[0], topics)
}

function isBroad(name: string, { names }: Topics): boolean {
  return (names.get(name)?.entries.size ?? 0) > broad
}

/** The tag of an entry that stands in most of its questions; of two the rarer. */
function tagOf(id: string | undefined, topics: Topics): string | undefined {
  const entry = topics.entries.get(id ?? '')
  if (!entry) return undefined
  const questions = entry.questions.map(plainSpelling)
  const counted = entry.tags.map(plainSpelling).flatMap((tag) => {
    const name = topics.names.get(tag)
    const count = questions.filter((question) => question.includes(tag)).length
    return name && tag.length > 1 && count > 0 ? [{ tag, count, carriers: name.entries.size }] : []
  })
  return counted.sort((a, b) => b.count - a.count || a.carriers - b.carriers)[0]?.tag
}

/** The first thing that a text names; undefined when it names none. */
export function firstNamed(text: string, topics: Topics): string | undefined {
  const named = namesIn(text, topics)
  return (named.find(({ names }) => names.some((name) => !isBroad(name, topics))) ?? named[0])?.word
}

/** The first place in a text in plain spelling. */
export function placeIn(text: string): { from: number; to: number } | undefined {
  if (!mayNamePlace(text)) return undefined
  for (let at = 0; at < text.length; at++) {
    const found = placeAt(text, at)
    // A name at the end of the text may be found by a length that reaches beyond it.
    if (found) return { from: at, to: Math.min(found.end, text.length) }
  }
  return undefined
}

function isAmount(word: string): boolean {
  return amounts.some((amount) => amount.exec(word)?.[0] === word)
}
