/** The model's outcome is here, or its deadline has passed: what may be said of it is said, once. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Question } from '../decide.ts'
import { isAngry } from '../guards/index.ts'
import { mayStillJoin } from '../overhear/index.ts'
import { courtesyOf, personaOf } from '../persona/index.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { type Moment, type Saying, sayText } from '../saying.ts'
import { apart } from './apart.ts'
import { askerFor } from './asker.ts'
import { countFailure } from './counts.ts'
import {
  type Approved,
  approvedWords,
  caseOf,
  doubted,
  handOver,
  type Judged,
  judge,
  pickOf,
  sayVoiced,
} from './decide.ts'
import { insteadOfUnknown, isQuietFor } from './human.ts'
import { readQuestion, thatCount, wasCourteous } from './reading.ts'
import { close, type Lent, type On, type Spent, nothingSpent } from './exchange.ts'
import { type Kept, saveCached } from './repo/cache.ts'
import { repairExchanges } from './repo/exchanges.ts'
import { findExchange, findRecent, type Returned } from './repo/lookups.ts'
import { addSpend } from './repo/spend.ts'
import { answersSettings, type Exchange, ModelAnswered, type ModelAnswer } from './schema.ts'

export const modelAnswered = 'faq.model-answered'

/** How strong a tag is that the model proposes: below whatever a rule makes of facts. */
const proposedStrength = 0.5

/** The kind of courtesy that answers whatever asks nothing. */
const smallTalk = 'chat'

const silence: Approved = { effects: [], outcome: 'dropped', entries: [], said: null }

export async function onModelAnswered(seen: SliceEventSeen, lent: Lent): Promise<Effect[]> {
  const { event, work, content, ids } = seen
  const answered = ModelAnswered.parse(event.what.payload)
  const known = await work.load(findExchange, answered.exchange)
  if (known?.state !== 'asked' || known.attempt !== answered.attempt) return []
  const exchange = answered.found ? { ...known, found: answered.found } : known
  const at: Moment = { now: work.now, inboxId: exchange.inboxId, account: exchange.account, pick: ids.random() }
  const on: On = { work, content, ids, lent, talk: exchange.talk, at }
  const spent = spend(answered, on)
  const { outcome } = answered
  if (outcome.kind === 'failed') work.afterCommit(() => countFailure(outcome.why))
  // Law 6: a human has taken over, or there is nothing left to answer.
  const silent = exchange.silentUntil !== null && exchange.silentUntil > work.now
  const owned = silent || (await isQuietFor(on))
  if (owned || exchange.recalled || !(await isStillOurs(exchange, on))) {
    return close(exchange, silence, { ...spent, reasons: exchange.complaints, answer: undefined }, on)
  }
  const judged = judge(outcome, exchange, content, work.now)
  if (judged.kind === 'repair') return repair(judged, exchange, spent, on)
  const reasons = judged.kind === 'failed' ? judged.reasons : exchange.complaints
  const words = judged.kind === 'small-talk' ? await chat(exchange, on) : await serve(judged, exchange, spent, on)
  return close(exchange, words, { ...spent, reasons, answer: judged.answer }, on)
}

/** A question that nobody had asked us: others may have answered it while the model was thinking. */
async function isStillOurs({ context, heard }: Returned, on: On): Promise<boolean> {
  if (!context.overheard) return true
  const [asked] = heard
  return asked !== undefined && mayStillJoin(on, asked.at)
}

function spend({ outcome, promptHash, model: asked }: ModelAnswered, { content, work, talk }: On): Spent {
  if (outcome.kind === 'failed') return { ...nothingSpent, model: asked ?? null, promptHash }
  const { usage, model } = outcome
  const { price } = content.settings(answersSettings)
  const cost = (usage.input * price.input + usage.output * price.output) / 1_000_000
  const day = dayIn(content.zone, work.now)
  work.write(addSpend, { day, customerId: talk.customerId, tokens: usage.input + usage.output, cost })
  return { usage, cost, model, promptHash }
}

function repair(
  { complaints, previous }: Extract<Judged, { kind: 'repair' }>,
  exchange: Exchange,
  { usage, cost }: Spent,
  { work }: On,
): Effect[] {
  work.write(repairExchanges, { id: exchange.id, complaints, previous, usage, cost })
  const asker = askerFor(exchange.account)
  // Where nobody asks any more, the exchange becomes overdue, and the approved answer is sent.
  if (asker) work.afterCommit(() => asker.ask({ ...exchange, attempt: exchange.attempt + 1, complaints, previous }))
  return []
}

/**
 * Needs of a human that open a case. `unsure` is none: there may be an approved answer. Whoever is angry or complains has
 * one, whether the model says so or content's words do.
 */
function needOf(answer: ModelAnswer | undefined, question: string, content: Content): string | undefined {
  if (answer !== undefined && answer.human !== 'none' && answer.human !== 'unsure') return answer.human
  const complains = answer?.mood === 'angry' || answer?.intent === 'complaint' || isAngry(question, content)
  return complains ? 'complaint' : undefined
}

type Serious = Exclude<Judged, { kind: 'repair' | 'small-talk' }>

/** What is said, where it may be said, and a human in the place of «nobody knows» where that is too little. */
async function serve(judged: Serious, exchange: Returned, spent: Spent, on: On): Promise<Approved> {
  const { work, content, talk, at } = on
  const saying: Saying = { talk, content, at, read: exchange.messages }
  const words = wordsFor(judged, exchange, spent, on)
  const recent = words.outcome === 'unknown' ? thatCount((await work.load(findRecent, talk)) ?? []) : []
  return apart(await insteadOfUnknown(words, recent, exchange, saying, on), exchange.messages, on)
}

function wordsFor(judged: Serious, exchange: Returned, { model, promptHash }: Spent, on: On): Approved {
  const { content, talk, at } = on
  const { context } = exchange
  const saying: Saying = { talk, content, at, read: exchange.messages }
  const need = needOf(judged.answer, exchange.question, content)
  if (judged.kind === 'say') {
    const { effects, said } = sayVoiced(judged.answer, saying)
    if (exchange.cacheKey && need === undefined)
      saveForLater(exchange.cacheKey, { answer: judged.answer, model, promptHash }, on)
    const beside = [...propose(judged.answer, exchange, on), ...(need ? [caseOf(need, exchange, talk)] : [])]
    return { effects: [...effects, ...beside], outcome: 'voiced', entries: judged.answer.cites, said }
  }
  const { considered } = readQuestion(questionOf(exchange), context.turns, talk, content, at.now)
  const sure = considered.decision.kind === 'answer'
  if (context.overheard) return sure && judged.kind === 'failed' ? approvedWords(considered, saying) : silence
  if (judged.kind === 'declined') {
    return need ? handOver(need, exchange, saying) : approvedWords(doubted(considered, content), saying)
  }
  // Where there is no approved answer either, somebody has to look.
  if (considered.decision.kind === 'none') return handOver(need ?? 'no-answer', exchange, saying)
  const words = approvedWords(considered, saying)
  return need ? { ...words, effects: [...words.effects, caseOf(need, exchange, talk)] } : words
}

/** Small talk is returned in content's words, and rarely. */
async function chat({ question, messages, context }: Exchange, on: On): Promise<Approved> {
  const { work, content, talk, at } = on
  const persona = personaOf(content, talk.rule)
  const courtesy = courtesyOf(question, persona) ?? persona?.courtesies.find(({ kind }) => kind === smallTalk)
  if (!persona || !courtesy || context.overheard) return silence
  if (wasCourteous((await work.load(findRecent, talk)) ?? [], persona, content, at.now)) return silence
  const said = pickOf(courtesy.says, at)
  return { effects: sayText(said, { talk, content, at, read: messages }), outcome: 'courtesy', entries: [], said }
}

function saveForLater(key: string, kept: Kept, { work, content, talk }: On): void {
  const { cacheFor } = content.settings(answersSettings)
  const expiresAt = new Date(work.now.getTime() + cacheFor)
  work.write(saveCached, { key, ...kept, customerId: talk.customerId, createdAt: work.now, expiresAt })
}

/** Tags that her words show, as far as they are ones that may be proposed. */
function propose({ proposes }: ModelAnswer, { heard }: Returned, { content, lent, talk }: On): Effect[] {
  if (heard.length === 0) return []
  const may = lent.proposable(content)
  return Object.entries(proposes).flatMap(([dimension, values]) =>
    values
      .filter((value) => may[dimension]?.includes(value))
      .map((value): Effect => {
        const { customerId } = talk
        return { kind: 'ProposeTag', customerId, dimension, value, strength: proposedStrength, messages: heard }
      }),
  )
}

function questionOf({ question: text, messages, context }: Exchange): Question {
  return { text, messages, quoted: context.quoted, overheard: context.overheard, picked: null }
}
