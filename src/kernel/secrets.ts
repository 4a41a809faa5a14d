/**
 * Phones and addresses at rest: sealed (AES-256-GCM) under a data key, and found by a keyed hash alone. Data keys stand
 * in the table `data_key`, wrapped by the master key, so that changing the master key rewrites two rows.
 *
 * The key of the hashes never changes: what it has made is compared with what it makes, and a tombstone keeps nothing
 * that it could be made anew from.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto'
import type { Database } from './db.ts'
import { UsageError, ZhangguiError } from './errors.ts'
import { findMasterKey, keyFileOf, type KeySource, makeKeyFile, type MasterKey } from './master-key.ts'
import type { Queryable } from './work.ts'

/** A column that holds sealed values, as `<table>.<column>`. What was sealed for one cannot be opened as another's. */
export type SealedFor = 'customer_key.sealed' | 'orders.address' | 'desk_totp.sealed'

export type Secrets = {
  /** Never the same twice. */
  seal(text: string, column: SealedFor): Buffer
  /** Throws `sealed-unreadable` when the bytes were changed, belong elsewhere, or were sealed under a key unknown here. */
  open(sealed: Buffer, column: SealedFor): string
  /** Of a normalised value, 43 characters; values of different kinds never meet. */
  hash(kind: string, value: string): string
}

export type KeptSecrets = Secrets & {
  /** Learns of keys that another process has made since, and seals under the newest. A rotation counts on it: ≤ 5 s. */
  refresh(): Promise<void>
}

export type DataKeyRow = { id: number; use: 'seal' | 'hash'; wrapped: Buffer; retired_at: Date | null }

/** Any number: whoever makes, wraps or retires data keys does so alone. */
const keysLock = 7_203_451

/**
 * Opens the data keys; makes them, and the key file when there is no DATA_KEY, where there are none yet.
 * Throws UsageError `data-key` (no key, or a file that others can read) and `data-key-wrong` (not this database's).
 */
export async function openSecrets(db: Database, source: KeySource, now: Date): Promise<KeptSecrets> {
  const { master, rows } = await db.transaction(async (tx) => {
    const rows = await lockKeys(tx)
    const found = await findMasterKey(source)
    if (rows.length > 0) return { master: found ?? throwLost(source), rows }
    const master = found ?? (await makeKeyFile(keyFileOf(source)))
    return { master, rows: [await addKey(tx, 'seal', master, now), await addKey(tx, 'hash', master, now)] }
  })
  const unwrapped = new Map(rows.map((row) => [row.id, unwrap(row, master)]))
  const hashKey = unwrapped.get(rows.find(({ use }) => use === 'hash')?.id ?? 0)
  // Made ready once: a key given as bytes costs three times the sealing itself, each time.
  const keys = new Map([...unwrapped].map(([id, bytes]) => [id, createSecretKey(bytes)]))
  let sealingId = newestSealing(rows)
  if (!hashKey || !keys.has(sealingId)) {
    throw new ZhangguiError({ code: 'data-key-missing', message: 'The table data_key lacks a key. Restore a back-up.' })
  }
  return {
    seal: (text, column) => sealUnder({ id: sealingId, key: keys.get(sealingId)! }, text, column),
    open: (sealed, column) => openWith(keys, sealed, column),
    hash: keyedHash(hashKey),
    async refresh() {
      const now = await readKeys(db.pool)
      for (const row of now) if (!keys.has(row.id)) keys.set(row.id, createSecretKey(unwrap(row, master)))
      sealingId = newestSealing(now)
    },
  }
}

/**
 * HMAC-SHA256 (RFC 2104) of `<kind> NUL <value>`, in base64url. Made of two plain hashes: a Hmac object for each of a
 * million keys costs several times as much.
 */
function keyedHash(key: Buffer): Secrets['hash'] {
  const block = 64
  const padded = (byte: number): Buffer => Buffer.alloc(block, byte).map((pad, i) => pad ^ (key[i] ?? 0)) as Buffer
  const [inner, outer] = [padded(0x36), Buffer.concat([padded(0x5c), Buffer.alloc(32)])]
  return (kind, value) => {
    const words = `${kind}\0${value}`
    const message = Buffer.allocUnsafe(block + Buffer.byteLength(words))
    inner.copy(message)
    message.write(words, block)
    hash('sha256', message, 'buffer').copy(outer, block)
    return hash('sha256', outer, 'base64url')
  }
}

/** Which key sealed a value: its first five bytes, a format and the key's id. */
export function sealHeader(keyId: number): Buffer {
  const header = Buffer.alloc(5)
  header[0] = 1
  header.writeUInt32BE(keyId, 1)
  return header
}

const nonceBytes = 12
const tagBytes = 16

function sealUnder({ id, key }: { id: number; key: KeyObject }, text: string, column: SealedFor): Buffer {
  const { header, bound } = boundTo(id, column)
  return encrypt(key, text, bound, header)
}

/** The same few for each of a million values. */
const bounds = new Map<string, { header: Buffer; bound: Buffer }>()

function boundTo(keyId: number, column: SealedFor): { header: Buffer; bound: Buffer } {
  const name = `${keyId} ${column}`
  let made = bounds.get(name)
  if (!made) {
    const header = sealHeader(keyId)
    made = { header, bound: Buffer.concat([header, Buffer.from(column)]) }
    bounds.set(name, made)
  }
  return made
}

function openWith(keys: ReadonlyMap<number, KeyObject>, sealed: Buffer, column: SealedFor): string {
  const header = sealed.subarray(0, 5)
  const key =
    sealed[0] === 1 && sealed.length >= 5 + nonceBytes + tagBytes ? keys.get(sealed.readUInt32BE(1)) : undefined
  const text = key && decrypt(key, sealed.subarray(5), Buffer.concat([header, Buffer.from(column)]))
  if (text) return text.toString('utf8')
  throw new ZhangguiError({
    code: 'sealed-unreadable',
    message: `A value of ${column} cannot be opened: it was changed, or sealed under a key that is not here.`,
  })
}

const nothing = Buffer.alloc(0)

/** What stands in front, nonce, tag, ciphertext. The nonce is random: good for 2^32 values under one key. */
function encrypt(key: Buffer | KeyObject, plain: Buffer | string, bound: Buffer, front: Buffer = nothing): Buffer {
  const nonce = freshNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  const sealed = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  // GCM has no blocks to fill: nothing comes behind.
  cipher.final()
  return Buffer.concat([front, nonce, cipher.getAuthTag(), sealed])
}

/** Random bytes are drawn in bulk: each draw costs as much as half a sealing. None is used twice. */
const nonces = Buffer.alloc(nonceBytes * 512)
let drawn = nonces.length

function freshNonce(): Buffer {
  if (drawn === nonces.length) {
    randomFillSync(nonces)
    drawn = 0
  }
  drawn += nonceBytes
  return nonces.subarray(drawn - nonceBytes, drawn)
}

/** Undefined when anything of it was changed. */
function decrypt(key: Buffer | KeyObject, sealed: Buffer, bound: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
  const plain = decipher.update(sealed.subarray(nonceBytes + tagBytes))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    return undefined
  }
}

// The table. Rotation (rotation.ts) and this file alone use it.

export async function readKeys(db: Queryable): Promise<DataKeyRow[]> {
  const { rows } = await db.query<DataKeyRow>('SELECT id, use, wrapped, retired_at FROM data_key ORDER BY id')
  return rows
}

/** The same, and nobody else changes them until the transaction ends. */
export async function lockKeys(db: Queryable): Promise<DataKeyRow[]> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [keysLock])
  return readKeys(db)
}

export async function addKey(db: Queryable, use: DataKeyRow['use'], master: MasterKey, now: Date): Promise<DataKeyRow> {
  const { rows } = await db.query<DataKeyRow>(
    'INSERT INTO data_key (use, wrapped, created_at) VALUES ($1, $2, $3) RETURNING id, use, wrapped, retired_at',
    [use, wrap(randomBytes(32), use, master), now],
  )
  return rows[0]!
}

export function wrap(key: Buffer, use: DataKeyRow['use'], master: MasterKey): Buffer {
  return encrypt(master.bytes, key, Buffer.from(`data_key ${use}`))
}

/** Undefined when the master key is not the one that it was wrapped under. */
export function tryUnwrap({ use, wrapped }: DataKeyRow, master: MasterKey): Buffer | undefined {
  return decrypt(master.bytes, wrapped, Buffer.from(`data_key ${use}`))
}

export function unwrap(row: DataKeyRow, master: MasterKey): Buffer {
  const key = tryUnwrap(row, master)
  if (key) return key
  throw new UsageError({
    code: 'data-key-wrong',
    message: `The master key is not the one that this database was sealed under (taken from ${master.from}). Give back the right one; to change it: zhanggui keys rotate --master, with the old one in DATA_KEY_OLD.`,
  })
}

export function newestSealing(rows: readonly DataKeyRow[]): number {
  return Math.max(0, ...rows.filter(({ use, retired_at }) => use === 'seal' && !retired_at).map(({ id }) => id))
}

function throwLost(source: KeySource): never {
  throw new UsageError({
    code: 'data-key-wrong',
    message: `The database was sealed under a master key that is not here: DATA_KEY is not set, and there is no key file ${keyFileOf(source)}. Set DATA_KEY, or put the file back.`,
  })
}
