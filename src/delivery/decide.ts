/** Whether a claimed row may go, with what was true in the statement that claimed it (law 6). Pure. */
import type { Claimed, DeliverySettings, Verdict } from './schema.ts'
import { isUnasked } from './schema.ts'

/** Quiet hours and caps: what campaigns add to the rules below. Asked for unasked messages only, after all else. */
export type Checkpoint = (row: Claimed, now: Date) => Verdict

export const freeToGo: Checkpoint = () => ({ kind: 'go' })

const cancel = (reason: string, handOver = false): Verdict => ({ kind: 'cancel', reason, handOver })

/**
 * - Past `notAfter`: a reply or an adviser's words become a case; a welcome or a reminder vanishes with its reason.
 * - A forgotten customer gets nothing, not even what was queued.
 * - An opt-out stops challenge reminders and marketing.
 * - All messages that it answers were recalled: there is nothing to answer.
 * - A human has the thread: advisers and security pass, replies are hers to give, the unasked waits until she is done.
 * - A group has a daily ceiling of posts that nobody asked for; an account has one for such messages, and what is above
 *   it waits for the next day. What was begun is finished: later parts do not count.
 */
export function decide(
  row: Claimed,
  now: Date,
  settings: Pick<DeliverySettings, 'groupPostsPerDay'> & { dailyCeiling?: number | undefined },
  checkpoint: Checkpoint = freeToGo,
): Verdict {
  const { facts, purpose } = row
  if (row.notAfter && row.notAfter < now) return cancel('expired', isAwaited(row))
  if (row.body.type === 'acceptFriendship' || row.body.type === 'acceptInvitation') return { kind: 'go' }
  if (facts.forgotten) return cancel('forgotten')
  if (facts.optedOut && isUnasked(purpose)) return cancel('opted-out')
  if (facts.recalled) return cancel('recalled')
  if (facts.silentUntil && facts.silentUntil > now && purpose !== 'adviser' && purpose !== 'security') {
    return isUnasked(purpose) ? { kind: 'later', until: facts.silentUntil } : cancel('human-owns')
  }
  if (!isUnasked(purpose)) return { kind: 'go' }
  if (row.recipient.kind === 'group' && facts.groupPostsToday >= settings.groupPostsPerDay) {
    return cancel('group-ceiling')
  }
  if (row.part === 0 && settings.dailyCeiling !== undefined && facts.accountPostsToday >= settings.dailyCeiling) {
    return { kind: 'later', until: facts.tomorrow }
  }
  return checkpoint(row, now)
}

/**
 * Whether somebody waits for these words, so that a human must hear when they cannot go. Not what we say to an adviser:
 * that a case cannot be shown to her must not open another, to be shown to her.
 */
export function isAwaited({ purpose, customerId }: Pick<Claimed, 'purpose' | 'customerId'>): boolean {
  return purpose === 'reply' || (purpose === 'adviser' && customerId !== null)
}
