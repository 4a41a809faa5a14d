/**
 * What a connection reads from the platform, with deadlines, and what it remembers of it: contacts and names in rooms,
 * in memory only, for as long as the connection lives. So a reconnect starts from fresh payloads, and `forgetWhere`
 * is enough when a customer must be deleted.
 */
import type { payloads } from 'wechaty-puppet'
import type { Contact } from '../../kernel/event.ts'
import type { Clock } from '../../kernel/ports.ts'
import { mapContact, unreadableContact } from './contacts.ts'
import { within } from './deadline.ts'
import { isLineFailure, LineClosed } from './failures.ts'
import type { Line } from './line.ts'

/** Milliseconds until a read is given up, and until a remembered payload is read again. */
const readDeadline = 10_000
const staleAfter = 10 * 60_000
/** Enough for the members of the largest accounts; about 1 kB each. */
const remembered = 20_000

export type Payloads = {
  message(id: string): Promise<payloads.Message>
  room(id: string): Promise<payloads.Room>
  friendship(id: string): Promise<payloads.Friendship>
  invitation(id: string): Promise<payloads.RoomInvitation>
  roomIds(): Promise<string[]>
  contactIds(): Promise<string[]>
  memberIds(roomId: string): Promise<string[]>
  /** A contact as it is known; one that the platform does not show is `unknown`. Rejects only when the line fails. */
  contact(id: string): Promise<Contact>
  /** The same, read from the platform now. */
  freshContact(id: string): Promise<Contact>
  /** What the contact is called in the room: its name there, else its own. Empty when nobody knows. */
  nameIn(roomId: string, contactId: string): Promise<string>
  /** What the room is called; undefined where nobody knows. Rejects only when the line fails. */
  topic(roomId: string): Promise<string | undefined>
  /** The fields of a link, mini-program, place or contact card; undefined for other types and where unreadable. */
  details(payload: payloads.Message, type: string): Promise<Record<string, unknown> | undefined>
  forget(contactId: string): void
  /** The same for every contact for whom it is true. */
  forgetWhere(match: (contactId: string) => boolean): void
  forgetRoom(roomId: string): void
}

export function readPayloads(line: Line, clock: Clock, selfId: () => string): Payloads {
  const contacts = remember<Contact>(clock)
  const names = remember<string>(clock)
  const topics = remember<string | undefined>(clock)
  const read = <T>(call: Promise<T>): Promise<T> =>
    within(clock, readDeadline, call).catch((error: unknown) => {
      // The stock client throws plain errors once it is closed; that is no answer about what was asked for.
      throw line.isOpen() ? error : new LineClosed('The line closed while reading.', { cause: error })
    })

  async function freshContact(id: string): Promise<Contact> {
    try {
      return mapContact(await read(line.contactRawPayload(id)), selfId())
    } catch (error) {
      if (isLineFailure(error)) throw error
      return unreadableContact(id, selfId())
    }
  }

  async function freshName(roomId: string, contactId: string): Promise<string> {
    try {
      const member = await read(line.roomMemberRawPayload(roomId, contactId))
      if (member.roomAlias || member.name) return member.roomAlias || member.name
    } catch (error) {
      if (isLineFailure(error)) throw error
    }
    return (await contacts.get(contactId, () => freshContact(contactId))).name
  }

  async function freshTopic(roomId: string): Promise<string | undefined> {
    try {
      return (await read(line.roomRawPayload(roomId))).topic || undefined
    } catch (error) {
      if (isLineFailure(error)) throw error
      return undefined
    }
  }

  async function details(payload: payloads.Message, type: string): Promise<Record<string, unknown> | undefined> {
    try {
      switch (type) {
        case 'link':
          return { ...(await read(line.messageUrl(payload.id))) }
        case 'miniProgram':
          return { ...(await read(line.messageMiniProgram(payload.id))) }
        case 'location':
          return { ...(await read(line.messageLocation(payload.id))) }
        case 'contactCard': {
          const id = await read(line.messageContact(payload.id))
          return { contactId: id, name: (await contacts.get(id, () => freshContact(id))).name }
        }
        default:
          return undefined
      }
    } catch (error) {
      if (isLineFailure(error)) throw error
      return undefined
    }
  }

  return {
    message: (id) => read(line.messageRawPayload(id)),
    room: (id) => read(line.roomRawPayload(id)),
    friendship: (id) => read(line.friendshipRawPayload(id)),
    invitation: (id) => read(line.roomInvitationRawPayload(id)),
    roomIds: () => read(line.roomList()),
    contactIds: () => read(line.contactList()),
    memberIds: (roomId) => read(line.roomMemberList(roomId)),
    contact: (id) => contacts.get(id, () => freshContact(id)),
    freshContact(id) {
      contacts.delete(id)
      return contacts.get(id, () => freshContact(id))
    },
    nameIn: (roomId, contactId) => names.get(`${roomId} ${contactId}`, () => freshName(roomId, contactId)),
    async topic(roomId) {
      const topic = await topics.get(roomId, () => freshTopic(roomId))
      // Perhaps we have only just come in: the next who asks may be shown it.
      if (topic === undefined) topics.delete(roomId)
      return topic
    },
    details,
    forget(contactId) {
      contacts.delete(contactId)
      names.deleteWhere((key) => key.endsWith(` ${contactId}`))
    },
    forgetWhere(match) {
      contacts.deleteWhere(match)
      names.deleteWhere((key) => match(key.slice(key.indexOf(' ') + 1)))
    },
    forgetRoom(roomId) {
      topics.delete(roomId)
      names.deleteWhere((key) => key.startsWith(`${roomId} `))
    },
  }
}

type Memory<T> = {
  get(key: string, load: () => Promise<T>): Promise<T>
  delete(key: string): void
  deleteWhere(match: (key: string) => boolean): void
}

/** Keeps what was loaded, once however many ask at a time; a load that failed is not kept. Oldest out first. */
function remember<T>(clock: Clock): Memory<T> {
  const kept = new Map<string, { value: Promise<T>; until: number }>()
  return {
    get(key, load) {
      const now = clock.now().getTime()
      const known = kept.get(key)
      if (known && known.until > now) return known.value
      const value = load()
      kept.delete(key)
      kept.set(key, { value, until: now + staleAfter })
      value.catch(() => {
        if (kept.get(key)?.value === value) kept.delete(key)
      })
      for (const oldest of kept.keys()) {
        if (kept.size <= remembered) break
        kept.delete(oldest)
      }
      return value
    },
    delete: (key) => void kept.delete(key),
    deleteWhere(match) {
      for (const key of kept.keys()) if (match(key)) kept.delete(key)
    },
  }
}
