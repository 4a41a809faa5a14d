/** Which tags are to be put on which contacts in WeChat Work, and which we have put on and must take off. */
import type { Queryable } from '../../../kernel/work.ts'

export type MirrorChange = {
  identityId: string
  contactId: string
  tagId: number
  /** The tag's name in WeChat Work. */
  name: string
  on: boolean
  /** Of one to be taken off: whether we had put it on. */
  ours: boolean
}

type Asking = {
  account: string
  /** Dimensions that are mirrored; none: everything that we have put on is taken off. */
  dimensions: readonly string[]
  prefix: string
  now: Date
  limit: number
}

/**
 * Changes that are due for the contacts of an account, those to be taken off first. Only its own friends have tags there.
 * What was put on a person who has had herself deleted is taken off, and then forgotten.
 */
export async function listMirrorChanges(
  db: Queryable,
  { account, dimensions, prefix, now, limit }: Asking,
): Promise<MirrorChange[]> {
  const holds = `t.effective AND g.dimension = ANY($2::text[]) AND (t.until IS NULL OR t.until > $3)`
  const { rows } = await db.query<MirrorChange>(
    `(SELECT m.identity_id AS "identityId", m.contact_id AS "contactId", m.tag_id AS "tagId", m.name, false AS on, m.ours
      FROM tag_mirror m JOIN tag g ON g.id = m.tag_id
      WHERE m.account = $1 AND (m.name <> $4 || g.value OR NOT EXISTS (
        SELECT FROM identity i JOIN customer c ON c.id = i.customer_id
          JOIN customer_tag t ON t.person_id = c.person_id AND t.tag_id = m.tag_id
        WHERE i.id = m.identity_id AND ${holds}))
      LIMIT $5)
     UNION ALL
     (SELECT i.id, i.contact_id, t.tag_id, $4 || g.value, true, true
      FROM tag g JOIN customer_tag t ON t.tag_id = g.id JOIN customer c ON c.person_id = t.person_id
        JOIN identity i ON i.customer_id = c.id
      WHERE ${holds} AND i.role = 'customer' AND i.friend_of ? $1
        AND NOT EXISTS (SELECT FROM tag_mirror m WHERE m.identity_id = i.id AND m.account = $1 AND m.tag_id = t.tag_id)
      LIMIT $5)`,
    [account, dimensions, now, prefix, limit],
  )
  return rows
}

/** A change was made; `ours` is false where somebody else had put the tag on before. */
export async function noteMirrored(
  db: Queryable,
  { account, change, ours, now }: { account: string; change: MirrorChange; ours: boolean; now: Date },
): Promise<void> {
  const { identityId, contactId, tagId, name, on } = change
  if (!on) {
    await db.query('DELETE FROM tag_mirror WHERE identity_id = $1 AND account = $2 AND tag_id = $3', [
      identityId,
      account,
      tagId,
    ])
    return
  }
  await db.query(
    `INSERT INTO tag_mirror (identity_id, account, tag_id, contact_id, name, ours, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (identity_id, account, tag_id) DO NOTHING`,
    [identityId, account, tagId, contactId, name, ours, now],
  )
}
