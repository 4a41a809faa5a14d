/** Files that are wanted from the platform, in PostgreSQL. */
import type { FetchMedia, Then } from '../../kernel/effect.ts'
import type { BatchWrite, Queryable } from '../../kernel/work.ts'

export type Wanted = {
  key: string
  account: string
  messageId: string
  maxBytes: number
  keepUntil: Date
  giveUpAt: Date
  then: Then
}

export const wantFiles: BatchWrite<FetchMedia & { askedAt: Date }> = {
  name: 'media-want',
  order: 61,
  async run(db, rows) {
    await db.query({
      name: 'media-want',
      text: `INSERT INTO media_fetch (key, account, message_id, max_bytes, keep_until, give_up_at, not_before, "then")
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[],
               $7::timestamptz[], $8::jsonb[])
             ON CONFLICT (key) DO NOTHING`,
      values: [
        rows.map((row) => row.key),
        rows.map((row) => row.account),
        rows.map((row) => row.messageId),
        rows.map((row) => row.maxBytes),
        rows.map((row) => row.keepUntil),
        rows.map((row) => row.giveUpAt),
        rows.map((row) => row.askedAt),
        rows.map((row) => JSON.stringify(row.then)),
      ],
    })
  },
}

/** What an account is to fetch now, what waits longest first; `busy` are the keys of those on their way. */
export async function listWanted(
  db: Queryable,
  { account, busy, now, limit }: { account: string; busy: readonly string[]; now: Date; limit: number },
): Promise<Wanted[]> {
  const { rows } = await db.query<Wanted>({
    name: 'media-wanted',
    text: `SELECT key, account, message_id AS "messageId", max_bytes AS "maxBytes", keep_until AS "keepUntil",
             give_up_at AS "giveUpAt", "then"
           FROM media_fetch WHERE account = $1 AND not_before <= $2 AND key <> ALL ($3)
           ORDER BY not_before LIMIT $4`,
    values: [account, now, busy, limit],
  })
  return rows
}

export async function putOff(db: Queryable, key: string, until: Date): Promise<void> {
  await db.query('UPDATE media_fetch SET not_before = $2 WHERE key = $1', [key, until])
}

export async function dropWanted(db: Queryable, key: string): Promise<void> {
  await db.query('DELETE FROM media_fetch WHERE key = $1', [key])
}

/** Everybody who is the same person as the customer $1. */
const same = `SELECT $1::uuid UNION SELECT id FROM customer WHERE person_id = (SELECT person_id FROM customer WHERE id = $1)`

/** What is still to come of hers does not come, and what came is gone, but for what content keeps for good. */
export async function forgetFiles(db: Queryable, customerId: string): Promise<void> {
  await db.query(
    `DELETE FROM media_fetch f USING message m
     WHERE m.account = f.account AND m.platform_id = f.message_id AND m.customer_id IN (${same})`,
    [customerId],
  )
  await db.query(
    `DELETE FROM media WHERE expires_at IS NOT NULL AND id IN (
       SELECT details ->> 'mediaId' FROM message WHERE customer_id IN (${same}) AND details ? 'mediaId')`,
    [customerId],
  )
}

export async function listFiles(db: Queryable, customerId: string): Promise<object[]> {
  const { rows } = await db.query<object>(
    `SELECT f.id, f.mime, m.details ->> 'filename' AS filename, encode(f.bytes, 'base64') AS base64
     FROM message m JOIN media f ON f.id = m.details ->> 'mediaId'
     WHERE m.customer_id IN (${same}) AND m.direction = 'in' ORDER BY m.sent_at`,
    [customerId],
  )
  return rows
}
