/** Cases that nobody takes, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

/** Open cases that are offered to nobody: all of them, and those that were opened before an instant. */
export async function countWaiting(db: Queryable, before: Date): Promise<{ all: number; long: number }> {
  const { rows } = await db.query<{ all: number; long: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE opened_at < $1))::int AS long
     FROM handoff_case WHERE state = 'waiting' AND closed_at IS NULL`,
    [before],
  )
  return rows[0] ?? { all: 0, long: 0 }
}

/** Open cases with which a manager was called, until she, or somebody, has done something about it. */
export async function listEscalated(db: Queryable): Promise<{ number: number; to: string; by: string | null }[]> {
  const { rows } = await db.query<{ number: number; to: string; by: string | null }>(
    `SELECT h.number, e.data ->> 'to' AS to, e.data ->> 'by' AS by
     FROM handoff_case h
     CROSS JOIN LATERAL (
       SELECT id, data FROM case_entry WHERE case_id = h.id AND kind = 'escalated' ORDER BY id DESC LIMIT 1) e
     WHERE h.closed_at IS NULL AND NOT EXISTS (
       SELECT FROM case_entry l WHERE l.case_id = h.id AND l.id > e.id
         AND l.kind IN ('accepted', 'taken-over', 'transferred', 'adviser-said'))
     ORDER BY h.number`,
  )
  return rows
}
