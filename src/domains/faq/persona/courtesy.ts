/** Small talk: a message that is thanks, a farewell, a laugh and nothing more. */
import { compilePattern, isPattern, type Pattern } from '../../../kernel/pattern.ts'
import { spoken } from '../retrieval/reading.ts'
import { normalise } from '../retrieval/tokenise.ts'
import type { Persona } from './schema.ts'
import { particles } from './vocabulary.ts'

export type Courtesy = { kind: string; says: readonly string[] }

/** Nobody is courteous in more characters without saying something else. */
const longest = 30

type Known = {
  courtesies: readonly (Courtesy & { patterns: readonly Pattern[] })[]
  /** Normalised words, with the place of their courtesy in the list; -1 for what only stands beside them. */
  words: ReadonlyMap<string, number>
  longestWord: number
}

const known = new WeakMap<Persona, Known>()

/**
 * What `text` is when the whole of it is small talk, however its words are stretched («谢谢谢啦～»), joined («谢谢，晚安»)
 * or addressed. Of several kinds in one message, the one that stands first in the persona's list.
 */
export function courtesyOf(text: string, persona: Persona | undefined): Courtesy | undefined {
  if (!persona || persona.courtesies.length === 0 || text.length > longest * 3) return undefined
  const said = unspaced(normalise(spoken(text)))
  if (said === '' || said.length > longest) return undefined
  const { courtesies, words, longestWord } = knownOf(persona)
  const found =
    courtesies.find(({ patterns }) => patterns.some((pattern) => pattern.test(said))) ??
    courtesies[placeOf(said, words, longestWord)]
  return found && { kind: found.kind, says: found.says }
}

function knownOf(persona: Persona): Known {
  const before = known.get(persona)
  if (before) return before
  const words = new Map(particles.map((word) => [word, -1]))
  for (const word of [persona.name, persona.self ?? persona.name]) words.set(unspaced(normalise(word)), -1)
  for (const [place, courtesy] of persona.courtesies.entries()) {
    for (const word of courtesy.words) {
      const plain = unspaced(normalise(word))
      if (plain !== '' && (words.get(plain) ?? -1) === -1) words.set(plain, place)
    }
  }
  const courtesies = persona.courtesies.map(({ kind, says, patterns }) => ({
    kind,
    says,
    patterns: patterns.map((source) => compilePattern(`^(?:${source})$`)).filter(isPattern),
  }))
  const longestWord = Math.max(0, ...[...words.keys()].map((word) => word.length))
  const now = { courtesies, words, longestWord }
  known.set(persona, now)
  return now
}

/** The ways to read a text up to a place: in how many words, and the first courtesy that they name. */
type Way = { count: number; place: number }

/** The courtesy that a text made of nothing but such words names, read in the fewest words; -1 for none. */
function placeOf(text: string, words: ReadonlyMap<string, number>, longestWord: number): number {
  const ways: (Way | undefined)[] = [{ count: 0, place: -1 }]
  for (let from = 0; from < text.length; from++) {
    const way = ways[from]
    if (!way) continue
    // A sound that goes on: «晚安安安».
    if (from > 0 && text[from] === text[from - 1]) take(from + 1, way, -1)
    for (let to = from + 1; to <= Math.min(text.length, from + longestWord); to++) {
      const place = words.get(text.slice(from, to))
      if (place !== undefined) take(to, way, place)
    }
  }
  return ways[text.length]?.place ?? -1

  function take(to: number, { count, place: before }: Way, place: number): void {
    const best = ways[to]
    if (best && best.count <= count + 1) return
    ways[to] = { count: count + 1, place: before === -1 ? place : place === -1 ? before : Math.min(before, place) }
  }
}

function unspaced(normalised: string): string {
  return normalised.replaceAll(' ', '')
}
