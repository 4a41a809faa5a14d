/**
 * Batches of sends that are held, let go and stopped as one.
 *
 * A stop may meet a million rows, and no transaction is to touch so many: it holds the batch at once, so that nothing
 * of it is claimed any more, and what waits is cancelled piece by piece, with whoever follows told of each piece.
 */
import { few } from '../../kernel/plan.ts'
import type { BatchWrite, Queryable } from '../../kernel/work.ts'

export type BatchWish =
  | { kind: 'hold'; batch: string; now: Date }
  | { kind: 'release'; batch: string }
  | { kind: 'stop'; batch: string; reason: string; now: Date }

/** One statement each, in the order in which they were asked for: hold and release do not commute. */
export const batchWishes: BatchWrite<BatchWish> = {
  name: 'outbox-batches',
  order: 72,
  async run(db, wishes) {
    await Promise.all(wishes.map((wish) => write(db, wish)))
  },
}

function write(db: Queryable, wish: BatchWish): Promise<unknown> {
  switch (wish.kind) {
    case 'hold':
      return db.query('INSERT INTO outbox_hold (batch, at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        wish.batch,
        wish.now,
      ])
    case 'release':
      // What was stopped stays so.
      return db.query('DELETE FROM outbox_hold WHERE batch = $1 AND reason IS NULL', [wish.batch])
    case 'stop':
      return db.query(
        `INSERT INTO outbox_hold (batch, at, reason) VALUES ($1, $2, $3)
         ON CONFLICT (batch) DO UPDATE SET reason = coalesce(outbox_hold.reason, EXCLUDED.reason)`,
        [wish.batch, wish.now, wish.reason],
      )
    default:
      return wish satisfies never
  }
}

/** Cancels up to `limit` rows that wait in batches that are stopped; gives the keys of those. */
export async function cancelStopped(db: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'outbox-cancel-stopped',
    text: `WITH stopped AS MATERIALIZED (
             SELECT w.id, h.reason FROM outbox_hold h
               CROSS JOIN LATERAL (
                 SELECT o.id FROM outbox o WHERE o.batch = h.batch AND o.state = 'pending'
                 ORDER BY o.batch, o.state LIMIT $2 FOR UPDATE SKIP LOCKED
               ) w
             WHERE h.reason IS NOT NULL LIMIT $2
           )
           UPDATE outbox o SET state = 'cancelled', reason = s.reason, settled_at = $1, settled_by = 'outcome'
           FROM stopped s WHERE ${few('s.reason')} AND o.id = s.id
           RETURNING o.key`,
    values: [now, limit],
  })
  return rows.map(({ key }) => key)
}

/**
 * Forgets the stop of batches of which nothing waits. Not while something of one is on its way: it may come back to the
 * queue, and would leave after all.
 */
export async function endStops(db: Queryable): Promise<void> {
  await db.query({
    name: 'outbox-end-stops',
    text: `DELETE FROM outbox_hold h WHERE reason IS NOT NULL AND NOT EXISTS (
             SELECT FROM outbox o WHERE o.batch = h.batch AND o.state IN ('pending', 'sending') OFFSET 0)`,
  })
}
