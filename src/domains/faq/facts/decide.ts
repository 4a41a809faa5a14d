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

/** What is known of her for an entry of this message. */
export type Own = { entry: FactEntry; fact: Fact }

/** The line for a group in which nothing can be told to her, or undefined where her affairs may be looked at. */
export function refusal({ reach }: Asker, beside: readonly FaqEntry[], on: Telling): Told | undefined {
  if (reach === 'away') return { effects: [], outcome: 'dropped' }
  if (on.talk.recipient.kind === 'direct' || reach === 'open') return undefined
  const line = textOf(reach === 'human' ? 'faq.fact-with-adviser' : 'faq.fact-befriend', on)
  return { effects: [say([...approved(beside, on), line], on.talk.recipient, '', on)], outcome: 'fact' }
}

/**
 * The answers with her figures; of what is unknown or late the line that a human will look, and the case that makes it
 * true. `beside`: entries that answer the rest of her message, for everybody to read.
 */
export function tell(own: readonly Own[], beside: readonly FaqEntry[], asker: Asker, on: Telling): Told {
  const parts = own.map((one) => tellOne(one, asker, on))
  const hers = parts.flatMap(({ body }) => body)
  const cases = parts.flatMap(({ opened }) => opened)
  const effects = [...sayOwn(hers, approved(beside, on), asker, on), ...cases]
  return { effects, outcome: cases.length > 0 ? 'handed' : 'fact' }
}

function tellOne({ entry, fact }: Own, asker: Asker, on: Telling): { body: Body[]; opened: Effect[] } {
  const body = fact.kind === 'known' ? answerOf(entry, fact.values, on.content) : []
  // Content is checked to have words for every state; should they be missing, a human has them.
  if (body.length > 0) return { body, opened: [] }
  return { body: [lineOf(entry, fact, on)], opened: [caseOf(entry, fact, asker, on)] }
}

function approved(entries: readonly FaqEntry[], { content }: Telling): Body[] {
  return bodiesOf(entries.map(({ answer }) => answer).join('\n\n'), content)
}

function answerOf({ answer }: FactEntry, values: Readonly<Record<string, unknown>>, content: Content): Body[] {
  return bodiesOf(content.render(answer, values), content)
}

function lineOf({ fact: name }: FactEntry, fact: Fact, on: Telling): Body {
  if (fact.kind !== 'late') return textOf('faq.fact-unknown', on, { fact: name })
  const { state, order, ordered, amount } = fact.values
  return textOf('faq.fact-late', on, { fact: name, state, order, ordered, amount })
}

function textOf(key: string, { content, pick }: Telling, values: Record<string, unknown> = {}): Body {
  return { type: 'text', text: content.reply(key, values, pick) }
}

/** Directly; who asked in a group reads what is for everybody and a line there, and the rest as a direct message. */
function sayOwn(hers: Body[], beside: Body[], { recipient }: Asker, on: Telling): Effect[] {
  const here = on.talk.recipient
  if (here.kind === 'direct') return [say([...hers, ...beside], here, '', on)]
  return [say([...beside, textOf('faq.fact-in-group', on)], here, '', on), say(hers, recipient, ':direct', on)]
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
