/** What a rehearsal's clock needs to know of the scratch database. */
import type { Queryable } from '../../../kernel/work.ts'

/** The accounts, as if all of them were well and nobody else's; their names in order. */
export async function prepareAccounts(db: Queryable, epoch: number, now: Date): Promise<string[]> {
  await db.query(
    `UPDATE account SET epoch = $1, state = 'connected', throttled_until = NULL, heartbeat_at = $2, connected_at = coalesce(connected_at, $2)`,
    [epoch, now],
  )
  // What was on its way when the snapshot was taken ends in life, not here.
  await db.query(`UPDATE outbox SET state = 'unknown' WHERE state = 'sending'`)
  const { rows } = await db.query<{ name: string }>('SELECT name FROM account ORDER BY name')
  return rows.map(({ name }) => name)
}

/** What was due between the snapshot and the first day happens in life: the clocks begin with the first day. */
export async function setClocks(db: Queryable, campaigns: readonly string[], from: Date): Promise<void> {
  const before = new Date(from.getTime() - 1)
  await db.query('UPDATE campaign_clock SET looked_at = $1', [before])
  await db.query(
    `INSERT INTO campaign_clock (name, looked_at) SELECT 'drop:' || id, $2 FROM unnest($1::text[]) AS d (id)
     ON CONFLICT (name) DO NOTHING`,
    [campaigns, before],
  )
}

/** Drops count as approved: it is before the approval that somebody wants to see what would happen. */
export async function approveAll(
  db: Queryable,
  drops: readonly { campaign: string; fingerprint: string }[],
  at: Date,
): Promise<void> {
  await db.query(
    `INSERT INTO campaign_approval (campaign, fingerprint, by, at)
     SELECT campaign, fingerprint, 'rehearsal', $3 FROM unnest($1::text[], $2::text[]) AS d (campaign, fingerprint)
     ON CONFLICT DO NOTHING`,
    [drops.map(({ campaign }) => campaign), drops.map(({ fingerprint }) => fingerprint), at],
  )
}

/**
 * Statistics of what the rehearsal itself fills. Of tables that were empty the planner thinks that they still are, and reads
 * them row by row for each row of another.
 */
export async function renewStatistics(db: Queryable): Promise<void> {
  await db.query(
    'ANALYZE outbox, thread, message, campaign_recipient, campaign_run, journey_enrolment, journey_visit, inbox',
  )
}

/** When something waits that is kept for a moment: a recipient's turn, a send that was put off, a step of a journey. */
export async function nextMoment(db: Queryable, now: Date): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>({
    name: 'rehearsal-next',
    text: `SELECT least(
             (SELECT min(coalesce(not_before, $1)) FROM outbox WHERE state = 'pending'),
             (SELECT min(r.due_at) FROM campaign_recipient r JOIN campaign_run c ON c.id = r.run_id
              WHERE r.state = 'waiting' AND c.state = 'sending' AND c.paused_at IS NULL),
             (SELECT min(due_at) FROM journey_enrolment WHERE state = 'active')) AS at`,
    values: [now],
  })
  return rows[0]?.at ?? null
}

/**
 * Whom something has reached since then, each once, in an order that only depends on who they are: the ids of rows and of
 * newcomers depend on which of two transactions was first.
 */
export async function listReached(
  db: Queryable,
  since: Date,
): Promise<{ customerId: string; account: string; contactId: string }[]> {
  const { rows } = await db.query<{ customer_id: string; account: string; contact_id: string }>(
    `SELECT DISTINCT ON (account, contact_id) customer_id, account, contact_id
     FROM (SELECT customer_id, account, recipient ->> 'contactId' COLLATE "C" AS contact_id FROM outbox
           WHERE part = 0 AND state = 'sent' AND purpose = 'marketing' AND customer_id IS NOT NULL AND sending_at >= $1) o
     ORDER BY account, contact_id`,
    [since],
  )
  return rows.map((row) => ({ customerId: row.customer_id, account: row.account, contactId: row.contact_id }))
}

/** She buys again what she bought last, where she ever bought: as an order of now. False where she never did. */
export async function buyAgain(db: Queryable, customerId: string, orderNo: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, items, skus, categories, source, created_at, updated_at)
     SELECT o.shop, $2, o.customer_id, o.person_id, $3, o.amount, 'paid', o.items, o.skus, o.categories, 'rehearsal', $3, $3
     FROM orders o JOIN customer c ON c.id = $1 WHERE o.person_id = c.person_id AND o.amount > 0
     ORDER BY o.ordered_at DESC, o.id DESC LIMIT 1`,
    [customerId, orderNo, now],
  )
  return rowCount === 1
}
