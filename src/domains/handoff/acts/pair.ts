/** The last question of a talk, and what an adviser answered to it. Pure. */
import type { Line } from '../talk/repo.ts'

export type Pair = { question: string; answer: string }

/** What stands around an adviser's words when they are signed, for each of those who may have signed. */
export type Signature = { before: string; after: string }

/**
 * Her last text that has an answer of ours, signed with a name, behind it. Lines are the oldest first. What she sent in
 * pieces is one question, what was answered in pieces one answer. Undefined where nothing was asked and answered.
 */
export function lastPair(lines: readonly Line[], signatures: readonly Signature[]): Pair | undefined {
  const texts = lines.filter(({ type, text, recalled }) => type === 'text' && !recalled && text.trim() !== '')
  const told = texts.map(({ who, text }) => (who === 'customer' ? undefined : unsigned(text, signatures)))
  const last = told.findLastIndex((text) => text !== undefined)
  // Between the two our house may have said something of its own: it is no answer, and ends no question.
  const asked = texts.findLastIndex(({ who }, at) => at < last && who === 'customer')
  if (last < 0 || asked < 0) return undefined
  const answer = told.slice(asked + 1).filter((text) => text !== undefined)
  const before = texts.slice(0, asked + 1)
  const first = before.findLastIndex(({ who }) => who !== 'customer') + 1
  return {
    question: before
      .slice(first)
      .map(({ text }) => text)
      .join(' '),
    answer: answer.join('\n'),
  }
}

function unsigned(text: string, signatures: readonly Signature[]): string | undefined {
  const found = signatures.find(
    ({ before, after }) => before + after !== '' && text.startsWith(before) && text.endsWith(after),
  )
  return found && text.slice(found.before.length, text.length - found.after.length)
}
