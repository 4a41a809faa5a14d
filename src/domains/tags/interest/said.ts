/** What a message says about the values of a dimension. */
import { compilePattern, isPattern, type Pattern } from '../../../kernel/pattern.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { type Clause, clausesOf, type Stance, stanceOf } from '../../members/index.ts'
import type { InterestDimension } from './schema.ts'

type ValueWords = { value: string; words: RegExp | null; patterns: Pattern[]; except: RegExp | null }
type Reader = { values: readonly ValueWords[]; any: RegExp | null; patterns: readonly Pattern[] }

export type Said = { value: string; stance: Exclude<Stance, 'none'>; word: string }

/** From the words of content, once for each version of it. */
const readers = new WeakMap<InterestDimension, Reader>()

function readerOf(dimension: InterestDimension): Reader {
  const known = readers.get(dimension)
  if (known) return known
  const values = dimension.values.map(({ id, words, patterns, except }) => ({
    value: id,
    words: anyOf(words),
    patterns: patterns.map(compilePattern).filter(isPattern),
    except: anyOf(except),
  }))
  const reader = {
    values,
    any: anyOf(dimension.values.flatMap(({ words }) => words)),
    patterns: values.flatMap(({ patterns }) => patterns),
  }
  readers.set(dimension, reader)
  return reader
}

/** Finds any of the words, the longest first. Plain text, so its time grows with the text alone. */
function anyOf(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null
  const plain = [...new Set(words.map((word) => plainSpelling(word.trim())))].sort((a, b) => b.length - a.length)
  return new RegExp(plain.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')).join('|'), 'gu')
}

const longest = 1_000

/** At most one stance to each value: what is said last holds, for «以前不喜欢,现在很喜欢». */
export function interestsSaid(text: string, dimension: InterestDimension): Said[] {
  const reader = readerOf(dimension)
  const plain = plainSpelling(text.slice(0, longest))
  // Most messages name none of the words, and cost no more than this look.
  if (!mayMatch(reader, plain)) return []
  const said = new Map<string, Said>()
  for (const clause of clausesOf(plain)) {
    for (const value of reader.values) {
      const found = readValue(value, clause)
      if (found) said.set(value.value, found)
    }
  }
  return [...said.values()]
}

function mayMatch({ any, patterns }: Reader, plain: string): boolean {
  return (any !== null && plain.search(any) >= 0) || patterns.some((pattern) => pattern.test(plain))
}

function readValue({ value, words, patterns, except }: ValueWords, clause: Clause): Said | null {
  // What means something else is blanked out, so that places in the clause stay where they are.
  const text = except ? clause.text.replace(except, (found) => ' '.repeat(found.length)) : clause.text
  for (const { index, 0: word } of words ? text.matchAll(words) : []) {
    const stance = stanceOf(clause, index, index + word.length)
    if (stance !== 'none') return { value, stance, word }
  }
  if (!patterns.some((pattern) => pattern.test(text))) return null
  // A pattern may span the whole clause, so that the way she stands to it is read off the clause as a whole.
  const stance = stanceOf(clause, text.length, text.length)
  return stance === 'none' ? null : { value, stance, word: '' }
}
