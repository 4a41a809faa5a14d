/**
 * What is said of a person's own affairs, where, and when a human has to look. Pure. Her figures are said to her alone: a
 * group reads one line, which is the same whatever they are.
 */
import type { Content } from '../../../kernel/content.ts'
import type { Body, Effect, Recipient } from '../../../kernel/effect.ts'
import type { Fact } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import type { Asker } from '../../members/index.ts'
import { bodiesOf } from '../answer.ts'
import { type FaqEntry, faqSettings, type Talk } from '../schema.ts'

/** An entry whose answer has placeholders. */
export type FactEntry = FaqEntry & { fact: string }

/** What a reply needs beside what it says. */
export type Telling = {
  talk: Talk
  content: Content
  now: Date
  /** Row id of the event that asked: it is answered once. */
  inboxId: bigint
  /** Platform ids of the messages that are answered. */
  answers: readonly string[]
  /** In [0, 1): which of several wordings is used. */
  pick: number
}

export type Told = { effects: Effect[]; outcome: 'fact' | 'handed' | 'dropped' }

/** The line for a group in which nothing can be told to her, or undefined where her affairs may be looked at. */
export function refusal({ reach }: Asker, { talk, content, pick, ...on }: Telling): Told | undefined {
  if (reach === 'away') return { effects: [], outcome: 'dropped' }
  if (talk.recipient.kind === 'direct' || reach === 'open') return undefined
  const key = reach === 'human' ? 'faq.fact-with-adviser' : 'faq.fact-befriend'
  const body = [{ type: 'text' as const, text: content.reply(key, {}, pick) }]
  return { effects: [say(body, talk.recipient, '', { talk, content, pick, ...on })], outcome: 'fact' }
}

/** The answer with her figures, or the line that a human will look and the case that makes it true. */
export function tell(entry: FactEntry, fact: Fact, asker: Asker, on: Telling): Told {
  const answer = fact.kind === 'known' ? answerOf(entry, fact.values, on.content) : []
  // Content is checked to have words for every state; should they be missing, a human has them.
  const told = answer.length > 0
  const body = told ? answer : [{ type: 'text' as const, text: lineOf(entry, fact, on) }]
  const opened = told ? [] : [caseOf(entry, fact, asker, on)]
  return { effects: [...sayOwn(body, asker, on), ...opened], outcome: told ? 'fact' : 'handed' }
}

function answerOf({ answer }: FactEntry, values: Readonly<Record<string, unknown>>, content: Content): Body[] {
  return bodiesOf(content.render(answer, values), content)
}

function lineOf({ fact: name }: FactEntry, fact: Fact, { content, pick }: Telling): string {
  if (fact.kind !== 'late') return content.reply('faq.fact-unknown', { fact: name }, pick)
  const { state, order, ordered, amount } = fact.values
  return content.reply('faq.fact-late', { fact: name, state, order, ordered, amount }, pick)
}

/** Directly; who asked in a group reads a line there, and the rest as a direct message. */
function sayOwn(body: Body[], { recipient }: Asker, on: Telling): Effect[] {
  const { talk, content, pick } = on
  if (talk.recipient.kind === 'direct') return [say(body, talk.recipient, '', on)]
  const line: Body[] = [{ type: 'text', text: content.reply('faq.fact-in-group', {}, pick) }]
  return [say(line, talk.recipient, '', on), say(body, recipient, ':direct', on)]
}

/** In a group the first words name the person who asked: others talk too. */
function say(body: Body[], to: Recipient, suffix: string, { talk, content, now, inboxId, answers }: Telling): Effect {
  const first = to.kind === 'group' ? body.findIndex(({ type }) => type === 'text') : -1
  return {
    kind: 'SendMessage',
    to,
    purpose: 'reply',
    key: `reply:${inboxId}${suffix}`,
    body: body.map((part, i) => (part.type === 'text' && i === first ? { ...part, mentions: [talk.contactId] } : part)),
    notAfter: new Date(now.getTime() + content.settings(faqSettings).replyWithin),
    answers: [...answers],
  }
}

/** One a day for what she asks about, however often she does and from wherever. */
function caseOf(entry: FactEntry, fact: Fact, { personId, recipient }: Asker, { talk, content, now }: Telling): Effect {
  const { order } = fact.kind === 'late' ? fact.values : {}
  const tail = typeof order === 'string' ? order : null
  const direct = talk.recipient.kind === 'direct'
  return {
    kind: 'OpenCase',
    threadId: direct ? talk.threadId : recipient.threadId,
    customerId: talk.customerId,
    reason: fact.kind === 'late' ? 'order-late' : 'order-unknown',
    evidence: { fact: entry.fact, entry: entry.id, order: tail },
    key: `fact:${entry.fact}:${personId}:${tail ?? ''}:${dayIn(content.zone, now)}`,
  }
}

/** What the entry says of who is not known, where no database is at hand: for trying content out. */
export function unknownWords({ fact }: Pick<FaqEntry, 'fact'>, content: Content): string {
  return content.reply('faq.fact-unknown', { fact })
}

/** The words of an answer without what Liquid reads: for whoever looks entries up by them. */
export function plainWords(answer: string): string {
  return answer.replaceAll(/\{%.*?%\}|\{\{.*?\}\}/gs, ' ')
}
