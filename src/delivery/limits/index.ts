/**
 * The limits of what nobody asked for. A claim has taken such rows into `sending`, and here it is decided which of them
 * go: replies do not pay for what only the unasked is asked.
 *
 * The danger: caps and gaps are counted over all threads, accounts and processes of a person, and two claims at the same
 * moment do not see each other. Why nobody gets more than her caps all the same:
 *
 * - Whoever decides about a person holds a lock on her until that is committed, so two decisions about her never run at
 *   once, and the later one sees what the earlier one put back.
 * - Every other message that may go is committed as `sending` before it is decided about (law 2), so it is seen. Whether
 *   it will go is open, and while one is on its way to her no other goes: it looks again when that has ended.
 * - So a message goes only when all others to her have ended, or are not claimed yet and will see this one; and those
 *   that ended count.
 *
 * Of rows that were claimed together each is decided as if the ones before it had been on their way.
 */
import { privacySettings } from '../../domains/members/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { inOnePacket } from '../../kernel/packet.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { CaseOpener, Follower } from '../record/index.ts'
import { recordAll } from '../record/index.ts'
import type { Claimed, Ending, Verdict } from '../schema.ts'
import { deliverySettings, isUnasked } from '../schema.ts'
import { decide } from '../decide.ts'
import { ceilingOf, dayOf } from './decide.ts'
import { type Known, lockTargets, readFacts } from './repo.ts'
import type { Checkpoint, LimitFacts, LimitRules } from './schema.ts'
import { limitsSettings } from './schema.ts'
import type { Tally } from './tally.ts'

export { limit } from './decide.ts'
export { type Checkpoint, limitsSettings } from './schema.ts'
export { Tally } from './tally.ts'

/** What admitting needs of whoever delivers. */
export type LimitParts = {
  db: Database
  ids: Ids
  content: () => Content
  openCase: CaseOpener
  follower: Follower
  checkpoint: Checkpoint
  dailyCeiling: number | undefined
  tally: Tally
}

/** Whether it must be admitted: whole messages that nobody asked for and nothing else is against. */
export function asksLimits(row: Claimed, now: Date): boolean {
  return isUnasked(row.purpose) && row.part === 0 && decide(row, now).kind === 'go'
}

export type Admitted = { free: Claimed[]; ended: { row: Claimed; ending: Ending }[] }

/**
 * Decides about rows of one account that were claimed at `now`, and writes down at once which of them do not go. When it
 * throws nobody knows whether that was committed: certainly none of them was sent.
 */
export async function admit(parts: LimitParts, rows: readonly Claimed[], now: Date): Promise<Admitted> {
  const { db, ids, openCase, follower, tally } = parts
  const rules = rulesOf(parts)
  const { from: today } = dayOf(rules.zone, now)
  const { admitted, known, epoch } = await db.transaction(async (tx) => {
    const most = rules.dailyCeiling ?? rules.limits.accountPerDay
    const { account, epoch } = rows[0]!
    const said = tally.said(epoch, today, rows.length)
    const asked = { account, now, today, giveWay: rules.limits.giveWay, said, most }
    const [, facts] = await inOnePacket(tx, () => Promise.all([lockTargets(tx, rows), readFacts(tx, rows, asked)]))
    const admitted = decideAll(rows, facts, now, (...each) => parts.checkpoint(...each, rules))
    const ended = admitted.ended.map((one) => ({ ...one, saidId: ids.fresh() }))
    if (ended.length > 0) await recordAll(tx, ended, now, { openCase, follower })
    return { admitted, known: facts.get(rows[0]!.id)!, epoch }
  })
  const { accountToday, firstSeenAt } = known
  const ceiling = ceilingOf(rules.limits, rules.dailyCeiling, firstSeenAt, now, rules.zone)
  tally.note(epoch, today, accountToday + admitted.free.length, ceiling)
  return admitted
}

function rulesOf({ content, dailyCeiling }: LimitParts): LimitRules {
  const current = content()
  const { groupPostsPerDay } = current.settings(deliverySettings)
  const { lessEvery } = current.settings(privacySettings)
  return { limits: current.settings(limitsSettings), groupPostsPerDay, dailyCeiling, lessEvery, zone: current.zone }
}

/** One after the other: what goes counts for those behind it. */
function decideAll(
  rows: readonly Claimed[],
  facts: ReadonlyMap<bigint, Known>,
  now: Date,
  decideOne: (row: Claimed, now: Date, facts: LimitFacts) => Verdict,
): Admitted {
  const admitted: Admitted = { free: [], ended: [] }
  const promoted = new Set<string | null>([])
  for (const row of rows) {
    const { person, ...known } = facts.get(row.id)!
    const hers = person && promoted.has(person) ? [...known.hers, { at: now, onTheWay: true }] : known.hers
    const accountToday = known.accountToday + admitted.free.length
    const verdict = decideOne(row, now, { ...known, hers, accountToday })
    if (verdict.kind !== 'go') admitted.ended.push({ row, ending: endingOf(verdict) })
    else {
      admitted.free.push(row)
      if (row.purpose === 'marketing') promoted.add(person)
    }
  }
  return admitted
}

function endingOf(verdict: Exclude<Verdict, { kind: 'go' }>): Ending {
  if (verdict.kind === 'cancel') return { kind: 'cancelled', reason: verdict.reason, handOver: verdict.handOver }
  return { kind: 'pending', until: verdict.until, throttledUntil: null, deferred: verdict.reason }
}
