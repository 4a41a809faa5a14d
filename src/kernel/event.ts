/**
 * Kernel events: what happened, in the past tense.
 *
 * A gateway turns what the platform says into one of these and hands it to `accept`. Timers and later slices
 * add their own through `SliceEvent`. Everything here survives a round trip through JSON (the inbox stores it so);
 * instants are ISO 8601 strings in UTC, durations milliseconds.
 */
import { z } from 'zod'

/** Where words are exchanged: a group (room) or a direct message with one contact. */
export const Place = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('group'),
    roomId: z.string().min(1),
    /** As the platform shows it, where it does: a message may be the first that we hear of a group. */
    topic: z.string().optional(),
  }),
  z.object({ kind: z.literal('direct'), contactId: z.string().min(1) }),
])
export type Place = z.infer<typeof Place>

/** A contact as the platform shows it at the moment of the event. Its name identifies nobody (law 5). */
export const Contact = z.object({
  id: z.string().min(1),
  name: z.string(),
  alias: z.string().optional(),
  /** `self` is the account itself; `staff` a coworker; `bot` an official account or another bot; `unknown` not readable yet. */
  kind: z.enum(['person', 'staff', 'bot', 'self', 'unknown']),
  /** What else the platform tells: province, city, gender, phone[], corporation, title, description, avatar. */
  profile: z.record(z.string(), z.unknown()).optional(),
})
export type Contact = z.infer<typeof Contact>

/** Every message type of Wechaty, in our words. */
export const MessageType = z.enum([
  'text',
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
  'groupNote',
  'transfer',
  'redEnvelope',
  'post',
  'unknown',
])
export type MessageType = z.infer<typeof MessageType>

/** A message as it came over the wire. `text` has no NUL characters (PostgreSQL stores none). */
export const Message = z.object({
  /** The platform's id; unique within an account. */
  id: z.string().min(1),
  type: MessageType,
  text: z.string(),
  /** When the platform says that it was sent. */
  sentAt: z.iso.datetime(),
  mentions: z.array(z.string()),
  /** Whether the account itself was mentioned (by id, or by name where the platform gives no ids). */
  mentionsSelf: z.boolean(),
  /** The words of the quoted message when this one quotes another. */
  quoted: z.object({ name: z.string(), text: z.string() }).optional(),
  /** What can be read of links, cards, files and places: title, url, filename, size, latitude … */
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Message = z.infer<typeof Message>

const seen = { place: Place, sender: Contact, message: Message }

export const MessageReceived = z.object({ kind: z.literal('MessageReceived'), ...seen })
/** Our own account spoke and the platform shows it: the echo of a send, or a human typing on the phone (law 13). */
export const OwnMessageSeen = z.object({ kind: z.literal('OwnMessageSeen'), ...seen })
export const MessageRecalled = z.object({ kind: z.literal('MessageRecalled'), place: Place, messageId: z.string() })
export const MemberJoined = z.object({
  kind: z.literal('MemberJoined'),
  roomId: z.string(),
  topic: z.string().optional(),
  members: z.array(Contact),
  inviter: Contact.optional(),
})
export const MemberLeft = z.object({
  kind: z.literal('MemberLeft'),
  roomId: z.string(),
  members: z.array(Contact),
  remover: Contact.optional(),
})
export const TopicChanged = z.object({
  kind: z.literal('TopicChanged'),
  roomId: z.string(),
  topic: z.string(),
  changer: Contact.optional(),
})
export const FriendshipRequested = z.object({
  kind: z.literal('FriendshipRequested'),
  friendshipId: z.string(),
  contact: Contact,
  hello: z.string(),
})
export const FriendshipConfirmed = z.object({ kind: z.literal('FriendshipConfirmed'), contact: Contact })
export const RoomInvited = z.object({
  kind: z.literal('RoomInvited'),
  invitationId: z.string(),
  inviter: Contact,
  topic: z.string(),
})
/** Read back after a login or reconnect: one group as it is now, with its whole member list. */
export const GroupRead = z.object({
  kind: z.literal('GroupRead'),
  roomId: z.string(),
  topic: z.string(),
  ownerId: z.string().optional(),
  members: z.array(Contact),
})
/** Read back after a login or reconnect: the groups that the account is in; any other it has left. */
export const GroupListRead = z.object({ kind: z.literal('GroupListRead'), roomIds: z.array(z.string()) })
/** Read back after a login or reconnect: a page of the contact list. */
export const ContactsRead = z.object({ kind: z.literal('ContactsRead'), contacts: z.array(Contact) })
/**
 * An event that a slice gave itself: a timer that is due, a job's result. `name` is registered by one slice;
 * `lock` names the keys that it must hold.
 */
export const SliceEvent = z.object({
  kind: z.literal('SliceEvent'),
  name: z.string(),
  lock: z.array(z.string()),
  payload: z.unknown(),
})

/** What happened, without the envelope. */
export const Happening = z.discriminatedUnion('kind', [
  MessageReceived,
  OwnMessageSeen,
  MessageRecalled,
  MemberJoined,
  MemberLeft,
  TopicChanged,
  FriendshipRequested,
  FriendshipConfirmed,
  RoomInvited,
  GroupRead,
  GroupListRead,
  ContactsRead,
  SliceEvent,
])
export type Happening = z.infer<typeof Happening>
export type HappeningOf<K extends Happening['kind']> = Extract<Happening, { kind: K }>

/** A happening with its envelope, as the inbox stores it. */
export type Event<H extends Happening = Happening> = {
  /** Row id in the inbox; rises in the order of acceptance. */
  id: bigint
  /** The name of our account that saw it; for slice events the account on whose behalf the slice acts, or ''. */
  account: string
  /** Unique within the account: the platform's id behind a prefix of its kind, e.g. `message:m1`. */
  key: string
  /** When it happened, by the platform's clock. */
  at: Date
  /** When it was accepted, by ours. */
  receivedAt: Date
  what: H
}

/** What a gateway hands to `accept`. */
export type NewEvent = Pick<Event, 'account' | 'key' | 'at' | 'what'>

/** The keys under which events exclude each other: two events that share a key are handled one after the other. */
export function lockKeys(event: Pick<Event, 'account' | 'what'>): string[] {
  const { account, what } = event
  const contact = (id: string): string => `contact:${id}`
  const room = (id: string): string => `room:${id}`
  switch (what.kind) {
    case 'MessageReceived':
      return [contact(what.sender.id)]
    case 'OwnMessageSeen':
    case 'MessageRecalled':
      return [what.place.kind === 'group' ? room(what.place.roomId) : contact(what.place.contactId)]
    case 'MemberJoined':
    case 'MemberLeft':
    case 'GroupRead':
      return [room(what.roomId), ...what.members.map((m) => contact(m.id))]
    case 'TopicChanged':
      return [room(what.roomId)]
    case 'FriendshipRequested':
    case 'FriendshipConfirmed':
      return [contact(what.contact.id)]
    case 'RoomInvited':
      return [contact(what.inviter.id)]
    case 'GroupListRead':
      return [`account:${account}`]
    case 'ContactsRead':
      return [`account:${account}`, ...what.contacts.map((c) => contact(c.id))]
    case 'SliceEvent':
      return what.lock
    default:
      return what satisfies never
  }
}
