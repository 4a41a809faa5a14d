/** Recipients of runs on their way out: taken, handed over, settled by what became of their sends. */
import type { Queryable } from '../../../../kernel/work.ts'
import { batchOf } from '../schema.ts'

export type Recipient = { target: string; kind: 'direct' | 'group'; variant: string }

/** Runs with somebody to hand over now: the moment of their earliest recipient that waits is past. */
export async function listDueRuns(db: Queryable, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'campaigns-due-runs',
    text: `SELECT c.id FROM campaign_run c WHERE c.state = 'sending' AND c.paused_at IS NULL AND EXISTS (
             SELECT FROM campaign_recipient r WHERE r.run_id = c.id AND r.state = 'waiting' AND r.due_at <= $1 OFFSET 0)
           ORDER BY c.slot, c.id`,
    values: [now],
  })
  return rows.map(({ id }) => id)
}

/** How many sends of a run wait in the outbox. */
export async function countWaiting(db: Queryable, runId: string, atMost: number): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>({
    name: 'campaigns-waiting',
    text: `SELECT count(*) AS count FROM (
             SELECT FROM outbox WHERE batch = $1 AND state = 'pending' LIMIT $2) w`,
    values: [batchOf(runId), atMost],
  })
  return Number(rows[0]!.count)
}

/** Recipients whose turn it is, the earliest first. The run is locked by the caller, so nobody else takes them. */
export async function takeDue(db: Queryable, runId: string, now: Date, limit: number): Promise<Recipient[]> {
  const { rows } = await db.query<Recipient>({
    name: 'campaigns-take',
    text: `SELECT target, kind, variant FROM campaign_recipient
           WHERE run_id = $1 AND state = 'waiting' AND due_at <= $2 ORDER BY due_at, target LIMIT $3`,
    values: [runId, now, limit],
  })
  return rows
}

/** What became of a recipient: handed to the outbox, or not sent for a reason. */
export type Fate = { target: string } & ({ state: 'queued'; account: string } | { state: 'not-sent'; reason: string })

export async function recordFates(db: Queryable, runId: string, fates: readonly Fate[], now: Date): Promise<void> {
  await db.query({
    name: 'campaigns-fates',
    text: `UPDATE campaign_recipient r SET state = f.state, reason = f.reason, account = f.account,
             settled_at = CASE WHEN f.state = 'not-sent' THEN $6::timestamptz END
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS f (target, state, reason, account)
           WHERE r.run_id = $1 AND r.target = f.target AND r.state = 'waiting'`,
    values: [
      runId,
      fates.map(({ target }) => target),
      fates.map(({ state }) => state),
      fates.map((fate) => (fate.state === 'not-sent' ? fate.reason : null)),
      fates.map((fate) => (fate.state === 'queued' ? fate.account : null)),
      now,
    ],
  })
}

/** Ends the waiting of those for whom nothing comes any more. Fewer than `limit` of them: none is left. */
export async function dismissWaiting(
  db: Queryable,
  runId: string,
  reason: 'expired' | 'stopped',
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'campaigns-dismiss',
    text: `UPDATE campaign_recipient SET state = 'not-sent', reason = $4, settled_at = $2
           WHERE run_id = $1 AND target = ANY (ARRAY(
             SELECT target FROM campaign_recipient WHERE run_id = $1 AND state = 'waiting' ORDER BY due_at, target LIMIT $3))`,
    values: [runId, now, limit, reason],
  })
  return rowCount ?? 0
}

/** Runs with sends whose fate is still to be noted, or might yet be cleared up. */
export async function listUnsettledRuns(db: Queryable, since: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'campaigns-unsettled-runs',
    text: `SELECT c.id FROM campaign_run c WHERE c.state IN ('sending', 'done', 'stopped')
             AND (c.ended_at IS NULL OR c.ended_at >= $1) AND EXISTS (
               SELECT FROM campaign_recipient r WHERE r.run_id = c.id AND r.state IN ('queued', 'unknown') OFFSET 0)`,
    values: [since],
  })
  return rows.map(({ id }) => id)
}

/**
 * Notes what became of the sends of the next `limit` recipients after `after`; returns the last one looked at, or undefined
 * at the end. A message of several parts counts as sent when any part was, and is open while any part is.
 */
export async function settleSent(
  db: Queryable,
  runId: string,
  { after, limit, now }: { after: string; limit: number; now: Date },
): Promise<string | undefined> {
  const { rows } = await db.query<{ last: string | null }>({
    name: 'campaigns-settle',
    text: `WITH looked AS MATERIALIZED (
             SELECT target, state FROM campaign_recipient
             WHERE run_id = $1 AND state IN ('queued', 'unknown') AND target > $2 ORDER BY target LIMIT $3
           ), seen AS MATERIALIZED (
             SELECT l.target, l.state AS before, o.* FROM looked l CROSS JOIN LATERAL (
               SELECT bool_or(o.state IN ('pending', 'sending')) AS open, bool_or(o.state = 'unknown') AS unknown,
                 bool_or(o.state = 'sent') AS sent, count(*) AS parts,
                 min(CASE WHEN o.state = 'refused' THEN 'refused' WHEN reason <> 'expired' THEN reason
                       WHEN a.state = 'swapped' THEN 'account-frozen' ELSE coalesce(deferred, reason) END)
                   FILTER (WHERE o.state IN ('refused', 'cancelled')) AS why
               FROM outbox o LEFT JOIN account a ON a.name = o.account WHERE key = $4 || l.target::text) o
           ), fates AS (
             SELECT target, before, CASE WHEN unknown THEN 'unknown' WHEN sent THEN 'sent' ELSE 'not-sent' END AS state,
               CASE WHEN NOT sent AND NOT unknown THEN why WHEN parts = 0 THEN 'forgotten' END AS reason
             FROM seen WHERE open IS NOT TRUE
           ), settled AS (
             UPDATE campaign_recipient r SET state = f.state, reason = f.reason, settled_at = $5
             FROM fates f WHERE r.run_id = $1 AND r.target = f.target AND f.state <> r.state
           )
           SELECT max(target::text) AS last FROM looked HAVING count(*) = $3`,
    values: [runId, after, limit, `${batchOf(runId)}:`, now],
  })
  return rows[0]?.last ?? undefined
}

/** Runs that were stopped while recipients waited, who are still to be told so. */
export async function listStopped(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'campaigns-stopped',
    text: `SELECT c.id FROM campaign_run c WHERE c.state = 'stopped' AND EXISTS (
             SELECT FROM campaign_recipient r WHERE r.run_id = c.id AND r.state = 'waiting' OFFSET 0)`,
  })
  return rows.map(({ id }) => id)
}

/** Closes runs of which nobody waits and nothing is on its way. */
export async function closeFinished(db: Queryable, now: Date): Promise<void> {
  await db.query({
    name: 'campaigns-close',
    text: `UPDATE campaign_run c SET state = 'done', ended_at = $1 WHERE c.state = 'sending' AND NOT EXISTS (
             SELECT FROM campaign_recipient r WHERE r.run_id = c.id AND r.state = 'waiting' OFFSET 0)
           AND NOT EXISTS (SELECT FROM campaign_recipient r WHERE r.run_id = c.id AND r.state = 'queued' OFFSET 0)`,
    values: [now],
  })
}
