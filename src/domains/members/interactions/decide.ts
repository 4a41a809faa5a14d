/** Telling interactions in what is said. Pure, and cheap enough for every message: a few microseconds. */
import type { MessageType } from '../../../kernel/event.ts'
import { compilePattern, isPattern, type Pattern } from '../../../kernel/pattern.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { type Clause, clausesOf, meantAt } from '../speech/index.ts'
import type { InteractionRule } from './schema.ts'

type Rule = Pick<InteractionRule, 'kind' | 'asks' | 'inQuestions' | 'opposite' | 'types'> & {
  /** Words that are read in their clause. */
  words: RegExp | null
  /** Emoji and the like: they stand between clauses. */
  marks: readonly string[]
  except: RegExp | null
  patterns: readonly Pattern[]
}

/** `words`, `patterns`: whether any rule may find something; most messages need no closer look. */
type Rules = { rules: readonly Rule[]; words: RegExp | null; patterns: readonly Pattern[]; asks: boolean }

/** Rules ready to be used; made once for each version of content. */
const compiled = new WeakMap<readonly InteractionRule[], Rules>()

function rulesOf(given: readonly InteractionRule[]): Rules {
  const known = compiled.get(given)
  if (known) return known
  const rules = given.map(({ words, except, patterns, ...rule }) => ({
    ...rule,
    words: anyOf(words.filter((word) => hasLetters.test(word))),
    marks: words.filter((word) => !hasLetters.test(word)).map(plainSpelling),
    except: anyOf(except),
    patterns: joined(patterns),
  }))
  const all = {
    rules,
    words: anyOf(given.flatMap(({ words }) => words)),
    patterns: anywhere(given.flatMap(({ patterns }) => patterns)),
    asks: rules.some(({ asks }) => asks),
  }
  compiled.set(given, all)
  return all
}

/** The same patterns as one, which takes a fraction of the time; apart when that would be too large. */
function joined(sources: readonly string[]): readonly Pattern[] {
  if (sources.length === 0) return []
  const pattern = compilePattern(sources.map((one) => `(?:${one})`).join('|'))
  return isPattern(pattern) ? [pattern] : sources.map(compilePattern).filter(isPattern)
}

/** An anchor or a border of words: what such a pattern finds in a clause it may not find in the whole message. */
const anchored = /[$^]|\\[abz]/iu

/** Finds in a whole message whatever one of the patterns finds in a clause of it; the empty pattern finds everything. */
function anywhere(sources: readonly string[]): readonly Pattern[] {
  return sources.some((source) => anchored.test(source)) ? joined(['']) : joined(sources)
}

const hasLetters = /[\p{L}\p{N}]/u

/** Finds any of the words, the longest first. */
function anyOf(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null
  const plain = [...new Set(words.map(plainSpelling))].sort((a, b) => b.length - a.length)
  return new RegExp(plain.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')).join('|'), 'gu')
}

const longest = 1_000

/** The kinds of interaction that a message is, each once, in the order of the rules. */
export function interactionsOf(text: string, given: readonly InteractionRule[], type: MessageType = 'text'): string[] {
  const plain = type === 'text' ? plainSpelling(text.slice(0, longest)) : ''
  const { rules, words, patterns, asks } = rulesOf(given)
  const found = new Set<string>()
  for (const rule of rules) if (rule.types.includes(type)) found.add(rule.kind)
  const speaks = (words !== null && plain.search(words) >= 0) || patterns.some((pattern) => pattern.test(plain))
  const clauses = plain !== '' && (speaks || asks) ? clausesOf(plain) : []
  const isQuestion = clauses.some((clause) => clause.asks)
  for (const rule of rules) {
    if (rule.asks && isQuestion) found.add(rule.kind)
    if (!speaks) continue
    if (rule.marks.some((mark) => plain.includes(mark))) found.add(rule.kind)
    for (const clause of clauses) for (const kind of readClause(rule, clause)) found.add(kind)
  }
  return given.map(({ kind }) => kind).filter((kind) => found.delete(kind))
}

function readClause({ kind, opposite, words, except, patterns, inQuestions }: Rule, clause: Clause): string[] {
  const spoken = words !== null && clause.text.search(words) >= 0
  if (!spoken && !patterns.some((pattern) => pattern.test(clause.text))) return []
  // What means something else is blanked out, so that places in the clause stay where they are.
  const text = except ? clause.text.replace(except, (word) => ' '.repeat(word.length)) : clause.text
  if (patterns.some((pattern) => pattern.test(text))) return [kind]
  return [...(words ? text.matchAll(words) : [])].flatMap(({ index, 0: word }) => {
    switch (meantAt(clause, index, index + word.length)) {
      case 'so':
        return [kind]
      case 'open':
        return inQuestions ? [kind] : []
      case 'opposite':
        return opposite === undefined ? [] : [opposite]
    }
  })
}
