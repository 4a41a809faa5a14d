/** How a question is answered: by an approved answer, or by what the model makes of it once that is checked. Pure. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { ModelOutcome } from '../../../kernel/ports.ts'
import { mediaBodiesOf } from '../answer.ts'
import { readings } from '../context/index.ts'
import type { Question } from '../decide.ts'
import { checkAnswer } from '../grounding/index.ts'
import { personaHash, personaOf, polish, readAnswer } from '../persona/index.ts'
import { answersOf, type Considered, consider, optionsOf } from '../retrieval/ask.ts'
import { didYouMean, offer, say, sayAnswer, type Saying, sayText } from '../saying.ts'
import { type FaqEntry, entriesOf, faqSettings, type Talk } from '../schema.ts'
import {
  type AnswersSettings,
  answersSettings,
  type Allowance,
  type Complaint,
  type Context,
  type Exchange,
  type Intent,
  type ModelAnswer,
  type Outcome,
  type Reason,
  type Recent,
  type Retrieved,
  type Turn,
} from './schema.ts'

/** A question with what it leans on, and what retrieval makes of it. */
export type Read = { context: Context; considered: Considered }

/** What was said between her and us lately, the oldest first. */
export function turnsOf(recent: readonly Recent[], settings: AnswersSettings, now: Date): Turn[] {
  const since = now.getTime() - settings.contextFor
  return (
    recent
      .filter(({ askedAt, said }) => askedAt.getTime() >= since && said !== null)
      // What was refused is nothing to go on, nor are pleasantries.
      .filter(({ outcome }) => outcome !== 'refused' && outcome !== 'courtesy')
      .slice(0, settings.contextTurns)
      .map(({ question, said, entries }) => ({ question, answer: said ?? '', entries }))
      .toReversed()
  )
}

/** Reads a question by itself and, where it leans on something, with that; the first reading that is sure counts. */
export function readQuestion(
  question: Question,
  turns: readonly Turn[],
  talk: Talk,
  content: Content,
  now: Date,
): Read {
  const { text, quoted, overheard } = question
  const how = { now, group: talk.rule }
  const picked = entriesOf(content).find(({ id }) => id === question.picked)
  if (picked) {
    const found = [{ entry: picked, score: 1, likeness: 1, question: text, topic: undefined }]
    const considered: Considered = { decision: { kind: 'answer', entries: [picked] }, found }
    return { context: { turns: [], quoted, reading: text, overheard }, considered }
  }
  const all = readings(text, { quoted, recent: turns, content }).map((reading) => ({
    ...reading,
    considered: consider(content, reading.text, how),
  }))
  const first = all[0]!
  const chosen = all.find(({ considered }) => considered.decision.kind === 'answer') ?? first
  // What is sure by itself is the same for everybody: it needs nothing of what was said before.
  const alone = chosen.considered.decision.kind === 'answer' && !chosen.leans
  const context = { turns: alone ? [] : [...turns], quoted: alone ? null : quoted, reading: chosen.text, overheard }
  return { context, considered: chosen.considered }
}

/** In a group the same question of one person is answered once in a while; elsewhere while it is being answered. */
export function isRepeated(
  question: Question,
  recent: readonly Recent[],
  inGroup: boolean,
  settings: AnswersSettings,
  now: Date,
): boolean {
  const since = now.getTime() - settings.repeatWindow
  return recent.some(
    ({ question: text, askedAt, state }) =>
      text === question.text && (state === 'asked' || (inGroup && askedAt.getTime() >= since)),
  )
}

/** Whether thanks and small talk of hers were returned lately. */
export function wasCourteous(recent: readonly Recent[], content: Content, now: Date): boolean {
  const since = now.getTime() - content.settings(answersSettings).courtesyEvery
  return recent.some(({ outcome, askedAt }) => outcome === 'courtesy' && askedAt.getTime() >= since)
}

/**
 * Whether this only goes on with what she asked a moment ago and was understood then: «it says delivered» — «but I never got
 * it». Read together the two ask nothing else.
 */
export function isSameBreath(
  question: Question,
  recent: readonly Recent[],
  read: Read,
  talk: Talk,
  content: Content,
  now: Date,
): boolean {
  const [last] = recent
  const { burstLimit } = content.settings(faqSettings)
  if (!last || read.considered.decision.kind === 'answer' || now.getTime() - last.askedAt.getTime() > burstLimit)
    return false
  const entryOf = (text: string): string | undefined => {
    const { decision } = consider(content, text, { now, group: talk.rule })
    return decision.kind === 'answer' ? decision.entries.map(({ id }) => id).join(' ') : undefined
  }
  const before = entryOf(last.question)
  return before !== undefined && entryOf(`${last.question}\n${question.text}`) === before
}

/** Whether she and everybody may still ask the model today, and she so often. */
export function mayAsk({ asked, hers, all }: Allowance, { budget, customerRate }: AnswersSettings): boolean {
  const within = (spent: number, limit: number | undefined): boolean => limit === undefined || spent < limit
  return (
    asked < customerRate.questions &&
    within(all.tokens, budget.dailyTokens) &&
    within(all.cost, budget.dailyMoney) &&
    within(hers.tokens, budget.customerDailyTokens) &&
    within(hers.cost, budget.customerDailyMoney)
  )
}

/** The likeliest entries, those of the decision first. What holds somebody's own figures is never given to a model. */
export function retrievedOf(
  { decision, found }: Considered,
  { entries: atMost }: AnswersSettings,
  turns: readonly Turn[] = [],
): Retrieved[] {
  const sure = decision.kind === 'answer' ? decision.entries.map(({ id }) => id) : []
  const rank = ({ entry }: (typeof found)[number]): number => Number(sure.includes(entry.id))
  const best = [...found]
    .sort((a, b) => rank(b) - rank(a) || b.score - a.score)
    .filter(({ entry }) => entry.fact === undefined)
    .slice(0, atMost)
    .map(({ entry, score }) => ({ entry: entry.id, chance: score }))
  // «Why?» finds nothing by itself: it is about what was said last.
  const last = (turns.at(-1)?.entries ?? []).filter((id) => best.every(({ entry }) => entry !== id))
  return [...best, ...last.map((entry) => ({ entry, chance: 0 }))]
}

/** Without those that hold somebody's own figures. */
export function withoutFacts(found: readonly Retrieved[], content: Content): Retrieved[] {
  const own = new Set(entriesOf(content).flatMap(({ id, fact }) => (fact === undefined ? [] : [id])))
  return found.filter(({ entry }) => !own.has(entry))
}

/** The entries that were found, as content has them now. One that has gone since is no source any more. */
export function entriesNamed(found: readonly { entry: string }[], content: Content): FaqEntry[] {
  const all = new Map(entriesOf(content).map((entry) => [entry.id, entry]))
  return found.flatMap(({ entry }) => all.get(entry) ?? [])
}

/**
 * Under which an answer may be said again: the question in the very words, the entries with theirs, the persona and the
 * tone. What checks answers is not part of it: an answer from before is checked again. Null where the answer leans on what was said before, so that it is hers alone.
 */
export function cacheKeyOf(
  question: string,
  { turns, quoted }: Context,
  found: readonly Retrieved[],
  { talk, level, content }: { talk: Talk; level: string | null; content: Content },
): string | null {
  if (turns.length > 0 || quoted !== null) return null
  const persona = personaOf(content, talk.rule)
  if (!persona) return null
  const entries = entriesNamed(found, content).map(({ id, questions, answer }) => [id, questions, answer])
  const parts = [question.trim(), entries, personaHash(persona), level, talk.recipient.kind]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** One of several wordings. */
export function pickOf(says: readonly string[], { pick }: { pick: number }): string {
  return says[Math.floor(pick * says.length)] ?? ''
}

/** What is said without a model, or when it fails: the approved words, or that there are none. */
export type Approved = {
  effects: Effect[]
  outcome: Outcome
  entries: string[]
  said: string | null
  /** Where no model tells it. */
  intent?: Intent
  reasons?: Reason[]
}

export function approvedWords({ decision }: Considered, saying: Saying): Approved {
  const { content, at } = saying
  switch (decision.kind) {
    case 'answer': {
      const said = answersOf(decision.entries)
      const entries = decision.entries.map(({ id }) => id)
      return { effects: sayAnswer(said, saying), outcome: 'verbatim', entries, said }
    }
    case 'suggest': {
      const said = content.reply(didYouMean, { options: optionsOf(decision.found) }, at.pick)
      const options = decision.found.map(({ entry, question }) => ({ entry: entry.id, question }))
      return { effects: [...sayText(said, saying), offer({ options }, saying)], outcome: 'offered', entries: [], said }
    }
    case 'none': {
      const said = content.reply(decision.reply, {}, at.pick)
      const outcome = decision.reply === 'faq.greeting' ? 'courtesy' : 'unknown'
      return { effects: sayText(said, saying), outcome, entries: [], said }
    }
    default:
      return decision satisfies never
  }
}

/** A line that a human will come, and the case that makes it true. */
export function handOver(reason: string, exchange: Pick<Exchange, 'id' | 'question'>, saying: Saying): Approved {
  const { content, at, talk } = saying
  const said = content.reply('faq.handed', {}, at.pick)
  return { effects: [...sayText(said, saying), caseOf(reason, exchange, talk)], outcome: 'handed', entries: [], said }
}

export function caseOf(reason: string, { id, question }: Pick<Exchange, 'id' | 'question'>, talk: Talk): Effect {
  const { threadId, customerId } = talk
  return {
    kind: 'OpenCase',
    threadId,
    customerId,
    reason,
    evidence: { exchange: id, question },
    key: `answer:${id}`,
  }
}

/**
 * What becomes of what the model said.
 * say: it may be said. small-talk: it asks nothing; content has words for that. declined: the entries do not answer it.
 * repair: the model is asked again, with what was wrong. failed: there is nothing of it that may be said.
 */
export type Judged =
  | { kind: 'say'; answer: ModelAnswer }
  | { kind: 'small-talk'; answer: ModelAnswer }
  | { kind: 'declined'; answer: ModelAnswer }
  | { kind: 'repair'; complaints: Complaint[]; previous: string }
  | { kind: 'failed'; reasons: Reason[]; answer?: ModelAnswer | undefined }

/** A second attempt needs so much time, in ms. */
const repairMs = 1_500
const attemptsAtMost = 2

export function judge(outcome: ModelOutcome, exchange: Exchange, content: Content, now: Date): Judged {
  if (outcome.kind === 'failed') {
    return { kind: 'failed', reasons: [...exchange.complaints, { check: 'model', words: outcome.why }] }
  }
  const again = exchange.attempt < attemptsAtMost && exchange.deadlineAt.getTime() - now.getTime() >= repairMs
  const wrong = (complaints: Complaint[], answer?: ModelAnswer): Judged =>
    again
      ? { kind: 'repair', complaints, previous: outcome.text }
      : { kind: 'failed', reasons: [...exchange.complaints, ...complaints], answer }
  const read = readAnswer(outcome.text)
  if (!read) return wrong([{ check: 'form', words: '' }])
  const answer = polished(read, exchange, content)
  if (answer.cites.length === 0 && answer.intent === 'smalltalk') return { kind: 'small-talk', answer }
  if (answer.cites.length === 0 && answer.human !== 'none') return { kind: 'declined', answer }
  const complaints = complaintsAbout(answer, exchange, content)
  return complaints.length === 0 ? { kind: 'say', answer } : wrong(complaints, answer)
}

function polished(answer: ModelAnswer, { talk }: Exchange, content: Content): ModelAnswer {
  const persona = personaOf(content, talk.rule)
  // An escaped NUL in the object is one in the text by now, and PostgreSQL stores none.
  const text = answer.answer.replaceAll('\0', '').toWellFormed()
  return { ...answer, answer: persona ? polish(text, persona, answer.mood) : text }
}

/** What keeps an answer from being said; an answer from before is checked as a new one is. */
export function complaintsAbout(
  answer: ModelAnswer,
  { talk, found, question, context }: Pick<Exchange, 'talk' | 'found' | 'question' | 'context'>,
  content: Content,
): Complaint[] {
  const persona = personaOf(content, talk.rule)
  const given = entriesNamed(found, content)
  return checkAnswer(answer, { given, question, context: context.turns, persona, content, askerNames: [] })
}

/** The answer with its label, and the pictures and files of the entries that it cites. */
export function sayVoiced(answer: ModelAnswer, saying: Saying): { effects: Effect[]; said: string } {
  const { label } = saying.content.settings(answersSettings)
  const said = label ? `${answer.answer}\n${label}` : answer.answer
  const cited = entriesNamed(
    answer.cites.map((entry) => ({ entry })),
    saying.content,
  )
  const media = cited.flatMap((entry) => mediaBodiesOf(entry.answer, saying.content))
  return { effects: say([{ type: 'text', text: said }, ...media], saying), said }
}
