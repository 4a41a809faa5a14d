/**
 * How a question is read: one spelling for everything that means the same on paper, then the pieces that are compared.
 *
 * Single characters carry most of the meaning of a short Chinese question and forgive a wrong word; pairs and words
 * add order and sense. docs/operations.md says what each of them was worth.
 */
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { plainSpelling } from '../../../kernel/spelling.ts'

let jieba: Jieba | undefined

/**
 * One spelling: full and half width, upper and lower case, traditional and simplified alike; punctuation, emoji and
 * spaces gone, but for one space between words that are written with spaces. '' when nothing readable is left.
 */
export function normalise(text: string): string {
  return plainSpelling(text)
    .replace(/(?:[^\p{L}\p{M}\p{N}]|[\p{Variation_Selector}\u20e3])+/gu, ' ')
    .replace(/(?<=\p{sc=Han}) | (?=\p{sc=Han})/gu, '')
    .trim()
}

/** How much a shared piece of each kind counts, beside its rarity. */
export const weights = { char: 1, pair: 0.25, word: 0.25 }

/** The characters of a normalised text in order; a word in Latin letters or a number counts as one. */
export function charsOf(normalised: string): string[] {
  return normalised.match(/\p{sc=Han}|[^\p{sc=Han} ]+/gu) ?? []
}

/** The words of a normalised text, by the dictionary, which is loaded on first use (0.2 s, 60 MB). */
function wordsOf(normalised: string): string[] {
  jieba ??= Jieba.withDict(dict)
  return jieba.cut(normalised, true).filter((word) => word.trim() !== '')
}

/** A normalised text with what it consists of, looked up once: the dictionary takes most of the time of a search. */
export type Reading = { text: string; chars: readonly string[]; words: readonly string[] }

export function read(normalised: string): Reading {
  return { text: normalised, chars: charsOf(normalised), words: wordsOf(normalised) }
}

/** The distinct pieces of a text with their weights. A letter in front tells a word from a character. */
export function piecesOf({ text, chars, words }: Reading): Map<string, number> {
  const pieces = new Map<string, number>()
  for (const char of chars) pieces.set(`c${char}`, weights.char)
  for (const word of words) pieces.set(`w${word}`, weights.word)
  for (const pair of pairsOf(text)) pieces.set(pair, weights.pair)
  return pieces
}

/** The pairs of neighbouring characters alone, as pieces. */
export function pairsOf(normalised: string): string[] {
  const points = [...normalised.replaceAll(' ', '')]
  return points.slice(1).map((point, i) => `p${points[i]}${point}`)
}
