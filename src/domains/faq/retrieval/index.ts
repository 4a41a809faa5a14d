/**
 * Finds the entries whose questions come nearest to what a customer wrote. In memory, lexical, no model.
 *
 * Two texts are compared by how much of their weight they share (Dice over characters, pairs and words, each weighed
 * by its rarity among the questions) and by how much of it stands in the same order (longest common subsequence).
 * Both are symmetric and lie in 0..1, so a score means the same for every question, and 1 is the same text.
 *
 * An inverted index adds up the shared weight of all questions at once; only the best few dozen are compared in order.
 */
import type { FaqEntry } from '../schema.ts'
import { charsOf, normalise, piecesOf, wordsOf } from './tokenise.ts'

/** An entry that was found, by the question of it that came nearest. */
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
 * `order` is the share of the common subsequence in the score; `hints` what tags and answer can add to it.
 * Texts are read up to `longest` characters: nobody asks one question in more, and time stays bounded.
 */
const tuning = { candidates: 64, order: 0.3, hints: 0.1, answerHint: 0.3, longest: 160 }

/** Questions of all entries, side by side in arrays: the inner loops run over 30,000 of them for each lookup. */
type Questions = { worded: string[]; texts: string[]; chars: string[][]; entryOf: number[]; mass: Float32Array }

export function buildIndex(entries: readonly FaqEntry[]): LexicalIndex {
  const questions: Questions = { worded: [], texts: [], chars: [], entryOf: [], mass: new Float32Array() }
  const pieces: Map<string, number>[] = []
  const postings = new Map<string, number[]>()
  const hints = new Map<string, Hint[]>()
  for (const [index, entry] of entries.entries()) {
    for (const question of entry.questions) {
      const text = normalise(question)
      const found = piecesOf(text)
      for (const piece of found.keys()) append(postings, piece, questions.texts.length)
      questions.worded.push(question)
      questions.texts.push(text)
      questions.chars.push(charsOf(text))
      questions.entryOf.push(index)
      pieces.push(found)
    }
    for (const [word, weight] of hintsOf(entry)) append(hints, word, { entry: index, weight })
  }
  const count = questions.texts.length
  const rarity = (piece: string): number => rarityOf(postings.get(piece)?.length ?? 0, count)
  questions.mass = Float32Array.from(pieces, (found) => massOf(found, rarity))
  return searcher(entries, questions, compact(postings), hints, rarity)
}

type Hint = { entry: number; weight: number }

function searcher(
  entries: readonly FaqEntry[],
  questions: Questions,
  postings: Map<string, Int32Array>,
  hints: Map<string, Hint[]>,
  rarity: (piece: string) => number,
): LexicalIndex {
  // Scratch, cleared by each search: a search never yields, so two never share it.
  const shared = new Float32Array(questions.texts.length)
  const hinted = new Float32Array(entries.length)
  return {
    search(text, { limit, allow }) {
      const asked = [...normalise(text)].slice(0, tuning.longest).join('')
      const pieces = piecesOf(asked)
      if (pieces.size === 0) return []
      const mass = massOf(pieces, rarity)
      shared.fill(0)
      hinted.fill(0)
      for (const [piece, weight] of pieces) {
        const value = weight * rarity(piece)
        for (const question of postings.get(piece) ?? []) shared[question]! += value
        for (const hint of hints.get(piece) ?? []) hinted[hint.entry]! += (value * hint.weight) / mass
      }
      const alike = (question: number): number =>
        (2 * shared[question]!) / (mass + questions.mass[question]!) +
        tuning.hints * hinted[questions.entryOf[question]!]!
      const allowed = entries.map(allow)
      const nearest = best(questions, alike, allowed)
      const chars = charsOf(asked)
      const found = new Map<number, Found>()
      for (const question of nearest) {
        const order = inOrder(chars, questions.chars[question]!)
        const near = Math.min(0.999, (1 - tuning.order) * alike(question) + tuning.order * order)
        const score = questions.texts[question] === asked ? 1 : near
        const index = questions.entryOf[question]!
        if (score <= (found.get(index)?.score ?? 0)) continue
        found.set(index, { entry: entries[index]!, score, question: questions.worded[question]! })
      }
      return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit)
    },
  }
}

/** The questions that come nearest, unordered: a small heap would do, a sorted short list does as well. */
function best(questions: Questions, alike: (question: number) => number, allowed: readonly boolean[]): number[] {
  const kept: { question: number; value: number }[] = []
  let least = 0
  for (let question = 0; question < questions.texts.length; question++) {
    const value = alike(question)
    if (value <= least || !allowed[questions.entryOf[question]!]) continue
    let at = kept.length
    while (at > 0 && kept[at - 1]!.value < value) at--
    kept.splice(at, 0, { question, value })
    if (kept.length > tuning.candidates) kept.pop()
    if (kept.length === tuning.candidates) least = kept.at(-1)!.value
  }
  return kept.map(({ question }) => question)
}

/** Rarer pieces say more. A piece that no question has weighs most: it is something that no entry speaks of. */
function rarityOf(having: number, count: number): number {
  return Math.log(1 + (count - having + 0.5) / (having + 0.5))
}

function massOf(pieces: Map<string, number>, rarity: (piece: string) => number): number {
  let mass = 0
  for (const [piece, weight] of pieces) mass += weight * rarity(piece)
  return mass
}

/** Words of tags and, fainter, of the answer: customers use them although no question does. */
function hintsOf(entry: FaqEntry): Map<string, number> {
  const hints = new Map<string, number>()
  for (const word of wordsOf(normalise(entry.answer))) if (word.length > 1) hints.set(`w${word}`, tuning.answerHint)
  for (const tag of entry.tags) for (const word of wordsOf(normalise(tag))) hints.set(`w${word}`, 1)
  return hints
}

/** Twice the longest common subsequence over both lengths: 1 for the same characters in the same order. */
function inOrder(a: readonly string[], b: readonly string[]): number {
  let row = new Uint16Array(b.length + 1)
  let next = new Uint16Array(b.length + 1)
  for (const char of a) {
    for (let j = 1; j <= b.length; j++) {
      next[j] = char === b[j - 1] ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!)
    }
    ;[row, next] = [next, row]
  }
  return (2 * row[b.length]!) / (a.length + b.length)
}

function append<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

function compact(postings: Map<string, number[]>): Map<string, Int32Array> {
  return new Map([...postings].map(([piece, questions]) => [piece, Int32Array.from(questions)]))
}
