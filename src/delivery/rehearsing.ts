/**
 * Delivery of a rehearsal: what leaves in a stretch of time, claimed and decided as in life, many at once, with nobody at
 * the other end. Every send succeeds; what the platform would say nobody can foresee.
 */
import type { Database } from '../kernel/db.ts'
import type { Queryable } from '../kernel/work.ts'
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

type Ended = { row: Claimed; ending: Ending }

/** Statements grow with their rows: so many are claimed at once. */
const atOnce = 256

/** How many left, of `limit` that may in this stretch. */
export async function rehearseSends({ account, epoch, now, limit, ...given }: Rehearsing): Promise<number> {
  let sent = 0
  for (;;) {
    const most = Math.min(atOnce, limit - sent)
    if (most <= 0) return sent
    // What life commits step by step for fear of dying in between is one transaction here.
    const { ended, more } = await given.db.transaction(async (tx) => {
      const rows = await claim(tx, { account, epoch, now, busy: [], limit: most })
      // A claim takes the first of each thread: fewer than it might, and no thread with more to say, are all.
      const more = rows.length === most || rows.some((row) => row.more)
      return { ended: rows.length > 0 ? await endAll(tx, rows, { now, ...given }) : [], more }
    })
    sent += ended.filter(({ ending }) => ending.kind === 'sent').length
    if (!more) return sent
  }
}

/** Decides about claimed rows as in life; what may go is sent. */
async function endAll(
  tx: Queryable,
  rows: readonly Claimed[],
  { now, ...given }: Omit<Rehearsing, 'account' | 'epoch' | 'limit'>,
): Promise<Ended[]> {
  const db: Database = { ...given.db, transaction: (run) => run(tx) }
  const parts: LimitParts = { ...given, db, checkpoint: byLimits, openCase: async () => {}, follower: nobodyFollows }
  const asked = rows.filter((row) => asksLimits(row, now))
  const { free, ended } = asked.length > 0 ? await admit(parts, asked, now) : { free: [], ended: [] }
  const others = rows.filter((row) => !asked.includes(row))
  const told = [...others.map((row) => ({ row, ending: endingOf(row, now) })), ...free.map(sentOf)]
  if (told.length > 0) {
    const said = told.map((one) => ({ ...one, saidId: parts.ids.fresh() }))
    await recordAll(tx, said, now, parts)
  }
  return [...told, ...ended]
}

function sentOf(row: Claimed): Ended {
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
