/**
 * Delivery of a rehearsal: what leaves in a stretch of time, claimed and decided as in life, many at once, with nobody at
 * the other end. Every send succeeds; what the platform would say nobody can foresee.
 */
import { decide } from './decide.ts'
import { admit, asksLimits, limit as byLimits, type LimitParts } from './limits/index.ts'
import { nobodyFollows, recordAll } from './record/index.ts'
import { claim } from './repo.ts'
import type { Claimed, DeliverySettings, Ending } from './schema.ts'

export type Rehearsing = Pick<LimitParts, 'db' | 'ids' | 'content' | 'dailyCeiling' | 'tally'> & {
  account: string
  epoch: number
  now: Date
  /** So many may leave in this stretch. */
  limit: number
}

/** Statements grow with their rows: so many are claimed at once. */
const atOnce = 256

/** How many left, of `limit` that may in this stretch. */
export async function rehearseSends({ account, epoch, now, limit, ...given }: Rehearsing): Promise<number> {
  const parts: LimitParts = { ...given, checkpoint: byLimits, openCase: async () => {}, follower: nobodyFollows }
  let sent = 0
  while (sent < limit) {
    const rows = await claim(parts.db.pool, { account, epoch, now, busy: [], limit: Math.min(atOnce, limit - sent) })
    if (rows.length === 0) break
    const asked = rows.filter((row) => asksLimits(row, now))
    const admitted = asked.length > 0 ? (await admit(parts, asked, now)).free : []
    const free = new Set(admitted)
    const others = rows.filter((row) => !asked.includes(row))
    const ended = [...others.map((row) => ({ row, ending: endingOf(row, now) })), ...[...free].map(sentOf)]
    const told = ended.map((one) => ({ ...one, saidId: parts.ids.fresh() }))
    if (told.length > 0) await parts.db.transaction((tx) => recordAll(tx, told, now, parts))
    sent += ended.filter(({ ending }) => ending.kind === 'sent').length
  }
  return sent
}

function sentOf(row: Claimed): { row: Claimed; ending: Ending } {
  return { row, ending: { kind: 'sent', messageId: null } }
}

function endingOf(row: Claimed, now: Date): Ending {
  const verdict = decide(row, now)
  if (verdict.kind === 'cancel') return { kind: 'cancelled', reason: verdict.reason, handOver: verdict.handOver }
  if (verdict.kind === 'later')
    return { kind: 'pending', until: verdict.until, throttledUntil: null, deferred: verdict.reason }
  return { kind: 'sent', messageId: null }
}

/** How many sends the pace lets one account make in so long, on the average. */
export function paceAllows({ pace }: Pick<DeliverySettings, 'pace'>, ms: number): number {
  const [least, most] = pace.betweenTargets
  const perMinute = Math.min(pace.perMinute, 60_000 / Math.max(1, (least + most) / 2))
  return Math.max(1, Math.floor((perMinute * ms) / 60_000))
}
