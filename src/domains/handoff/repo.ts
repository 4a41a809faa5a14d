/** Cases and thread ownership in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../kernel/work.ts'
import type { Case } from './schema.ts'

/** Of two humans, the one who stays longer decides. */
export const yieldThreads: BatchWrite<{ threadId: string; until: Date }> = {
  name: 'handoff-yield',
  order: 21,
  async run(db, rows) {
    await db.query({
      name: 'handoff-yield',
      text: `UPDATE thread SET silent_until = greatest(thread.silent_until, row.until)
             FROM (SELECT id, max(until) AS until FROM unnest($1::uuid[], $2::timestamptz[]) AS asked (id, until)
                   GROUP BY id) AS row
             WHERE thread.id = row.id`,
      values: [rows.map((row) => row.threadId), rows.map((row) => row.until)],
    })
  },
}

/** One case per key, however often it is asked for. */
export const insertCases: BatchWrite<Case> = {
  name: 'handoff-cases',
  order: 44,
  async run(db, rows) {
    await db.query({
      name: 'handoff-cases',
      text: `INSERT INTO handoff_case (id, key, thread_id, customer_id, reason, evidence, opened_at, closed_at)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[],
                                  $7::timestamptz[], $8::timestamptz[])
             ON CONFLICT (key) DO NOTHING`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.key),
        rows.map((row) => row.threadId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.reason),
        rows.map((row) => JSON.stringify(row.evidence)),
        rows.map((row) => row.openedAt),
        rows.map((row) => row.closedAt),
      ],
    })
  },
}

type CaseRow = {
  id: string
  key: string
  thread_id: string
  customer_id: string | null
  reason: string
  evidence: Record<string, unknown>
  opened_at: Date
  closed_at: Date | null
}

/** Cases, the oldest first. `customerIds` narrows to these customers. */
export async function listCases(
  db: Queryable,
  { open, customerIds = null, limit = 100 }: { open: boolean; customerIds?: readonly string[] | null; limit?: number },
): Promise<Case[]> {
  const { rows } = await db.query<CaseRow>(
    `SELECT * FROM handoff_case WHERE (NOT $1 OR closed_at IS NULL) AND ($2::uuid[] IS NULL OR customer_id = ANY($2))
     ORDER BY opened_at, id LIMIT $3`,
    [open, customerIds, limit],
  )
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    threadId: row.thread_id,
    customerId: row.customer_id,
    reason: row.reason,
    evidence: row.evidence,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  }))
}

/** Leaves that there was a case, and nothing of what it was about. */
export async function forgetCases(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  await db.query(
    `UPDATE handoff_case SET evidence = '{}', key = 'forgotten:' || id, closed_at = coalesce(closed_at, $2)
     WHERE customer_id = ANY($1::uuid[])`,
    [customerIds, now],
  )
}
