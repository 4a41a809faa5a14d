/** Advisers as they are now, in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'

export type AdviserNow = {
  away: boolean
  /** Cases that are hers, or offered to her. */
  load: number
  lastGivenAt: Date | null
  /** Her WeChat, where she has bound one. */
  place: { account: string; contactId: string } | null
}

/** Everybody of whom anything is known; whoever is missing has done nothing yet. */
export async function readAdvisers(db: Queryable): Promise<Map<string, AdviserNow>> {
  const { rows } = await db.query<{
    adviser: string
    away: boolean
    load: number
    last_given_at: Date | null
    account: string | null
    contact_id: string | null
  }>({
    name: 'handoff-advisers',
    text: `WITH loads AS (
             SELECT coalesce(owner, offered_to) AS adviser, count(*)::int AS load FROM handoff_case
             WHERE closed_at IS NULL AND state IN ('owned', 'offered') GROUP BY 1)
           SELECT adviser, coalesce(s.away, false) AS away, coalesce(l.load, 0) AS load, s.last_given_at, b.account, b.contact_id
           FROM loads l FULL JOIN adviser_state s USING (adviser)
           FULL JOIN adviser_binding b USING (adviser)`,
  })
  return new Map(
    rows.map((row) => [
      row.adviser,
      {
        ...{ away: row.away, load: row.load, lastGivenAt: row.last_given_at },
        place:
          row.account !== null && row.contact_id !== null ? { account: row.account, contactId: row.contact_id } : null,
      },
    ]),
  )
}

export const noteGiven: BatchWrite<{ adviser: string; at: Date }> = {
  name: 'handoff-given',
  order: 47,
  async run(db, rows) {
    await db.query({
      name: 'handoff-given',
      text: `INSERT INTO adviser_state (adviser, last_given_at)
             SELECT adviser, max(at) FROM unnest($1::text[], $2::timestamptz[]) AS w (adviser, at) GROUP BY adviser
             ON CONFLICT (adviser) DO UPDATE SET last_given_at = excluded.last_given_at`,
      values: [rows.map(({ adviser }) => adviser), rows.map(({ at }) => at)],
    })
  },
}
