/** Looks after runs that are under way: what became of their sends, whom nothing reaches any more, which are over. */
import type { Queryable } from '../../../kernel/work.ts'
import { closeFinished, dismissWaiting, listStopped, listUnsettledRuns, settleSent } from './repo/recipients.ts'

/** So many recipients are looked at in one statement. */
const chunk = 1_000
/** A send that nobody knew the fate of may be cleared up by hand for so long after its run. */
const unsettledForMs = 7 * 24 * 60 * 60_000
/** Smaller than every id. */
const first = '00000000-0000-0000-0000-000000000000'

/** Each statement is committed by itself, so that no transaction covers more than a chunk. */
export async function settleRuns(db: Queryable, now: Date): Promise<void> {
  for (const runId of await listUnsettledRuns(db, new Date(now.getTime() - unsettledForMs))) {
    for (let after: string | undefined = first; after !== undefined; ) {
      after = await settleSent(db, runId, { after, limit: chunk, now })
    }
  }
  for (const runId of await listStopped(db)) {
    while ((await dismissWaiting(db, runId, 'stopped', { now, limit: chunk })) === chunk);
  }
  await closeFinished(db, now)
}
