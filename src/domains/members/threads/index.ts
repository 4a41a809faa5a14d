/** Threads: where words are exchanged, what was said there, and what the bot waits to hear. */
import type { Effect, EffectOf } from '../../../kernel/effect.ts'
import type { Event, HappeningOf, Place } from '../../../kernel/event.ts'
import type { Applying } from '../../../kernel/slice.ts'
import { groupOf } from '../groups/index.ts'
import { conversationSettings, type On, type OpenQuestion, type Person, type Thread } from '../schema.ts'
import { isOlderThan, rowOf } from './decide.ts'
import {
  askQuestions,
  closeQuestions,
  type FileOf,
  findAskers,
  findDirectThreads,
  findHeard,
  findQuestions,
  type Heard,
  insertMessages,
  recallMessages,
  saveFiles,
  saveThreads,
} from './repo.ts'

/**
 * The thread of a place, made when it is missing. `person` is who speaks there, or null when nobody was met: in a direct
 * thread the customer is then whom the contact is known as.
 */
export function threadOf(on: On, place: Place, person: Person | null): Promise<Thread> {
  return place.kind === 'group' ? groupThread(on, place) : directThread(on, place.contactId, person)
}

async function groupThread(on: On, { roomId, topic }: Extract<Place, { kind: 'group' }>): Promise<Thread> {
  const { group, rule } = await groupOf(on, roomId, { shown: topic })
  const { id: groupId, threadId: id, speaker, silentUntil } = group
  return {
    id,
    kind: 'group',
    groupId,
    rule: rule?.id ?? null,
    topic: group.topic || null,
    silentUntil,
    recipient: { kind: 'group', account: speaker, roomId, threadId: id },
  }
}

async function directThread(on: On, contactId: string, person: Person | null): Promise<Thread> {
  const { work, account, realm } = on
  const id = on.ids.derived('thread', account, 'direct', contactId)
  const seen = await work.load(findDirectThreads, { threadId: id, realm, contactId })
  const customerId = person ? person.customerId : (seen?.contactCustomerId ?? null)
  if (!seen?.exists || (customerId !== null && seen.customerId !== customerId)) {
    work.write(saveThreads, { id, kind: 'direct', groupId: null, account, contactId, customerId, at: work.now })
  }
  return {
    id,
    kind: 'direct',
    groupId: null,
    rule: null,
    topic: null,
    silentUntil: seen?.silentUntil ?? null,
    recipient: { kind: 'direct', account, contactId, threadId: id, customerId },
  }
}

/** A customer whom we know, and how something of hers alone can be told to her. */
export type Asker = {
  personId: string
  /** Her direct thread with the account. */
  recipient: Extract<Thread['recipient'], { kind: 'direct' }>
  /**
   * away: one of ours, or somebody who had herself forgotten: nothing is told. stranger: no friend of the account, so
   * nothing may reach her directly. human: one of ours is writing with her there.
   */
  reach: 'open' | 'human' | 'stranger' | 'away'
}

/**
 * Who a customer is by now, and her direct thread, which is made when it can be used and is missing. Whoever was met in
 * this very transaction for the first time has no friends and no past.
 */
export async function askerOf(
  { work, ids }: Pick<On, 'work' | 'ids'>,
  account: string,
  { customerId, contactId }: { customerId: string; contactId: string },
): Promise<Asker> {
  const threadId = ids.derived('thread', account, 'direct', contactId)
  const recipient = { kind: 'direct' as const, account, contactId, threadId, customerId }
  const seen = await work.load(findAskers, { threadId, customerId, contactId, account })
  if (!seen) return { personId: customerId, recipient, reach: 'stranger' }
  const owned = seen.silentUntil !== null && seen.silentUntil > work.now
  const reach = seen.closed ? 'away' : !seen.isFriend ? 'stranger' : owned ? 'human' : 'open'
  if (reach === 'open' && (!seen.exists || seen.threadCustomerId !== customerId)) {
    work.write(saveThreads, {
      id: threadId,
      kind: 'direct',
      groupId: null,
      account,
      contactId,
      customerId,
      at: work.now,
    })
  }
  return { personId: seen.personId, recipient, reach }
}

/** Whether something that happened at `at` is too old to be answered (settings: conversation.staleness). */
export function isStale(on: Pick<On, 'content' | 'work'>, at: Date): boolean {
  return isOlderThan(on.content.settings(conversationSettings).staleness, at, on.work.now)
}

/**
 * Keeps what somebody said, or a human of ours on the account's phone; the echo of a send is delivery's to keep. A message
 * that the account has stored already stays as it is.
 */
export function recordMessage(
  on: Pick<On, 'ids' | 'work'>,
  event: Event<HappeningOf<'MessageReceived' | 'OwnMessageSeen'>>,
  thread: Thread,
  person: Person,
): void {
  on.work.write(insertMessages, rowOf(on.ids.fresh(), event, thread, person))
}

/** Marks the message as recalled, also one that is not here yet, and for every account that sees it go. */
export async function handleMessageRecalled(on: On, event: Event<HappeningOf<'MessageRecalled'>>): Promise<Effect[]> {
  const thread = await threadOf(on, event.what.place, null)
  on.work.write(recallMessages, {
    id: on.ids.fresh(),
    threadId: thread.id,
    account: event.account,
    platformId: event.what.messageId,
    at: event.at,
  })
  return []
}

/** Notes where the file of a message is kept, for whoever shows the message. */
export function attachFile({ work }: Pick<On, 'work'>, file: FileOf): void {
  work.write(saveFiles, file)
}

/** What a customer said under this platform id; undefined when no customer did. */
export function heardAs({ work }: Pick<On, 'work'>, account: string, platformId: string): Promise<Heard | undefined> {
  return work.load(findHeard, { account, platformId })
}

/** What the bot waits to hear from this customer here, unless its time has passed. */
export async function questionOf(
  on: Pick<On, 'work'>,
  threadId: string,
  customerId: string | null,
): Promise<OpenQuestion | null> {
  if (customerId === null) return null
  const question = await on.work.load(findQuestions, { threadId, customerId })
  return question && question.expiresAt > on.work.now ? question : null
}

export function applyAskQuestion(effect: EffectOf<'AskQuestion'>, { work }: Applying): void {
  const { threadId, customerId, question: kind, payload, expiresAt } = effect
  work.write(askQuestions, { threadId, customerId, kind, payload, askedAt: work.now, expiresAt })
}

export function applyCloseQuestion({ threadId, customerId }: EffectOf<'CloseQuestion'>, { work }: Applying): void {
  work.write(closeQuestions, { threadId, customerId })
}
