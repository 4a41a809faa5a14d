/** What a customer wrote, read as one or several attempts at a question. */
import { normalise, wordsOf } from './tokenise.ts'

/** WeChat writes its emoticons as words in brackets. */
const emoticon = /\[[\p{L}\p{N}]{1,8}\]/gu
/** «@name » with WeChat's four-per-em space, or a name in front of or behind everything. */
const mention = /@[^@\n\u2005]{1,40}\u2005|^\s*@\S+\s+|\s+@\S+\s*$|^\s*@\S+\s*$/gu

/** Without mentions and emoticons: neither is part of a question. */
export function spoken(text: string): string {
  return text.replace(mention, ' ').replace(emoticon, ' ').trim()
}

export type Attempt = {
  text: string
  /** What its score is worth: half a sentence says less than the whole. */
  worth: number
  /** One word names a topic, and may begin a question; it asks nothing yet. */
  topic: boolean
}

const attemptsAtMost = 6
const greetingAtMost = 3
/** Punctuation, and the spaces that stand for it in Chinese. */
const boundary = /[,!?;~，。！？；、～…]+|(?<=\p{sc=Han})\p{Zs}+|\p{Zs}+(?=\p{sc=Han})/u
/** «How about it» behind a comma is no question of its own. */
const shortestClause = 4

/** The whole, then its lines, then the clauses of a line: greetings and stories stand around the question itself. */
export function attemptsOf(text: string): Attempt[] {
  const said = spoken(text)
  const attempts = new Map<string, number>([[normalise(said), 1]])
  const lines = said.split('\n')
  for (const line of lines) add(line, 1, 2)
  for (const line of lines) for (const clause of line.split(boundary)) add(clause, 0.7, shortestClause)
  return [...attempts]
    .map(([text, worth]) => ({ text, worth, topic: isWord(text) }))
    .filter(({ topic }, i) => i === 0 || !topic)
    .slice(0, attemptsAtMost)

  function add(part: string, worth: number, shortest: number): void {
    const key = normalise(part)
    if (key.length >= shortest && !attempts.has(key)) attempts.set(key, worth)
  }
}

/**
 * A burst without the greeting in front of it: its first lines, while nothing that we know is like them, are no part of
 * a question that is spread over the others. Undefined when there is no such greeting.
 */
export function behindGreeting(text: string, isKnown: (line: string) => boolean): Attempt | undefined {
  const lines = spoken(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  if (lines.length < 2) return undefined
  const first = lines.slice(0, greetingAtMost + 1).findIndex((line) => isKnown(normalise(line)))
  if (first < 1 || first === lines.length - 1) return undefined
  return { text: normalise(lines.slice(first).join('\n')), worth: 1, topic: false }
}

function isWord(text: string): boolean {
  return wordsOf(text).length <= 1
}
