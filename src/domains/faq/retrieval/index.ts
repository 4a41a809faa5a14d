/**
 * Finds the entries whose questions come nearest to what a customer wrote. In memory, lexical, no model.
 *
 * Two texts are compared by how much of their weight they share (Dice over characters, pairs and words, each weighed
 * by its rarity among the questions) and by how much of it stands in the same order. Both are symmetric and lie in
 * 0..1, so a score means the same for every question, and 1 is the same text. The rest of the entry helps: what its
 * other questions, tags and answer say counts a little, and what a weighty word weighs that nothing in it says is taken off.
 *
 * This file builds the inverted index; search.ts adds up with it the shared weight of all questions at once, and looks
 * only at the best few dozen then.
 */
import type { FaqEntry } from '../schema.ts'
import { rarityOf, type Sayings, worth } from './likeness.ts'
import { type Found, type Posting, type Question, type Search, searcher } from './search.ts'
import { normalise, pairsOf, piecesOf, read, type Reading } from './tokenise.ts'

export type { Found, Search }

export type LexicalIndex = {
  /**
   * Normalised tags that several entries carry: each names what all of them are about and tells none from the other.
   * The dictionary knows few of a trade's own words («A醇»), the tags name them.
   */
  topics: ReadonlySet<string>
  /** The nearest entries that are allowed, best first, each once. Takes no more than a few milliseconds. */
  search(asked: Reading, how: Search): Found[]
}

/** A posting as it grows. */
type Growing = { questions: number[]; entries: number[]; counts: number[] }

export function buildIndex(entries: readonly FaqEntry[]): LexicalIndex {
  const questions: Question[] = []
  const pieces: Map<string, number>[] = []
  const owners: number[] = []
  const growing = new Map<string, Growing>()
  const postingOf = (piece: string) => knownIn(growing, piece, () => ({ questions: [], entries: [], counts: [] }))
  const sayings: Sayings[] = []
  const alphabet = new Map<string, number>()
  for (const [index, entry] of entries.entries()) {
    const beside = normalise([...entry.tags, entry.answer].join('\n'))
    const counts = countsBeside(entry)
    const texts = entry.questions.map(normalise)
    for (const [i, text] of texts.entries()) {
      const reading = read(text)
      const found = piecesOf(reading)
      for (const piece of found.keys()) {
        postingOf(piece).questions.push(questions.length)
        counts.set(piece, worth.beside)
      }
      const chars = Uint32Array.from(reading.chars, (char) => knownIn(alphabet, char, () => alphabet.size))
      questions.push({ worded: entry.questions[i]!, text, chars })
      pieces.push(found)
      owners.push(index)
    }
    for (const [piece, count] of counts) {
      postingOf(piece).entries.push(index)
      postingOf(piece).counts.push(count)
    }
    sayings.push({ questions: texts.join('\n'), beside })
  }
  const postings = pack(growing, questions.length)
  const unheard = rarityOf(0, questions.length)
  const index = {
    entries,
    questions,
    masses: Float32Array.from(pieces, (found) => massOf(found, postings)),
    owners: Int32Array.from(owners),
    alphabet,
    sayings,
    postings,
    rarityOf: (piece: string) => postings.get(piece)?.rarity ?? unheard,
  }
  return { topics: sharedTags(entries), ...searcher(index) }
}

function sharedTags(entries: readonly FaqEntry[]): Set<string> {
  const once = new Set<string>()
  const shared = new Set<string>()
  for (const { tags } of entries) {
    for (const tag of new Set(tags.map(normalise))) (once.has(tag) ? shared : once).add(tag)
  }
  return shared
}

/** What tags and answer say: customers use these words although no question does. Pairs: answers are long. */
function countsBeside({ answer, tags }: FaqEntry): Map<string, number> {
  const counts = new Map<string, number>()
  for (const piece of pairsOf(normalise(answer))) counts.set(piece, worth.inAnswer)
  for (const tag of tags) for (const piece of piecesOf(read(normalise(tag))).keys()) counts.set(piece, worth.beside)
  return counts
}

/** Every piece of a question has a posting. */
function massOf(pieces: Map<string, number>, postings: Map<string, Posting>): number {
  let mass = 0
  for (const [piece, weight] of pieces) mass += weight * postings.get(piece)!.rarity
  return mass
}

/** A third of the memory, and nothing for the garbage collector to walk through. */
function pack(growing: Map<string, Growing>, count: number): Map<string, Posting> {
  const postings = new Map<string, Posting>()
  for (const [piece, { questions, entries, counts }] of growing) {
    postings.set(piece, {
      rarity: rarityOf(questions.length, count),
      questions: Int32Array.from(questions),
      entries: Int32Array.from(entries),
      counts: Float32Array.from(counts),
    })
  }
  return postings
}

function knownIn<T>(map: Map<string, T>, key: string, first: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = first()
  map.set(key, value)
  return value
}
