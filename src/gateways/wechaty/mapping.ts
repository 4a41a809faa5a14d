/**
 * Platform payloads → kernel happenings. Pure: what had to be loaded comes in as `Known`.
 *
 * A key is made of the platform's own ids, so that whatever the platform repeats gets the same key and is accepted once.
 */
import './quiet.ts'
import { type payloads, types } from 'wechaty-puppet'
import type { Contact, HappeningOf, Message, MessageType, NewEvent, Place } from '../../kernel/event.ts'
import type { Ids } from '../../kernel/ports.ts'
import {
  cleanDeep,
  cleanText,
  mentionsOneOf,
  splitQuotation,
  withoutMarkedMentions,
  withoutMentions,
  withoutOurPrefix,
} from './text.ts'

/** A happening with its key and time; the account is added by who knows it. */
export type Mapped = Pick<NewEvent, 'key' | 'at' | 'what'>

const messageTypes: Record<number, MessageType> = {
  [types.Message.Attachment]: 'file',
  [types.Message.Audio]: 'audio',
  [types.Message.Contact]: 'contactCard',
  [types.Message.ChatHistory]: 'chatHistory',
  [types.Message.Emoticon]: 'emoticon',
  [types.Message.Image]: 'image',
  [types.Message.Text]: 'text',
  [types.Message.Location]: 'location',
  [types.Message.MiniProgram]: 'miniProgram',
  [types.Message.GroupNote]: 'groupNote',
  [types.Message.Transfer]: 'transfer',
  [types.Message.RedEnvelope]: 'redEnvelope',
  [types.Message.Url]: 'link',
  [types.Message.Video]: 'video',
  [types.Message.Post]: 'post',
}

export function messageType(payload: payloads.Message): MessageType {
  return messageTypes[payload.type] ?? 'unknown'
}

/** Platforms give seconds or milliseconds (Wechaty splits them at 1e11), or nothing: then it is `now`. */
export function instant(timestamp: number, now: Date): Date {
  if (!Number.isFinite(timestamp) || timestamp <= 0) return now
  return new Date(Math.round(timestamp < 1e11 ? timestamp * 1000 : timestamp))
}

/** Where a message was said; undefined when the platform does not tell. */
export function placeOf(payload: payloads.Message, selfId: string, topic?: string): Place | undefined {
  if (payload.roomId) return { kind: 'group', roomId: payload.roomId, ...topicOf(topic) }
  const other = payload.talkerId === selfId ? payload.listenerId : payload.talkerId
  return other ? { kind: 'direct', contactId: other } : undefined
}

function topicOf(topic: string | undefined): { topic?: string } {
  return topic === undefined ? {} : { topic: cleanText(topic) }
}

/** What must be known beside the payload itself. */
export type Known = {
  selfId: string
  sender: Contact
  /** The names under which the account may be mentioned there: its own, and its name in the room. */
  selfNames: readonly string[]
  /** Read with calls of their own: the fields of a link, card, place or contact. */
  details?: Record<string, unknown>
  /** Of the group that it was said in. */
  topic?: string | undefined
  now: Date
}

/** The message that is recalled: puppets give its id as text, some wrapped in XML. */
function recalledId(text: string): string {
  return /<(?:newmsgid|msgid)>([^<]+)</iu.exec(text)?.[1]?.trim() ?? text.trim()
}

export function mapMessage(payload: payloads.Message, known: Known): Mapped | null {
  const place = placeOf(payload, known.selfId, known.topic)
  if (!place) return null
  const at = instant(payload.timestamp, known.now)
  if (payload.type === types.Message.Recalled) {
    const messageId = recalledId(cleanText(payload.text ?? ''))
    if (messageId === '') return null
    return { key: `recall:${messageId}`, at, what: { kind: 'MessageRecalled', place, messageId } }
  }
  const own = payload.talkerId === known.selfId
  const message = own ? ownMessage(payload, known, at) : receivedMessage(payload, known, at)
  const kind = own ? 'OwnMessageSeen' : 'MessageReceived'
  return { key: `message:${payload.id}`, at, what: { kind, place, sender: known.sender, message } }
}

/** The ids of whom the message mentions; empty where the platform gives none. */
export function mentionsIn(payload: payloads.Message): string[] {
  return 'mentionIdList' in payload ? (payload.mentionIdList ?? []) : []
}

function frame(payload: payloads.Message, known: Known, at: Date): Omit<Message, 'text' | 'mentionsSelf'> {
  const details = { ...(payload.filename ? { filename: payload.filename } : {}), ...known.details }
  return {
    id: payload.id,
    type: messageType(payload),
    sentAt: at.toISOString(),
    mentions: mentionsIn(payload),
    ...(Object.keys(details).length > 0 ? { details: cleanDeep(details) as Record<string, unknown> } : {}),
  }
}

/** The readable text: media, cards and the like carry the platform's XML instead, which is no text of anybody's. */
function textOf(payload: payloads.Message): string {
  const text = cleanText(payload.text ?? '')
  return payload.type !== types.Message.Text && /^\s*</u.test(text) ? '' : text
}

/** Our own words, without the mentions that we put before them, so that an echo matches what was asked for (law 2). */
function ownMessage(payload: payloads.Message, known: Known, at: Date): Message {
  const text = textOf(payload)
  const inGroup = Boolean(payload.roomId)
  return { ...frame(payload, known, at), text: inGroup ? withoutOurPrefix(text) : text, mentionsSelf: false }
}

/**
 * Somebody's words: what they wrote themselves, without what they quoted and without the mention of us, which says
 * whom they asked and not what. Mentions of others stay.
 */
function receivedMessage(payload: payloads.Message, known: Known, at: Date): Message {
  const base = frame(payload, known, at)
  const { text, quoted } =
    payload.type === types.Message.Text ? splitQuotation(textOf(payload)) : { text: textOf(payload) }
  const seen = payload.roomId ? mentionOfUs(text, base.mentions, known) : { text, mentionsSelf: false }
  return { ...base, ...seen, ...(quoted ? { quoted } : {}) }
}

function mentionOfUs(text: string, mentions: string[], known: Known): Pick<Message, 'text' | 'mentionsSelf'> {
  const byName = mentionsOneOf(text, known.selfNames)
  // Where the platform gives ids, a name proves nothing: two members may share it (law 5).
  const mentionsSelf = mentions.length > 0 ? mentions.includes(known.selfId) : byName
  if (!mentionsSelf) return { text, mentionsSelf }
  if (byName) return { text: withoutMentions(text, known.selfNames), mentionsSelf }
  const onlyUs = mentions.every((id) => id === known.selfId)
  return { text: onlyUs ? withoutMarkedMentions(text) : text, mentionsSelf }
}

type Membership = { roomId: string; memberIds: readonly string[]; timestamp: number }

function membershipKey(
  word: 'join' | 'leave',
  { roomId, memberIds, timestamp }: Membership,
  ids: Ids,
  now: Date,
): string {
  // Sorted, since a repeat may list them in another order; hashed, since a key is an index entry and lists are long.
  return `${word}:${roomId}:${ids.derived(...[...memberIds].sort())}:${timestamp || now.getTime()}`
}

export function mapJoin(
  event: payloads.EventRoomJoin,
  { members, inviter, topic }: { members: Contact[]; inviter?: Contact | undefined; topic?: string | undefined },
  ids: Ids,
  now: Date,
): Mapped {
  const { roomId, timestamp, inviteeIdList: memberIds } = event
  return {
    key: membershipKey('join', { roomId, memberIds, timestamp }, ids, now),
    at: instant(timestamp, now),
    what: { kind: 'MemberJoined', roomId, ...topicOf(topic), members, ...(inviter ? { inviter } : {}) },
  }
}

export function mapLeave(
  event: payloads.EventRoomLeave,
  members: Contact[],
  remover: Contact | undefined,
  ids: Ids,
  now: Date,
): Mapped {
  const { roomId, timestamp, removeeIdList: memberIds } = event
  return {
    key: membershipKey('leave', { roomId, memberIds, timestamp }, ids, now),
    at: instant(timestamp, now),
    what: { kind: 'MemberLeft', roomId, members, ...(remover ? { remover } : {}) },
  }
}

export function mapTopic(event: payloads.EventRoomTopic, changer: Contact | undefined, ids: Ids, now: Date): Mapped {
  const { roomId, timestamp } = event
  const topic = cleanText(event.newTopic)
  return {
    key: `topic:${roomId}:${ids.derived(topic)}:${timestamp || now.getTime()}`,
    at: instant(timestamp, now),
    what: { kind: 'TopicChanged', roomId, topic, ...(changer ? { changer } : {}) },
  }
}

/** Null for the receipt of a request that we made ourselves. */
export function mapFriendship(payload: payloads.Friendship, contact: Contact, now: Date): Mapped | null {
  // The wire carries no time for friendships.
  const at = instant(payload.timestamp, now)
  switch (payload.type) {
    case types.Friendship.Receive: {
      const hello = cleanText(payload.hello ?? '')
      const what: HappeningOf<'FriendshipRequested'> = {
        kind: 'FriendshipRequested',
        friendshipId: payload.id,
        contact,
        hello,
      }
      return { key: `friendship:${payload.id}`, at, what }
    }
    case types.Friendship.Confirm:
      return { key: `friendship-confirmed:${payload.id}`, at, what: { kind: 'FriendshipConfirmed', contact } }
    default:
      return null
  }
}

export function mapInvitation(payload: payloads.RoomInvitation, inviter: Contact, now: Date): Mapped {
  return {
    key: `invitation:${payload.id}`,
    at: instant(payload.timestamp, now),
    what: { kind: 'RoomInvited', invitationId: payload.id, inviter, topic: cleanText(payload.topic) },
  }
}

/** What was read back; the session is part of the key, since the same group is read after every reconnect. */
export function mapGroup(payload: payloads.Room, members: Contact[], session: string, now: Date): Mapped {
  const { id: roomId, ownerId } = payload
  const topic = cleanText(payload.topic)
  return {
    key: `read:${session}:group:${roomId}`,
    at: now,
    what: { kind: 'GroupRead', roomId, topic, members, ...(ownerId ? { ownerId } : {}) },
  }
}
