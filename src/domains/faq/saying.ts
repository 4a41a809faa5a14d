/** How the FAQ speaks: the effects that say something, offer a choice and hand over. Pure. */
import type { Content } from '../../kernel/content.ts'
import type { Body, Effect } from '../../kernel/effect.ts'
import { bodiesOf } from './answer.ts'
import { faqSettings, type Offer, type Talk } from './schema.ts'

/** The moment at which something is decided, and what makes its replies unique. */
export type Moment = {
  now: Date
  /** Row id of the event that asked, in the inbox: one event is answered once. */
  inboxId: bigint
  account: string
  /** In [0, 1): which of several wordings is used. */
  pick: number
}

/** Where something is said, when, and which messages (platform ids) it answers. */
export type Saying = { talk: Talk; content: Content; at: Moment; read: readonly string[] }

export const didYouMean = 'faq.did-you-mean'

/** In a group the first words name the person who asked: others talk too. Of no words and no media nothing is said. */
export function say(body: readonly Body[], { talk, content, at, read }: Saying): Effect[] {
  if (body.length === 0) return []
  const first = talk.recipient.kind === 'group' ? body.findIndex(({ type }) => type === 'text') : -1
  return [
    {
      kind: 'SendMessage',
      to: talk.recipient,
      purpose: 'reply',
      key: `reply:${at.inboxId}`,
      body: body.map((part, i) =>
        part.type === 'text' && i === first ? { ...part, mentions: [talk.contactId] } : part,
      ),
      notAfter: new Date(at.now.getTime() + content.settings(faqSettings).replyWithin),
      answers: [...read],
    },
  ]
}

/** An answer as it is written: texts, and the media that stand between them. */
export function sayAnswer(answer: string, saying: Saying): Effect[] {
  return say(bodiesOf(answer, saying.content), saying)
}

export function sayText(text: string, saying: Saying): Effect[] {
  return say([{ type: 'text', text }], saying)
}

/** Waits to hear which of the options she means. */
export function offer(payload: Offer, { talk, content, at }: Saying): Effect {
  const expiresAt = new Date(at.now.getTime() + content.settings(faqSettings).questionExpires)
  return {
    kind: 'AskQuestion',
    threadId: talk.threadId,
    customerId: talk.customerId,
    question: didYouMean,
    payload,
    expiresAt,
  }
}

export function closeQuestion({ threadId, customerId }: Talk): Effect {
  return { kind: 'CloseQuestion', threadId, customerId }
}
