/** What is said without asking anything: greetings, and words that need no answer. Both lists stand in the settings. */
import { boundary } from './retrieval/reading.ts'
import { normalise } from './retrieval/tokenise.ts'
import type { FaqSettings } from './schema.ts'

type Pleasantries = { ignored: ReadonlySet<string>; greetings: ReadonlySet<string> }

/** Normalised, once for each version of the settings: they are looked at with every message. */
const known = new WeakMap<FaqSettings, Pleasantries>()

function pleasantriesOf(settings: FaqSettings): Pleasantries {
  const before = known.get(settings)
  if (before) return before
  const setOf = (words: readonly string[]) => new Set(words.map((word) => unspaced(normalise(word))))
  const now = { ignored: setOf(settings.ignore), greetings: setOf(settings.greetings) }
  known.set(settings, now)
  return now
}

/** `normalised` is one that needs no answer, and nothing more. */
export function needsNoAnswer(normalised: string, settings: FaqSettings): boolean {
  return normalised !== '' && pleasantriesOf(settings).ignored.has(unspaced(normalised))
}

/** Nobody greets in more characters. */
const longestGreeting = 30
/** Splits into clauses with what stands between them: a clause at every other place. */
const clauseOrBoundary = new RegExp(`(\\n|${boundary.source})`, 'u')

/** `normalised` is greetings one after the other, perhaps with what needs no answer between them: «hi, are you there». */
export function isGreeting(normalised: string, settings: FaqSettings): boolean {
  const { ignored, greetings } = pleasantriesOf(settings)
  const text = unspaced(normalised)
  if (text.length > longestGreeting || ![...greetings].some((greeting) => text.includes(greeting))) return false
  // The places up to which the text is made of such words.
  const reached = new Set([0])
  for (const from of reached) {
    for (let to = from + 1; to <= text.length; to++) {
      const word = text.slice(from, to)
      if (greetings.has(word) || ignored.has(word)) reached.add(to)
    }
  }
  return reached.has(text.length)
}

/**
 * What is said without the greetings and thanks in front of it and behind it; all of it when there is nothing else.
 * A single character stays: «早» greets, but in «早、晚都能用吗» it asks.
 */
export function withoutPleasantries(said: string, settings: FaqSettings): string {
  const parts = said.split(clauseOrBoundary)
  const isPleasant = (part: string | undefined): boolean => {
    if (part === undefined || part.length > longestGreeting) return false
    const text = normalise(part)
    return text === '' || (text.length > 1 && (needsNoAnswer(text, settings) || isGreeting(text, settings)))
  }
  while (parts.length > 1 && isPleasant(parts[0])) parts.splice(0, 2)
  while (parts.length > 1 && isPleasant(parts.at(-1))) parts.splice(-2)
  return parts.join('')
}

/** Normalising leaves spaces between words in Latin letters: «hi there». */
function unspaced(normalised: string): string {
  return normalised.replaceAll(' ', '')
}
