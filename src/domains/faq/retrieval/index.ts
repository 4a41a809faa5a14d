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
import { alsoMeant, type Lexicon } from './lexicon.ts'
import { rarityOf, type Sayings, worth } from './likeness.ts'
import { type Found, type Posting, type Question, type Search, searcher } from './search.ts'
import { generalWords, normalise, pairsOf, piecesOf, plainPiecesOf, read, type Reading } from './tokenise.ts'

export type { Found, Search }

export type LexicalIndex = {
  /** What the texts are read with; what is asked must be read with it too. */
  lexicon: Lexicon
  /**
   * Tags, as they are read, that several entries carry: each names what all of them are about and tells none from the other.
   * The dictionary knows few of a trade's own words («A醇»), the tags name them.
   */
  topics: ReadonlySet<string>
  /** The nearest entries that are allowed, best first, each once. Takes no more than a few milliseconds. */
  search(asked: Reading, how: Search): Found[]
}

/** What each piece counts. */
type Counts = Map<string, number>

/** A posting as it grows. */
type Growing = { questions: number[]; entries: number[]; counts: number[] }

export function buildIndex(entries: readonly FaqEntry[], lexicon: Lexicon = generalWords): LexicalIndex {
  const questions: Question[] = []
  const pieces: Map<string, number>[] = []
  const owners: number[] = []
  const growing = new Map<string, Growing>()
  const postingOf = (piece: string) => knownIn(growing, piece, () => ({ questions: [], entries: [], counts: [] }))
  const sayings: Sayings[] = []
  const alphabet = new Map<string, number>()
  for (const [index, entry] of entries.entries()) {
    const beside = normalise([...entry.tags, entry.answer].join('\n'))
    const meant = alsoMeant(beside, lexicon)
    const counts = countsBeside(entry, meant, lexicon)
    const readings = entry.questions.map((question) => read(normalise(question), lexicon))
    for (const [i, reading] of readings.entries()) {
      const found = piecesOf(reading)
      for (const piece of found.keys()) {
        postingOf(piece).questions.push(questions.length)
        counts.set(piece, worth.beside)
      }
      const chars = Uint32Array.from(reading.chars, (char) => knownIn(alphabet, char, () => alphabet.size))
      questions.push({ worded: entry.questions[i]!, text: reading.text, meant: reading.meant, chars })
      pieces.push(found)
      owners.push(index)
    }
    for (const [piece, count] of counts) {
      postingOf(piece).entries.push(index)
      postingOf(piece).counts.push(count)
    }
    sayings.push({ questions: readings.map(({ meant }) => meant).join('\n'), beside: [beside, ...meant].join('\n') })
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
  return { lexicon, topics: sharedTags(entries, lexicon), ...searcher(index) }
}

function sharedTags(entries: readonly FaqEntry[], lexicon: Lexicon): Set<string> {
  const once = new Set<string>()
  const shared = new Set<string>()
  for (const { tags } of entries) {
    for (const tag of new Set(tags.map((tag) => read(normalise(tag), lexicon).meant)))
      (once.has(tag) ? shared : once).add(tag)
  }
  return shared
}

/**
 * What the entry says beside its questions: customers use these words although no question does. Of answers, which are
 * long, only pairs. The questions as they are written stand here too: a word that is read as another is found by part.
 */
function countsBeside({ answer, tags, questions }: FaqEntry, meant: readonly string[], lexicon: Lexicon): Counts {
  const counts: Counts = new Map()
  for (const text of [normalise(answer), ...meant]) for (const pair of pairsOf(text)) counts.set(pair, worth.inAnswer)
  for (const tag of tags)
    for (const piece of piecesOf(read(normalise(tag), lexicon)).keys()) counts.set(piece, worth.beside)
  for (const question of questions)
    for (const piece of plainPiecesOf(normalise(question))) counts.set(piece, worth.beside)
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
