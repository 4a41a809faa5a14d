/** What stays of a run when those who were in it are not kept any more: its report. */
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import { findRun } from '../runs/repo/runs.ts'
import { type Goals, variantsOf } from './index.ts'
import { deleteRecipients, listUncounted, saveReport } from './repo.ts'

/** Runs are counted a day before the first of their links is too old to be kept. */
const aheadMs = 24 * 60 * 60_000

/**
 * Counts what is about to go: from then on a run's report is the one that is kept, and its recipients go when they are
 * older than `keepFor` (ms). Broken off anywhere, the next call goes on. Says how many recipients are gone.
 */
export async function sweepRuns(
  db: Database,
  on: { content: Content; now: Date; goals: Goals },
  { keepFor, linksKeptFor }: { keepFor: number; linksKeptFor: number },
): Promise<number> {
  const before = (ms: number): Date => new Date(on.now.getTime() - ms)
  for (const id of await listUncounted(db.pool, before(Math.min(keepFor, linksKeptFor) - aheadMs))) {
    const run = await findRun(db.pool, id)
    if (run) await saveReport(db.pool, id, await variantsOf(db.pool, run, on))
  }
  return deleteRecipients(db.pool, before(keepFor))
}
