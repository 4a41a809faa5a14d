/** Tracked links in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { TrackedLink } from './schema.ts'

/** The same link for the same reader is kept once. */
export const saveLinks: BatchWrite<TrackedLink> = {
  name: 'campaigns-links',
  order: 65,
  async run(db, rows) {
    await db.query({
      name: 'campaigns-links',
      text: `INSERT INTO campaign_link (token, source, url, person_id, customer_id, created_at)
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[])
             ON CONFLICT (token) DO NOTHING`,
      values: [
        rows.map(({ token }) => token),
        rows.map(({ source }) => source),
        rows.map(({ url }) => url),
        rows.map(({ personId }) => personId),
        rows.map(({ customerId }) => customerId),
        rows.map(({ at }) => at),
      ],
    })
  },
}

/** Where a link leads. */
export async function findUrl(db: Queryable, token: string): Promise<string | undefined> {
  const { rows } = await db.query<{ url: string }>({
    name: 'campaigns-link',
    text: 'SELECT url FROM campaign_link WHERE token = $1',
    values: [token],
  })
  return rows[0]?.url
}

/** Counts a click; whose it was, or undefined when there is no such link any more. */
export async function countClick(
  db: Queryable,
  token: string,
  at: Date,
): Promise<{ customerId: string; source: string } | undefined> {
  const { rows } = await db.query<{ customer_id: string; source: string }>({
    name: 'campaigns-link-click',
    text: `UPDATE campaign_link SET clicks = clicks + 1, clicked_at = least(clicked_at, $2) WHERE token = $1
           RETURNING customer_id, source`,
    values: [token, at],
  })
  return rows[0] && { customerId: rows[0].customer_id, source: rows[0].source }
}

/** Links that are older than anybody follows; says how many. */
export async function sweepLinks(db: Queryable, before: Date): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM campaign_link WHERE created_at < $1', [before])
  return rowCount ?? 0
}
