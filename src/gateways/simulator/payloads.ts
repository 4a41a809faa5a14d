/** The world's people, rooms and requests as Wechaty payloads, the way that one account sees them. */
import * as PUPPET from 'wechaty-puppet'
import type { Account } from './account.ts'
import { missing } from './world.ts'

const genders = {
  unknown: PUPPET.types.ContactGender.Unknown,
  male: PUPPET.types.ContactGender.Male,
  female: PUPPET.types.ContactGender.Female,
}
const kinds = {
  individual: PUPPET.types.Contact.Individual,
  official: PUPPET.types.Contact.Official,
  corporation: PUPPET.types.Contact.Corporation,
}

export function contactPayload(account: Account, id: string): PUPPET.payloads.Contact {
  const { kind, gender, stranger: _, ...contact } = account.world.contact(id)
  return {
    ...contact,
    type: kinds[kind],
    gender: genders[gender],
    alias: account.aliases.get(id),
    friend: account.isFriend(id),
  }
}

/** A room that the account has left can still be read, as on real platforms: the farewell event needs its topic. */
export function roomPayload(account: Account, id: string): PUPPET.payloads.Room {
  const { topic, ownerId, members } = account.world.room(id)
  return { id, topic, ownerId, memberIdList: [...members.keys()], adminIdList: [] }
}

export function roomMemberPayload(account: Account, roomId: string, id: string): PUPPET.payloads.RoomMember {
  const { inviterId, alias } = account.world.room(roomId).members.get(id) ?? missing('member', id)
  const { name, avatar } = account.world.contact(id)
  return { id, name, avatar, inviterId, roomAlias: alias }
}

export function friendshipPayload(account: Account, id: string): PUPPET.payloads.Friendship {
  const { contactId, hello, at, kind } = account.world.friendships.get(id) ?? missing('friendship', id)
  const base = { id, contactId, hello, timestamp: at }
  return kind === 'confirmed'
    ? { ...base, type: PUPPET.types.Friendship.Confirm }
    : { ...base, type: PUPPET.types.Friendship.Receive, ticket: id, scene: PUPPET.types.FriendshipScene.Card }
}

export function invitationPayload(account: Account, id: string): PUPPET.payloads.RoomInvitation {
  const { inviterId, receiverId, roomId, at } = account.world.invitations.get(id) ?? missing('invitation', id)
  const { topic, members } = account.world.room(roomId)
  return {
    id,
    inviterId,
    receiverId,
    topic,
    avatar: '',
    invitation: topic,
    memberCount: members.size,
    memberIdList: [...members.keys()],
    timestamp: at,
  }
}
