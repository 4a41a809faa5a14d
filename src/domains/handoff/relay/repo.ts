/** What advisers said to customers, and what became of it, in PostgreSQL. */
import type { Body } from '../../../kernel/effect.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Delivered } from '../cases/schema.ts'

/** One send of an adviser's: its parts in order. */
export type Said = {
  say: string
  caseId: string
  by: string
  at: Date
  /** Of the outbox; none where she could not be reached. */
  parts: { state: string; body: Body; reason: string | null }[]
  /** Whether it was asked to be taken back. */
  recalled: boolean
  /** Whether it was said again since. */
  again: boolean
  /** What the history of the case says of it so far. */
  told: Delivered | null
}

type SaidRow = Omit<Said, 'caseId' | 'parts'> & { case_id: string; parts: Said['parts'] | null }

const columns = `e.case_id, e.at, e.data ->> 'by' AS by, e.data ->> 'say' AS say, o.parts,
  EXISTS (SELECT FROM case_entry r WHERE r.case_id = e.case_id AND r.kind = 'recalled'
    AND r.data ->> 'say' = e.data ->> 'say')
    OR EXISTS (SELECT FROM outbox_recall r WHERE r.key = e.data ->> 'say') AS recalled,
  EXISTS (SELECT FROM case_entry r WHERE r.case_id = e.case_id AND r.kind = 'adviser-said'
    AND r.data ->> 'again' = e.data ->> 'say') AS again,
  (SELECT r.data ->> 'state' FROM case_entry r WHERE r.case_id = e.case_id AND r.kind = 'delivery'
    AND r.data ->> 'say' = e.data ->> 'say' ORDER BY r.id DESC LIMIT 1) AS told`
const parts = `LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('state', state, 'body', body, 'reason', reason) ORDER BY part) AS parts
  FROM outbox WHERE key = e.data ->> 'say') o ON true`

function saidOf({ case_id: caseId, ...row }: SaidRow): Said {
  return { ...row, caseId, parts: row.parts ?? [] }
}

/** Undefined for a key that no case knows (any more). */
export async function findSaid(db: Queryable, say: string): Promise<Said | undefined> {
  const { rows } = await db.query<SaidRow>({
    name: 'handoff-said',
    text: `SELECT ${columns} FROM case_entry e ${parts} WHERE e.kind = 'adviser-said' AND e.data ->> 'say' = $1`,
    values: [say],
  })
  return rows[0] && saidOf(rows[0])
}

/** When a customer was last told something in a case, other than by this send and what was taken back. */
export async function lastStanding(db: Queryable, caseId: string, say: string): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>({
    name: 'handoff-last-standing',
    text: `SELECT max(e.at) AS at FROM case_entry e
           WHERE e.case_id = $1 AND e.kind = 'adviser-said' AND e.data ->> 'say' IS DISTINCT FROM $2
             AND NOT EXISTS (SELECT FROM case_entry r WHERE r.case_id = e.case_id AND r.kind = 'recalled'
               AND r.data ->> 'say' = e.data ->> 'say' AND r.data ->> 'result' IN ('done', 'cancelled'))`,
    values: [caseId, say],
  })
  return rows[0]?.at ?? null
}

/** What an adviser said in a case, the last first. */
export async function listSaid(db: Queryable, caseId: string, by: string, limit: number): Promise<Said[]> {
  const { rows } = await db.query<SaidRow>({
    name: 'handoff-said-last',
    text: `SELECT ${columns} FROM (
             SELECT * FROM case_entry WHERE case_id = $1 AND kind = 'adviser-said' AND data ->> 'by' = $2 AND data ? 'say'
             ORDER BY id DESC LIMIT $3) e ${parts} ORDER BY e.id DESC`,
    values: [caseId, by, limit],
  })
  return rows.map(saidOf)
}
