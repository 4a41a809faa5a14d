import type { Queryable } from '../../kernel/work.ts'

/** Rows looked at, and deleted at most, in one transaction. */
const pageRows = 1_000

/** Tables whose ids rise with their age, the age of a row, and which old rows may go. */
const tables = {
  message: { id: 'uuid', age: 'sent_at', done: 'true' },
  inbox: { id: 'bigint', age: 'received_at', done: 'handled_at IS NOT NULL' },
  outbox: {
    id: 'bigint',
    age: 'created_at',
    // `unknown` stays until somebody or something has settled it (law 2).
    done: `state IN ('sent', 'refused', 'cancelled') OR settled_at IS NOT NULL`,
  },
  exchange: { id: 'uuid', age: 'asked_at', done: `state = 'closed'` },
} as const

/** `last`: where to go on; null when nothing older is left. */
export type Swept = { deleted: number; last: string | null }

/**
 * Deletes the old ones among the next thousand rows by id. Ids rise with time, so a page without an old row ends it: no
 * index on the age is needed, and the young rows are never read.
 */
export async function sweepPage(
  db: Queryable,
  table: keyof typeof tables,
  before: Date,
  after: string | null,
): Promise<Swept> {
  const { id, age, done } = tables[table]
  const { rows } = await db.query<{ old: number; last: string | null; deleted: number }>(
    `WITH page AS (
       SELECT id, ${age} < $1 AS old, ${done} AS done FROM ${table}
       WHERE ($2::text IS NULL OR id > $2::text::${id}) ORDER BY id LIMIT ${pageRows}
     ), gone AS (
       DELETE FROM ${table} USING page WHERE ${table}.id = page.id AND page.old AND page.done RETURNING 1
     )
     SELECT count(*) FILTER (WHERE old)::int AS old, (array_agg(id ORDER BY id DESC))[1]::text AS last,
       (SELECT count(*)::int FROM gone) AS deleted FROM page`,
    [before, after],
  )
  const { old = 0, last = null, deleted = 0 } = rows[0] ?? {}
  return { deleted, last: old > 0 ? last : null }
}

/** Answers of the model that may not be said again. */
export function sweepAnswers(db: Queryable, now: Date): Promise<number> {
  return deleteInBatches(
    db,
    `DELETE FROM answer_cache WHERE key = ANY(ARRAY(
       SELECT key FROM answer_cache WHERE expires_at <= $1 LIMIT ${pageRows}))`,
    [now],
  )
}

/** What the model cost before a day, YYYY-MM-DD. */
export function sweepSpend(db: Queryable, before: string): Promise<number> {
  return deleteInBatches(
    db,
    `DELETE FROM model_spend WHERE (day, customer_id) IN (
       SELECT day, customer_id FROM model_spend WHERE day < $1 ORDER BY day LIMIT ${pageRows})`,
    [before],
  )
}

/** Runs a statement that deletes up to a page of rows until it finds no more. */
async function deleteInBatches(db: Queryable, text: string, values: unknown[]): Promise<number> {
  let deleted = 0
  for (let batch = pageRows; batch === pageRows; deleted += batch) batch = (await db.query(text, values)).rowCount ?? 0
  return deleted
}

/** Interactions are imported with dates of long ago, so they are looked for by their kinds, oldest first. */
export async function sweepInteractions(db: Queryable, before: Date): Promise<number> {
  const { rows: kinds } = await db.query<{ kind: string }>(
    `WITH RECURSIVE next AS (
       (SELECT kind FROM interaction ORDER BY kind LIMIT 1)
       UNION ALL SELECT (SELECT i.kind FROM interaction i WHERE i.kind > next.kind ORDER BY i.kind LIMIT 1)
       FROM next WHERE next.kind IS NOT NULL)
     SELECT kind FROM next WHERE kind IS NOT NULL`,
  )
  let deleted = 0
  for (const { kind } of kinds) {
    deleted += await deleteInBatches(
      db,
      `DELETE FROM interaction WHERE id = ANY(ARRAY(
         SELECT id FROM interaction WHERE kind = $1 AND at < $2 ORDER BY at LIMIT ${pageRows}))`,
      [kind, before],
    )
  }
  return deleted
}
