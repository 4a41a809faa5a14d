/** Friend requests, new friends, invitations to groups, and the contact list that was read back. */
import type { Announce, Body, Effect, SendMessage } from '../../../kernel/effect.ts'
import type { Contact, Event, HappeningOf } from '../../../kernel/event.ts'
import { meet, meetFriends } from '../people/index.ts'
import { noticeFriend } from '../privacy/notice.ts'
import { membersSettings, type On, type Person } from '../schema.ts'
import { isStale, threadOf } from '../threads/index.ts'
import { acceptsFriend, answerInvitation } from './decide.ts'

/** Nobody wants to be greeted later than this after she has become a friend, or refused later. */
const courtesyLastsMs = 600_000

/** Accepts the request when the rule says so; what is not accepted stays with the people who hold the phone. */
export async function handleFriendshipRequested(
  on: On,
  event: Event<HappeningOf<'FriendshipRequested'>>,
): Promise<Effect[]> {
  const { contact, friendshipId, hello } = event.what
  const person = await meet(on, contact, event.at)
  if (!acceptsFriend(on.content.settings(membersSettings), person.role, hello)) return []
  const key = `friendship:${on.account}:${friendshipId}`
  return [await say(on, contact, person, key, { type: 'acceptFriendship', friendshipId })]
}

/**
 * Remembers the friend and greets her, once per account; behind it she reads what is kept of her. Journeys hear of her
 * also where it is too late for a greeting.
 */
export async function handleFriendshipConfirmed(
  on: On,
  event: Event<HappeningOf<'FriendshipConfirmed'>>,
): Promise<Effect[]> {
  const { contact } = event.what
  const [person] = await meetFriends(on, [contact], { at: event.at, acted: true })
  if (person?.role !== 'customer') return []
  const told = friendOf(person, on.account, event.at)
  if (isStale(on, event.at)) return told
  const text = on.content.reply('members.greet-friend', { name: person.name }, on.ids.random())
  const key = `greet:${on.account}:${contact.id}`
  const greeting = { ...(await say(on, contact, person, key, { type: 'text', text })), notAfter: soon(on) }
  return [greeting, ...(await noticeFriend(on, person)), ...told]
}

function friendOf({ customerId, contactId }: Person, account: string, at: Date): Announce[] {
  if (customerId === null) return []
  const cause = `friend:${account}:${contactId}`
  return [{ kind: 'Announce', trigger: 'addedBot', cause, customerId, at, data: { account } }]
}

/** Goes where a listed person invites us, or where the topic matches; refuses everybody else, politely and once. */
export async function handleRoomInvited(on: On, event: Event<HappeningOf<'RoomInvited'>>): Promise<Effect[]> {
  const { invitationId, inviter, topic } = event.what
  const person = await meet(on, inviter, event.at)
  const answer = answerInvitation(on.content.settings(membersSettings), person, topic)
  if (answer === 'accept') {
    const key = `invitation:${on.account}:${invitationId}`
    return [await say(on, inviter, person, key, { type: 'acceptInvitation', invitationId })]
  }
  if (answer === 'ignore' || isStale(on, event.at)) return []
  const text = on.content.reply('members.refuse-invitation', { name: person.name, topic }, on.ids.random())
  // One refusal per person, not per invitation: who invites us to ten groups does not get ten.
  const key = `refuse-invitation:${on.account}:${inviter.id}`
  return [{ ...(await say(on, inviter, person, key, { type: 'text', text })), notAfter: soon(on) }]
}

/** A page of the contact list: these people are friends of the account. Nobody is greeted for being read. */
export async function handleContactsRead(on: On, event: Event<HappeningOf<'ContactsRead'>>): Promise<Effect[]> {
  await meetFriends(on, event.what.contacts, { at: event.at, acted: false })
  return []
}

function soon(on: On): Date {
  return new Date(on.work.now.getTime() + courtesyLastsMs)
}

async function say(on: On, contact: Contact, person: Person, key: string, body: Body): Promise<SendMessage> {
  const { recipient } = await threadOf(on, { kind: 'direct', contactId: contact.id }, person)
  return { kind: 'SendMessage', to: recipient, purpose: 'service', key, body: [body] }
}
