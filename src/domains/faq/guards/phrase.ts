/**
 * Phrases: how content names words to be found in a text, without regular expressions.
 *
 * `可以|能…退货|退款` is found where one of the first words stands and, at most twelve characters behind it and in the
 * same clause, one of the last. `#` is a number. Everything else stands for itself, in any spelling.
 */
import { z } from 'zod'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { number } from './vocabulary.ts'

/** What `…` may stand for. No character of it ends a clause, so no phrase runs from one thought into the next. */
const gap = '([^,.;:!?。\\n]{0,12}?)'
/** The same between words of Latin letters, which are longer. */
const wideGap = '([^,.;:!?。\\n]{0,30}?)'

export const Phrase = z
  .string()
  .trim()
  .min(1)
  .max(400)
  .refine((phrase) => stepsOf(phrase).every((words) => words.length > 0 && words.every((word) => word !== '')), {
    message: 'a word is missing beside «|» or «…»',
  })
  .refine((phrase) => stepsOf(phrase).length <= 4, { message: 'at most three «…» in a phrase' })

/** Words that mean the same to whoever reads the list. */
export const PhraseGroup = z.union([Phrase, z.array(Phrase).min(1)])
export type PhraseGroup = z.infer<typeof PhraseGroup>

function stepsOf(phrase: string): string[][] {
  return plainly(phrase)
    .split(/\.{3,}/u)
    .map((step) => step.split('|'))
}

/** The spelling in which texts come: NFKC makes three points of «…». */
function plainly(phrase: string): string {
  return plainSpelling(phrase).replaceAll(/\s*(\||\.{3,})\s*/gu, '$1')
}

/**
 * The source of a regular expression that finds the phrase in plain spelling; every `…` is a capture group. Its time
 * is bounded by the text: no repetition holds another. `dense`: in a text without spaces, where words of Latin letters
 * have no bounds.
 */
export function sourceOf(phrase: string, dense = false): string {
  const steps = stepsOf(phrase)
  return steps
    .map((words) => {
      const longestFirst = [...words].sort((a, b) => b.length - a.length)
      return `(?:${longestFirst.map((word) => wordSource(word, dense)).join('|')})`
    })
    .reduce((source, step, index) => source + (isLatin(steps[index] ?? []) ? wideGap : gap) + step)
}

function isLatin(words: readonly string[]): boolean {
  return words.every((word) => /^[ -~]+$/u.test(word))
}

function wordSource(word: string, dense: boolean): string {
  const source = (dense ? word.replaceAll(' ', '') : word)
    .split('#')
    .map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'))
    .join(number)
  if (dense) return source
  // A word in Latin letters is a word of its own: «dan» is not in «dance».
  return (/^[a-z0-9]/u.test(word) ? '(?<![a-z0-9])' : '') + source + (/[a-z0-9]$/u.test(word) ? '(?![a-z0-9])' : '')
}

/** Finds any of the phrases. Undefined where there are none. */
export function phrases(list: readonly string[], flags = 'gu'): RegExp | undefined {
  return list.length === 0 ? undefined : new RegExp(list.map((phrase) => sourceOf(phrase)).join('|'), flags)
}

/** The same for texts without spaces. Short words in Latin letters are left out: there they stand within others. */
export function densePhrases(list: readonly string[]): RegExp | undefined {
  const long = list.filter(
    (phrase) => !stepsOf(phrase).every(isLatin) || phrase.replaceAll(/[^a-z]/giu, '').length >= 9,
  )
  return long.length === 0 ? undefined : new RegExp(long.map((phrase) => sourceOf(phrase, true)).join('|'), 'u')
}
