/** Changing the keys that seal phones and addresses, while the bot runs. Both kinds can be broken off and run again. */
import type { Database } from './db.ts'
import { UsageError } from './errors.ts'
import { findMasterKey, keyFileOf, type KeySource, type MasterKey, parseKey, readKeyFile } from './master-key.ts'
import type { Clock } from './ports.ts'
import {
  addKey,
  lockKeys,
  newestSealing,
  openSecrets,
  type SealedFor,
  sealHeader,
  tryUnwrap,
  unwrap,
  wrap,
} from './secrets.ts'

/** A column of sealed values, with the primary key of its table. */
export type SealedColumn = { table: string; column: string; id: string; idType: 'uuid' | 'bigint' | 'text' }

export type Rotation = {
  db: Database
  source: KeySource
  columns: readonly SealedColumn[]
  clock: Clock
  /** So long other processes need to learn of a new key, in ms: until then nothing is sealed under it. */
  settleMs?: number
  /** Rows just sealed anew, of so many in all. */
  onProgress?: (resealed: number, of: number) => void
}

/** Longer than the 5 s in which a running bot asks for new keys. */
const settleAfter = 10_000
const batchRows = 1_000

/**
 * Makes a new sealing key, seals every value under it, and retires the older ones. Returns how many values were sealed
 * anew. A retired key stays in the table, so that back-ups and stragglers can be read. Throws `data-key` and
 * `data-key-wrong` as `openSecrets` does.
 */
export async function rotateSealingKey({
  db,
  source,
  columns,
  clock,
  settleMs = settleAfter,
  onProgress = () => undefined,
}: Rotation): Promise<{ resealed: number; keyId: number }> {
  // Makes the first keys where there are none, and finds a wrong master key before anything is changed.
  await openSecrets(db, source, clock.now())
  const begun = await db.transaction(async (tx) => {
    const rows = await lockKeys(tx)
    const active = rows.filter(({ use, retired_at }) => use === 'seal' && !retired_at)
    // Two at once: an earlier rotation was broken off, and this one goes on with it.
    if (active.length > 1) return { keyId: newestSealing(rows), fresh: false }
    const master = await findMasterKey(source)
    return { keyId: (await addKey(tx, 'seal', master!, clock.now())).id, fresh: true }
  })
  if (begun.fresh) await new Promise<void>((resume) => clock.after(settleMs, resume))
  const { keyId } = begun
  const total = await countUnder(db, columns, keyId)
  let resealed = 0
  // A process that has not learned of the key in time may have sealed under the old one behind us: until none is left.
  for (let before = -1; before !== resealed; ) {
    before = resealed
    for (const column of columns) {
      resealed += await resealColumn({ db, source, clock }, column, keyId, (rows) => onProgress(rows, total))
    }
  }
  await db.transaction(async (tx) => {
    await lockKeys(tx)
    await tx.query(`UPDATE data_key SET retired_at = $2 WHERE use = 'seal' AND id < $1 AND retired_at IS NULL`, [
      keyId,
      clock.now(),
    ])
  })
  return { resealed, keyId }
}

/** How many values are sealed under other keys than this one. */
async function countUnder({ pool }: Database, columns: readonly SealedColumn[], keyId: number): Promise<number> {
  let total = 0
  for (const { table, column } of columns) {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE substring(${column} FROM 1 FOR 5) <> $1`,
      [sealHeader(keyId)],
    )
    total += rows[0]?.count ?? 0
  }
  return total
}

async function resealColumn(
  { db, source, clock }: Pick<Rotation, 'db' | 'source' | 'clock'>,
  { table, column, id, idType }: SealedColumn,
  keyId: number,
  onBatch: (rows: number) => void,
): Promise<number> {
  const secrets = await openSecrets(db, source, clock.now())
  const name = `${table}.${column}` as SealedFor
  let resealed = 0
  for (let after: string | null = null; ; ) {
    const last: { id: string; count: number } | null = await db.transaction(async (tx) => {
      const { rows } = await tx.query<{ id: string; sealed: Buffer }>(
        `SELECT ${id}::text AS id, ${column} AS sealed FROM ${table}
         WHERE ($1::text IS NULL OR ${id} > $1::text::${idType}) AND ${column} IS NOT NULL
           AND substring(${column} FROM 1 FOR 5) <> $2
         ORDER BY ${table}.${id} LIMIT ${batchRows} FOR UPDATE`,
        [after, sealHeader(keyId)],
      )
      await tx.query(
        `UPDATE ${table} SET ${column} = row.sealed
         FROM unnest($1::text[], $2::bytea[]) AS row (id, sealed) WHERE ${table}.${id} = row.id::${idType}`,
        [rows.map((row) => row.id), rows.map((row) => secrets.seal(secrets.open(row.sealed, name), name))],
      )
      const end = rows.at(-1)
      return end ? { id: end.id, count: rows.length } : null
    })
    if (!last) return resealed
    after = last.id
    resealed += last.count
    onBatch(last.count)
  }
}

/**
 * Wraps the data keys under the master key in DATA_KEY; they were wrapped under `old` (DATA_KEY_OLD) or, without it, the
 * key file. Returns how many: 0 when all were already. A bot that runs needs nothing; the next start needs DATA_KEY.
 * Throws UsageError `data-key` and `data-key-wrong`.
 */
export async function rotateMasterKey(db: Database, source: KeySource, old: string | undefined): Promise<number> {
  if (source.key === undefined) {
    throw new UsageError({
      code: 'data-key',
      message:
        'Set DATA_KEY to the new master key (openssl rand -base64 32), and DATA_KEY_OLD to the old one; without DATA_KEY_OLD the key file is taken.',
    })
  }
  const next = (await findMasterKey(source))!
  const before = await oldKey(source, old)
  return db.transaction(async (tx) => {
    const rows = (await lockKeys(tx)).filter((row) => !tryUnwrap(row, next))
    if (rows.length > 0 && !before) {
      throw new UsageError({
        code: 'data-key',
        message: `There is no old master key: set DATA_KEY_OLD, or put the key file back at ${keyFileOf(source)}.`,
      })
    }
    for (const row of rows) {
      const wrapped = wrap(unwrap(row, before!), row.use, next)
      await tx.query('UPDATE data_key SET wrapped = $2 WHERE id = $1', [row.id, wrapped])
    }
    return rows.length
  })
}

async function oldKey(source: KeySource, old: string | undefined): Promise<MasterKey | undefined> {
  if (old === undefined) return readKeyFile(keyFileOf(source))
  const bytes = parseKey(old)
  if (bytes) return { bytes, from: 'DATA_KEY_OLD' }
  throw new UsageError({ code: 'data-key', message: 'DATA_KEY_OLD holds no key: expected 32 bytes, as DATA_KEY.' })
}
