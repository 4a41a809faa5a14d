import type { Queryable } from '../../../kernel/work.ts'

/** The words of messages that stand as evidence, by id. What was recalled or forgotten has none. */
export async function wordsOf(db: Queryable, messageIds: readonly string[]): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map()
  const { rows } = await db.query<{ id: string; text: string }>(
    `SELECT id, text FROM message WHERE id::text = ANY($1::text[]) AND recalled_at IS NULL AND text <> ''`,
    [messageIds],
  )
  return new Map(rows.map(({ id, text }) => [id, text]))
}

export async function isWaiting(db: Queryable, personId: string): Promise<boolean> {
  const { rows } = await db.query<{ waiting: boolean }>(
    `SELECT EXISTS (SELECT FROM tag_due WHERE person_id = $1)
       OR EXISTS (SELECT FROM tag_claim WHERE $1 = ANY(people)) AS waiting`,
    [personId],
  )
  return rows[0]?.waiting ?? false
}
