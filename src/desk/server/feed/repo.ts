/**
 * What happened to cases, in the order in which it may be told. Ids are drawn before commits, so a reader that goes by ids
 * alone passes over a transaction that drew early and commits late. Each entry therefore carries the id of its transaction,
 * and only those below the oldest one that is still under way are read: behind a place (xid, id) nothing appears any more.
 */
import type { Queryable } from '../../../kernel/work.ts'

/** A place in the stream: everything up to there has been told. */
export type Place = { xid: bigint; id: bigint }

export const placeText = ({ xid, id }: Place): string => `${xid}.${id}`

/** Reads what `placeText` wrote; undefined for anything else. */
export function readPlace(text: string): Place | undefined {
  const [, xid, id] = /^(\d{1,18})\.(\d{1,18})$/u.exec(text) ?? []
  return xid === undefined || id === undefined ? undefined : { xid: BigInt(xid), id: BigInt(id) }
}

export function isBehind(a: Place, b: Place): boolean {
  return a.xid < b.xid || (a.xid === b.xid && a.id < b.id)
}

const xmin = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint'

/** The place from which on somebody who has just read everything must be told. */
export async function readHorizon(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ xid: bigint }>(`SELECT ${xmin} AS xid`)
  return placeText({ xid: rows[0]!.xid, id: 0n })
}

export type EntrySeen = Place & { caseId: string; kind: string }

/** Entries behind a place that nothing can come before any more, in order. */
export async function readEntries(db: Queryable, after: Place, limit: number): Promise<EntrySeen[]> {
  const { rows } = await db.query<EntrySeen>(
    `SELECT xid, id, case_id AS "caseId", kind FROM case_entry
     WHERE (xid, id) > ($1::bigint, $2::bigint) AND xid < ${xmin} ORDER BY xid, id LIMIT $3`,
    [after.xid, after.id, limit],
  )
  return rows
}

/** Whether more than so many entries stand behind a place, or it is of another database's future. */
export async function isTooOld(db: Queryable, after: Place, atMost: number): Promise<boolean> {
  const { rows } = await db.query<{ old: boolean }>(
    `SELECT $1::bigint > pg_snapshot_xmax(pg_current_snapshot())::text::bigint OR EXISTS (
       SELECT FROM case_entry WHERE (xid, id) > ($1::bigint, $2::bigint) ORDER BY xid, id OFFSET $3 LIMIT 1) AS old`,
    [after.xid, after.id, atMost],
  )
  return rows[0]?.old ?? true
}

/** The last message to or by the customer of each case that nobody has yet, by its id: platforms tell whole seconds. */
export async function listLastWords(db: Queryable): Promise<{ caseId: string; message: string }[]> {
  const { rows } = await db.query<{ caseId: string; message: string }>(
    `SELECT h.id AS "caseId", w.id AS message FROM handoff_case h CROSS JOIN LATERAL (
       SELECT id FROM message WHERE customer_id = h.customer_id ORDER BY sent_at DESC, id DESC LIMIT 1) w
     WHERE h.state IN ('waiting', 'offered')`,
  )
  return rows
}
