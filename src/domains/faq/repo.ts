/** Bursts in PostgreSQL: what a person has said in a thread and nobody has read yet. */
import { few } from '../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../kernel/work.ts'
import type { Burst, Piece } from './schema.ts'

export type BurstKey = { threadId: string; customerId: string }

/** A burst as it waits, and whether somebody took the thread since (law 13). */
export type Waiting = Burst & { silentUntil: Date | null }

type BurstRow = {
  thread_id: string
  customer_id: string
  started_at: Date
  messages: Piece[]
  silent_until: Date | null
}

const keyOf = ({ threadId, customerId }: BurstKey): string => `${threadId} ${customerId}`

/**
 * Locks what it finds, in one order for everybody: a recalled message is taken out under a lock of the group, not of
 * the person, and must not come back with what is saved here.
 */
export const findBurst: BatchQuery<BurstKey, Waiting> = {
  name: 'faq-find-burst',
  keyOf,
  async run(db, keys) {
    const { rows } = await db.query<BurstRow>({
      name: 'faq-find-burst',
      text: `SELECT b.thread_id, b.customer_id, b.started_at, b.messages, t.silent_until
             FROM unnest($1::uuid[], $2::uuid[]) AS wanted (thread_id, customer_id)
             JOIN burst b USING (thread_id, customer_id)
             LEFT JOIN thread t ON t.id = b.thread_id
             WHERE ${few('wanted.thread_id')}
             ORDER BY b.thread_id, b.customer_id
             FOR UPDATE OF b`,
      values: columnsOf(keys),
    })
    return new Map(
      rows.map((row) => [
        keyOf({ threadId: row.thread_id, customerId: row.customer_id }),
        { startedAt: row.started_at, pieces: row.messages, silentUntil: row.silent_until },
      ]),
    )
  },
}

export const saveBurst: BatchWrite<BurstKey & Burst> = {
  name: 'faq-save-burst',
  order: 50,
  async run(db, rows) {
    await db.query({
      name: 'faq-save-burst',
      text: `INSERT INTO burst (thread_id, customer_id, started_at, messages)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::jsonb[])
             ON CONFLICT (thread_id, customer_id)
             DO UPDATE SET started_at = excluded.started_at, messages = excluded.messages`,
      values: [
        ...columnsOf(rows),
        rows.map(({ startedAt }) => startedAt),
        rows.map(({ pieces }) => JSON.stringify(pieces)),
      ],
    })
  },
}

export const deleteBurst: BatchWrite<BurstKey> = {
  name: 'faq-delete-burst',
  order: 50,
  async run(db, rows) {
    await db.query({
      name: 'faq-delete-burst',
      text: `DELETE FROM burst USING unnest($1::uuid[], $2::uuid[]) AS read (thread_id, customer_id)
             WHERE burst.thread_id = read.thread_id AND burst.customer_id = read.customer_id
               AND ${few('read.thread_id')}`,
      values: columnsOf(rows),
    })
  },
}

/** Takes a message out of the burst that it waits in. An empty burst ends in silence. */
export async function dropPiece(db: Queryable, account: string, platformId: string): Promise<void> {
  const piece = JSON.stringify([{ account, platformId }])
  await db.query({
    name: 'faq-drop-piece',
    text: `UPDATE burst SET messages = coalesce((
             SELECT jsonb_agg(piece ORDER BY place)
             FROM jsonb_array_elements(messages) WITH ORDINALITY AS all_of (piece, place)
             WHERE NOT piece @> ($1::jsonb -> 0)
           ), '[]')
           WHERE messages @> $1::jsonb`,
    values: [piece],
  })
}

export async function deleteBurstsOf(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM burst WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

export async function listBurstsOf(db: Queryable, customerIds: readonly string[]): Promise<Burst[]> {
  const { rows } = await db.query<BurstRow>(
    'SELECT started_at, messages FROM burst WHERE customer_id = ANY($1::uuid[]) ORDER BY started_at',
    [customerIds],
  )
  return rows.map((row) => ({ startedAt: row.started_at, pieces: row.messages }))
}

function columnsOf(keys: readonly BurstKey[]): [string[], string[]] {
  return [keys.map(({ threadId }) => threadId), keys.map(({ customerId }) => customerId)]
}
