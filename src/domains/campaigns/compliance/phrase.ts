/**
 * Phrases: how content names words to be found, without regular expressions.
 *
 * `转发|分享…领取|得` is found where one of the first words stands and, at most sixteen letters behind it and in the same
 * sentence, one of the last. `#` is a number. Everything else stands for itself, in any spelling and with whatever
 * marks between its letters.
 */
import { z } from 'zod'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { denseOf } from './reading.ts'
import { number } from './vocabulary.ts'

/** The text has no marks any more: that it stays within its sentence is looked at afterwards. */
const between = '.{0,16}?'
const steps = 4

export const Phrase = z
  .string()
  .trim()
  .min(1)
  .max(600)
  .refine((phrase) => stepsOf(phrase).every((words, step) => words.every((word) => isWord(word, step))), {
    message: 'beside «|» and «…» stands a word of letters or digits; only behind «…» a number «#» may stand alone',
  })
  .refine((phrase) => stepsOf(phrase).length <= steps, { message: `at most ${steps - 1} «…» in a phrase` })

/**
 * How a phrase is looked for: where `anchor` stands and, when there is a `pattern`, it holds from there on. The
 * pattern is sticky, over dense text, and its time is bounded: no repetition holds another.
 */
export type Search = {
  anchor: string
  /** A number stands before the anchor and belongs to it. */
  counted: boolean
  pattern: RegExp | undefined
}

export function searchesOf(phrase: string): Search[] {
  const [first = [], ...more] = stepsOf(phrase)
  return first.map((word) => {
    const counted = word.startsWith('#')
    const [before = '', ...rest] = (counted ? word.slice(1) : word).split('#')
    const anchor = denseOf(before)
    if (!counted && rest.length === 0 && more.length === 0) return { anchor, counted, pattern: undefined }
    const source = [sourceOf(word), ...more.map((words) => `(?:${longestFirst(words).map(sourceOf).join('|')})`)]
    return { anchor, counted, pattern: new RegExp(source.join(between), 'uy') }
  })
}

function isWord(word: string, step: number): boolean {
  return (step > 0 && word === '#') || denseOf(word.replaceAll('#', '')) !== ''
}

function longestFirst(words: readonly string[]): string[] {
  return [...words].sort((a, b) => b.length - a.length)
}

/** Letters, digits and «%» mean nothing to an expression. */
function sourceOf(word: string): string {
  return word.split('#').map(denseOf).join(number)
}

function stepsOf(phrase: string): string[][] {
  // NFKC makes three points of «…».
  return plainSpelling(phrase)
    .split(/\.{3,}/u)
    .map((step) => step.split('|').map((word) => word.trim()))
}
