/** What stands on a case beside its line. */
import type { Queryable } from '../../../../kernel/work.ts'

export type WholeRow = {
  evidence: Record<string, unknown>
  rating: number | null
  ratingWords: string | null
  reachable: boolean
  /** How she was heard last, where a model or a rule has judged. */
  mood: string | null
}

export async function readWhole(db: Queryable, caseId: string): Promise<WholeRow | undefined> {
  const { rows } = await db.query<WholeRow>(
    `SELECT h.evidence, h.rating, h.rating_words AS "ratingWords", coalesce(h.evidence ->> 'mood', x.mood) AS mood,
       coalesce(t.kind = 'direct', false) OR EXISTS (
         SELECT FROM identity i WHERE i.customer_id = h.customer_id AND i.role = 'customer' AND i.friend_of ? g.speaker
       ) AS reachable
     FROM handoff_case h LEFT JOIN thread t ON t.id = h.thread_id LEFT JOIN room g ON g.id = t.group_id
     LEFT JOIN LATERAL (SELECT mood FROM exchange WHERE customer_id = h.customer_id AND mood IS NOT NULL
       ORDER BY asked_at DESC LIMIT 1) x ON true
     WHERE h.id = $1`,
    [caseId],
  )
  return rows[0]
}

export type EntryRow = { id: string; at: Date; kind: string; data: Record<string, unknown> }

/** What happened to it, in order; what was said stands in the conversation. */
export async function listHistory(db: Queryable, caseId: string): Promise<EntryRow[]> {
  const { rows } = await db.query<EntryRow>(
    `SELECT id::text, at, kind, data FROM case_entry
     WHERE case_id = $1 AND kind NOT IN ('customer-said', 'adviser-said', 'delivery') ORDER BY id`,
    [caseId],
  )
  return rows
}
