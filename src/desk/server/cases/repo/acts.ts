import type { Queryable } from '../../../../kernel/work.ts'

/** The case that an intent has led to. */
export async function caseOfKey(db: Queryable, key: string): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>('SELECT case_id AS id FROM case_entry WHERE key = $1', [key])
  return rows[0]?.id
}

/** A file that this adviser put on the desk. */
export async function findUpload(
  db: Queryable,
  mediaId: string,
  adviser: string,
): Promise<{ mime: string; name: string } | undefined> {
  const { rows } = await db.query<{ mime: string; name: string }>(
    `SELECT m.mime, u.name FROM desk_upload u JOIN media m ON m.id = u.media_id WHERE u.media_id = $1 AND u.adviser = $2`,
    [mediaId, adviser],
  )
  return rows[0]
}
