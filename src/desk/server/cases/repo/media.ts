import type { Queryable } from '../../../../kernel/work.ts'

/** Notes whose file it is: the same bytes may be several people's. */
export async function saveUpload(
  db: Queryable,
  { mediaId, adviser, name, at }: { mediaId: string; adviser: string; name: string; at: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO desk_upload (media_id, adviser, name, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (media_id, adviser) DO UPDATE SET name = excluded.name, at = excluded.at`,
    [mediaId, adviser, name, at],
  )
}

/** Customers in whose conversations the file is, and what it is called there. */
export async function whoseFile(db: Queryable, mediaId: string): Promise<{ customerId: string; name: string }[]> {
  const { rows } = await db.query<{ customerId: string; name: string }>(
    `SELECT DISTINCT ON (customer_id) customer_id AS "customerId", name FROM (
       SELECT customer_id, coalesce(details ->> 'filename', '') AS name FROM message
       WHERE details ->> 'mediaId' = $1 AND recalled_at IS NULL
       UNION ALL SELECT customer_id, coalesce(body ->> 'filename', '') FROM outbox WHERE body ->> 'mediaId' = $1) f
     WHERE customer_id IS NOT NULL`,
    [mediaId],
  )
  return rows
}
