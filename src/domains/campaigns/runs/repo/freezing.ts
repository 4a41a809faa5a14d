/**
 * The audience of a run, written in chunks. The danger: two processes that write two audiences into one run, when the
 * first is taken for dead and is not. So each chunk is written under the name of who claimed the run, with the run's row
 * locked: a claim waits for a chunk that is under way, and the next chunk of the other one finds that it is not his.
 */
import type { Queryable } from '../../../../kernel/work.ts'
import type { NewRecipient } from '../schema.ts'

type Claim = { runId: string; freezer: string; contentVersion: string; now: Date; deadBefore: Date }

/** Claims the run unless another one is at it. False: it is, or there is nothing to be written. */
export async function claimFreezing(
  db: Queryable,
  { runId, freezer, contentVersion, now, deadBefore }: Claim,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE campaign_run SET freezer = $2, freezer_at = $3, content_version = $4
     WHERE id = $1 AND state = 'freezing' AND (freezer IS NULL OR freezer = $2 OR freezer_at < $5)`,
    [runId, freezer, now, contentVersion, deadBefore],
  )
  return rowCount === 1
}

/** Says that the claimer is alive. */
export async function touchFreezing(db: Queryable, runId: string, freezer: string, now: Date): Promise<void> {
  await db.query('UPDATE campaign_run SET freezer_at = $3 WHERE id = $1 AND freezer = $2', [runId, freezer, now])
}

/** Takes away what a claimer that died had written, at most `limit` rows; says how many went. */
export async function deleteWritten(db: Queryable, runId: string, freezer: string, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM campaign_recipient WHERE run_id = $1 AND target IN (
       SELECT r.target FROM campaign_recipient r JOIN campaign_run c ON c.id = r.run_id
       WHERE r.run_id = $1 AND c.state = 'freezing' AND c.freezer = $2 LIMIT $3)`,
    [runId, freezer, limit],
  )
  return rowCount ?? 0
}

/**
 * Writes recipients; the holdout among them is settled at once. False when the run is no longer the claimer's. One
 * statement, committed by itself: what it writes is of no use before the run is frozen, and the end waits for the disk.
 */
export async function writeRecipients(
  db: Queryable,
  { runId, freezer, kind, now }: { runId: string; freezer: string; kind: 'direct' | 'group'; now: Date },
  rows: readonly NewRecipient[],
): Promise<boolean> {
  const { rows: done } = await db.query<{ mine: boolean }>({
    name: 'campaigns-recipients-write',
    text: `WITH mine AS MATERIALIZED (
             SELECT id FROM campaign_run WHERE id = $1 AND state = 'freezing' AND freezer = $2 FOR SHARE
           ), written AS (
             INSERT INTO campaign_recipient (run_id, target, kind, variant, state, reason, due_at, settled_at)
             SELECT mine.id, r.target, $3, r.variant, CASE WHEN r.variant IS NULL THEN 'not-sent' ELSE 'waiting' END,
               CASE WHEN r.variant IS NULL THEN 'holdout' END, r.due_at, CASE WHEN r.variant IS NULL THEN $4::timestamptz END
             FROM mine, unnest($5::uuid[], $6::text[], $7::timestamptz[]) AS r (target, variant, due_at)
             ON CONFLICT (run_id, target) DO NOTHING
           )
           SELECT EXISTS (SELECT FROM mine) AS mine`,
    values: [
      runId,
      freezer,
      kind,
      now,
      rows.map(({ target }) => target),
      rows.map(({ variant }) => variant),
      rows.map(({ dueAt }) => dueAt),
    ],
  })
  return done[0]?.mine ?? false
}

/** All are written: from now on they are handed over. False when the run is no longer the claimer's. */
export async function endFreezing(db: Queryable, runId: string, freezer: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE campaign_run SET state = 'sending', frozen_at = $3, freezer = NULL, freezer_at = NULL,
       audience = (SELECT count(*) FROM campaign_recipient WHERE run_id = $1)
     WHERE id = $1 AND state = 'freezing' AND freezer = $2`,
    [runId, freezer, now],
  )
  return rowCount === 1
}

/** The claimer gives up: whoever looks next may try at once. */
export async function leaveFreezing(db: Queryable, runId: string, freezer: string): Promise<void> {
  await db.query('UPDATE campaign_run SET freezer = NULL, freezer_at = NULL WHERE id = $1 AND freezer = $2', [
    runId,
    freezer,
  ])
}
