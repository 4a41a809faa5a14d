/** Codes and bound contacts in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

export async function saveCode(
  db: Queryable,
  { adviser, hash, expiresAt }: { adviser: string; hash: string; expiresAt: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO adviser_code (adviser, hash, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (adviser) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`,
    [adviser, hash, expiresAt],
  )
}

/** Whose code it was; it is used up by that. */
export async function takeCode(db: Queryable, hash: string, now: Date): Promise<string | undefined> {
  const { rows } = await db.query<{ adviser: string }>(
    'DELETE FROM adviser_code WHERE hash = $1 AND expires_at > $2 RETURNING adviser',
    [hash, now],
  )
  return rows[0]?.adviser
}

/** Whether any code could be used now: else no text of anybody needs to be looked at. */
export async function hasCodes(db: Queryable, now: Date): Promise<boolean> {
  const { rows } = await db.query('SELECT FROM adviser_code WHERE expires_at > $1 LIMIT 1', [now])
  return rows.length > 0
}

/** One contact is one adviser, and she has one: what was bound before is not any more. */
export async function bind(
  db: Queryable,
  {
    adviser,
    identityId,
    account,
    contactId,
  }: { adviser: string; identityId: string; account: string; contactId: string },
  now: Date,
): Promise<void> {
  await db.query('DELETE FROM adviser_binding WHERE adviser = $1 OR identity_id = $2', [adviser, identityId])
  await db.query(
    'INSERT INTO adviser_binding (adviser, identity_id, account, contact_id, bound_at) VALUES ($1, $2, $3, $4, $5)',
    [adviser, identityId, account, contactId, now],
  )
}

export async function findAdviser(db: Queryable, identityId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ adviser: string }>({
    name: 'handoff-adviser',
    text: 'SELECT adviser FROM adviser_binding WHERE identity_id = $1',
    values: [identityId],
  })
  return rows[0]?.adviser
}
