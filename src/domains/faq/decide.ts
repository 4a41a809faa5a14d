/** What to do about a message, about the end of a burst and about an answered «did you mean». Pure. */
import type { Content } from '../../kernel/content.ts'
import type { Body, Effect } from '../../kernel/effect.ts'
import type { Message, MessageType } from '../../kernel/event.ts'
import { bodiesOf } from './answer.ts'
import { needsNoAnswer } from './pleasantries.ts'
import { answersOf, consider, optionsOf } from './retrieval/ask.ts'
import type { Decision } from './retrieval/confidence.ts'
import { spoken } from './retrieval/reading.ts'
import { normalise } from './retrieval/tokenise.ts'
import {
  type Burst,
  type FaqEntry,
  entriesOf,
  type FaqSettings,
  faqSettings,
  type Offer,
  type Piece,
  type Talk,
} from './schema.ts'
import { chosenNumber } from './vocabulary.ts'

/** The moment at which something is decided, and what makes its replies unique. */
export type Moment = {
  now: Date
  /** Row id of the event in the inbox: one event says one thing. */
  inboxId: bigint
  account: string
  /** In [0, 1): which of several wordings is used. */
  pick: number
}

/** What has been going on between this person and us in this thread. */
export type State = { burst: Burst | undefined; offer: Offer | undefined }

export type Step = {
  effects: Effect[]
  /** The burst as it is now; null when it has been read; left out when nothing changes. */
  burst?: Burst | null
}

export const didYouMean = 'faq.did-you-mean'
export const burstEnded = 'faq.burst-ended'

/** A burst is read in seconds; whoever sends more than this in that time is not asking. */
const piecesAtMost = 50

/** Messages without words that want a reaction. Notices of the platform (`unknown`) want none. */
const unreadable: ReadonlySet<MessageType> = new Set([
  'image',
  'audio',
  'video',
  'file',
  'emoticon',
  'link',
  'miniProgram',
  'contactCard',
  'location',
  'chatHistory',
  'post',
])

/** A message of a customer in a thread where nobody else speaks. Undefined: not for the FAQ. */
export function hear(state: State, message: Message, talk: Talk, content: Content, at: Moment): Step | undefined {
  const inGroup = talk.recipient.kind === 'group'
  const text = spoken(message.text)
  if (message.type === 'text' && state.offer) {
    const chosen = chosenFrom(state.offer, text, content)
    if (chosen) return { effects: [close(talk), ...answer([chosen], [message.id], talk, content, at)] }
  }
  // In a group only who names us, or goes on with what she began by naming us, talks to us.
  if (inGroup && !message.mentionsSelf && !state.burst) return undefined
  if (message.type !== 'text') {
    if (inGroup || !unreadable.has(message.type)) return undefined
    return wait(state, pieceOf(message, '', at), talk, content, at)
  }
  const words = normalise(text)
  if (needsNoAnswer(words, content.settings(faqSettings)) || (words === '' && !inGroup)) return { effects: [] }
  const closing = state.offer ? [close(talk)] : []
  const piece = pieceOf(message, text, at)
  const step = answerAtOnce(state, piece, talk, content, at) ?? wait(state, piece, talk, content, at)
  return { ...step, effects: [...closing, ...step.effects] }
}

/** The timer of a burst is due. Where the person has gone on since it was set, it is set again. */
export function endBurst(burst: Burst, talk: Talk, content: Content, at: Moment): Step {
  const due = endOf(burst, content.settings(faqSettings))
  if (due > at.now) return { effects: [scheduleEnd(talk, due, at.account)] }
  const { decision, read } = understand(burst.pieces, talk, content, at)
  const strange = burst.pieces.find((piece) => piece.unreadable)
  if (decision.kind !== 'none') return { burst: null, effects: reply(decision, read, talk, content, at) }
  if (strange) {
    const text = content.reply('faq.unreadable', { type: strange.unreadable }, at.pick)
    return { burst: null, effects: [say([{ type: 'text', text }], read, talk, content, at)] }
  }
  const silent = burst.pieces.every(({ text }) => normalise(text) === '')
  return { burst: null, effects: silent ? [] : reply(decision, read, talk, content, at) }
}

/** When a burst is read at the latest: `burstWindow` after its last piece, `burstLimit` after its first. */
function endOf({ startedAt, pieces }: Burst, { burstWindow, burstLimit }: FaqSettings): Date {
  const last = Math.max(startedAt.getTime(), ...pieces.map(({ at }) => Date.parse(at)))
  return new Date(Math.min(last + burstWindow, startedAt.getTime() + burstLimit))
}

/** A text that alone is a sure question is answered without waiting, read together with what waits. */
function answerAtOnce(state: State, piece: Piece, talk: Talk, content: Content, at: Moment): Step | undefined {
  const alone = understand([piece], talk, content, at)
  if (alone.decision.kind !== 'answer') return undefined
  const all = understand([...(state.burst?.pieces ?? []), piece], talk, content, at)
  const decision = all.decision.kind === 'answer' ? all.decision : alone.decision
  return { effects: reply(decision, all.read, talk, content, at), ...(state.burst && { burst: null }) }
}

function wait({ burst }: State, piece: Piece, talk: Talk, content: Content, at: Moment): Step {
  const longer: Burst = {
    startedAt: burst?.startedAt ?? at.now,
    pieces: [...(burst?.pieces ?? []), piece].slice(0, piecesAtMost),
  }
  const due = endOf(longer, content.settings(faqSettings))
  return { burst: longer, effects: [scheduleEnd(talk, due, at.account)] }
}

function scheduleEnd(talk: Talk, due: Date, account: string): Effect {
  return {
    kind: 'ScheduleEvent',
    name: burstEnded,
    key: `burst:${talk.threadId}:${talk.customerId}`,
    at: due,
    account,
    lock: [`contact:${talk.contactId}`],
    payload: talk,
  }
}

function understand(pieces: readonly Piece[], talk: Talk, content: Content, at: Moment): Understood {
  const text = pieces.map((piece) => piece.text).join('\n')
  const { decision } = consider(content, text, { now: at.now, group: talk.rule })
  return { decision, read: pieces.map(({ platformId }) => platformId) }
}

type Understood = { decision: Decision; read: string[] }

function reply(decision: Decision, read: string[], talk: Talk, content: Content, at: Moment): Effect[] {
  switch (decision.kind) {
    case 'answer':
      return answer(decision.entries, read, talk, content, at)
    case 'suggest': {
      const text = content.reply(didYouMean, { options: optionsOf(decision.found) }, at.pick)
      const options = decision.found.map(({ entry, question }) => ({ entry: entry.id, question }))
      return [say([{ type: 'text', text }], read, talk, content, at), offer({ options }, talk, content, at)]
    }
    case 'none':
      return [say([{ type: 'text', text: content.reply(decision.reply, {}, at.pick) }], read, talk, content, at)]
    default:
      return decision satisfies never
  }
}

function answer(entries: readonly FaqEntry[], read: string[], talk: Talk, content: Content, at: Moment): Effect[] {
  const body = bodiesOf(answersOf(entries), content)
  return body.length > 0 ? [say(body, read, talk, content, at)] : []
}

/** In a group the first words name the person who asked: others talk too. */
function say(body: Body[], read: string[], talk: Talk, content: Content, { now, inboxId }: Moment): Effect {
  const first = talk.recipient.kind === 'group' ? body.findIndex(({ type }) => type === 'text') : -1
  return {
    kind: 'SendMessage',
    to: talk.recipient,
    purpose: 'reply',
    key: `reply:${inboxId}`,
    body: body.map((part, i) => (part.type === 'text' && i === first ? { ...part, mentions: [talk.contactId] } : part)),
    notAfter: new Date(now.getTime() + content.settings(faqSettings).replyWithin),
    answers: read,
  }
}

function offer(payload: Offer, { threadId, customerId }: Talk, content: Content, { now }: Moment): Effect {
  const expiresAt = new Date(now.getTime() + content.settings(faqSettings).questionExpires)
  return { kind: 'AskQuestion', threadId, customerId, question: didYouMean, payload, expiresAt }
}

function close({ threadId, customerId }: Talk): Effect {
  return { kind: 'CloseQuestion', threadId, customerId }
}

function pieceOf({ id, type }: Message, text: string, { account, now }: Moment): Piece {
  return { account, platformId: id, text, at: now.toISOString(), ...(type !== 'text' && { unreadable: type }) }
}

/** The entry that an answer to «did you mean» points at, while content still has it. */
function chosenFrom({ options }: Offer, text: string, content: Content): FaqEntry | undefined {
  const words = normalise(text)
  const option =
    options[(chosenNumber(words) ?? 0) - 1] ?? options.find(({ question }) => normalise(question) === words)
  return entriesOf(content).find(({ id }) => id === option?.entry)
}
