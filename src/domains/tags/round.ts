/** One round of tagging: takes persons who are due, loads their facts, decides, and writes what has changed. */
import { isConnectionLoss } from '../../kernel/db.ts'
import { inOnePacket } from '../../kernel/packet.ts'
import type { TaggingDatabase } from './connection/repo.ts'
import { type Decided, decide } from './decide.ts'
import { type Claimed, claim, finishClaim, giveBack, holdClaim, type Lane } from './due/repo.ts'
import { type Loaded, loadFacts, type StoredRfm } from './facts/repo.ts'
import { forgetHistoryOf, type KnownTags, keep, type PersonDifference, tagIds, type TagName } from './keep/repo.ts'
import { latestBars } from './rfm/repo.ts'
import { narrowed, type TagRules } from './rules.ts'
import { countDone } from './run/repo.ts'
import type { RfmBars } from './schema.ts'
import { settle } from './settle/decide.ts'

export type RoundOptions = {
  db: TaggingDatabase
  rules: TagRules
  /** Ids of values that are known already; grows. */
  known: KnownTags
  now: Date
  /** Names the claim; fresh for every round. */
  claimId: string
  lane: Lane
  /** At most 1,000: they are written in one transaction. */
  limit: number
}

export type RoundResult = {
  taken: number
  /** Persons whose tags are others now. */
  changed: number
  /** Persons whose tags could not be decided, with the error's name; their tags stay as they were. */
  failed: { personId: string; error: string }[]
}

/** So long may a round last before others take its people over. */
const claimMs = 5 * 60_000

export async function tagRound(options: RoundOptions): Promise<RoundResult> {
  const { db, rules, now, claimId, lane, limit } = options
  const until = new Date(now.getTime() + claimMs)
  const claimed = await claim(db.pool, { id: claimId, rules: rules.hash, lane, limit, now, until })
  if (claimed.length === 0) return { taken: 0, changed: 0, failed: [] }
  try {
    const result = await tagClaimed(claimed, options)
    await finishClaim(db.pool, claimId)
    return result
  } catch (error) {
    if (claimed.length > 1 && !isConnectionLoss(error)) return one(claimed, options)
    // When the database is away this fails too: the claim then runs out.
    await giveBack(db.pool, { id: claimId }, now).catch(() => undefined)
    throw error
  }
}

/** One by one, where together they failed: whoever it lies with must not keep the others from their tags for ever. */
async function one(claimed: readonly Claimed[], options: RoundOptions): Promise<RoundResult> {
  const sum: RoundResult = { taken: claimed.length, changed: 0, failed: [] }
  for (const person of claimed) {
    try {
      const { changed, failed } = await tagClaimed([person], options)
      sum.changed += changed
      sum.failed.push(...failed)
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      sum.failed.push({ personId: person.personId, error: nameOf(error) })
    }
  }
  await finishClaim(options.db.pool, options.claimId)
  return sum
}

function nameOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  return [name, code].filter((part) => typeof part === 'string').join(' ')
}

async function tagClaimed(claimed: readonly Claimed[], options: RoundOptions): Promise<RoundResult> {
  const { db, rules, known, now, claimId } = options
  const decided: Decisions = { differences: [], failed: [], disagreed: [] }
  for (const scope of scopesOf(claimed, rules)) await decideFor(scope, decided, options)
  const { differences, failed, disagreed } = decided
  const changed = new Set(differences.filter(({ changed }) => changed).map(({ personId }) => personId))
  const sensitive = rules.dimensions.filter((dimension) => dimension.sensitive).map(({ id }) => id)
  // Outside the transaction: others may be waiting for the same values.
  await tagIds(db.pool, differences.flatMap(tagsOf), known)
  await db.transaction(async (tx) => {
    const held = await holdClaim(tx, claimId)
    await keep(
      tx,
      differences.filter(({ personId }) => held.has(personId)),
      { known, now },
    )
    await forgetHistoryOf(tx, disagreed, sensitive)
    await countDone(tx, countsOf(claimed, changed))
  })
  return { taken: claimed.length, changed: changed.size, failed }
}

function tagsOf({ put, ended }: PersonDifference): TagName[] {
  return [...put, ...ended.map(({ tag }) => tag)]
}

/** Persons, and what of the rules is to be decided for them. */
type Scope = { personIds: string[]; rules: TagRules }

function scopesOf(claimed: readonly Claimed[], rules: TagRules): Scope[] {
  const scopes = new Map<string, Scope>()
  for (const { personId, only } of claimed) {
    const key = JSON.stringify(only)
    const scope = scopes.get(key)
    if (scope) scope.personIds.push(personId)
    else scopes.set(key, { personIds: [personId], rules: only ? narrowed(rules, only) : rules })
  }
  return [...scopes.values()]
}

type Decisions = {
  differences: PersonDifference[]
  failed: RoundResult['failed']
  /** Who has not agreed that sensitive things are kept. */
  disagreed: string[]
}

async function decideFor({ personIds, rules }: Scope, into: Decisions, options: RoundOptions): Promise<void> {
  const { db, now } = options
  const [loaded, bars] = await db.session((session) =>
    inOnePacket(session, () => Promise.all([loadFacts(session, personIds, rules, now), latestBars(session)])),
  )
  const never: string[] = []
  for (const [personId, one] of loaded) {
    if (rules.only && !one.rfm && !one.staff && one.facts.consent.profiling) {
      // Without scores she was never tagged.
      never.push(personId)
      continue
    }
    if (!one.facts.consent.sensitive && !rules.only) into.disagreed.push(personId)
    try {
      into.differences.push(differenceOf(one, { rules, bars, now }))
    } catch (error) {
      // One person's facts must not keep everybody else's tags from being brought up to date, again and again.
      into.failed.push({ personId, error: nameOf(error) })
    }
  }
  if (never.length > 0) await decideFor({ personIds: never, rules: options.rules }, into, options)
}

type Deciding = { rules: TagRules; bars: RfmBars | null; now: Date }

function differenceOf({ facts, staff, rfm }: Loaded, { rules, bars, now }: Deciding): PersonDifference {
  const { personId, current } = facts
  const stored = rules.only && rfm ? { ...rfm, monetary: Number(rfm.monetary) } : undefined
  const decided = staff ? null : decide(facts, rules, bars, now, stored)
  if (!decided) {
    const consent = { profiling: false, sensitive: facts.consent.sensitive }
    return { personId, ...settle(current, [], { rules, consent, now }), rfm: null, gone: rfm !== null }
  }
  const difference = settle(current, decided.wanted, { rules, consent: facts.consent, now })
  // What was not decided may change at the time that was found then.
  const lookAt = rules.only ? earlier(rfm?.lookAt ?? null, decided.lookAt) : decided.lookAt
  return { personId, ...difference, rfm: changedScores(rfm, { ...decided, lookAt }) }
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b)
}

/** What to store of her scores; null when it is stored already. */
function changedScores(stored: StoredRfm | null, { rfm, lookAt }: Decided): StoredRfm | null {
  const scores: StoredRfm = { ...rfm, monetary: rfm.monetary.toFixed(2), lookAt }
  const same =
    stored !== null &&
    stored.r === scores.r &&
    stored.f === scores.f &&
    stored.m === scores.m &&
    stored.frequency === scores.frequency &&
    stored.monetary === scores.monetary &&
    stored.lastAt?.getTime() === scores.lastAt?.getTime() &&
    stored.lookAt?.getTime() === lookAt?.getTime()
  return same ? null : scores
}

function countsOf(
  claimed: readonly Claimed[],
  changed: ReadonlySet<string>,
): Map<bigint, { done: number; changed: number }> {
  const counts = new Map<bigint, { done: number; changed: number }>()
  for (const { personId, runId } of claimed) {
    if (runId === null) continue
    const count = counts.get(runId) ?? { done: 0, changed: 0 }
    counts.set(runId, { done: count.done + 1, changed: count.changed + (changed.has(personId) ? 1 : 0) })
  }
  return counts
}
