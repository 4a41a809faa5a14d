/** Whether a claimed row may go, with what was true in the statement that claimed it (law 6). Pure. */
import type { Claimed, Deferral, Verdict } from './schema.ts'
import { isUnasked } from './schema.ts'

/** A human may be done long before the time up to which the thread was given to her. */
const humanEveryMs = 15 * 60_000

const cancel = (reason: string, handOver = false): Verdict => ({ kind: 'cancel', reason, handOver })

/** It waits until then; what would be of no use by then is cancelled at once, with what kept it. */
export function putOff({ notAfter }: Pick<Claimed, 'notAfter'>, until: Date, reason: Deferral): Verdict {
  return notAfter && until >= notAfter ? cancel(reason) : { kind: 'later', until, reason }
}

/**
 * - Past `notAfter`: a reply or an adviser's words become a case; a welcome or a reminder vanishes with its reason.
 * - A forgotten customer gets nothing, not even what was queued.
 * - An opt-out stops challenge reminders and marketing.
 * - All messages that it answers were recalled: there is nothing to answer.
 * - A human has the thread: advisers and security pass, replies are hers to give, the unasked waits until she is done.
 *
 * What passes and was not asked for is asked for its limits next (limits/).
 */
export function decide(row: Claimed, now: Date): Verdict {
  const { facts, purpose } = row
  if (row.notAfter && row.notAfter < now) return cancel('expired', isAwaited(row))
  if (row.body.type === 'acceptFriendship' || row.body.type === 'acceptInvitation') return { kind: 'go' }
  if (facts.forgotten) return cancel('forgotten')
  if (facts.optedOut && isUnasked(purpose)) return cancel('opted-out')
  if (facts.recalled) return cancel('recalled')
  if (facts.silentUntil && facts.silentUntil > now && purpose !== 'adviser' && purpose !== 'security') {
    if (!isUnasked(purpose)) return cancel('human-owns')
    const until = Math.min(facts.silentUntil.getTime(), now.getTime() + humanEveryMs)
    return putOff(row, new Date(until), 'human-owns')
  }
  return { kind: 'go' }
}

/**
 * Whether somebody waits for these words, so that a human must hear when they cannot go. Not what we say to an adviser:
 * that a case cannot be shown to her must not open another, to be shown to her.
 */
export function isAwaited({ purpose, customerId }: Pick<Claimed, 'purpose' | 'customerId'>): boolean {
  return purpose === 'reply' || (purpose === 'adviser' && customerId !== null)
}
