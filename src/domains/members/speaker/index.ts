/** One account speaks in each group; when it is gone, another one that is there takes over and answers what it missed. */
import type { Event, HappeningOf } from '../../../kernel/event.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { On, Thread } from '../schema.ts'
import { chooseSpeakers, type Move } from './decide.ts'
import { findHeard, listAccounts, listMovableGroups, moveOutbox, reopenCopies, saveSpeakers } from './repo.ts'

export type { Move } from './decide.ts'

export type Failover = {
  now: Date
  /** members.speakerFailover, in ms. */
  failoverMs: number
  /** conversation.staleness, in ms: older copies are not answered any more. */
  stalenessMs: number
  /** Our accounts, the preferred first. */
  order: readonly string[]
}

/**
 * Moves groups whose speaker is gone to another account and opens again what nobody has handled. To be called every few
 * seconds, in a transaction; the caller gives `reopened` (inbox ids, ascending) to the handler after the commit.
 * With fewer than two accounts there is nothing to do, and nothing is asked.
 */
export async function moveSpeakers(
  db: Queryable,
  { now, failoverMs, stalenessMs, order }: Failover,
): Promise<{ moved: Move[]; reopened: bigint[] }> {
  if (order.length < 2) return { moved: [], reopened: [] }
  const groups = await listMovableGroups(db, order)
  const moves = chooseSpeakers(groups, await listAccounts(db), { now, failoverMs, order })
  const moved = moves.length === 0 ? [] : await saveSpeakers(db, moves)
  if (moved.length > 0) await moveOutbox(db, moved)
  return { moved, reopened: await reopenCopies(db, new Date(now.getTime() - stalenessMs)) }
}

/**
 * Whether another account has stored this group message. The old speaker may have been handling it while it was opened
 * again for the new one, so the route asks before it answers a group message that waited long in the inbox.
 */
export async function wasHeard(
  on: Pick<On, 'work'>,
  thread: Thread,
  { account, what }: Event<HappeningOf<'MessageReceived'>>,
): Promise<boolean> {
  const { message, sender } = what
  const key = {
    account,
    threadId: thread.id,
    platformId: message.id,
    contactId: sender.id,
    text: message.text,
    sentAt: message.sentAt,
  }
  return (await on.work.load(findHeard, key)) === true
}
