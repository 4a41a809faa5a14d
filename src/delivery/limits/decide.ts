/** Whether what nobody asked for may go now, later, or not at all. Pure. */
import { mayReceive } from '../../domains/members/index.ts'
import { afterQuiet } from '../../kernel/quiet-hours.ts'
import { dayAfter, dayIn, instantIn } from '../../kernel/zone.ts'
import { putOff } from '../decide.ts'
import type { Claimed, Deferral, Verdict } from '../schema.ts'
import type { Checkpoint, LimitFacts, LimitRules, LimitsSettings } from './schema.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Another message to the same person has ended by then. */
const otherEndsMs = minuteMs / 2
/** How often somebody who gives way looks again. */
const giveWayEveryMs = 5 * minuteMs
/** Who finds no moment before it finds none: every window of the caps is shorter. */
const horizonMs = 40 * dayMs

type Asked = { row: Claimed; now: Date; facts: LimitFacts; rules: LimitRules }

/** Until when a rule keeps it, null for ever; or that it must not go at all. */
type Kept = { until: Date | null; reason: Deferral } | { refused: string }
type Rule = (asked: Asked, at: Date) => Kept | undefined

/**
 * Looks for the first moment at which no rule is against it. When that is now, it goes, unless it has to give way; when
 * it comes in time, it waits for it; else it is cancelled at once. The reason is that of the first rule that keeps it:
 *
 * - quiet: it is night where she lives, or in the brand's zone for a group.
 * - opted-out, profiling-refused, topic, less, hours (members): she does not want it, or not then (deferred `hours`).
 * - gap: another is on its way to her.
 * - capped: she has had as many today, in 7 or in 30 days as she may.
 * - gap: she has just had one; so for groups, by what was posted.
 * - group-ceiling: the group has had its posts of today. It does not wait.
 * - ceiling: the account has said what it may today, which is less while it is new.
 * - give-way: what is left of her caps today is for more important messages that are due soon. Too late: `capped`.
 *
 * Reminders of challenges keep to the night, her wishes and the ceilings, and know no caps and gaps.
 */
export const limit: Checkpoint = (row, now, facts, rules) => {
  const asked = { row, now, facts, rules }
  let at = now
  let reason: Deferral | undefined
  for (;;) {
    const kept = firstOf(asked, at)
    if (!kept) break
    if ('refused' in kept) return { kind: 'cancel', reason: kept.refused, handOver: false }
    reason ??= kept.reason
    if (!kept.until || kept.until.getTime() > now.getTime() + horizonMs) {
      return { kind: 'cancel', reason, handOver: false }
    }
    at = kept.until
  }
  return reason ? putOff(row, at, reason) : givesWay(asked)
}

function firstOf(asked: Asked, at: Date): Kept | undefined {
  for (const rule of rulesInOrder) {
    const kept = rule(asked, at)
    if (kept) return kept
  }
  return undefined
}

const quiet: Rule = ({ row, rules }, at) => {
  const until = afterQuiet(rules.limits.quiet, zoneOf(row, rules.zone), at)
  return until > at ? { until, reason: 'quiet' } : undefined
}

const wishes: Rule = ({ row, facts, rules }, at) => {
  if (row.recipient.kind === 'group') return undefined
  const { topic, personal = false } = row.offer ?? {}
  const lastAt = facts.hers.findLast(({ onTheWay }) => !onTheWay)?.at ?? null
  const { purpose } = row
  const { lessEvery, zone } = rules
  const may = mayReceive(facts, facts.preferences, { purpose, topic, personal, at, zone, lastAt, lessEvery })
  if (may.answer === 'no') return { refused: may.reason }
  return may.answer === 'later' ? { until: may.at, reason: 'hours' } : undefined
}

/** While another is on its way nobody knows whether it counts. */
const another: Rule = ({ row, now, facts }, at) => {
  const soon = new Date(now.getTime() + otherEndsMs)
  if (row.purpose !== 'marketing' || at >= soon) return undefined
  const others = row.recipient.kind === 'group' ? facts.posts : facts.hers
  return others.some(({ onTheWay }) => onTheWay) ? { until: soon, reason: 'gap' } : undefined
}

const gap: Rule = ({ row, facts, rules: { limits } }, at) => {
  if (row.purpose !== 'marketing') return undefined
  const isPost = row.recipient.kind === 'group'
  const last = (isPost ? facts.posts : facts.hers).findLast(({ onTheWay }) => !onTheWay)
  const until = last && new Date(last.at.getTime() + (isPost ? limits.groupGap : limits.gap))
  return until && until > at ? { until, reason: 'gap' } : undefined
}

const caps: Rule = ({ row, facts, rules }, at) => {
  if (row.purpose !== 'marketing' || row.recipient.kind === 'group') return undefined
  const full = capsAt(facts, rules, at).filter(({ left }) => left <= 0)
  if (full.length === 0) return undefined
  const until = full.map(({ freedAt }) => freedAt?.getTime() ?? Infinity)
  const last = Math.max(...until)
  return { until: Number.isFinite(last) ? new Date(last) : null, reason: 'capped' }
}

const ceilings: Rule = ({ row, now, facts, rules }, at) => {
  const { from, tomorrow } = dayOf(rules.zone, now)
  if (at >= tomorrow) return undefined
  if (row.recipient.kind === 'group') {
    const today = facts.posts.filter((post) => post.at >= from)
    if (today.length >= rules.groupPostsPerDay) return { refused: 'group-ceiling' }
  }
  const most = ceilingOf(rules.limits, rules.dailyCeiling, facts.firstSeenAt, now, rules.zone)
  return facts.accountToday >= most ? { until: tomorrow, reason: 'ceiling' } : undefined
}

const rulesInOrder: readonly Rule[] = [quiet, wishes, another, caps, gap, ceilings]

function givesWay({ row, now, facts, rules }: Asked): Verdict {
  if (row.purpose !== 'marketing' || row.recipient.kind === 'group' || facts.rivals === 0) return { kind: 'go' }
  const left = Math.min(...capsAt(facts, rules, now).map((cap) => cap.left))
  if (left > facts.rivals) return { kind: 'go' }
  const verdict = putOff(row, new Date(now.getTime() + giveWayEveryMs), 'give-way')
  return verdict.kind === 'cancel' ? { ...verdict, reason: 'capped' } : verdict
}

type Cap = {
  /** How many she may still get. */
  left: number
  /** From when on one more: null for never. */
  freedAt: Date | null
}

/** Her caps at a moment, were nothing sent until then. Nothing is on its way by then (`another`). */
function capsAt({ hers }: LimitFacts, { limits, zone }: LimitRules, at: Date): Cap[] {
  const { day, week, month } = limits.perCustomer
  const times = hers.filter(({ onTheWay }) => !onTheWay).map((sent) => sent.at.getTime())
  const { from, tomorrow } = dayOf(zone, at)
  const today = times.filter((time) => time >= from.getTime()).length
  return [
    { left: day - today, freedAt: day > 0 ? tomorrow : null },
    rolling(times, week, 7 * dayMs, at),
    rolling(times, month, 30 * dayMs, at),
  ]
}

/** `times`: the oldest first. */
function rolling(times: readonly number[], most: number, windowMs: number, at: Date): Cap {
  const used = times.filter((time) => time > at.getTime() - windowMs)
  // When this one falls out of the window there are fewer than `most` in it.
  const leaves = most > 0 ? used.at(-most) : undefined
  return { left: most - used.length, freedAt: leaves === undefined ? null : new Date(leaves + windowMs) }
}

/**
 * What an account may say unasked on a day. A new one begins with `from` on its first day and reaches its full number
 * after `days` of them, by the same step each day.
 */
export function ceilingOf(
  { accountPerDay, warmUp }: Pick<LimitsSettings, 'accountPerDay' | 'warmUp'>,
  dailyCeiling: number | undefined,
  firstSeenAt: Date | null,
  now: Date,
  zone: string,
): number {
  const full = dailyCeiling ?? accountPerDay
  if (!firstSeenAt || full <= warmUp.from) return full
  const age = (Date.parse(dayIn(zone, now)) - Date.parse(dayIn(zone, firstSeenAt))) / dayMs
  if (age >= warmUp.days) return full
  return Math.floor(warmUp.from + ((full - warmUp.from) * Math.max(0, age)) / warmUp.days)
}

/** The day of the zone in which the moment is. */
export function dayOf(zone: string, at: Date): { from: Date; tomorrow: Date } {
  const day = dayIn(zone, at)
  return { from: instantIn(zone, day, 0), tomorrow: instantIn(zone, dayAfter(day, 1), 0) }
}

const known = new Map<string, boolean>()

/** Hers, where it is known and a zone; what somebody wrote into a profile must not keep anything from being decided. */
function zoneOf({ recipient, offer }: Pick<Claimed, 'recipient' | 'offer'>, brand: string): string {
  const zone = recipient.kind === 'direct' ? offer?.zone : undefined
  return zone !== undefined && isZone(zone) ? zone : brand
}

function isZone(zone: string): boolean {
  let is = known.get(zone)
  if (is === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      is = true
    } catch {
      is = false
    }
    if (known.size < 1_000) known.set(zone, is)
  }
  return is
}
