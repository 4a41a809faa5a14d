/**
 * How it was, in a customer's own words. Pure. The danger is the other way round: a number that is no mark («2 支», the
 * answer to somebody's question) must stay an ordinary message, so a mark stands at the beginning and by itself.
 */
import type { Case } from '../cases/schema.ts'
import { asks, digits, lead, marksByWord, pause, unit } from './vocabulary.ts'

/** 1 to 5, and what she added; '' for nothing. */
export type Rating = { mark: number; words: string }

/** Who writes a letter wants to be heard, not counted. */
const longest = 200
const leastMark = 1

/** Undefined for everything that is no mark. */
export function readRating(text: string): Rating | undefined {
  const said = text.replaceAll(/[０-９]/gu, narrow).trim()
  if (said === '' || said.length > longest || asks.test(said)) return undefined
  return byNumber(said.replace(lead, '')) ?? byWord(said)
}

/** Her words stay as she wrote them. */
function narrow(digit: string): string {
  return String.fromCodePoint(digit.codePointAt(0)! - 0xfee0)
}

function byNumber(said: string): Rating | undefined {
  const [first = ''] = [...said]
  const value = digits[first]
  if (value === undefined) return undefined
  const behind = said.slice(first.length)
  const marked = unit.exec(behind)
  const rest = marked ? behind.slice(marked[0].length) : behind
  // Nobody gives 0 of 1 to 5 but by naming it a mark; then it is the worst there is.
  if (value < leastMark && !marked) return undefined
  const gap = pause.exec(rest)
  if (!marked && rest !== '' && (!gap || /^[.:~-]?\d/u.test(rest))) return undefined
  return { mark: Math.max(leastMark, value), words: rest.slice(gap?.[0].length ?? 0).trim() }
}

/** The longest word that the text begins with. */
const words = Object.entries(marksByWord).sort(([a], [b]) => b.length - a.length)

function byWord(said: string): Rating | undefined {
  const found = words.find(([word]) => said.startsWith(word))
  if (!found) return undefined
  const rest = said.slice(found[0].length)
  const gap = pause.exec(rest)
  if (rest !== '' && !gap && !/^[了的哦呀啊]*$/u.test(rest)) return undefined
  return { mark: found[1], words: said }
}

/** What is said in passing, such as «谢谢», leaves the question open; a talk about something else ends it. */
export function passesBy(text: string): boolean {
  return [...text.trim()].length <= 8 && !asks.test(text)
}

/** Under this key the case remembers that she was asked: once, however often it is opened again. */
export const askedKey = 'rating'

/** Whether a case that was just closed is one that she can judge: a human has spoken with her in it. */
export function mayAsk(
  now: Pick<Case, 'state' | 'firstResponseAt' | 'customerId'> & { told: ReadonlyMap<string, Date> },
): boolean {
  return now.state === 'closed' && now.customerId !== null && now.firstResponseAt !== null && !now.told.has(askedKey)
}
