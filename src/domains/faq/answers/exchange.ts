/** How an exchange begins and ends in the tables. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { FactKind } from '../../../kernel/slice.ts'
import type { Work } from '../../../kernel/work.ts'
import type { Question } from '../decide.ts'
import type { Moment, Saying } from '../saying.ts'
import type { Talk } from '../schema.ts'
import { countOutcome } from './counts.ts'
import type { Approved } from './decide.ts'
import type { Kept } from './repo/cache.ts'
import { closeExchanges, insertExchanges } from './repo/exchanges.ts'
import {
  answersSettings,
  type Context,
  type Ending,
  type Exchange,
  type ModelAnswer,
  type Reason,
  type Retrieved,
} from './schema.ts'

/** What other slices lend: facts about the asker, and tags that may be proposed. */
export type Lent = {
  facts: Readonly<Record<string, FactKind>>
  proposable: (content: Content) => Readonly<Record<string, readonly string[]>>
}

export type On = { work: Work; content: Content; ids: Ids; lent: Lent; talk: Talk; at: Moment }

/** What the model cost for one answer, and what it was. */
export type Spent = {
  usage: { input: number; output: number }
  cost: number
  model: string | null
  promptHash: string | null
}

export const nothingSpent: Spent = { usage: { input: 0, output: 0 }, cost: 0, model: null, promptHash: null }

/** A question that is read by itself. */
export function contextOf({ text, quoted, overheard }: Question): Context {
  return { turns: [], quoted, reading: text, overheard }
}

export function sayingOf({ messages }: Pick<Question, 'messages'>, { talk, content, at }: On): Saying {
  return { talk, content, at, read: messages }
}

export function begin({ text, messages }: Question, context: Context, found: Retrieved[], on: On): Exchange {
  const { ids, content, talk, at } = on
  return {
    id: ids.fresh(),
    talk,
    inboxId: at.inboxId,
    account: at.account,
    question: text,
    messages: [...messages],
    context,
    found,
    state: 'asked',
    attempt: 1,
    complaints: [],
    previous: null,
    persona: null,
    level: null,
    contentVersion: content.version,
    cacheKey: null,
    askedAt: at.now,
    deadlineAt: new Date(at.now.getTime() + content.settings(answersSettings).deadline),
  }
}

/** Keeps an exchange that ended in the breath in which it began, and gives what it says; `from`: by an answer from before. */
export function keep(exchange: Exchange, words: Approved, on: On, from?: Kept): Effect[] {
  const ending = endingOf(exchange, words, { ...nothingSpent, answer: undefined, ...from }, on)
  const reasons = words.reasons ?? []
  on.work.write(insertExchanges, { ...exchange, state: 'closed', ending, reasons, closedAt: on.work.now })
  on.work.afterCommit(() => countOutcome(ending.outcome))
  return words.effects
}

/** Ends an exchange that the model was asked for. */
export function close(
  exchange: Exchange,
  words: Approved,
  told: Spent & { reasons: readonly Reason[]; answer: ModelAnswer | undefined },
  on: On,
): Effect[] {
  const ending = endingOf(exchange, words, told, on)
  const { id, found } = exchange
  on.work.write(closeExchanges, { id, ending, reasons: told.reasons, found, closedAt: on.work.now })
  on.work.afterCommit(() => countOutcome(ending.outcome))
  return words.effects
}

function endingOf(
  { askedAt }: Exchange,
  { outcome, entries, said, intent }: Approved,
  { answer, ...spent }: Spent & { answer: ModelAnswer | undefined },
  { work }: On,
): Ending {
  const { usage, cost, model, promptHash } = spent
  return {
    ...{ outcome, entries, said, usage, cost, model, promptHash },
    intent: answer?.intent ?? intent ?? null,
    mood: answer?.mood ?? null,
    latencyMs: work.now.getTime() - askedAt.getTime(),
  }
}
