/**
 * What an adviser means. Pure. The danger is on both sides: a command that reaches a customer, and words for a customer
 * that are taken for a command («接下来我帮您查»). So a command is a word of its own at the very beginning, and what follows it
 * must be what the command takes.
 */
import type { Command, CommandName, CommandWords } from './schema.ts'

export type Spoken = {
  text: string
  /** What she quotes, where the platform tells. */
  quoted: string | null
}

export type Vocabulary = {
  words: CommandWords
  /** Names of colleagues to whom a case can be given. */
  names: ReadonlySet<string>
  /** Codes of resolutions, by the words for them. */
  codes: ReadonlyMap<string, string>
  /** Of the cases that she has, or is asked to take. */
  numbers: ReadonlySet<number>
}

const bareNumber = /^(\d{1,9})(?=$|[\s:：,，、])/u
const caseNumber = /^[#＃]\s*(\d{1,9})(?=$|[^\d])/u
/** Our own lines begin with the number of the case that they are about. */
const quotedNumber = /[#＃](\d{1,9})(?!\d)/u

/** Two numbers that contradict each other are no number. */
type Named = { number: number | null } | 'contradiction'

export function readCommand({ text, quoted }: Spoken, vocabulary: Vocabulary): Command {
  const written = text.trim()
  const named = numberAt(written)
  const quotes = quoted === null ? null : Number(quotedNumber.exec(quoted)?.[1] ?? Number.NaN)
  const fromQuote = quotes === null || Number.isNaN(quotes) ? null : quotes
  // «#1024 结»: the number may stand before the command, or behind it.
  const command = commandOf(named.rest, vocabulary)
  if (command) return completed(command, join(named.number, fromQuote), vocabulary)
  const bare = named.number === null && fromQuote === null ? readBare(written, vocabulary) : undefined
  if (bare) return bare
  const whose = join(named.number, fromQuote)
  if (whose === 'contradiction') return { kind: 'unclear', command: 'list', why: 'which' }
  if (named.rest === '' && whose.number !== null) return { kind: 'choose', number: whose.number }
  return { kind: 'say', number: whose.number, text: named.rest }
}

/**
 * «2 结» as a thumb writes it, without the sign. A number and a command are a command, whosever the case is: to a customer they
 * say nothing. A number of one of her cases before other words may be a case, or two bottles: where she has several, she is asked.
 */
function readBare(text: string, vocabulary: Vocabulary): Command | undefined {
  const match = bareNumber.exec(text)
  if (!match) return undefined
  const number = Number(match[1])
  const rest = text.slice(match[0].length).replace(/^[\s:：,，、]+/u, '')
  const command = commandOf(rest, vocabulary)
  if (command) return completed(command, { number }, vocabulary)
  if (!vocabulary.numbers.has(number) || vocabulary.numbers.size < 2) return undefined
  return rest === '' ? { kind: 'choose', number } : { kind: 'say', number: null, text, isDoubtful: true }
}

function numberAt(text: string): { number: number | null; rest: string } {
  const match = caseNumber.exec(text)
  if (!match) return { number: null, rest: text }
  return { number: Number(match[1]), rest: text.slice(match[0].length).replace(/^[\s:：,，]+/u, '') }
}

function join(a: number | null, b: number | null): Named {
  if (a !== null && b !== null && a !== b) return 'contradiction'
  return { number: a ?? b }
}

type Found = { name: CommandName; rest: string }

/** The command at the beginning: the word alone, or followed by a space, a colon or a case number. */
function commandOf(text: string, { words }: Vocabulary): Found | undefined {
  for (const [name, list] of Object.entries(words) as [CommandName, string[]][]) {
    for (const word of list) {
      if (!text.startsWith(word)) continue
      const rest = text.slice(word.length)
      if (rest === '' || /^[\s:：#＃]/u.test(rest)) return { name, rest: rest.replace(/^[\s:：]+/u, '') }
      // «草稿1» is what a thumb writes.
      if (name === 'draft' && /^\d$/u.test(rest)) return { name, rest }
    }
  }
  return undefined
}

/** Words behind these are none of theirs: then the whole was meant for the customer. */
const alone: ReadonlySet<CommandName> = new Set([
  ...(['accept', 'decline', 'list', 'recall', 'resend', 'away', 'back', 'take', 'keep'] as const),
])

function completed({ name, rest }: Found, before: Named, vocabulary: Vocabulary): Command {
  const unclear = (why: 'whom' | 'what' | 'which' | 'code'): Command => ({ kind: 'unclear', command: name, why })
  if (before === 'contradiction') return unclear('which')
  const behind = numberBehind(name, rest)
  const named = join(before.number, behind.number)
  if (named === 'contradiction') return unclear('which')
  const { number } = named
  const words = behind.rest
  if (alone.has(name) && words !== '') return unclear('what')
  switch (name) {
    case 'accept':
    case 'decline':
    case 'recall':
    case 'resend':
    case 'keep':
      return { kind: name, number }
    case 'take':
      // Which of all cases she means is never guessed.
      return number === null ? unclear('which') : { kind: 'take', number }
    case 'escalate':
      return { kind: 'escalate', number, note: words }
    case 'list':
    case 'away':
    case 'back':
      return { kind: name }
    case 'note':
      return words === '' ? unclear('what') : { kind: 'note', number, text: words }
    case 'draft':
      if (words === '') return { kind: 'draft', number, draft: null }
      return /^[1-9]$/u.test(words) ? { kind: 'draft', number, draft: Number(words) } : unclear('what')
    case 'resolve': {
      const code = words === '' ? null : vocabulary.codes.get(words)
      return code === undefined ? unclear('code') : { kind: 'resolve', number, code }
    }
    case 'transfer': {
      const [to = '', ...note] = words.split(/\s+/u)
      return vocabulary.names.has(to) ? { kind: 'transfer', number, to, note: note.join(' ') } : unclear('whom')
    }
    default:
      return name satisfies never
  }
}

/** A draft's number is no case's: «草稿 1». Elsewhere bare digits are one: «接 1024». */
function numberBehind(name: CommandName, rest: string): { number: number | null; rest: string } {
  const marked = numberAt(rest)
  if (marked.number !== null || name === 'draft' || name === 'note' || name === 'escalate') return marked
  const match = /^(\d{1,9})(?=$|\s)/u.exec(rest)
  return match ? { number: Number(match[1]), rest: rest.slice(match[0].length).trim() } : marked
}
