/** Whether a customer's words may reach the model at all. Pure, and the same with every model. */
import type { Content } from '../../../kernel/content.ts'
import { compilePattern, isPattern, type Pattern } from '../../../kernel/pattern.ts'
import { densePhrases, phrases } from './phrase.ts'
import { type Reading, readingsOf } from './reading.ts'
import { type GuardsContent, guardsOf, type Refusal, type Topic } from './schema.ts'

export type Guarded =
  | { kind: 'clear' }
  /** Answered with one of `says`, and by nothing else. */
  | { kind: 'refuse'; rule: string; says: readonly string[] }
  /** A case for a human. `entry`: its approved answer is sent as well. */
  | { kind: 'human'; topic: string; says: readonly string[]; urgent: boolean; entry: string | null }

type Recogniser<T> = {
  rule: T
  words: Words
  patterns: readonly Pattern[]
  except: Words
}

/** The same phrases for both kinds of reading. */
type Words = { spaced: RegExp | undefined; dense: RegExp | undefined }

type Guard = { topics: Recogniser<Topic>[]; refusals: Recogniser<Refusal>[]; anger: Recogniser<null> }

/** Compiled once for each version of the content. */
const guards = new WeakMap<GuardsContent, Guard>()

function guardFor(content: Content): Guard {
  const data = guardsOf(content)
  const known = guards.get(data)
  if (known) return known
  const guard = {
    topics: data.topics.map((topic) => recogniserOf(topic, topic)),
    refusals: data.refusals.map((refusal) => recogniserOf(refusal, refusal)),
    anger: recogniserOf(null, data.anger),
  }
  guards.set(data, guard)
  return guard
}

function recogniserOf<T>(rule: T, by: Pick<Topic, 'words' | 'patterns' | 'except'>): Recogniser<T> {
  return {
    rule,
    words: wordsOf(by.words),
    patterns: by.patterns.map(compilePattern).filter(isPattern),
    except: wordsOf(by.except),
  }
}

function wordsOf(list: readonly string[]): Words {
  return { spaced: phrases(list, 'u'), dense: densePhrases(list) }
}

/**
 * Reads everything that a customer wrote: a question, a burst by lines, a quoted text, her nickname. Topics for a human
 * go first, as somebody who is in danger may also be rude.
 */
export function guard(text: string, content: Content): Guarded {
  const { topics, refusals } = guardFor(content)
  if (topics.length + refusals.length === 0) return { kind: 'clear' }
  const readings = readingsOf(text)
  const topic = topics.find((one) => isMeant(one, readings))?.rule
  if (topic) {
    return { kind: 'human', topic: topic.id, says: topic.says, urgent: topic.urgent, entry: topic.entry ?? null }
  }
  const refusal = refusals.find((one) => isMeant(one, readings))?.rule
  return refusal ? { kind: 'refuse', rule: refusal.id, says: refusal.says } : { kind: 'clear' }
}

/** Whether somebody complains, or is so angry that a human ought to come, whatever else she asks. */
export function isAngry(text: string, content: Content): boolean {
  return isMeant(guardFor(content).anger, readingsOf(text))
}

function isMeant<T>({ words, patterns, except }: Recogniser<T>, readings: readonly Reading[]): boolean {
  if (readings.some((reading) => stands(except, reading))) return false
  return readings.some(
    (reading) =>
      stands(words, reading) || patterns.some((pattern) => pattern.test(reading.spaced) || pattern.test(reading.dense)),
  )
}

function stands({ spaced, dense }: Words, reading: Reading): boolean {
  return spaced?.test(reading.spaced) === true || dense?.test(reading.dense) === true
}
