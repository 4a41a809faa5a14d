/** Between a customer and her adviser: the card, and every word in both directions. */
import type { Content } from '../../../kernel/content.ts'
import type { Body, Effect, Recipient, SendMessage } from '../../../kernel/effect.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Work } from '../../../kernel/work.ts'
import { askerOf } from '../../members/index.ts'
import type { Stored } from '../cases/index.ts'
import type { Adviser, Place } from '../roster/index.ts'
import { minuteIn } from '../../../kernel/zone.ts'
import { reasonOf } from '../schema.ts'
import { type CaseStory, type Facts, storyOf } from '../story/index.ts'
import { type Known, listLines, readKnown } from './repo.ts'

/** `facts`: what other slices know of customers; every handler of the slice is given them. */
export type On = { work: Work; content: Content; ids: Ids; facts?: Facts | undefined }

/** How many of the last words a card shows. */
const linesShown = 8
/** A case stays with a human until it is closed, not for a time. */
const caseLastsMs = 365 * 86_400_000

/** Says something to an adviser in WeChat; nothing where she has bound none. `key`: one intent is said once. */
export function tellAdviser(place: Place | null, key: string, text: string, on: Pick<On, 'ids'>): Effect[] {
  return showAdviser(place, key, [{ type: 'text', text }], on)
}

/**
 * The same with pictures, files and cards, in one send. `answers`: the customer's message that it passes on, by the account
 * that saw it: taken back by then, it is not shown.
 */
export function showAdviser(
  place: Place | null,
  key: string,
  body: Body[],
  { ids }: Pick<On, 'ids'>,
  answers?: { account: string; message: string },
): Effect[] {
  if (!place) return []
  const { account, contactId } = place
  const threadId = ids.derived('thread', account, 'direct', contactId)
  const to: Recipient = { kind: 'direct', account, contactId, threadId, customerId: null }
  const passes = answers?.account === account ? { answers: [answers.message] } : {}
  return [{ kind: 'SendMessage', to, purpose: 'adviser', key, body, ...passes }]
}

/** Everything that whoever takes it needs, and how to take it. */
export async function showCard(
  now: Stored,
  { adviser, place }: { adviser: Adviser; place: Place | null },
  on: On,
  more: { note?: string; by?: string } = {},
): Promise<Effect[]> {
  const { work, content } = on
  const story = await storyOf(work.db, now, { content, now: work.now, facts: on.facts ?? {} })
  const lines = await listLines(work.db, now, linesShown)
  const text = content.reply('handoff.card', {
    ...{ number: now.number, urgent: now.urgency >= urgentFrom, offered: now.state === 'offered' },
    ...{ again: now.reopened > 0, note: more.note ?? '', by: more.by ?? '' },
    ...shownOf(story, content.zone),
    lines: lines.map(({ who, type, text: said, recalled }) => ({ who, type, text: said, recalled })),
  })
  const key = `handoff-card:${now.id}:${adviser.id}:${work.now.toISOString()}`
  return tellAdviser(place, key, text, on)
}

/** The story as content puts it into words: what is unknown is ''. */
function shownOf({ customer, group, reason, mood, summary, drafts, targets }: CaseStory, zone: string): object {
  const { name, tags, level, region, valueGroup, orders } = customer
  const [day = '', due = ''] = targets.first === null ? [] : minuteIn(zone, targets.first).split(' ')
  // Level, region and value group stand by themselves.
  const others = tags.filter(({ valueTitle }) => ![level, region, valueGroup].includes(valueTitle))
  return {
    ...{ name, level: level ?? '', region: region ?? '', value: valueGroup ?? '', group: group ?? '', orders },
    tags: others.map(({ title, valueTitle }) => ({ title, value: valueTitle })),
    ...{ reason: reason.title, evidence: reason.evidence, mood: mood ?? '', due, day, summary: summary ?? '' },
    drafts:
      drafts.state === 'ready' ? drafts.list.map(({ text, source }, at) => ({ number: at + 1, text, source })) : [],
  }
}

/** From here on a card says that it is urgent. */
const urgentFrom = 50

/** One more reason for a case that somebody has, or is asked to take. */
export function tellAgain(
  now: Stored,
  place: Place | null,
  { reason, note }: { reason: string; note: string },
  key: string,
  on: On,
): Effect[] {
  const { title } = reasonOf(on.content, reason)
  const text = on.content.reply('handoff.again', { number: now.number, reason: title, note })
  return tellAdviser(place, `handoff-again:${key}`, text, on)
}

/** Where an adviser can talk with the customer, and how she is called. `to`: null while she is no friend of the account. */
export type Customer = { name: string; to: Extract<Recipient, { kind: 'direct' }> | null }

export async function customerOf(now: Stored, { work, ids }: Pick<On, 'work' | 'ids'>): Promise<Customer> {
  const known = await readKnown(work.db, now.id)
  if (!known) return { name: '', to: null }
  return { name: known.name, to: await placeOf(now, known, { work, ids }) }
}

async function placeOf(now: Stored, known: Known, on: Pick<On, 'work' | 'ids'>): Promise<Customer['to']> {
  const { customerId } = now
  const { account, contactId } = known
  if (contactId === null) return null
  if (known.kind === 'direct') return { kind: 'direct', account, contactId, threadId: now.threadId, customerId }
  if (customerId === null) return null
  const { recipient, reach } = await askerOf(on, account, { customerId, contactId })
  return reach === 'open' || reach === 'human' ? recipient : null
}

/** A line of the house to the customer of a case, in content's words; it goes also where a human owns the thread. */
export function tellCustomer(customer: Customer, key: string, text: string): SendMessage[] {
  return showCustomer(customer, key, [{ type: 'text', text }])
}

/** The same with pictures, files and cards, in one send. */
export function showCustomer({ to }: Customer, key: string, body: Body[]): SendMessage[] {
  return to === null ? [] : [{ kind: 'SendMessage', to, purpose: 'adviser', key, body }]
}

/** The bot is silent there from now on. */
export function yieldTo({ to }: Customer, now: Date): Effect[] {
  return to === null
    ? []
    : [{ kind: 'YieldThread', threadId: to.threadId, until: new Date(now.getTime() + caseLastsMs) }]
}
