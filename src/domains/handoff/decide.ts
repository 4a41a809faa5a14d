/** Who owns a thread. */
import type { Effect } from '../../kernel/effect.ts'
import type { Thread } from '../members/schema.ts'

/** Whether a human owns the thread at this moment: the bot stores what is said there and answers nothing. */
export function owns(thread: Pick<Thread, 'silentUntil'>, now: Date): boolean {
  return thread.silentUntil !== null && thread.silentUntil > now
}

/**
 * What follows when somebody types on the account's phone (law 13). What the bot waited to hear in a direct thread is
 * void: the next «2» is an answer to the human. In a group its questions run out while it is silent.
 */
export function takeOver(thread: Thread, takeoverMs: number, now: Date): Effect[] {
  const yielded: Effect = { kind: 'YieldThread', threadId: thread.id, until: new Date(now.getTime() + takeoverMs) }
  if (thread.recipient.kind === 'group' || thread.recipient.customerId === null) return [yielded]
  return [yielded, { kind: 'CloseQuestion', threadId: thread.id, customerId: thread.recipient.customerId }]
}
