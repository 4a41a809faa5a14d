/** A person's rights over her rows in runs and links (law 14). */
import type { Queryable } from '../../../../kernel/work.ts'

/**
 * Two recipients turned out to be one person: she gets a run once. Where both are in it, the one who has not got it yet gets
 * nothing; where only `from` still waits, she waits under the id that stands for her.
 */
export async function mergeRecipients(db: Queryable, from: string, into: string, now: Date): Promise<void> {
  await db.query(
    `WITH pairs AS (
       SELECT a.run_id, CASE WHEN a.state = 'waiting' THEN a.target ELSE b.target END AS idle
       FROM campaign_recipient a JOIN campaign_recipient b ON b.run_id = a.run_id AND b.target = $2
       WHERE a.target = $1 AND (a.state = 'waiting' OR b.state = 'waiting')
     )
     UPDATE campaign_recipient r SET state = 'not-sent', reason = 'merged', settled_at = $3
     FROM pairs p WHERE r.run_id = p.run_id AND r.target = p.idle`,
    [from, into, now],
  )
  await db.query(
    `UPDATE campaign_recipient r SET target = $2 WHERE target = $1 AND state = 'waiting'
       AND NOT EXISTS (SELECT FROM campaign_recipient o WHERE o.run_id = r.run_id AND o.target = $2)`,
    [from, into],
  )
}

/** Moves links with their person; what was written under which id stays with `customer_id`. */
export async function moveLinks(db: Queryable, customerIds: readonly string[], to: string): Promise<void> {
  await db.query('UPDATE campaign_link SET person_id = $2 WHERE customer_id = ANY ($1::uuid[])', [customerIds, to])
}

/** Nothing leads to her any more; what runs have counted stays counted, under an id that is nobody's. */
export async function forgetRecipients(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  await db.query('DELETE FROM campaign_link WHERE person_id = ANY ($1::uuid[]) OR customer_id = ANY ($1::uuid[])', [
    customerIds,
  ])
  await db.query(
    `UPDATE campaign_recipient SET target = gen_random_uuid(),
       state = CASE WHEN state IN ('waiting', 'queued') THEN 'not-sent' ELSE state END,
       reason = CASE WHEN state IN ('waiting', 'queued') THEN 'forgotten' ELSE reason END,
       settled_at = coalesce(settled_at, $2)
     WHERE target = ANY ($1::uuid[])`,
    [customerIds, now],
  )
}

/** What campaigns kept of her: what she was to get, what came of it, which links she followed. */
export async function exportRecipient(db: Queryable, customerIds: readonly string[]): Promise<Record<string, unknown>> {
  const [runs, links] = await Promise.all([
    db.query(
      `SELECT c.campaign, c.slot, r.variant, r.state, r.reason, r.settled_at AS "settledAt"
       FROM campaign_recipient r JOIN campaign_run c ON c.id = r.run_id
       WHERE r.target = ANY ($1::uuid[]) ORDER BY c.slot, c.id`,
      [customerIds],
    ),
    db.query(
      `SELECT url, created_at AS "sentAt", clicked_at AS "clickedAt", clicks FROM campaign_link
       WHERE person_id = ANY ($1::uuid[]) OR customer_id = ANY ($1::uuid[]) ORDER BY created_at, token`,
      [customerIds],
    ),
  ])
  return { campaigns: runs.rows, links: links.rows }
}
