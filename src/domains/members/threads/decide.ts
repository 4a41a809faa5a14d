/** What a message is as a row, and what is too old to act on. */
import type { Event, HappeningOf } from '../../../kernel/event.ts'
import type { Person, Thread } from '../schema.ts'
import type { MessageRow } from './schema.ts'

/** Whether something happened so long ago that nobody should hear an answer to it (law 1). */
export function isOlderThan(stalenessMs: number, at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() > stalenessMs
}

/**
 * The row of a message. Our own account's words carry no identity; in a direct thread they belong to the customer who
 * reads them, so that both sides of the talk are kept and forgotten together.
 */
export function rowOf(
  id: string,
  event: Event<HappeningOf<'MessageReceived' | 'OwnMessageSeen'>>,
  thread: Thread,
  person: Person,
): MessageRow {
  const { message, kind } = event.what
  const ours = kind === 'OwnMessageSeen'
  const reader = thread.recipient.kind === 'direct' ? thread.recipient.customerId : null
  return {
    id,
    threadId: thread.id,
    account: event.account,
    platformId: message.id,
    direction: ours ? 'human' : 'in',
    identityId: ours ? null : person.identityId,
    customerId: ours ? reader : person.customerId,
    type: message.type,
    text: message.text,
    mentionsUs: message.mentionsSelf,
    quoted: message.quoted ?? null,
    details: message.details ?? null,
    sentAt: new Date(message.sentAt),
  }
}
