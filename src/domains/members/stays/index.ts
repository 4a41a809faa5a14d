/** Who is in which group: joins, leaves, member lists that were read back, and welcomes. */
import { z } from 'zod'
import type { Announce, Effect } from '../../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../../kernel/event.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { enterGroups, findRule, type GroupNow, groupOf, leaveGroups, listRoomsOf } from '../groups/index.ts'
import { observeInvitation } from '../interactions/index.ts'
import { findPerson, meetAll, type Met, noteInviters } from '../people/index.ts'
import { membersSettings, type On } from '../schema.ts'
import { isStale } from '../threads/index.ts'
import { isJoinOf, reconcileMembers, toWelcome, welcomeAt, welcomeLastsMs } from './decide.ts'
import {
  beginStays,
  endStays,
  findGroupToWelcome,
  findStays,
  listNewcomers,
  listOpenStays,
  seeJoins,
  settleWelcomes,
} from './repo.ts'

/** The slice event under which a group's newcomers are welcomed together. */
export const welcomeEvent = 'members.welcome'

/** Names in a row, as one says them in Chinese: the words between them are the language's, not ours. */
const listing = new Intl.ListFormat('zh-CN', { type: 'conjunction' })

const WelcomePayload = z.object({ groupId: z.string() })

/**
 * People joined: each gets a stay; those whom the group's rule welcomes wait for the next welcome, and journeys hear of
 * all customers who did.
 */
export async function handleMemberJoined(on: On, event: Event<HappeningOf<'MemberJoined'>>): Promise<Effect[]> {
  const { roomId, topic: shown, members, inviter } = event.what
  const { group, rule } = await groupOf(on, roomId, { shown })
  const people = await meetAll(on, members, { at: event.at, acted: true })
  const inviting = inviter && (await findPerson(on, inviter.id))
  noteOurAccounts(on, group.id, people, event.at)

  // Where we have only just come in ourselves, everybody was there before us; and an old join is no news.
  const weCame = people.some(({ account }) => account !== null)
  const welcoming = rule?.welcome === true && !weCame && !isStale(on, event.at)
  const begun = await Promise.all(
    people.map(async (person) => {
      const stays = await on.work.load(findStays, { groupId: group.id, identityId: person.identityId })
      const open = stays?.open
      if (open && !isJoinOf(open, event.at)) return null
      // Once per person per group, over all stays.
      const welcomeDue = welcoming && person.role === 'customer' && !stays?.welcomed
      const inviterId = inviting?.identityId ?? null
      const stay = { ...stayOf(on, group.id, person, event.at), ...(open && { id: open.id }) }
      if (open) on.work.write(seeJoins, { id: open.id, joinedAt: event.at, inviterId, welcomeDue })
      else on.work.write(beginStays, { ...stay, inviterId, joinSeen: true, welcomeDue })
      if (inviterId && person.customerId) {
        on.work.write(noteInviters, { customerId: person.customerId, inviterId })
        observeInvitation(on, { inviterId, customerId: person.customerId, at: event.at })
      }
      return { welcomeDue, stay, isCustomer: person.role === 'customer' }
    }),
  )
  const seen = begun.filter((one) => one !== null)
  const told = weCame ? [] : seen.flatMap(({ stay, isCustomer }) => (isCustomer ? joinOf(stay, { group, rule }) : []))
  return [...(seen.some(({ welcomeDue }) => welcomeDue) ? [await scheduleWelcome(on, group)] : []), ...told]
}

/** Nobody asked us to serve a group without a rule: nothing begins there. */
function joinOf({ id, customerId, joinedAt: at }: StayBegun, { group, rule }: GroupNow): Announce[] {
  if (customerId === null || rule === null) return []
  const data = { groupId: group.id, rule: rule.id, threadId: group.threadId }
  return [{ kind: 'Announce', trigger: 'joinedGroup', cause: `stay:${id}`, customerId, at, data }]
}

type StayBegun = ReturnType<typeof stayOf>

function stayOf(on: On, groupId: string, { identityId, customerId }: Met, joinedAt: Date) {
  return { id: on.ids.fresh(), groupId, identityId, customerId, joinedAt }
}

function noteOurAccounts(on: On, groupId: string, people: readonly Met[], at: Date): void {
  for (const { account } of people) if (account !== null) on.work.write(enterGroups, { groupId, account, at })
}

async function scheduleWelcome(on: On, group: GroupNow['group']): Promise<Effect> {
  const [first] = await listNewcomers(on.work.db, group.id)
  const { welcomeBatch } = on.content.settings(membersSettings)
  return {
    kind: 'ScheduleEvent',
    name: welcomeEvent,
    key: `welcome:${group.id}`,
    at: welcomeAt(on.work.now, first?.joinedAt ?? null, welcomeBatch),
    account: group.speaker,
    lock: [`room:${group.roomId}`],
    payload: { groupId: group.id },
  }
}

/** A welcome is due: one message names all who came since the last one and are still there. */
export async function handleWelcomeDue({ event, work, content, ids }: SliceEventSeen): Promise<Effect[]> {
  const { groupId } = WelcomePayload.parse(event.what.payload)
  const group = await findGroupToWelcome(work.db, groupId)
  const waiting = await listNewcomers(work.db, groupId)
  if (!group || waiting.length === 0) return []
  const { now } = work
  // Where a human speaks for the account just now, the bot does not burst in, now or afterwards (law 13).
  const quiet =
    findRule(content, group.rule)?.welcome !== true || (group.silentUntil !== null && group.silentUntil > now)
  const named = quiet ? [] : toWelcome(waiting, now)
  for (const { stayId } of waiting) {
    const welcomedAt = named.some((newcomer) => newcomer.stayId === stayId) ? now : null
    work.write(settleWelcomes, { stayId, welcomedAt })
  }
  if (named.length === 0) return []
  const values = { names: listing.format(named.map(({ name }) => name)), group: group.topic }
  const text = content.reply('members.welcome', values, ids.random())
  return [
    {
      kind: 'SendMessage',
      to: { kind: 'group', account: group.speaker, roomId: group.roomId, threadId: group.threadId },
      purpose: 'service',
      key: `welcome:${groupId}:${event.id}`,
      body: [{ type: 'text', text, mentions: named.map(({ contactId }) => contactId) }],
      notAfter: new Date(now.getTime() + welcomeLastsMs),
    },
  ]
}

/** People left: their stays end. Who was never seen here has none. When we left, the account is out of the group. */
export async function handleMemberLeft(on: On, event: Event<HappeningOf<'MemberLeft'>>): Promise<Effect[]> {
  const { group } = await groupOf(on, event.what.roomId)
  await Promise.all(
    event.what.members.map(async (contact) => {
      const person = await findPerson(on, contact.id)
      const account = contact.kind === 'self' ? on.account : person?.account
      if (account) on.work.write(leaveGroups, { groupId: group.id, account, at: event.at })
      if (!person) return
      const stays = await on.work.load(findStays, { groupId: group.id, identityId: person.identityId })
      if (stays?.open) on.work.write(endStays, { id: stays.open.id, at: event.at, seen: true })
    }),
  )
  return []
}

export async function handleTopicChanged(on: On, event: Event<HappeningOf<'TopicChanged'>>): Promise<Effect[]> {
  await groupOf(on, event.what.roomId, { topic: event.what.topic })
  return []
}

/**
 * A group was read back: what we missed is put right, with the time of the reading and marked as unseen. Nobody whose
 * join we did not see is welcomed: for all we know she has been there for months.
 */
export async function handleGroupRead(on: On, event: Event<HappeningOf<'GroupRead'>>): Promise<Effect[]> {
  const { roomId, topic, ownerId, members } = event.what
  const { group } = await groupOf(on, roomId, { topic, ownerId })
  on.work.write(enterGroups, { groupId: group.id, account: on.account, at: event.at })
  const people = await meetAll(on, members, { at: event.at, acted: false })
  noteOurAccounts(on, group.id, people, event.at)
  const open = await listOpenStays(on.work.db, group.id)
  const listed = people.map(({ identityId }) => identityId)
  const { joined, left } = reconcileMembers(open, listed, event.at)
  const unseen = { inviterId: null, joinSeen: false, welcomeDue: false }
  const joiners = new Set(joined)
  for (const person of people) {
    if (!joiners.has(person.identityId)) continue
    on.work.write(beginStays, { ...stayOf(on, group.id, person, event.at), ...unseen })
  }
  for (const id of left) on.work.write(endStays, { id, at: event.at, seen: false })
  return []
}

/**
 * The list of groups was read back: the account has left any other. An empty list is not believed: a client that has
 * not synchronised shows none.
 */
export async function handleGroupListRead(on: On, event: Event<HappeningOf<'GroupListRead'>>): Promise<Effect[]> {
  const listed = new Set(event.what.roomIds)
  if (listed.size === 0) return []
  for (const { groupId, roomId } of await listRoomsOf(on.work.db, on.account)) {
    if (!listed.has(roomId)) on.work.write(leaveGroups, { groupId, account: on.account, at: event.at })
  }
  return []
}
