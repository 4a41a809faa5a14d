/** What a customer wrote, read as one or several attempts at a question. */
import type { Topic } from './confidence.ts'
import type { Lexicon } from './lexicon.ts'
import { generalWords, normalise, read, type Reading } from './tokenise.ts'

/** WeChat writes its emoticons as words in brackets. */
const emoticon = /\[[\p{L}\p{N}]{1,8}\]/gu
/** «@name » with WeChat's four-per-em space, or a name in front of or behind everything. */
const mention = /@[^@\n\u2005]{1,40}\u2005|^\s*@\S+\s+|\s+@\S+\s*$|^\s*@\S+\s*$/gu

/** Without mentions and emoticons: neither is part of a question. */
export function spoken(text: string): string {
  return text.replace(mention, ' ').replace(emoticon, ' ').trim()
}

/** Whether a text names somebody with «@»: some platforms tell it in the text alone. */
export function namesSomebody(text: string): boolean {
  return text.search(mention) !== -1
}

export type Attempt = {
  asked: Reading
  /** What its score is worth: half a sentence says less than the whole. */
  worth: number
  /** It names what a question may be about, and may begin one; it asks nothing yet. */
  topic: Topic | undefined
}

const attemptsAtMost = 6
const greetingAtMost = 3
/** Nobody asks one question in more characters, and the time stays bounded. */
const longest = 160
/** Punctuation, and the spaces that stand for it in Chinese. */
export const boundary = /[,!?;~，。！？；、～…]+|(?<=\p{sc=Han})\p{Zs}+|\p{Zs}+(?=\p{sc=Han})/u
/** «How about it» behind a comma is no question of its own. */
const shortestClause = 4

/**
 * The whole of what is said, then its lines, then the clauses of a line: stories stand around the question itself. It
 * ends where parts come that are not worth while, and reads none of them.
 */
export function* attemptsOf(
  said: string,
  topics: ReadonlySet<string>,
  worthWhile: (worth: number) => boolean,
  lexicon: Lexicon = generalWords,
): Generator<Attempt, void> {
  const tried = new Set<string>()
  for (const { part, worth, shortest } of partsOf(said)) {
    if (tried.size === attemptsAtMost || !worthWhile(worth)) return
    const normalised = normalise(part)
    if (normalised.length < shortest || tried.has(normalised)) continue
    const asked = readAsked(normalised, lexicon)
    const topic = topics.has(asked.meant) ? 'tag' : asked.words.length <= 1 ? 'word' : undefined
    if (topic && tried.size > 0) continue
    tried.add(normalised)
    yield { asked, worth, topic }
  }
}

/** The clauses of all lines, as they are written. A space may stand within a question: only punctuation ends one here. */
export function clausesOf(said: string): string[] {
  return said.split(/[\n,!?;~，。！？；～…]+/u).filter((clause) => clause.trim() !== '')
}

type Part = { part: string; worth: number; shortest: number }

function* partsOf(said: string): Generator<Part, void> {
  yield { part: said, worth: 1, shortest: 0 }
  const lines = said.split('\n')
  if (lines.length > 1) for (const part of lines) yield { part, worth: 1, shortest: 2 }
  for (const line of lines) {
    const clauses = line.split(boundary)
    if (clauses.length > 1) for (const part of clauses) yield { part, worth: 0.7, shortest: shortestClause }
  }
}

/**
 * A burst without the greeting in front of it: its first lines, while nothing that we know is like them, are no part of
 * a question that is spread over the others. Undefined when there is no such greeting.
 */
export function behindGreeting(
  said: string,
  isKnown: (line: Reading) => boolean,
  lexicon: Lexicon,
): Attempt | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  if (lines.length < 2) return undefined
  const first = lines.slice(0, greetingAtMost + 1).findIndex((line) => isKnown(readAsked(normalise(line), lexicon)))
  if (first < 1 || first === lines.length - 1) return undefined
  return { asked: readAsked(normalise(lines.slice(first).join('\n')), lexicon), worth: 1, topic: undefined }
}

/** Reads a normalised text as far as it is compared. */
export function readAsked(normalised: string, lexicon: Lexicon): Reading {
  return read(normalised.length <= longest ? normalised : [...normalised].slice(0, longest).join(''), lexicon)
}
