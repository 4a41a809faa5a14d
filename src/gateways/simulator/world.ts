/**
 * The simulated WeChat: people, rooms and messages in memory, shared by all accounts. It knows no puppet: whoever wants
 * to see what happens subscribes to `events`.
 */
import { EventEmitter } from 'node:events'
import { z } from 'zod'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'
import type { MessageContent, WorldMessage } from './messages.ts'

export const WorldContact = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  kind: z.enum(['individual', 'official', 'corporation']).default('individual'),
  gender: z.enum(['unknown', 'male', 'female']).default('unknown'),
  avatar: z.string().default(''),
  province: z.string().optional(),
  city: z.string().optional(),
  signature: z.string().optional(),
  handle: z.string().optional(),
  phone: z.array(z.string()).default([]),
  corporation: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  coworker: z.boolean().default(false),
  /** A stranger is in no contact list until an account accepts the friendship. */
  stranger: z.boolean().default(false),
})
export type WorldContact = z.infer<typeof WorldContact>

export const WorldRoom = z.strictObject({
  id: z.string().min(1),
  topic: z.string(),
  ownerId: z.string().optional(),
  /** In the order in which they joined. */
  members: z.array(z.string()),
})

/** A world to start from. Account number n speaks as `accounts[n]`, who joins `rooms` only when it is started. */
export const WorldFile = z.strictObject({
  contacts: z.array(WorldContact),
  rooms: z.array(WorldRoom),
  accounts: z.array(z.strictObject({ contact: WorldContact, rooms: z.array(z.string()) })).default([]),
})
export type WorldFile = z.infer<typeof WorldFile>

export type Room = {
  id: string
  topic: string
  ownerId: string | undefined
  announcement: string
  /** Member id → who invited it and its name in the room, in the order of joining. */
  members: Map<string, { inviterId?: string; alias?: string }>
}
export type Friendship = { id: string; contactId: string; hello: string; at: number; kind: 'request' | 'confirmed' }
export type Invitation = { id: string; inviterId: string; receiverId: string; roomId: string; at: number }

/** How a message came about; for the talker's own account this decides whether it sees the message. */
export type Origin = 'person' | 'phone' | 'send'

export type WorldEvents = {
  message: [message: WorldMessage, origin: Origin]
  joined: [roomId: string, memberIds: string[], inviterId: string, at: number]
  left: [roomId: string, memberIds: string[], removerId: string, at: number]
  topic: [roomId: string, before: string, now: string, changerId: string, at: number]
  friendship: [friendship: Friendship, contactIdOfAccount: string]
  invitation: [invitation: Invitation]
  contact: [contactId: string]
}

export type Place = { roomId: string } | { listenerId: string }

/** `at` in milliseconds since 1970. */
export type SayOptions = { mentionIds?: string[]; origin?: Origin; at?: number; id?: string }

/** Enough for every test and small enough for a bench of any length. */
const messagesKept = 20_000

export class World {
  readonly events = new EventEmitter<WorldEvents>()
  readonly contacts = new Map<string, WorldContact>()
  readonly rooms = new Map<string, Room>()
  readonly friendships = new Map<string, Friendship>()
  readonly invitations = new Map<string, Invitation>()
  readonly #messages = new Map<string, WorldMessage>()
  readonly #run: string
  readonly #clock: Clock
  #count = 0

  /** `run` goes into every id made here: ids of two runs of the simulator never meet. */
  constructor(file: WorldFile, run: string, clock: Clock) {
    this.#run = run
    this.#clock = clock
    this.events.setMaxListeners(0)
    for (const contact of file.contacts) this.contacts.set(contact.id, contact)
    for (const room of file.rooms) this.addRoom(room)
  }

  freshId(kind: string): string {
    this.#count += 1
    return `${kind}-${this.#run}-${this.#count}`
  }

  now(): number {
    return this.#clock.now().getTime()
  }

  contact(id: string): WorldContact {
    return this.contacts.get(id) ?? missing('contact', id)
  }

  room(id: string): Room {
    return this.rooms.get(id) ?? missing('room', id)
  }

  message(id: string): WorldMessage {
    return this.#messages.get(id) ?? missing('message', id)
  }

  /** Adds the contact, or changes it when the id is known. */
  putContact(contact: WorldContact): void {
    this.contacts.set(contact.id, contact)
    this.events.emit('contact', contact.id)
  }

  addRoom({ id, topic, ownerId, members }: z.infer<typeof WorldRoom>): Room {
    for (const member of members) this.contact(member)
    const room: Room = { id, topic, ownerId, announcement: '', members: new Map(members.map((m) => [m, {}])) }
    this.rooms.set(id, room)
    return room
  }

  say(
    talkerId: string,
    place: Place,
    content: MessageContent,
    { mentionIds = [], origin = 'person', at = this.now(), id = this.freshId('message') }: SayOptions = {},
  ): WorldMessage {
    this.contact(talkerId)
    if ('roomId' in place) this.room(place.roomId)
    else this.contact(place.listenerId)
    const message: WorldMessage = { id, talkerId, ...place, at, content, mentionIds }
    this.#messages.set(message.id, message)
    if (this.#messages.size > messagesKept) {
      for (const oldest of this.#messages.keys()) {
        this.#messages.delete(oldest)
        break
      }
    }
    this.events.emit('message', message, origin)
    return message
  }

  /** Real puppets report a recall as one more message, of type recalled, from the person who recalled. */
  recall(messageId: string, origin: Origin = 'person'): WorldMessage {
    const { talkerId, roomId, listenerId } = this.message(messageId)
    const place: Place = roomId === undefined ? { listenerId: listenerId ?? '' } : { roomId }
    return this.say(talkerId, place, { type: 'recalled', messageId }, { origin })
  }

  join(roomId: string, memberIds: string[], inviterId?: string): void {
    const room = this.room(roomId)
    const inviter = inviterId ?? room.ownerId ?? [...room.members.keys()][0] ?? memberIds[0]
    const fresh = memberIds.filter((id) => !room.members.has(this.contact(id).id))
    if (inviter === undefined || fresh.length === 0) return
    for (const id of fresh) room.members.set(id, { inviterId: inviter })
    this.events.emit('joined', roomId, fresh, inviter, this.now())
  }

  /** `removerId` is the leaver itself when nobody else is named. */
  leave(roomId: string, memberIds: string[], removerId?: string): void {
    const room = this.room(roomId)
    const gone = memberIds.filter((id) => room.members.has(id))
    const first = gone[0]
    if (first === undefined) return
    for (const id of gone) room.members.delete(id)
    this.events.emit('left', roomId, gone, removerId ?? first, this.now())
  }

  rename(roomId: string, topic: string, changerId?: string): void {
    const room = this.room(roomId)
    const before = room.topic
    room.topic = topic
    this.events.emit('topic', roomId, before, topic, changerId ?? room.ownerId ?? '', this.now())
  }

  befriend(contactId: string, contactIdOfAccount: string, hello: string, kind: Friendship['kind']): Friendship {
    this.contact(contactId)
    const friendship: Friendship = { id: this.freshId('friendship'), contactId, hello, at: this.now(), kind }
    this.friendships.set(friendship.id, friendship)
    this.events.emit('friendship', friendship, contactIdOfAccount)
    return friendship
  }

  invite(inviterId: string, receiverId: string, roomId: string): Invitation {
    this.contact(inviterId)
    this.room(roomId)
    const invitation: Invitation = { id: this.freshId('invitation'), inviterId, receiverId, roomId, at: this.now() }
    this.invitations.set(invitation.id, invitation)
    this.events.emit('invitation', invitation)
    return invitation
  }
}

/** Worded as puppets word it: clients see this text behind «2 UNKNOWN». */
export function missing(kind: string, id: string): never {
  throw new ZhangguiError({ code: `no-${kind}`, message: `no ${kind} ${id}`, context: { id } })
}
