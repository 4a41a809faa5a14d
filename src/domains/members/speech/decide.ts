/**
 * Reading what somebody says, clause by clause: whether she asks, whether it is about herself, and how she stands to a
 * thing that she names. No dictionary and no model: rules over the clause in which the word stands. What they cannot
 * see (sarcasm, a «她» of three sentences ago) stands in the tests as such.
 */
import { plainSpelling } from '../../../kernel/spelling.ts'
import * as words from './vocabulary.ts'

/** A piece of what was said, in plain spelling, with what the pieces before it say about it. */
export type Clause = {
  text: string
  asks: boolean
  /** It is about somebody else: bought for them, liked by them. */
  aboutOthers: boolean
}

/** How she stands to what she names. `none`: it is not about her, or the thing is only compared with. */
export type Stance = 'liked' | 'mentioned' | 'asked' | 'disliked' | 'none'

/** What is said behind so many characters is not read: nobody's message is that long, and rules take their time. */
const longest = 1_000

export function clausesOf(text: string): Clause[] {
  const plain = plainSpelling(text.slice(0, longest)).replace(words.mention, ' ').trim()
  let others = false
  return pieces(plain).map(({ piece, marked }) => {
    const both = words.andHerself.test(piece)
    if (words.somebodyElse.test(piece)) others = !both
    // «我妈过生日,想买瓶香水»: it stays about her mother until she speaks of herself again.
    else if (both || words.herself.test(piece)) others = false
    return { text: piece, asks: marked || asks(piece), aboutOthers: others }
  })
}

function asks(piece: string): boolean {
  return words.question.test(piece) || words.eitherOr.test(piece)
}

/** `marked`: a question mark stands behind it. */
function pieces(plain: string): { piece: string; marked: boolean }[] {
  const found: { piece: string; marked: boolean }[] = []
  const add = (text: string, marked: boolean): void => {
    const parts = text.split(words.turn).map((part) => part.trim())
    for (const piece of parts) if (piece !== '') found.push({ piece, marked })
  }
  let from = 0
  for (const { index, 0: end, 1: marks } of plain.matchAll(words.clauseEnd)) {
    add(plain.slice(from, index), marks?.includes('?') ?? false)
    from = index + end.length
  }
  add(plain.slice(from), false)
  return found
}

/** How she stands to what is named at [start, end) of a clause. */
export function stanceOf(clause: Clause, start: number, end: number): Stance {
  const { text, asks, aboutOthers } = clause
  const before = text.slice(0, start)
  const behind = text.slice(end)
  if (aboutOthers || words.aboutUs.test(text)) return 'none'
  if (words.aside.test(before) || words.asideBehind.test(behind)) return 'none'
  if (words.isNot.test(before)) return words.aboutMe.test(before) ? 'disliked' : 'none'
  if (words.noThanks.test(behind)) return 'disliked'
  const said = predicateFor(text, start, end)
  const over = words.past.test(before) && !words.still.test(text)
  if (said === 'disliked') return over ? neutral(asks) : 'disliked'
  if (over && said === 'liked') return 'none'
  if (asks) return 'asked'
  return said === 'liked' && !words.supposed.test(before) ? 'liked' : 'mentioned'
}

function neutral(asks: boolean): Stance {
  return asks ? 'asked' : 'mentioned'
}

type Predicate = { kind: 'liked' | 'disliked' | 'mentioned'; start: number; end: number }

/**
 * What is said of the thing: the nearest predicate before it, or when there is none, or it belongs to something else in
 * between, the first one behind it («香水我不喜欢»).
 */
function predicateFor(text: string, start: number, end: number): Predicate['kind'] {
  const all = predicatesOf(text).filter((one) => one.end <= start || one.start >= end)
  const before = all.findLast((one) => one.end <= start)
  const behind = all.find((one) => one.start >= end)
  if (!before) return behind?.kind ?? 'mentioned'
  return before.kind
}

/** In the order of the text, none over another: two negations go before one, and that before none. */
function predicatesOf(text: string): Predicate[] {
  const found: Predicate[] = []
  const collect = (expression: RegExp, kind: Predicate['kind']): void => {
    for (const { index, 0: match } of text.matchAll(expression)) {
      const one = { kind, start: index, end: index + match.length }
      // «喜不喜欢»: asked with its own opposite, not denied.
      if (kind === 'disliked' && text[index - 1] === text[index + 1]) continue
      if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one)
    }
  }
  collect(words.wishAfterAll, 'mentioned')
  collect(words.strongWish, 'liked')
  collect(words.noWish, 'disliked')
  collect(words.likes, 'liked')
  return found.sort((a, b) => a.start - b.start)
}

/** How a word of judgement («好用», «过敏») is meant where it stands in a clause. */
export type Meant = 'so' | 'opposite' | 'open'

/** `open`: asked, hoped or heard of, so that nothing is said. */
export function meantAt(clause: Clause, start: number, end: number): Meant {
  const before = clause.text.slice(0, start)
  const behind = clause.text.slice(end)
  if (words.mockery.test(behind)) return 'opposite'
  if (clause.asks || words.supposed.test(before) || asksItself(before, clause.text.slice(start, end))) return 'open'
  return negationsBefore(before) % 2 === 1 ? 'opposite' : 'so'
}

/** «好不好用»: the word stands behind its own negation. */
function asksItself(before: string, word: string): boolean {
  return /[不没]$/u.test(before) && before.at(-2) === word[0]
}

function negationsBefore(before: string): number {
  let count = 0
  let rest = before.slice(-12)
  for (let match = negationAt(rest); match; match = negationAt(rest)) {
    count++
    rest = rest.slice(0, match.index)
  }
  return count
}

function negationAt(text: string): RegExpExecArray | null {
  return words.noNegation.test(text) ? null : words.negation.exec(text)
}
