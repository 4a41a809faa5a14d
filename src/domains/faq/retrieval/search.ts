/** A search: the shared weight of all questions at once, then a closer look at the best of them. */
import type { FaqEntry } from '../schema.ts'
import { type AskedWord, leftOut, orderAtMost, orderWith, type Sayings, worth } from './likeness.ts'
import { charsOf, piecesOf, type Reading, weights } from './tokenise.ts'

/** An entry that was found. */
export type Found = {
  entry: FaqEntry
  /** How alike the question and the text are: 0..1, 1 is the same text. */
  score: number
  /** The wording of the entry that came nearest. */
  question: string
}

export type Search = {
  limit: number
  /** Says the same of the same entry every time. */
  allow: (entry: FaqEntry) => boolean
}

/**
 * Round values, chosen on the development set and by leaving out one wording at a time of the example brand; near them
 * the figures hardly move.
 */
const tuning = { candidates: 64, order: 0.3 }

/** A wording of an entry: as it is written, normalised, as it is read. Its characters are numbers by the alphabet. */
export type Question = { worded: string; text: string; meant: string; chars: Uint32Array }

/** Where a piece stands, and how much it says. */
export type Posting = {
  rarity: number
  questions: Int32Array
  /** The entries that say it at all, and what it counts there. */
  entries: Int32Array
  counts: Float32Array
}

/** The inner loops run over 30,000 questions for each lookup, so numbers stand in arrays. */
type Index = {
  entries: readonly FaqEntry[]
  questions: readonly Question[]
  /** The weight of all pieces, by question. */
  masses: Float32Array
  /** The entry, by question. */
  owners: Int32Array
  /** The number of each character of the questions. */
  alphabet: ReadonlyMap<string, number>
  /** By entry. */
  sayings: readonly Sayings[]
  postings: ReadonlyMap<string, Posting>
  rarityOf: (piece: string) => number
}

/** What was asked: the weight of each piece and of all, and what depends on them. */
type Asked = { text: string; length: number; words: AskedWord[]; inOrder: (question: Uint32Array) => number }

export function searcher(index: Index): { search(asked: Reading, how: Search): Found[] } {
  const { entries, questions, masses, owners, alphabet, postings, rarityOf } = index
  // Scratch, cleared by each search: a search never yields, so two never share it.
  const shared = new Float32Array(questions.length)
  const known = new Float32Array(entries.length)
  const likeness = new Float32Array(questions.length)
  // Whether an entry may be found is asked of each of them, and nearly always as it was asked the time before.
  const base = new Float32Array(entries.length)
  let allowed: Search['allow'] | undefined
  return {
    search(asked, { limit, allow }) {
      const pieces = piecesOf(asked)
      if (pieces.size === 0) return []
      let mass = 0
      shared.fill(0)
      if (allow !== allowed) {
        // What is not allowed stays below everything.
        for (let entry = 0; entry < base.length; entry++) base[entry] = allow(entries[entry]!) ? 0 : -Infinity
        allowed = allow
      }
      known.set(base)
      for (const [piece, weight] of pieces) {
        const value = weight * rarityOf(piece)
        mass += value
        addUp(shared, known, postings.get(piece), value)
      }
      for (let question = 0; question < likeness.length; question++) {
        const own = shared[question]!
        // What the entry says beside this question: the question's own pieces are among what it is known for.
        const beside = (known[owners[question]!]! - worth.beside * own) / mass
        likeness[question] = (2 * own) / (mass + masses[question]!) + beside
      }
      const numbers = asked.chars.map((char) => alphabet.get(char) ?? -1)
      const closer = {
        text: asked.text,
        length: numbers.length,
        words: askedWords(asked, rarityOf, mass),
        inOrder: orderWith(numbers, alphabet.size),
      }
      return rank(best(likeness), closer, likeness, index, limit)
    },
  }
}

/** The entry's best question so far. */
type Ranked = { owner: number; score: number; question: number }

/** Scores the nearest questions, best first, as long as they may still be among the first `limit` entries. */
function rank(nearest: readonly number[], asked: Asked, likeness: Float32Array, index: Index, limit: number): Found[] {
  // In the order of their nearest questions, which decides between equal scores.
  const ranked = new Map<number, Ranked>()
  const leaders: number[] = []
  let least = 0
  for (const question of nearest) {
    const owner = index.owners[question]!
    const known = ranked.get(owner) ?? { owner, score: 0, question }
    ranked.set(owner, known)
    const score = scoreOf(question, asked, likeness[question]!, index, Math.max(known.score, least))
    if (score <= known.score) continue
    // An entry that rises again keeps its first place here: `least` may be too low then, never too high.
    if (known.score === 0) least = leastOf(leaders, score, limit)
    Object.assign(known, { score, question })
  }
  return [...ranked.values()]
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ owner, score, question }) => ({
      entry: index.entries[owner]!,
      score,
      question: index.questions[question]!.worded,
    }))
}

/** Takes a score in among the `limit` highest, and tells what another needs to come in. */
function leastOf(leaders: number[], score: number, limit: number): number {
  let at = leaders.length < limit ? leaders.length : limit - 1
  for (; at > 0 && leaders[at - 1]! < score; at--) leaders[at] = leaders[at - 1]!
  leaders[at] = score
  return leaders.length < limit ? 0 : leaders[limit - 1]!
}

/** The score; 0 for one that is certainly below `least`, which spares most questions the comparison of the texts. */
function scoreOf(number: number, asked: Asked, likeness: number, index: Index, least: number): number {
  const question = index.questions[number]!
  if (question.text === asked.text) return 1
  const alike = (1 - tuning.order) * likeness
  if (alike + tuning.order * orderAtMost(asked.length, question.chars.length) < least) return 0
  const whole = alike + tuning.order * asked.inOrder(question.chars)
  if (whole < least) return 0
  const missing = leftOut(asked.words, question.meant, index.sayings[index.owners[number]!]!)
  return Math.min(0.999, Math.max(0, whole * (1 - missing)))
}

/** Likeness in steps fine enough to tell the best few dozen from the rest. */
const steps = { atMost: 256, inOne: 128 }

/** The questions with the highest values above 0, best first. */
function best(values: Float32Array): number[] {
  const tally = new Uint32Array(steps.atMost)
  for (const value of values) {
    const step = value * steps.inOne
    if (step > 0) tally[step < steps.atMost ? step | 0 : steps.atMost - 1]!++
  }
  let lowest = steps.atMost - 1
  for (let count = tally[lowest]!; lowest > 0 && count < tuning.candidates; ) count += tally[--lowest]!
  const floor = lowest / steps.inOne
  const kept: number[] = []
  let least = 0
  for (let question = 0; question < values.length; question++) {
    const value = values[question]!
    if (value < floor || value <= least) continue
    let at = kept.length < tuning.candidates ? kept.length : kept.length - 1
    for (; at > 0 && values[kept[at - 1]!]! < value; at--) kept[at] = kept[at - 1]!
    kept[at] = question
    if (kept.length === tuning.candidates) least = values[kept.at(-1)!]!
  }
  return kept
}

/** Weights are shares of the whole question. */
function askedWords({ words }: Reading, rarityOf: (piece: string) => number, mass: number): AskedWord[] {
  const asked = [...new Set(words)].map((word) => {
    const chars = charsOf(word).map((char) => ({ char, weight: (weights.char * rarityOf(`c${char}`)) / mass }))
    const weight = (weights.word * rarityOf(`w${word}`)) / mass
    return { word, chars, weight, atMost: chars.reduce((sum, { weight }) => sum + weight, weight) }
  })
  return asked.sort((a, b) => b.atMost - a.atMost)
}

function addUp(shared: Float32Array, known: Float32Array, posting: Posting | undefined, value: number): void {
  if (!posting) return
  const { questions, entries, counts } = posting
  for (const question of questions) shared[question]! += value
  for (let i = 0; i < entries.length; i++) known[entries[i]!]! += value * counts[i]!
}
