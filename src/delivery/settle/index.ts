/** How a send that nobody can vouch for is settled: by its echo, by the clock, by a person (law 2). */
import { systemClock } from '../../kernel/clock.ts'
import type { Database } from '../../kernel/db.ts'
import type { Message } from '../../kernel/event.ts'
import { systemIds } from '../../kernel/ids.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Applying } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'
import { hashOfEcho } from '../hash.ts'
import type { CaseOpener, Follower } from '../record/index.ts'
import { caseOf, nobodyFollows, tellFollower } from '../record/index.ts'
import { isAwaited } from '../decide.ts'
import { audit, cancelExpired, echoQuery, listUnknown, markOverdue, settleRetry, settleSent } from './repo.ts'

export type Echo = {
  account: string
  /** Of the place where it was seen. */
  threadId: string
  message: Message
  /** Whether the account's gateway declares that it echoes our own messages. */
  echoes: boolean
}

/**
 * The send of ours that a message of our own account is coming back of; settles that send. Undefined means that a human
 * typed it on the phone (law 13).
 */
export async function settleEcho(
  { work, ids }: Pick<Applying, 'work' | 'ids'>,
  { account, threadId, message, echoes }: Echo,
): Promise<{ key: string } | undefined> {
  return work.load(echoQuery, {
    account,
    threadId,
    messageId: message.id,
    hash: hashOfEcho(message),
    type: message.type,
    settles: echoes,
    saidId: ids.fresh(),
    now: work.now,
  })
}

/** Cancels what waited too long, also for accounts that are down; what somebody waits for becomes a case. */
export async function expire(
  db: Queryable,
  now: Date,
  openCase: CaseOpener,
  follower: Follower = nobodyFollows,
): Promise<void> {
  const expired = await cancelExpired(db, now)
  const keys = expired.map(({ key }) => key)
  await tellFollower(db, follower, keys, now)
  const intents = new Map(
    expired.filter((row) => isAwaited(row) && !follower.follows(row.key)).map((row) => [row.key, row]),
  )
  for (const row of intents.values()) await openCase(db, caseOf(row, 'late-reply'), now)
}

/** Gives sends that stayed unknown for `afterMs` to a human, or closes them as they stand. */
export async function giveUpUnknown(
  db: Queryable,
  now: Date,
  afterMs: number,
  openCase: CaseOpener,
  follower: Follower = nobodyFollows,
): Promise<void> {
  const overdue = await markOverdue(db, new Date(now.getTime() - afterMs), now, ['challenge', 'marketing'])
  for (const row of overdue) {
    const isAct = row.bodyType === 'acceptFriendship' || row.bodyType === 'acceptInvitation'
    if (isAct || row.purpose === 'challenge' || row.purpose === 'marketing') continue
    if (row.purpose === 'adviser' && !isAwaited(row)) continue
    if (follower.follows(row.key)) continue
    await openCase(db, caseOf(row, 'unknown-reply'), now)
  }
}

/**
 * A person settles unknown rows: `sent` closes them, `retry` sends them again. Returns the ids that were unknown and
 * are settled now; the others are as they were.
 */
export async function settleByHand(
  db: Database,
  ids: readonly bigint[] | 'all',
  verdict: 'sent' | 'retry',
  by: string,
  now: Date,
  { fresh = systemIds(systemClock), follower = nobodyFollows }: { fresh?: Ids; follower?: Follower } = {},
): Promise<bigint[]> {
  return db.transaction(async (tx) => {
    const asked = ids === 'all' ? await listUnknown(tx) : [...new Set(ids)]
    const rows = verdict === 'sent' ? await settleSent(tx, asked, by, now, fresh) : await settleRetry(tx, asked)
    const settled = rows.map((row) => row.id)
    const keys = rows.map((row) => row.key)
    await tellFollower(tx, follower, keys, now)
    await audit(tx, by, `outbox-${verdict}`, settled, now)
    return settled
  })
}
