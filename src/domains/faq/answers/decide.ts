/** How a question is answered: by an approved answer, or by what the model makes of it once that is checked. Pure. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { ModelOutcome } from '../../../kernel/ports.ts'
import { mediaBodiesOf } from '../answer.ts'
import { checkAnswer } from '../grounding/index.ts'
import type { Guarded } from '../guards/index.ts'
import { personaHash, personaOf, polish, readAnswer } from '../persona/index.ts'
import { answersOf, type Considered, optionsOf } from '../retrieval/ask.ts'
import { didYouMean, offer, say, sayAnswer, type Saying, sayText } from '../saying.ts'
import { type FaqEntry, entryOf, faqSettings, type Talk } from '../schema.ts'
import { entriesNamed } from './reading.ts'
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
  type Retrieved,
} from './schema.ts'

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

/** The approved answer that goes with a topic for a human: advice until somebody comes, never her own figures. */
export function adviceOf({ entry }: Extract<Guarded, { kind: 'human' }>, content: Content): FaqEntry | undefined {
  const advice = entryOf(content, entry)
  return advice?.fact === undefined ? advice : undefined
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

/**
 * What is said when the model sees no answer in what it was given. A sure entry is offered only: two have read the question,
 * and they do not agree. The very words of an entry are its question all the same.
 */
export function doubted({ decision, found }: Considered, content: Content): Considered {
  const { overhear } = content.settings(answersSettings)
  if (decision.kind !== 'answer' || (found[0]?.score ?? 0) >= overhear.chance) return { decision, found }
  const least = (found[0]?.score ?? 0) / 10
  const offered = found.filter(({ score }) => score >= least).slice(0, content.settings(faqSettings).suggestions)
  return { decision: { kind: 'suggest', found: offered }, found }
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
  // What stands on no entry is never said, however harmless it reads: no check knows all that it could claim.
  const declines = answer.human !== 'none' || answer.intent !== 'faq'
  if (answer.cites.length === 0 && declines) return { kind: 'declined', answer }
  const complaints = complaintsAbout(answer, exchange, content)
  return complaints.length === 0 ? { kind: 'say', answer } : wrong(complaints, answer)
}

function polished(answer: ModelAnswer, { talk }: Exchange, content: Content): ModelAnswer {
  const persona = personaOf(content, talk.rule)
  return persona ? { ...answer, answer: polish(answer.answer, persona, answer.mood) } : answer
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
