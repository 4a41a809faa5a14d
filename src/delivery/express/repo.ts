/** How rows come into the outbox: to wait for a claim, or as `sending` at once. */
import type { Queryable } from '../../kernel/work.ts'
import { consent, recalled } from '../repo.ts'
import type { Claimed, NewRow } from '../schema.ts'
import { priorityOf } from '../schema.ts'

/** How many of a thread's newest rows may hold a reply back: a row behind so many that went before it is held itself. */
const ahead = 16

/**
 * Inserts rows in the order given; a key that was inserted before, by whatever split, changes nothing.
 *
 * A row with a reservation becomes `sending` under its epoch if the account is still owned so, is neither swapped nor
 * resting, and nothing of its thread is on its way, due, or asked for before it in the same breath. These are returned,
 * with the facts that decide whether they may go. The caller's commit is what makes `sending` durable: no call before it
 * (law 2). As in `claim`, whatever statistics the planner has, it can only look rows up by key.
 */
export async function insertRows(db: Queryable, rows: readonly NewRow[]): Promise<Claimed[]> {
  const first = new Map(rows.toReversed().map((row) => [row.to.threadId, row]))
  const { rows: sending } = await db.query<SendingRow>({
    name: 'outbox-insert',
    text: `WITH owned AS MATERIALIZED (
             SELECT name, epoch FROM account
             WHERE name = ANY ($17) AND state <> 'swapped' AND (throttled_until IS NULL OR throttled_until <= $18)
             ORDER BY name FOR SHARE
           ), asked AS MATERIALIZED (
             SELECT r.*, r.epoch IS NOT NULL
                 AND EXISTS (SELECT FROM owned WHERE owned.name = r.account AND owned.epoch = r.epoch)
                 AND NOT EXISTS (
                   SELECT FROM (SELECT state, not_before FROM outbox o WHERE o.thread_id = r.thread_id
                                ORDER BY id DESC LIMIT ${ahead}) e
                   WHERE e.state = 'sending' OR (e.state = 'pending' AND (e.not_before IS NULL OR e.not_before <= $18))
                 ) AS goes
             FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[], $8::text[],
               $9::int[], $10::jsonb[], $11::text[], $12::jsonb[], $13::timestamptz[], $14::timestamptz[],
               $15::timestamptz[], $16::int[], $19::text[], $20::int[], $21::jsonb[], $22::int[])
               WITH ORDINALITY AS r (key, part, parts, account, thread_id, customer_id, recipient, purpose, priority,
                 body, body_hash, answers, not_before, not_after, created_at, epoch, batch, rank, offer, delay, n)
           ), inserted AS (
             INSERT INTO outbox (key, part, parts, account, thread_id, customer_id, recipient, purpose, priority, body,
               body_hash, answers, batch, rank, offer, delay, not_before, not_after, created_at, state, epoch, sending_at)
             SELECT r.key, r.part, r.parts, r.account, r.thread_id, r.customer_id, r.recipient, r.purpose, r.priority,
               r.body, r.body_hash, ARRAY(SELECT jsonb_array_elements_text(r.answers)), r.batch, r.rank, r.offer,
               r.delay, r.not_before, r.not_after, r.created_at, CASE WHEN r.goes THEN 'sending' ELSE 'pending' END, CASE WHEN r.goes THEN r.epoch END,
               CASE WHEN r.goes THEN $18::timestamptz END
             FROM asked r WHERE r.part = 0 OR NOT EXISTS (SELECT FROM outbox o WHERE o.key = r.key OFFSET 0)
             ORDER BY r.n
             ON CONFLICT (key, part) DO NOTHING
             RETURNING *
           )
           SELECT l.id, l.key, l.thread_id, (SELECT silent_until FROM thread t WHERE t.id = l.thread_id) AS silent_until,
             c.opted_out, c.forgotten, ${recalled}
           FROM inserted l LEFT JOIN LATERAL ${consent} c ON true
           WHERE l.state = 'sending'`,
    values: [
      rows.map((row) => row.key),
      rows.map((row) => row.part),
      rows.map((row) => row.parts),
      rows.map((row) => row.to.account),
      rows.map((row) => row.to.threadId),
      rows.map((row) => (row.to.kind === 'direct' ? row.to.customerId : null)),
      rows.map((row) => JSON.stringify(row.to)),
      rows.map((row) => row.purpose),
      rows.map((row) => priorityOf[row.purpose]),
      rows.map((row) => JSON.stringify(row.body)),
      rows.map((row) => row.bodyHash),
      rows.map((row) => JSON.stringify(row.answers)),
      rows.map((row) => row.notBefore),
      rows.map((row) => row.notAfter),
      rows.map((row) => row.createdAt),
      // The statement does not see what it inserts itself.
      rows.map((row) => (first.get(row.to.threadId) === row ? (row.reservation?.epoch ?? null) : null)),
      [...new Set(rows.filter((row) => row.reservation).map((row) => row.to.account))],
      rows[0]?.createdAt,
      rows.map((row) => row.batch),
      rows.map((row) => row.rank),
      rows.map((row) => row.offer && JSON.stringify(row.offer)),
      rows.map((row) => row.delay),
    ],
  })
  return sending.flatMap((sent) => {
    const row = rows.find(
      ({ reservation, key, to }) => reservation && key === sent.key && to.threadId === sent.thread_id,
    )
    return row?.reservation ? [claimedAtOnce(sent, row, row.reservation.epoch)] : []
  })
}

type SendingRow = {
  id: bigint
  key: string
  thread_id: string
  silent_until: Date | null
  opted_out: boolean
  forgotten: boolean
  recalled: boolean
}

function claimedAtOnce(sent: SendingRow, row: NewRow, epoch: number): Claimed {
  return {
    id: sent.id,
    key: row.key,
    part: 0,
    more: false,
    account: row.to.account,
    epoch,
    threadId: row.to.threadId,
    customerId: row.to.kind === 'direct' ? row.to.customerId : null,
    recipient: row.to,
    purpose: row.purpose,
    body: row.body,
    rank: row.rank,
    offer: row.offer,
    deferred: null,
    notAfter: row.notAfter,
    facts: {
      silentUntil: sent.silent_until,
      optedOut: sent.opted_out,
      forgotten: sent.forgotten,
      recalled: sent.recalled,
    },
  }
}
