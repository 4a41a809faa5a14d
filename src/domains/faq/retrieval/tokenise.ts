/**
 * How a question is read: one spelling for everything that means the same on paper, then the pieces that are compared.
 *
 * Single characters carry most of the meaning of a short Chinese question and forgive a wrong word; pairs and words
 * add order and sense. docs/operations.md says what each of them was worth.
 */
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { type Lexicon, lexiconOf, spansIn } from './lexicon.ts'
import { questionWords } from './vocabulary.ts'

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

/**
 * How much a shared piece of each kind counts, beside its rarity. `said`: the very word of a group that means
 * nearly the same, so that another of the group counts a little less.
 */
export const weights = { char: 1, pair: 0.25, word: 0.25, said: 0.2 }

/** The characters of a normalised text in order; a word in Latin letters or a number counts as one. */
export function charsOf(normalised: string): string[] {
  return normalised.match(/\p{sc=Han}|[^\p{sc=Han} ]+/gu) ?? []
}

/** Cuts a normalised text by the dictionary, which is loaded on first use (0.2 s, 60 MB). Spaces are pieces too. */
function cut(normalised: string, guessNames: boolean): string[] {
  jieba ??= Jieba.withDict(dict)
  return jieba.cut(normalised, guessNames)
}

/** What is known without any content: the words that everybody asks with. */
export const generalWords = lexiconOf({ words: [], near: [], same: questionWords })

/** A normalised text with what it consists of, looked up once: the dictionary takes most of the time of a search. */
export type Reading = {
  text: string
  /** The text with the words of the lexicon read as what they mean. Characters and words are of this. */
  meant: string
  chars: readonly string[]
  words: readonly string[]
  /** The words that mean nearly the same as others, as they were said. */
  said: readonly string[]
}

export function read(normalised: string, lexicon: Lexicon = generalWords): Reading {
  const words: string[] = []
  const said: string[] = []
  let meant = ''
  let at = 0
  const readUpTo = (to: number): void => {
    if (to === at) return
    const between = normalised.slice(at, to)
    words.push(...cut(between, true).filter((word) => word !== ' '))
    meant += between
  }
  // Guessed names would hide the words of the lexicon in what is longer than they.
  for (const { from, to, word } of spansIn(normalised, cut(normalised, false), lexicon)) {
    readUpTo(from)
    const meaning = lexicon.meanings.get(word)!
    words.push(meaning)
    meant += meaning
    if (lexicon.near.has(word)) said.push(word)
    at = to
  }
  readUpTo(normalised.length)
  return { text: normalised, meant, chars: charsOf(meant), words, said }
}

/** The distinct pieces of a text with their weights. A letter in front tells a word from a character. */
export function piecesOf({ meant, chars, words, said }: Reading): Map<string, number> {
  const pieces = new Map<string, number>()
  for (const char of chars) pieces.set(`c${char}`, weights.char)
  for (const word of words) pieces.set(`w${word}`, weights.word)
  for (const pair of pairsOf(meant)) pieces.set(pair, weights.pair)
  for (const word of said) pieces.set(`s${word}`, weights.said)
  return pieces
}

/** The pairs of neighbouring characters alone, as pieces. */
export function pairsOf(normalised: string): string[] {
  const points = [...normalised.replaceAll(' ', '')]
  return points.slice(1).map((point, i) => `p${points[i]}${point}`)
}

/** Characters and pairs of a text as it is written, whatever its words mean. */
export function plainPiecesOf(normalised: string): string[] {
  return [...charsOf(normalised).map((char) => `c${char}`), ...pairsOf(normalised)]
}
