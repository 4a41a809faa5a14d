/** What a manager does with drops and their runs: approve, pause, let go on, stop. Each leaves a line in the audit. */
import { writeAudit } from '../../../kernel/audit.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import { UsageError } from '../../../kernel/errors.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { calendarOf } from '../calendar/index.ts'
import { type Drop, dropsOf, fingerprintOf } from '../drops/index.ts'
import { nextSlots } from '../schedule/index.ts'
import { insertApproval, listOpenRuns, lockRun, moveRun, pauseRun, setPaused } from './repo/runs.ts'
import { batchOf, type Run } from './schema.ts'

/** Who does it, when, and in which content; all in the caller's transaction. */
export type Acting = { db: Queryable; content: Content; by: string; now: Date }

/** Effects that delivery applies in the same transaction. */
type BatchEffect = Extract<Effect, { kind: 'HoldSends' | 'ReleaseSends' | 'StopSends' }>
export type Acted = { runs: string[]; effects: BatchEffect[] }

/** The drop of live content. Throws a UsageError `campaign-unknown`. */
export function dropOf(content: Content, id: string): Drop {
  const drops = dropsOf(content)
  const found = drops.find((drop) => drop.id === id)
  if (found) return found
  const names = drops.map((drop) => drop.id).join(', ') || 'none'
  throw new UsageError({ code: 'campaign-unknown', message: `There is no campaign «${id}». There is: ${names}.` })
}

/** When it is due next, as things stand; null: never again. */
export function nextSlotOf(drop: Drop, content: Content, now: Date): Date | null {
  return nextSlots(drop.when, { zone: content.zone, calendar: calendarOf(content), after: now }, 1)[0] ?? null
}

/** Approves the drop as it is now: an edit makes it another one, which wants a new word. */
export async function approveDrop({ db, content, by, now }: Acting, id: string): Promise<{ fingerprint: string }> {
  const drop = dropOf(content, id)
  const fingerprint = fingerprintOf(drop, content)
  await insertApproval(db, { campaign: id, fingerprint, by, at: now })
  await writeAudit(db, { at: now, by, action: 'campaign-approved', subject: `drop:${id}`, details: { fingerprint } })
  return { fingerprint }
}

/** Nothing more of it begins or leaves until it is resumed; what is on its way ends. */
export function pauseDrop(acting: Acting, id: string): Promise<Acted> {
  return onOpenRuns(acting, dropOf(acting.content, id).id, 'campaign-paused', async (run) => {
    await pauseRun(acting.db, run.id, acting.now)
    return { kind: 'HoldSends', batch: batchOf(run.id) }
  })
}

export function resumeDrop(acting: Acting, id: string): Promise<Acted> {
  return onOpenRuns(acting, dropOf(acting.content, id).id, 'campaign-resumed', async (run) => {
    await pauseRun(acting.db, run.id, null)
    return { kind: 'ReleaseSends', batch: batchOf(run.id) }
  })
}

/** Its runs end at once: whoever has not got it gets nothing. Later slots run as they would. Also of a drop that is gone. */
export function stopRuns(acting: Acting, id: string): Promise<Acted> {
  return onOpenRuns(acting, id, 'campaign-stopped', async (run) => {
    await moveRun(acting.db, run, 'stopped', { now: acting.now, reason: 'by-hand' })
    return { kind: 'StopSends', batch: batchOf(run.id), reason: 'stopped' }
  })
}

async function onOpenRuns(
  { db, by, now }: Acting,
  campaign: string,
  action: 'campaign-paused' | 'campaign-resumed' | 'campaign-stopped',
  act: (run: Run) => Promise<BatchEffect>,
): Promise<Acted> {
  if (action !== 'campaign-stopped') await setPaused(db, campaign, action === 'campaign-paused' ? now : null, now)
  const open = (await listOpenRuns(db)).filter((run) => run.campaign === campaign)
  const acted: Acted = { runs: [], effects: [] }
  for (const { id } of open) {
    // Under the lock of its row: a chunk that is being handed over ends first, and the next one finds what was said.
    const run = await lockRun(db, id)
    if (!run) continue
    acted.runs.push(id)
    acted.effects.push(await act(run))
  }
  await writeAudit(db, { at: now, by, action, subject: `drop:${campaign}`, details: { runs: acted.runs.length } })
  return acted
}
