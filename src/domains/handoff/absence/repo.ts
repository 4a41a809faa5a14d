/** Cases that somebody has, in PostgreSQL, as far as it matters whether she is still there. */
import type { Queryable } from '../../../kernel/work.ts'
import type { Held } from './decide.ts'

/** `caseId`: only this one. Open cases are few. */
export async function listHeld(db: Queryable, caseId: string | null = null): Promise<Held[]> {
  const { rows } = await db.query<{
    id: string
    owner: string | null
    offered_to: string | null
    waits: boolean
    last_there_at: Date | null
  }>({
    name: 'handoff-held',
    text: `SELECT h.id, h.owner, h.offered_to, h.unanswered_since IS NOT NULL AS waits,
             CASE WHEN h.state = 'owned' THEN greatest(h.last_adviser_at, since.at) END AS last_there_at
           FROM handoff_case h
           LEFT JOIN LATERAL (
             SELECT max(e.at) AS at FROM case_entry e
             WHERE e.case_id = h.id AND e.kind IN ('accepted', 'taken-over', 'transferred')) since ON h.state = 'owned'
           WHERE h.closed_at IS NULL AND h.state IN ('owned', 'offered') AND ($1::uuid IS NULL OR h.id = $1)
           ORDER BY h.urgency DESC, h.opened_at, h.number`,
    values: [caseId],
  })
  return rows.map((row) => ({
    ...{ caseId: row.id, owner: row.owner, offeredTo: row.offered_to, waits: row.waits },
    lastThereAt: row.last_there_at,
  }))
}
