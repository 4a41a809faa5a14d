/** What stands on a case beside its line. */
import type { Queryable } from '../../../../kernel/work.ts'

export type WholeRow = {
  rating: number | null
  ratingWords: string | null
  reachable: boolean
}

export async function readWhole(db: Queryable, caseId: string): Promise<WholeRow | undefined> {
  const { rows } = await db.query<WholeRow>(
    `SELECT h.rating, h.rating_words AS "ratingWords",
       coalesce(t.kind = 'direct', false) OR EXISTS (
         SELECT FROM identity i WHERE i.customer_id = h.customer_id AND i.role = 'customer' AND i.friend_of ? g.speaker
       ) AS reachable
     FROM handoff_case h LEFT JOIN thread t ON t.id = h.thread_id LEFT JOIN room g ON g.id = t.group_id
     WHERE h.id = $1`,
    [caseId],
  )
  return rows[0]
}

export type EntryRow = { id: string; at: Date; kind: string; data: Record<string, unknown> }

/** What was said stands in the conversation, and drafts beside it. */
const elsewhere = ['customer-said', 'customer-recalled', 'adviser-said', 'delivery', 'file', 'drafts']

/** What happened to it, in order. */
export async function listHistory(db: Queryable, caseId: string): Promise<EntryRow[]> {
  const { rows } = await db.query<EntryRow>(
    `SELECT id::text, at, kind, data FROM case_entry
     WHERE case_id = $1 AND kind <> ALL ($2) ORDER BY case_entry.id`,
    [caseId, elsewhere],
  )
  return rows
}
