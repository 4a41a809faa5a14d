/**
 * A text as everybody reads it, whatever was put between its letters to hide a word from a list: letters, digits and
 * «%» in plain spelling, with what stood between them kept beside.
 */
import { plainSpelling } from '../../../kernel/spelling.ts'
import { clauseEnds, sentenceEnds } from './vocabulary.ts'

/** What stands between two letters, from nothing to the end of a sentence; of several the greatest. */
export const gaps = { none: 0, unseen: 1, symbol: 2, space: 3, list: 4, clause: 5, sentence: 6 } as const
type Gap = (typeof gaps)[keyof typeof gaps]

export type Reading = {
  raw: string
  /** Letters, digits and «%» alone, in plain spelling. */
  dense: string
  /** Where each character of `dense` stands in `raw`. */
  at: Uint32Array
  /** What stands before each character of `dense`; one more for what stands behind the last. */
  gap: Uint8Array
}

/** More marks than this between two letters are a rule or a picture: nobody reads on across them. */
const mostMarks = 3
/** A character that stands for several, such as «㎏». */
const several = 7
/** By UTF-16 code unit: 0 not met yet, a gap, `several`, or the letter that it is read as (never below 32). */
const known = new Uint16Array(0x1_0000)
const expanded = new Map<number, string>()
/** The same for characters that are two code units. */
const wide = new Map<number, { letters: string; gap: Gap }>()

const unseen = /^[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u2800\u3164\uffa0]$/u
const pictures = /^[\p{Extended_Pictographic}\p{So}\p{Sk}]$/u

/** Reads a text of any length once from its beginning; nothing is thrown for any text. */
export function readingOf(raw: string): Reading {
  // A character is read as at most eighteen (NFKC): room is made when it is needed.
  let letters = new Uint16Array(raw.length + 32)
  let at = new Uint32Array(raw.length + 32)
  let gap = new Uint8Array(raw.length + 33)
  let length = 0
  let between: number = gaps.none
  let marks = 0
  const put = (letter: number, index: number): void => {
    if (length === letters.length) {
      letters = grown(letters, new Uint16Array(length * 2))
      at = grown(at, new Uint32Array(length * 2))
      gap = grown(gap, new Uint8Array(length * 2 + 1))
    }
    letters[length] = letter
    at[length] = index
    gap[length] = marks > mostMarks ? Math.max(between, gaps.clause) : between
    length += 1
    between = gaps.none
    marks = 0
  }
  for (let index = 0; index < raw.length; index += 1) {
    const unit = raw.charCodeAt(index)
    const met = known[unit] ?? 0
    const means = met === 0 ? learn(unit) : met
    if (means > several) put(means, index)
    else if (means === several) {
      const point = raw.codePointAt(index) ?? unit
      const { letters: text, gap: mark } = point > 0xffff ? wideOf(point) : narrowOf(unit)
      for (let i = 0; i < text.length; i += 1) put(text.charCodeAt(i), index)
      if (text === '') between = Math.max(between, mark)
      if (point > 0xffff) index += 1
    } else {
      if (means > between) between = means
      if (means > gaps.unseen && means !== gaps.space) marks += 1
    }
  }
  gap[length] = between
  return { raw, dense: textOf(letters, length), at: at.subarray(0, length), gap: gap.subarray(0, length + 1) }
}

/** Letters, digits and «%» of a word, as a text holds them. */
export function denseOf(word: string): string {
  return readingOf(word).dense
}

/** The index in the text behind the last letter of what ends before `end` in `dense`. */
export function rawEnd({ raw, at }: Reading, end: number): number {
  const last = at[end - 1] ?? 0
  return last + ((raw.codePointAt(last) ?? 0) > 0xffff ? 2 : 1)
}

/** Whether nothing greater than `most` stands between the letters of [start, end). */
export function isWithin({ gap }: Reading, start: number, end: number, most: number): boolean {
  for (let i = start + 1; i < end; i += 1) if ((gap[i] ?? 0) > most) return false
  return true
}

function learn(unit: number): number {
  const isHalf = unit >= 0xd800 && unit <= 0xdfff
  const { letters, gap } = isHalf ? { letters: '', gap: gaps.symbol } : meaningOf(String.fromCharCode(unit))
  let means: number = gap
  // A low half alone is no character; a high one is looked at together with what follows.
  if (isHalf) means = unit < 0xdc00 ? several : gaps.symbol
  else if (letters.length === 1) means = letters.charCodeAt(0)
  else if (letters.length > 1) {
    expanded.set(unit, letters)
    means = several
  }
  known[unit] = means
  return means
}

/** Of half a character nothing is known: it is a mark. */
function narrowOf(unit: number): { letters: string; gap: Gap } {
  return { letters: expanded.get(unit) ?? '', gap: gaps.symbol }
}

function wideOf(point: number): { letters: string; gap: Gap } {
  const met = wide.get(point)
  if (met) return met
  const means = meaningOf(String.fromCodePoint(point))
  // Nobody writes more of them than a page holds; a text made to fill the memory is forgotten.
  if (wide.size < 10_000) wide.set(point, means)
  return means
}

function meaningOf(char: string): { letters: string; gap: Gap } {
  if (unseen.test(char)) return { letters: '', gap: gaps.unseen }
  if (sentenceEnds.test(char)) return { letters: '', gap: gaps.sentence }
  const letters = plainSpelling(char).replaceAll(/[^\p{L}\p{N}%]/gu, '')
  if (letters !== '') return { letters, gap: gaps.none }
  if (clauseEnds.test(char)) return { letters: '', gap: gaps.clause }
  if (char === '\u3001') return { letters: '', gap: gaps.list }
  if (/\s/u.test(char) || pictures.test(char)) return { letters: '', gap: gaps.space }
  return { letters: '', gap: gaps.symbol }
}

function grown<A extends Uint16Array | Uint32Array | Uint8Array>(from: A, into: A): A {
  into.set(from)
  return into
}

function textOf(letters: Uint16Array, length: number): string {
  return Buffer.from(letters.buffer, 0, length * 2).toString('utf16le')
}
