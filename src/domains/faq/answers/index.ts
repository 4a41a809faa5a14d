/** From a question to words: guards, retrieval, the asker's own figures, and then the model or the approved answer. */
import type { Effect } from '../../../kernel/effect.ts'
import type { Question } from '../decide.ts'
import { answerFact } from '../facts/index.ts'
import { guard, isAngry } from '../guards/index.ts'
import { courtesyOf, personaOf } from '../persona/index.ts'
import type { Decision } from '../retrieval/confidence.ts'
import { sayAnswer, sayText } from '../saying.ts'
import type { FaqEntry } from '../schema.ts'
import { apart } from './apart.ts'
import { askModel, foreseeAsking } from './ask.ts'
import { adviceOf, approvedWords, caseOf, pickOf } from './decide.ts'
import { insteadOfUnknown, withCase } from './human.ts'
import {
  isRepeated,
  isSameBreath,
  type Read,
  readQuestion,
  retrievedOf,
  thatCount,
  turnsOf,
  wasCourteous,
} from './reading.ts'
import { begin, contextOf, keep, type On, sayingOf } from './exchange.ts'
import { findRecent } from './repo/lookups.ts'
import { answersSettings } from './schema.ts'

export { type Asker, askers } from './asker.ts'
export { modelAnswered, onModelAnswered } from './conclude.ts'
export type { Lent, On } from './exchange.ts'
export { isQuietFor } from './human.ts'

/**
 * Answers a question, or sets out to: then the answer comes back as `faq.model-answered`. An overheard one is left alone
 * when it is answered by an entry that the group has just read (`justSaid`).
 */
export async function answer(question: Question, on: On, justSaid: ReadonlySet<string> = new Set()): Promise<Effect[]> {
  const { work, content, talk, at } = on
  const settings = content.settings(answersSettings)
  const recent = thatCount((await work.load(findRecent, talk)) ?? [])
  if (isRepeated(question, recent, talk, content, at.now)) return []
  const foreseen = foreseeAsking(on)
  const guarded = await answerGuarded(question, on)
  if (guarded) return guarded
  const read = readQuestion(question, turnsOf(recent, settings, at.now), talk, content, at.now)
  const { decision } = read.considered
  if (isSameBreath(question, recent, read, talk, content, at.now)) return []
  if (question.overheard && saysAgain(decision, justSaid)) return []
  const entries = decision.kind === 'answer' ? decision.entries : []
  if (entries.some(({ fact }) => fact !== undefined)) return answerOwn(entries, question, read, on)
  const asked = await askModel(question, read, foreseen, on)
  if (asked) return asked
  // Unasked the bot speaks when it is sure, or not at all.
  if (question.overheard && decision.kind !== 'answer') return []
  const exchange = begin(question, read.context, retrievedOf(read.considered, settings), on)
  const saying = sayingOf(question, on)
  const known = approvedWords(read.considered, saying)
  const words = isAngry(question.text, content)
    ? withCase('complaint', known, exchange, saying)
    : await insteadOfUnknown(known, recent, exchange, saying, on)
  return keep(exchange, await apart(words, question.messages, on), on)
}

function saysAgain(decision: Decision, justSaid: ReadonlySet<string>): boolean {
  return decision.kind === 'answer' && decision.entries.some(({ id }) => justSaid.has(id))
}

/** Thanks and the like: the persona's short words, once in a while. */
export async function returnCourtesy({ text, message }: { text: string; message: string }, on: On): Promise<Effect[]> {
  const { work, content, talk, at } = on
  const persona = personaOf(content, talk.rule)
  const courtesy = courtesyOf(text, persona)
  if (!persona || !courtesy) return []
  const recent = (await work.load(findRecent, talk)) ?? []
  if (wasCourteous(recent, persona, content, at.now)) return []
  const said = pickOf(courtesy.says, at)
  const question: Question = { text, messages: [message], quoted: null, overheard: false, picked: null }
  const effects = sayText(said, sayingOf(question, on))
  return keep(begin(question, contextOf(question), [], on), { effects, outcome: 'courtesy', entries: [], said }, on)
}

/** What content refuses, or wants a human for, reaches neither retrieval nor the model. */
async function answerGuarded(question: Question, on: On): Promise<Effect[] | undefined> {
  const { content, talk, at } = on
  const guarded = guard(question.text, content)
  if (guarded.kind === 'clear') return undefined
  const saying = sayingOf(question, on)
  const exchange = begin(question, contextOf(question), [], on)
  const said = pickOf(guarded.says, at)
  if (guarded.kind === 'refuse') {
    const reasons = [{ check: 'guard' as const, words: guarded.rule }]
    return keep(exchange, { effects: sayText(said, saying), outcome: 'refused', entries: [], said, reasons }, on)
  }
  const entry = adviceOf(guarded, content)
  const words = entry ? `${said}\n\n${entry.answer}` : said
  const effects = [...sayAnswer(words, saying), caseOf(`topic:${guarded.topic}`, exchange, talk)]
  const entries = entry ? [entry.id] : []
  const reasons = [{ check: 'guard' as const, words: guarded.topic }]
  const handed = { effects, outcome: 'handed' as const, entries, said: words, intent: 'human' as const, reasons }
  return keep(exchange, await apart(handed, question.messages, on), on)
}

/** Her own order: the figures are filled in by code. What else she asked beside it is answered with it. */
async function answerOwn(own: readonly FaqEntry[], question: Question, read: Read, on: On): Promise<Effect[]> {
  const { work, content, ids, lent, talk, at } = on
  const first = own.find(({ fact }) => fact !== undefined) ?? own[0]!
  // It ends in this breath: what was found is kept to be looked at, and given to no model.
  const found = read.considered.found.map(({ entry, score }) => ({ entry: entry.id, chance: score }))
  const exchange = begin(question, read.context, found.slice(0, content.settings(answersSettings).entries), on)
  const { effects, outcome } = await answerFact(first, {
    ...{ talk, work, content, ids, facts: lent.facts, answers: question.messages },
    ...{ inboxId: at.inboxId, account: at.account, pick: at.pick },
    beside: own.filter((entry) => entry !== first),
  })
  // What it said is full of her own figures: they stand in the outbox, where they are needed, and nowhere else.
  const told = { effects, outcome, entries: own.map(({ id }) => id), said: null }
  // Her figures were told apart from the group already, and so is a case about them.
  const isCalm = outcome === 'dropped' || !isAngry(question.text, content)
  return keep(exchange, isCalm ? told : withCase('complaint', told, exchange, sayingOf(question, on)), on)
}
