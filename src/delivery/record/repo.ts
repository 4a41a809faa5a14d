/** What became of claimed rows, written down; and what was said, for the thread. */
import { few } from '../../kernel/plan.ts'
import type { Queryable } from '../../kernel/work.ts'
import type { Claimed, Ending } from '../schema.ts'

/** The row of `message` that a send adds to its thread, from a FROM item with outbox's columns and `said_id`. */
export const saidColumns = `(id, thread_id, account, platform_id, direction, customer_id, type, text, details, sent_at,
  outbox_id)`
export const saidValues = `said_id, thread_id, account, message_id, 'out', customer_id, body ->> 'type',
  coalesce(body ->> 'text', ''), nullif(body - 'type' - 'text', '{}'::jsonb), sending_at, id`
export const isSaid = `body ->> 'type' NOT IN ('acceptFriendship', 'acceptInvitation')`

export type Ended = { row: Claimed; ending: Ending; saidId: string }

/**
 * Records how claimed rows left our hands, and what was said into the thread.
 *
 * May run twice for the same endings (the connection broke and nobody knows whether it committed): the second run
 * changes nothing. An outcome that comes late, after a take-over or an echo has judged the row, may only say `sent`.
 */
export async function recordEndings(db: Queryable, ended: readonly Ended[], now: Date): Promise<void> {
  const of = <T>(read: (ending: Ending) => T): T[] => ended.map(({ ending }) => read(ending))
  await db.query({
    name: 'outbox-record',
    text: `WITH done AS (
             UPDATE outbox o SET
               state = r.state,
               reason = r.reason,
               message_id = coalesce(o.message_id, r.message_id),
               settled_at = CASE WHEN r.state IN ('sent', 'refused', 'cancelled') THEN coalesce(o.settled_at, $8) END,
               settled_by = CASE WHEN r.state IN ('sent', 'refused', 'cancelled')
                 THEN coalesce(o.settled_by, 'outcome') END,
               epoch = CASE WHEN r.state <> 'pending' THEN o.epoch END,
               sending_at = CASE WHEN r.state <> 'pending' THEN o.sending_at END,
               not_before = coalesce(r.until, o.not_before),
               deferred = r.deferred
             FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[],
               $9::text[]) AS r (id, epoch, state, reason, message_id, until, said_id, deferred)
             WHERE ${few('r.state')} AND o.id = r.id AND o.epoch = r.epoch
               AND (o.state = 'sending' OR (r.state = 'sent' AND o.state IN ('unknown', 'sent')))
             RETURNING o.*, r.said_id
           )
           INSERT INTO message ${saidColumns} SELECT ${saidValues} FROM done WHERE state = 'sent' AND ${isSaid}
           ON CONFLICT DO NOTHING`,
    values: [
      ended.map(({ row }) => row.id),
      ended.map(({ row }) => row.epoch),
      of((ending) => ending.kind),
      of((ending) => ('reason' in ending ? ending.reason : null)),
      of((ending) => (ending.kind === 'sent' ? ending.messageId : null)),
      of((ending) => (ending.kind === 'pending' ? ending.until : null)),
      ended.map(({ saidId }) => saidId),
      now,
      ended.map(({ row, ending }) => keptBy(row, ending)),
    ],
  })
}

/** Of what waits again why, of what is cancelled what kept it last. */
function keptBy(row: Claimed, ending: Ending): string | null {
  if (ending.kind === 'pending') return ending.deferred ?? null
  return ending.kind === 'cancelled' ? row.deferred : null
}

/** Notes when the platform showed us our own messages again, so that no later message of a human passes for them. */
export async function markEchoed(db: Queryable, marks: readonly { id: bigint; at: Date }[]): Promise<void> {
  await db.query({
    name: 'outbox-echoed',
    text: `UPDATE outbox o SET echoed_at = coalesce(o.echoed_at, m.at)
           FROM unnest($1::bigint[], $2::timestamptz[]) AS m (id, at) WHERE ${few('m.at')} AND o.id = m.id`,
    values: [marks.map(({ id }) => id), marks.map(({ at }) => at)],
  })
}

/** What is still pending of an intent, for all its parts or those behind `part`, is of no use any more. */
export type Rest = { key: string; part: number; reason: string }

export async function cancelRests(db: Queryable, rests: readonly Rest[], now: Date): Promise<void> {
  if (rests.length === 0) return
  await db.query({
    name: 'outbox-cancel-rest',
    text: `UPDATE outbox o SET state = 'cancelled', reason = r.reason, settled_at = $4, settled_by = 'outcome'
           FROM unnest($1::text[], $2::int[], $3::text[]) AS r (key, part, reason)
           WHERE ${few('r.key')} AND o.key = r.key AND o.part > r.part AND o.state = 'pending'`,
    values: [rests.map(({ key }) => key), rests.map(({ part }) => part), rests.map(({ reason }) => reason), now],
  })
}

/**
 * Judges rows left in `sending` that nobody here is calling for; returns the keys of those that became `unknown`.
 *
 * Under an earlier owner's epoch they may have been sent: `unknown`, for the owner died between the claim and the
 * record (law 2). Under one of our own epochs the claim committed but we never heard of it (the connection broke), so
 * no call was made: back to `pending`. `calling` are the rows that we do know of. `reserved` are the keys of rows that a
 * transaction under way writes as `sending`: one may be committed and not called for yet, and it will be (express.ts).
 */
export async function judgeAbandoned(
  db: Queryable,
  {
    account,
    epoch,
    now,
    ours,
    calling,
    reserved,
  }: { account: string; epoch: number; now: Date; ours: number[]; calling: bigint[]; reserved: string[] },
): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'outbox-abandoned',
    text: `WITH owner AS MATERIALIZED (SELECT name FROM account WHERE name = $1 AND epoch = $2 FOR SHARE), judged AS (
             UPDATE outbox SET
               state = CASE WHEN epoch = ANY ($3) THEN 'pending' ELSE 'unknown' END,
               reason = CASE WHEN epoch = ANY ($3) THEN NULL ELSE 'crash' END,
               sending_at = CASE WHEN epoch = ANY ($3) THEN NULL ELSE coalesce(sending_at, $5) END,
               epoch = CASE WHEN epoch = ANY ($3) THEN NULL ELSE epoch END
             WHERE account = $1 AND state = 'sending' AND (epoch = ANY ($3) OR epoch < $2) AND id <> ALL ($4)
               AND key <> ALL ($6)
               AND EXISTS (SELECT FROM owner)
             RETURNING key, state
           ) SELECT key FROM judged WHERE state = 'unknown'`,
    values: [account, epoch, ours, calling, now, reserved],
  })
  return rows.map(({ key }) => key)
}

/** The platform throttles: the account rests until then. */
export async function restAccount(db: Queryable, account: string, until: Date): Promise<void> {
  await db.query('UPDATE account SET throttled_until = greatest(throttled_until, $2) WHERE name = $1', [account, until])
}
