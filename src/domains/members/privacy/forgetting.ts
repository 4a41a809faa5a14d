/**
 * A confirmed deletion. The last words must reach her although everything about her goes, its outbox rows included: so
 * the deletion waits until they have been sent, for a bounded time.
 */
import { z } from 'zod'
import type { Effect, Recipient, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { MessageSeen, On } from '../schema.ts'
import { listContacts, readFarewell, saveChanges } from './repo.ts'
import { privacySettings } from './schema.ts'

export const forgetDue = 'privacy.forget-due'

/** How often it is looked whether the last words have left. */
const lookEveryMs = 1_000

const Confirmed = z.object({
  customerId: z.string(),
  /** The message that confirms: taken back, nothing is deleted. */
  messageId: z.string(),
  recipient: z.custom<Recipient>(),
  /** Our last words, as delivery adds them to the thread. */
  words: z.string(),
  confirmedAt: z.coerce.date(),
  /** Then it is done, whether they were sent or not. */
  until: z.coerce.date(),
})

type Confirmation = Pick<MessageSeen, 'event' | 'thread'> & { customerId: string }

/** Begins with the words that are on their way; nothing is deleted before `forgetDue`. */
export async function scheduleForgetting(
  on: On,
  { event, thread, customerId }: Confirmation,
  words: string,
): Promise<ScheduleEvent> {
  const { now, db } = on.work
  const { sender, message } = event.what
  const payload: z.input<typeof Confirmed> = {
    customerId,
    messageId: message.id,
    recipient: thread.recipient,
    words,
    confirmedAt: now.toISOString(),
    until: new Date(now.getTime() + on.content.settings(privacySettings).forgetWithin).toISOString(),
  }
  return look(on.account, now, await locksOf(db, customerId, [`contact:${sender.id}`]), payload)
}

export async function onForgetDue({ event, work, content, ids }: SliceEventSeen): Promise<Effect[]> {
  const { account, what } = event
  const { customerId, messageId, recipient, words, confirmedAt, until } = Confirmed.parse(what.payload)
  const { threadId } = recipient
  const found = await readFarewell(work.db, { customerId, account, messageId, threadId, words, since: confirmedAt })
  if (found.gone) return []
  if (found.recalled) {
    work.write(saveChanges, { customerId, at: work.now, by: 'customer', change: { kind: 'deletion-withdrawn' } })
    const text = content.reply('privacy.forget-kept', {}, ids.random())
    const body = [{ type: 'text' as const, text }]
    return [{ kind: 'SendMessage', to: recipient, purpose: 'security', key: `privacy:${event.id}`, body }]
  }
  const lock = await locksOf(work.db, customerId, what.lock)
  // Somebody turned out to be the same person: her contacts are kept away from the deletion as well.
  const unlocked = lock.length > what.lock.length
  if (unlocked || (!found.said && work.now < until)) return [look(account, work.now, lock, what.payload)]
  return [{ kind: 'ForgetCustomer', customerId, by: 'customer' }]
}

/** All of her contacts, so that nothing of hers is handled beside the deletion and outlives it. */
async function locksOf(db: Queryable, customerId: string, before: readonly string[]): Promise<string[]> {
  const contacts = await listContacts(db, customerId)
  return [...new Set([...before, ...contacts.map((contactId) => `contact:${contactId}`)])]
}

function look(account: string, now: Date, lock: string[], payload: unknown): ScheduleEvent {
  const { customerId } = payload as { customerId: string }
  const at = new Date(now.getTime() + lookEveryMs)
  return { kind: 'ScheduleEvent', name: forgetDue, key: `privacy-forget:${customerId}`, at, account, lock, payload }
}
