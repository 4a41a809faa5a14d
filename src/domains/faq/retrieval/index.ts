/**
 * Finds the entries whose questions come nearest to what a customer wrote. In memory, lexical, no model.
 *
 * Two texts are compared by how much of their weight they share (Dice over characters, pairs and words, each weighed
 * by its rarity among the questions) and by how much of it stands in the same order. Both are symmetric and lie in
 * 0..1, so a score means the same for every question, and 1 is the same text. The rest of the entry helps: what its
 * other questions, tags and answer say counts a little, and what a weighty word weighs that nothing in it says is taken off.
 *
 * An inverted index adds up the shared weight of all questions at once; only the best few dozen are then looked at.
 */
import type { FaqEntry } from '../schema.ts'
import { type AskedWord, inOrder, leftOut, rarityOf, type Sayings } from './likeness.ts'
import { charsOf, normalise, pairsOf, piecesOf, weights, wordsOf } from './tokenise.ts'

/** An entry that was found. */
export type Found = {
  entry: FaqEntry
  /** How alike the question and the text are: 0..1, 1 is the same text. */
  score: number
  /** The wording of the entry that came nearest. */
  question: string
}

export type Search = { limit: number; allow: (entry: FaqEntry) => boolean }

export type LexicalIndex = {
  /** The nearest entries that are allowed, best first, each once. Takes no more than a few milliseconds. */
  search(text: string, how: Search): Found[]
}

/**
 * Round values, chosen on the development set and by leaving out one wording at a time of the example brand; near them
 * the figures hardly move. Texts are read up to `longest` characters: nobody asks one question in more, and the time
 * stays bounded.
 */
const tuning = { candidates: 64, order: 0.3, beside: 0.4, inAnswer: 0.2, longest: 160 }

/** A wording of an entry. The inner loops run over 30,000 of them for each lookup, so numbers stand in arrays. */
type Question = { worded: string; text: string; chars: string[] }

/** Which questions or entries have a piece, and what it counts there. */
type Postings = Map<string, { of: number[]; counts: number[] }>
type Packed = Map<string, { of: Int32Array; counts: Float32Array }>

export function buildIndex(entries: readonly FaqEntry[]): LexicalIndex {
  const questions: Question[] = []
  const pieces: Map<string, number>[] = []
  const entryOf: number[] = []
  const inQuestions: Postings = new Map()
  const inEntries: Postings = new Map()
  const sayings: Sayings[] = []
  for (const [index, entry] of entries.entries()) {
    const beside = normalise([...entry.tags, entry.answer].join('\n'))
    const counts = countsBeside(entry)
    const texts = entry.questions.map(normalise)
    for (const [i, text] of texts.entries()) {
      const found = piecesOf(text)
      for (const piece of found.keys()) {
        post(inQuestions, piece, questions.length, 1)
        counts.set(piece, tuning.beside)
      }
      questions.push({ worded: entry.questions[i]!, text, chars: charsOf(text) })
      pieces.push(found)
      entryOf.push(index)
    }
    for (const [piece, count] of counts) post(inEntries, piece, index, count)
    sayings.push({ questions: texts.join('\n'), beside })
  }
  const packed = { inQuestions: pack(inQuestions), inEntries: pack(inEntries) }
  const rarity = (piece: string): number => rarityOf(packed.inQuestions.get(piece)?.of.length ?? 0, questions.length)
  const masses = Float32Array.from(pieces, (found) => massOf(found, rarity))
  const owners = Int32Array.from(entryOf)
  return searcher({ entries, questions, masses, owners, sayings, rarity, ...packed })
}

type Parts = {
  entries: readonly FaqEntry[]
  questions: readonly Question[]
  /** The weight of all pieces, by question. */
  masses: Float32Array
  /** The entry, by question. */
  owners: Int32Array
  inQuestions: Packed
  inEntries: Packed
  sayings: readonly Sayings[]
  rarity: (piece: string) => number
}

function searcher({
  entries,
  questions,
  masses,
  owners,
  inQuestions,
  inEntries,
  sayings,
  rarity,
}: Parts): LexicalIndex {
  // Scratch, cleared by each search: a search never yields, so two never share it.
  const shared = new Float32Array(questions.length)
  const known = new Float32Array(entries.length)
  const likeness = new Float32Array(questions.length)
  return {
    search(text, { limit, allow }) {
      const asked = [...normalise(text)].slice(0, tuning.longest).join('')
      const pieces = piecesOf(asked)
      if (pieces.size === 0) return []
      const mass = massOf(pieces, rarity)
      shared.fill(0)
      known.fill(0)
      for (const [piece, weight] of pieces) {
        const value = weight * rarity(piece)
        addUp(shared, inQuestions.get(piece), value)
        addUp(known, inEntries.get(piece), value)
      }
      for (let question = 0; question < likeness.length; question++) {
        const own = shared[question]!
        // What the entry says beside this question: the question's own pieces are among what it is known for.
        const beside = (known[owners[question]!]! - tuning.beside * own) / mass
        likeness[question] = (2 * own) / (mass + masses[question]!) + beside
      }
      const nearest = best(likeness, (question) => allow(entries[owners[question]!]!))
      const chars = charsOf(asked)
      const words = askedWords(asked, mass, rarity)
      const found = new Map<number, Found>()
      for (const index of nearest) {
        const owner = owners[index]!
        const question = questions[index]!
        const score = question.text === asked ? 1 : scoreOf(likeness[index]!, chars, words, question, sayings[owner]!)
        if (score <= (found.get(owner)?.score ?? 0)) continue
        found.set(owner, { entry: entries[owner]!, score, question: question.worded })
      }
      return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit)
    },
  }
}

function scoreOf(likeness: number, chars: string[], words: AskedWord[], question: Question, said: Sayings): number {
  const order = inOrder(chars, question.chars)
  const missing = leftOut(words, question.text, said)
  const score = ((1 - tuning.order) * likeness + tuning.order * order) * (1 - missing)
  return Math.min(0.999, Math.max(0, score))
}

/** The questions with the highest values, best first. */
function best(values: Float32Array, allowed: (question: number) => boolean): number[] {
  const kept: number[] = []
  let least = 0
  for (let question = 0; question < values.length; question++) {
    const value = values[question]!
    if (value <= least || !allowed(question)) continue
    let at = kept.length
    while (at > 0 && values[kept[at - 1]!]! < value) at--
    kept.splice(at, 0, question)
    if (kept.length > tuning.candidates) kept.pop()
    if (kept.length === tuning.candidates) least = values[kept.at(-1)!]!
  }
  return kept
}

/** What tags and answer say: customers use these words although no question does. Pairs: answers are long. */
function countsBeside({ answer, tags }: FaqEntry): Map<string, number> {
  const counts = new Map<string, number>()
  for (const piece of pairsOf(normalise(answer))) counts.set(piece, tuning.inAnswer)
  for (const tag of tags) for (const piece of piecesOf(normalise(tag)).keys()) counts.set(piece, tuning.beside)
  return counts
}

/** Weights are shares of the whole question. */
function askedWords(asked: string, mass: number, rarity: (piece: string) => number): AskedWord[] {
  return [...new Set(wordsOf(asked))].map((word) => ({
    word,
    chars: charsOf(word).map((char) => ({ char, weight: (weights.char * rarity(`c${char}`)) / mass })),
    weight: (weights.word * rarity(`w${word}`)) / mass,
  }))
}

function massOf(pieces: Map<string, number>, rarity: (piece: string) => number): number {
  let mass = 0
  for (const [piece, weight] of pieces) mass += weight * rarity(piece)
  return mass
}

function addUp(sums: Float32Array, posting: { of: Int32Array; counts: Float32Array } | undefined, value: number): void {
  if (!posting) return
  const { of, counts } = posting
  for (let i = 0; i < of.length; i++) sums[of[i]!]! += value * counts[i]!
}

function post(postings: Postings, piece: string, of: number, count: number): void {
  const known = postings.get(piece)
  if (!known) {
    postings.set(piece, { of: [of], counts: [count] })
    return
  }
  known.of.push(of)
  known.counts.push(count)
}

/** A third of the memory, and nothing for the garbage collector to walk through. */
function pack(postings: Postings): Packed {
  const packed: Packed = new Map()
  for (const [piece, { of, counts }] of postings) {
    packed.set(piece, { of: Int32Array.from(of), counts: Float32Array.from(counts) })
  }
  return packed
}
