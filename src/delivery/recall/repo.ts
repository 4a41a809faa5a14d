/** Taking back what was sent, in PostgreSQL. */
import type { RecallMessage, RecallOutcome, Then } from '../../kernel/effect.ts'
import type { Queryable } from '../../kernel/work.ts'

/**
 * Cancels what waits under the key and notes for the rest that it is to be taken back; gives how many parts there were of
 * both. The rows are locked first: a claim that runs meanwhile either has them as `sending`, or finds them cancelled.
 */
export async function wantBack(
  db: Queryable,
  { key, notAfter, then }: RecallMessage,
  now: Date,
): Promise<{ cancelled: number; asked: number }> {
  await db.query('SELECT FROM outbox WHERE key = $1 ORDER BY part FOR UPDATE', [key])
  const { rowCount: cancelled } = await db.query(
    `UPDATE outbox SET state = 'cancelled', reason = 'taken-back', settled_at = $2, settled_by = 'outcome'
     WHERE key = $1 AND state = 'pending'`,
    [key, now],
  )
  const { rowCount: asked } = await db.query(
    `INSERT INTO outbox_recall (outbox_id, key, account, asked_at, not_after, "then")
     SELECT id, key, account, $2, $3, $4 FROM outbox WHERE key = $1 AND state IN ('sending', 'sent', 'unknown')
     ON CONFLICT DO NOTHING`,
    [key, now, notAfter, JSON.stringify(then)],
  )
  return { cancelled: cancelled ?? 0, asked: asked ?? 0 }
}

export type Asked = { id: bigint; key: string; messageId: string }

/**
 * Takes what the platform can be asked for into `calling`, under the epoch of the account's owner: committed before the
 * call, so that nothing is asked twice (law 2). Locks the account's row like a claim does (law 3).
 */
export async function claimRecalls(
  db: Queryable,
  { account, epoch, now }: { account: string; epoch: number; now: Date },
): Promise<Asked[]> {
  const { rows } = await db.query<{ id: bigint; key: string; message_id: string }>({
    name: 'recall-claim',
    text: `WITH mine AS MATERIALIZED (SELECT name FROM account WHERE name = $1 AND epoch = $2 AND state <> 'swapped' FOR SHARE)
           UPDATE outbox_recall r SET state = 'calling', epoch = $2 FROM outbox o
           WHERE r.account = $1 AND r.state = 'wanted' AND r.not_after >= $3 AND o.id = r.outbox_id
             AND o.state = 'sent' AND o.message_id IS NOT NULL AND EXISTS (SELECT FROM mine)
           RETURNING r.outbox_id AS id, r.key, o.message_id`,
    values: [account, epoch, now],
  })
  return rows.map(({ id, key, message_id: messageId }) => ({ id, key, messageId }))
}

/**
 * Ends what cannot be asked for: too late; what never left; what nobody knows of, or has no id to name it by; and what
 * was being asked for by whoever died, or could not write down how it ended. Not while a call is under way. Gives the keys.
 */
export async function endHopeless(
  db: Queryable,
  { account, epoch, now }: { account: string; epoch: number; now: Date },
): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'recall-hopeless',
    text: `UPDATE outbox_recall r SET state = CASE
             WHEN r.state = 'calling' THEN 'unknown'
             WHEN o.state IN ('refused', 'cancelled') THEN 'not-sent'
             WHEN o.state = 'unknown' THEN 'unknown'
             WHEN r.not_after < $3 THEN 'too-late'
             ELSE 'refused' END
           FROM outbox o
           WHERE r.account = $1 AND o.id = r.outbox_id AND (
             (r.state = 'calling' AND r.epoch <= $2)
             OR (r.state = 'wanted' AND (o.state IN ('refused', 'cancelled', 'unknown') OR r.not_after < $3
               OR (o.state = 'sent' AND o.message_id IS NULL))))
           RETURNING r.key`,
    values: [account, epoch, now],
  })
  return rows.map(({ key }) => key)
}

/** Whether something still waits for its send to end. */
export async function isAnyOpen(db: Queryable, account: string): Promise<boolean> {
  const { rows } = await db.query({
    name: 'recall-open',
    text: `SELECT FROM outbox_recall WHERE account = $1 AND state IN ('wanted', 'calling') LIMIT 1`,
    values: [account],
  })
  return rows.length > 0
}

/** How a call ended; `wanted` when none was made. What was taken back is marked where it stands in its thread. */
export async function endRecall(
  db: Queryable,
  id: bigint,
  state: 'done' | 'refused' | 'unknown' | 'wanted',
  now: Date,
): Promise<void> {
  await db.query(`UPDATE outbox_recall SET state = $2 WHERE outbox_id = $1 AND state = 'calling'`, [id, state])
  if (state !== 'done') return
  await db.query('UPDATE message SET recalled_at = coalesce(recalled_at, $2) WHERE outbox_id = $1', [id, now])
}

/** How each part of a key ended and who wants to know; undefined while one is open. */
export async function outcomesOf(
  db: Queryable,
  key: string,
): Promise<{ account: string; then: Then; outcomes: RecallOutcome[] } | undefined> {
  const { rows } = await db.query<{ account: string; state: string; then: Then }>(
    'SELECT account, state, "then" FROM outbox_recall WHERE key = $1 ORDER BY outbox_id',
    [key],
  )
  const [first] = rows
  if (!first || rows.some(({ state }) => state === 'wanted' || state === 'calling')) return undefined
  return { account: first.account, then: first.then, outcomes: rows.map(({ state }) => state as RecallOutcome) }
}
