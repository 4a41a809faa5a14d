/** The clock of drops: what is due becomes a run, once, whichever process looks first. */
import type { Content } from '../../../kernel/content.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { type Drop, dropsOf, fingerprintOf, frozenOf } from '../drops/index.ts'
import { calendarOf } from '../calendar/index.ts'
import { campaignsSettings } from '../schema.ts'
import { beginnings, nextOf } from './decide.ts'
import { findApprovals, insertRun, listOpenRuns, lockClocks, moveRun, renewRun, windClocks } from './repo/runs.ts'

export type Ticking = { content: Content; now: Date; ids: Ids }

/** A drop as it stands: what is approved is its fingerprint. */
export type Standing = { drop: Drop; fingerprint: string; approvedBy: string | null; approved: boolean }

/** The drops of content with what people have said of them. */
export async function listStandings(db: Queryable, content: Content): Promise<Standing[]> {
  const drops = dropsOf(content).map((drop) => ({ drop, fingerprint: fingerprintOf(drop, content) }))
  const approvals = await findApprovals(
    db,
    drops.map(({ drop, fingerprint }) => ({ campaign: drop.id, fingerprint })),
  )
  return drops.map(({ drop, fingerprint }) => {
    const approvedBy = approvals.get(`${drop.id} ${fingerprint}`)?.by ?? null
    return { drop, fingerprint, approvedBy, approved: approvedBy !== null || !needsApproval(drop, content) }
  })
}

/** Whether somebody must have approved it: always where it goes to people; settings may waive it for groups alone. */
export function needsApproval({ to, approval }: Drop, content: Content): boolean {
  if (to.segment !== undefined || approval === 'required') return true
  return content.settings(campaignsSettings).approval.groups === 'required'
}

/**
 * Looks at all drops, in the caller's transaction: slots since the last look become runs, runs that wait for approval
 * begin or are missed. Any number of processes may call it at any time: the clocks' rows are locked first.
 */
export async function tickDrops(db: Queryable, { content, now, ids }: Ticking): Promise<void> {
  const standings = await listStandings(db, content)
  const byId = new Map(standings.map((standing) => [standing.drop.id, standing]))
  const clocks = await lockClocks(db, [...byId.keys()].sort())
  const begun = beginnings(
    standings.map(({ drop }) => drop),
    {
      ...{ now, zone: content.zone, calendar: calendarOf(content) },
      clockOf: (id) => clocks.get(id),
      isApproved: ({ id }) => byId.get(id)?.approved ?? false,
    },
  )
  for (const { drop, slot, state, reason } of begun) {
    const { fingerprint } = byId.get(drop.id)!
    const run = { id: ids.fresh(), campaign: drop.id, slot, state, reason, fingerprint }
    await insertRun(db, { ...run, contentVersion: content.version, drop: frozenOf(drop, content) }, now)
  }
  await lookAtWaiting(db, byId, { content, now })
  if (byId.size > 0) await windClocks(db, [...byId.keys()].sort(), now)
}

async function lookAtWaiting(
  db: Queryable,
  standings: ReadonlyMap<string, Standing>,
  { content, now }: Omit<Ticking, 'ids'>,
): Promise<void> {
  for (const run of await listOpenRuns(db)) {
    if (run.state !== 'waiting') continue
    const standing = standings.get(run.campaign)
    const live = standing && { ...standing, late: standing.drop.late }
    const next = nextOf(run, live, now)
    if (next.kind === 'begins') await moveRun(db, run, 'freezing', { now })
    else if (next.kind === 'missed') await moveRun(db, run, 'missed', { now, reason: next.reason })
    else if (next.kind === 'renewed' && standing) {
      const { drop, fingerprint } = standing
      const renewed = { id: run.id, fingerprint, contentVersion: content.version }
      await renewRun(db, { ...renewed, drop: frozenOf(drop, content) })
    }
  }
}
