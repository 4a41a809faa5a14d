/** What to do about a message, about the end of a burst and about an answered «did you mean». Pure. */
import type { Content } from '../../kernel/content.ts'
import type { Effect } from '../../kernel/effect.ts'
import type { Message, MessageType } from '../../kernel/event.ts'
import { findRule } from '../members/index.ts'
import { answersSettings } from './answers/schema.ts'
import { guard, isAngry } from './guards/index.ts'
import { courtesyOf, personaOf } from './persona/index.ts'
import { needsNoAnswer } from './pleasantries.ts'
import { consider } from './retrieval/ask.ts'
import { namesSomebody, spoken } from './retrieval/reading.ts'
import { normalise } from './retrieval/tokenise.ts'
import { closeQuestion, type Moment, sayText } from './saying.ts'
import {
  type Burst,
  type FaqEntry,
  entryOf,
  type FaqSettings,
  faqSettings,
  type Offer,
  type Overheard,
  type Piece,
  type Talk,
} from './schema.ts'
import { chosenNumber } from './vocabulary.ts'

/** What has been going on between this person and us in this thread. */
export type State = { burst: Burst | undefined; offer: Offer | undefined }

/** Something that she asked, read as a whole. */
export type Question = {
  text: string
  /** Platform ids of its messages. */
  messages: string[]
  /** The words of the message that hers quotes. */
  quoted: string | null
  /** Nobody had named us. */
  overheard: boolean
  /** Id of the entry that she picked from an offer. */
  picked: string | null
}

export type Step = {
  effects: Effect[]
  /** The burst as it is now; null when it has been read; left out when nothing changes. */
  burst?: Burst | null
  /** To be answered now. */
  question?: Question
  /** Thanks and the like, to be returned now and then. */
  courtesy?: { text: string; message: string }
}

export const burstEnded = 'faq.burst-ended'
export const overheard = 'faq.overheard'

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
    if (chosen) return choose(chosen, message, talk)
  }
  // In a group only who names us, or goes on with what she began by naming us, talks to us.
  if (inGroup && !message.mentionsSelf && !state.burst) return overhear(message, text, talk, content, at)
  if (message.type !== 'text') {
    if (inGroup || !unreadable.has(message.type)) return undefined
    return wait(state, pieceOf(message, '', at), talk, content, at)
  }
  const words = normalise(text)
  const pleasant = courtesyOf(text, personaOf(content, talk.rule)) !== undefined
  if (pleasant || needsNoAnswer(words, content.settings(faqSettings))) {
    // What waits to be read is answered in a moment; thanks in advance need no answer of their own.
    return state.burst ? { effects: [] } : { effects: [], courtesy: { text, message: message.id } }
  }
  if (words === '' && !inGroup && !message.quoted) return { effects: [] }
  const closing = state.offer ? [closeQuestion(talk)] : []
  const piece = pieceOf(message, text, at)
  const step = readAtOnce(state, piece, talk, content, at) ?? wait(state, piece, talk, content, at)
  return { ...step, effects: [...closing, ...step.effects] }
}

/** The timer of a burst is due. Where the person has gone on since it was set, it is set again. */
export function endBurst(burst: Burst, talk: Talk, content: Content, at: Moment): Step {
  const due = endOf(burst, content.settings(faqSettings))
  if (due > at.now) return { effects: [scheduleEnd(talk, due, at.account)] }
  const question = questionOf(burst.pieces)
  const strange = burst.pieces.find((piece) => piece.unreadable)
  if (strange && !isSure(question.text, talk, content, at)) {
    const text = content.reply('faq.unreadable', { type: strange.unreadable }, at.pick)
    return { burst: null, effects: sayText(text, { talk, content, at, read: question.messages }) }
  }
  if (normalise(question.text) === '' && question.quoted === null) return { burst: null, effects: [] }
  return { burst: null, effects: [], question }
}

/** When a burst is read at the latest: `burstWindow` after its last piece, `burstLimit` after its first. */
function endOf({ startedAt, pieces }: Burst, { burstWindow, burstLimit }: FaqSettings): Date {
  const last = Math.max(startedAt.getTime(), ...pieces.map(({ at }) => Date.parse(at)))
  return new Date(Math.min(last + burstWindow, startedAt.getTime() + burstLimit))
}

/** A text that alone is a sure question, or a matter for the guards, is read without waiting, with what waits. */
function readAtOnce(state: State, piece: Piece, talk: Talk, content: Content, at: Moment): Step | undefined {
  if (!isSure(piece.text, talk, content, at) && guard(piece.text, content).kind === 'clear') return undefined
  const all = questionOf([...(state.burst?.pieces ?? []), piece])
  const clear = guard(all.text, content).kind !== 'clear' || isSure(all.text, talk, content, at)
  // Together with what went before it may be less sure than alone: then it stands alone.
  const question = clear ? all : { ...questionOf([piece]), messages: all.messages }
  return { effects: [], question, ...(state.burst && { burst: null }) }
}

function isSure(text: string, talk: Talk, content: Content, { now }: Moment): boolean {
  return consider(content, text, { now, group: talk.rule }).decision.kind === 'answer'
}

function questionOf(pieces: readonly Piece[]): Question {
  return {
    text: pieces.map(({ text }) => text).join('\n'),
    messages: pieces.map(({ platformId }) => platformId),
    quoted: pieces.findLast(({ quoted }) => quoted !== undefined)?.quoted ?? null,
    overheard: false,
    picked: null,
  }
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

function pieceOf({ id, type, quoted }: Message, text: string, { account, now }: Moment): Piece {
  return {
    account,
    platformId: id,
    text,
    at: now.toISOString(),
    ...(quoted && { quoted: quoted.text }),
    ...(type !== 'text' && { unreadable: type }),
  }
}

/** The entry that she picked is the answer, whatever her words are like. */
function choose({ id: picked, questions }: FaqEntry, { id }: Message, talk: Talk): Step {
  const question = { text: questions[0]!, messages: [id], quoted: null, overheard: false, picked }
  return { effects: [closeQuestion(talk)], question }
}

/**
 * A question in a group that named nobody: where the group's rule is `confident` and we are sure, others have some time
 * to answer first. Who quotes or names somebody talks to that one.
 */
function overhear(message: Message, text: string, talk: Talk, content: Content, at: Moment): Step | undefined {
  if (findRule(content, talk.rule)?.answer !== 'confident') return undefined
  const named = message.mentions.length > 0 || namesSomebody(message.text)
  if (message.type !== 'text' || message.quoted || named) return undefined
  if (guard(text, content).kind !== 'clear' || isAngry(text, content)) return undefined
  if (!isCertain(text, talk, content, at.now)) return undefined
  const { overhear } = content.settings(answersSettings)
  const heard: Overheard = { talk, text, message: message.id, askedAt: message.sentAt }
  const effect: Effect = {
    kind: 'ScheduleEvent',
    name: overheard,
    key: `overheard:${talk.threadId}:${message.id}`,
    at: new Date(at.now.getTime() + overhear.wait),
    account: at.account,
    lock: [`contact:${talk.contactId}`],
    payload: heard,
  }
  return { effects: [effect] }
}

/** One entry answers it, as surely as content wants it of who speaks unasked; none that tells of one's own affairs. */
export function isCertain(text: string, talk: Talk, content: Content, now: Date): boolean {
  const { decision, found } = consider(content, text, { now, group: talk.rule })
  if (decision.kind !== 'answer' || decision.entries.length !== 1 || decision.entries[0]?.fact) return false
  return (found[0]?.score ?? 0) >= content.settings(answersSettings).overhear.chance
}

/** The entry that an answer to «did you mean» points at, while content still has it. */
function chosenFrom({ options }: Offer, text: string, content: Content): FaqEntry | undefined {
  const words = normalise(text)
  const option =
    options[(chosenNumber(words) ?? 0) - 1] ?? options.find(({ question }) => normalise(question) === words)
  return entryOf(content, option?.entry)
}
