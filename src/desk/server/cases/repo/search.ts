import type { Queryable } from '../../../../kernel/work.ts'
import { wasHers } from './lines.ts'

/** How far back is looked: cases, and messages of each of their customers. */
const casesLooked = 1_000
const messagesLooked = 300

/** Characters that mean something in a pattern stand for themselves. */
function pattern(words: string): string {
  return `%${words.replaceAll(/[\\%_]/gu, (sign) => `\\${sign}`)}%`
}

/**
 * Cases of which a customer's name, or something that was said, holds the words; the latest first. Only among what the
 * adviser may read; null: all.
 */
export async function searchCases(
  db: Queryable,
  { adviser, words, limit }: { adviser: string | null; words: string; limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `WITH looked AS (
       SELECT h.id, h.customer_id, h.number FROM handoff_case h WHERE $1::text IS NULL OR ${wasHers('$1')}
       ORDER BY h.number DESC LIMIT ${casesLooked})
     SELECT l.id FROM looked l
     WHERE EXISTS (SELECT FROM identity i WHERE i.customer_id = l.customer_id AND (i.name ILIKE $2 OR i.alias ILIKE $2))
       OR EXISTS (
         SELECT FROM (SELECT text, recalled_at FROM message m WHERE m.customer_id = l.customer_id
                      ORDER BY sent_at DESC LIMIT ${messagesLooked}) m
         WHERE m.recalled_at IS NULL AND m.text ILIKE $2)
     ORDER BY l.number DESC LIMIT $3`,
    [adviser, pattern(words), limit],
  )
  return rows.map(({ id }) => id)
}
