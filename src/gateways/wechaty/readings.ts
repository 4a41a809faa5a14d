/** What to load for each event of the stream, and in which lane it is handed on. The shapes are made by mapping.ts. */
import type { payloads as platform } from 'wechaty-puppet'
import type { Contact } from '../../kernel/event.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import type { Reading, Source } from './intake.ts'
import {
  mapFriendship,
  mapInvitation,
  mapJoin,
  mapLeave,
  mapMessage,
  mapTopic,
  mentionsIn,
  messageType,
  type Mapped,
} from './mapping.ts'
import type { Payloads } from './payloads.ts'
import { mentionsOneOf } from './text.ts'

type Ports = { clock: Clock; ids: Ids }

/**
 * A message. One call for its payload; the sender and the names of ours are remembered, so that is usually all.
 * The lane is the sender's: what one person says stays in order, a recall by the same person included.
 */
export function readMessage(messageId: string, { clock }: Ports): Reading {
  return {
    what: `message:${messageId}`,
    async stage({ payloads }) {
      const payload = await payloads.message(messageId)
      return {
        lane: `contact:${payload.talkerId}`,
        async complete(source) {
          const [sender, selfNames, details, topic] = await Promise.all([
            source.payloads.contact(payload.talkerId),
            namesOfOurs(payload, source),
            source.payloads.details(payload, messageType(payload)),
            payload.roomId ? source.payloads.topic(payload.roomId) : undefined,
          ])
          const known = { selfId: source.selfId, sender, selfNames, topic, now: clock.now() }
          return mapMessage(payload, { ...known, ...(details ? { details } : {}) })
        },
      }
    },
  }
}

/** Only where they decide something: a mention in a group. Our name in the room costs a call, so our own goes first. */
async function namesOfOurs(payload: platform.Message, { payloads, selfId }: Source): Promise<string[]> {
  if (!payload.roomId || payload.talkerId === selfId || !payload.text?.includes('@')) return []
  const mentions = mentionsIn(payload)
  if (mentions.length > 0 && !mentions.includes(selfId)) return []
  const { name } = await payloads.contact(selfId)
  if (mentionsOneOf(payload.text, [name])) return [name]
  return [name, await payloads.nameIn(payload.roomId, selfId)]
}

/** An event about a room, whole once the contacts that it names are loaded. */
function inRoom(kind: string, roomId: string, map: (payloads: Payloads) => Promise<Mapped>): Reading {
  return {
    what: `${kind}:${roomId}`,
    stage: async () => ({ lane: `room:${roomId}`, complete: ({ payloads }) => map(payloads) }),
  }
}

/** The actor of an event in a room. Some puppets name nobody, or the room itself, for which there is no contact. */
async function actor(payloads: Payloads, id: string, roomId: string): Promise<Contact | undefined> {
  return id === '' || id === roomId ? undefined : payloads.contact(id)
}

const contactsOf = (payloads: Payloads, contactIds: string[]): Promise<Contact[]> =>
  Promise.all(contactIds.map((id) => payloads.contact(id)))

export function readJoin(event: platform.EventRoomJoin, { clock, ids }: Ports): Reading {
  return inRoom('join', event.roomId, async (payloads) => {
    const [members, inviter, topic] = await Promise.all([
      contactsOf(payloads, event.inviteeIdList),
      actor(payloads, event.inviterId, event.roomId),
      payloads.topic(event.roomId),
    ])
    return mapJoin(event, { members, inviter, topic }, ids, clock.now())
  })
}

export function readLeave(event: platform.EventRoomLeave, { clock, ids }: Ports): Reading {
  return inRoom('leave', event.roomId, async (payloads) => {
    const members = await contactsOf(payloads, event.removeeIdList)
    return mapLeave(event, members, await actor(payloads, event.removerId, event.roomId), ids, clock.now())
  })
}

export function readTopic(event: platform.EventRoomTopic, { clock, ids }: Ports): Reading {
  return inRoom('topic', event.roomId, async (payloads) =>
    mapTopic(event, await actor(payloads, event.changerId, event.roomId), ids, clock.now()),
  )
}

export function readFriendship(friendshipId: string, { clock }: Ports): Reading {
  return {
    what: `friendship:${friendshipId}`,
    async stage({ payloads }) {
      const payload = await payloads.friendship(friendshipId)
      return {
        lane: `contact:${payload.contactId}`,
        complete: async (source) =>
          mapFriendship(payload, await source.payloads.freshContact(payload.contactId), clock.now()),
      }
    },
  }
}

export function readInvitation(invitationId: string, { clock }: Ports): Reading {
  return {
    what: `invitation:${invitationId}`,
    async stage({ payloads }) {
      const payload = await payloads.invitation(invitationId)
      return {
        lane: `contact:${payload.inviterId}`,
        complete: async (source) =>
          mapInvitation(payload, await source.payloads.contact(payload.inviterId), clock.now()),
      }
    },
  }
}
