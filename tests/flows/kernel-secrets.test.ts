import { createHmac, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { sealedColumns } from '../../src/app/sealed.ts'
import { rotateMasterKey, rotateSealingKey } from '../../src/kernel/rotation.ts'
import { openSecrets } from '../../src/kernel/secrets.ts'
import { virtualClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const clock = virtualClock()
const now = clock.now()
const key = randomBytes(32).toString('base64')
const open = (given: string | null = key, dataDir = '/nowhere') =>
  openSecrets(db, { key: given ?? undefined, dataDir }, now)
const folder = () => mkdtempSync(join(tmpdir(), 'zhanggui-keys-'))
beforeEach(() => db.pool.query('TRUNCATE data_key, customer_key, orders RESTART IDENTITY'))

describe('sealing', () => {
  test('what is sealed opens to the same, never looks the same twice, and shows nothing of the text', async () => {
    const secrets = await open()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const text = given.toWellFormed()
        const sealed = secrets.seal(text, 'orders.address')
        expect(secrets.open(sealed, 'orders.address')).toBe(text)
        expect(secrets.seal(text, 'orders.address').equals(sealed)).toBe(false)
      }),
    )
    expect(secrets.seal('13800138000', 'orders.address').includes('1380')).toBe(false)
  })

  test('a changed bit, a cut end, another column and another key are noticed', async () => {
    const secrets = await open()
    const sealed = secrets.seal('西湖区文三路 1 号', 'orders.address')
    for (let bit = 0; bit < sealed.length * 8; bit += 7) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => secrets.open(changed, 'orders.address')).toThrow(
        expect.objectContaining({ code: 'sealed-unreadable' }),
      )
    }
    for (let end = 0; end < sealed.length; end++) {
      expect(() => secrets.open(sealed.subarray(0, end), 'orders.address')).toThrow()
    }
    expect(() => secrets.open(sealed, 'customer_key.sealed')).toThrow()
  })

  test('the same number has the same hash in every process, and another one under another kind or database', async () => {
    const [one, other] = [await open(), await open()]
    const hash = one.hash('phone', '+8613800138000')
    expect(other.hash('phone', '+8613800138000')).toBe(hash)
    expect(one.hash('member', '+8613800138000')).not.toBe(hash)
    expect(hash).toMatch(/^[\w-]{43}$/)
    await db.pool.query('TRUNCATE data_key')
    expect((await open()).hash('phone', '+8613800138000')).not.toBe(hash)
  })

  test('the hash is HMAC-SHA256', async () => {
    const secrets = await open('00'.repeat(32))
    const { rows } = await db.pool.query<{ wrapped: Buffer }>(`SELECT wrapped FROM data_key WHERE use = 'hash'`)
    const { createDecipheriv } = await import('node:crypto')
    const wrapped = rows[0]!.wrapped
    const decipher = createDecipheriv('aes-256-gcm', Buffer.alloc(32), wrapped.subarray(0, 12))
    decipher.setAAD(Buffer.from('data_key hash')).setAuthTag(wrapped.subarray(12, 28))
    const hashKey = Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (value) => {
        const expected = createHmac('sha256', hashKey).update(`phone\0${value}`).digest('base64url')
        expect(secrets.hash('phone', value)).toBe(expected)
      }),
    )
  })
})

describe('the master key', () => {
  test('without DATA_KEY a key file is made that others cannot read, once, also by two who start together', async () => {
    const dir = folder()
    const [one, other] = await Promise.all([
      openSecrets(db, { key: undefined, dataDir: dir }, now),
      openSecrets(db, { key: undefined, dataDir: dir }, now),
    ])
    expect(one.hash('phone', '1')).toBe(other.hash('phone', '1'))
    expect(readdirSync(dir)).toEqual(['data.key'])
    expect(statSync(join(dir, 'data.key')).mode & 0o777).toBe(0o600)
  })

  test('a key file that others can read is refused', async () => {
    const dir = folder()
    await openSecrets(db, { key: undefined, dataDir: dir }, now)
    chmodSync(join(dir, 'data.key'), 0o640)
    await expect(openSecrets(db, { key: undefined, dataDir: dir }, now)).rejects.toMatchObject({ code: 'data-key' })
  })

  test('a file without a key, a wrong key and a lost key file are one clear error each, and nothing is made', async () => {
    await open()
    await expect(open(randomBytes(32).toString('hex'))).rejects.toMatchObject({ code: 'data-key-wrong' })
    await expect(open(null, folder())).rejects.toMatchObject({ code: 'data-key-wrong' })
    const dir = folder()
    writeFileSync(join(dir, 'data.key'), 'nothing', { mode: 0o600 })
    await expect(open(null, dir)).rejects.toMatchObject({ code: 'data-key' })
    expect((await db.pool.query('SELECT FROM data_key')).rowCount).toBe(2)
  })

  test('it can be changed, twice with the same effect; the old one opens nothing any more', async () => {
    const sealed = (await open()).seal('x', 'orders.address')
    const next = randomBytes(32).toString('hex')
    expect(await rotateMasterKey(db, { key: next, dataDir: '/nowhere' }, key)).toBe(2)
    expect(await rotateMasterKey(db, { key: next, dataDir: '/nowhere' }, key)).toBe(0)
    expect((await open(next)).open(sealed, 'orders.address')).toBe('x')
    await expect(open()).rejects.toMatchObject({ code: 'data-key-wrong' })
    await expect(rotateMasterKey(db, { key, dataDir: '/nowhere' }, key)).rejects.toMatchObject({
      code: 'data-key-wrong',
    })
  })
})

describe('rotation', () => {
  /** With the clock that the waiting of a rotation needs to move. */
  const rotated = async (onProgress = () => {}) => {
    const source = { key, dataDir: '/nowhere' }
    const done = rotateSealingKey({ db, source, columns: sealedColumns, clock, onProgress })
    const over = done.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([over, clock.advance(1_000).then(() => false)]))) continue
    return done
  }
  const fill = async (count: number) => {
    const secrets = await open()
    for (let i = 0; i < count; i++) {
      await db.pool.query(
        `INSERT INTO customer_key (id, customer_id, kind, hash, sealed, source, created_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'phone', $1, $2, 's', $3)`,
        [String(i), secrets.seal(`phone ${i}`, 'customer_key.sealed'), now],
      )
    }
    await db.pool.query(
      `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, address, source, created_at, updated_at)
       VALUES ('s', '1', gen_random_uuid(), gen_random_uuid(), $1, 1, 'paid', $2, 's', $1, $1)`,
      [now, secrets.seal('here', 'orders.address')],
    )
  }
  const values = async () => {
    const secrets = await open()
    const { rows } = await db.pool.query<{ hash: string; sealed: Buffer }>('SELECT hash, sealed FROM customer_key')
    return rows.every(({ hash, sealed }) => secrets.open(sealed, 'customer_key.sealed') === `phone ${hash}`)
  }

  test('everything is sealed under the new key, reads as before, and the old key is retired', async () => {
    await fill(5)
    const hash = (await open()).hash('phone', '1')
    expect(await rotated()).toEqual({ resealed: 6, keyId: 3 })
    expect(await values()).toBe(true)
    const { rows } = await db.pool.query('SELECT id, use, retired_at IS NOT NULL AS retired FROM data_key ORDER BY id')
    expect(rows).toEqual([
      { id: 1, use: 'seal', retired: true },
      { id: 2, use: 'hash', retired: false },
      { id: 3, use: 'seal', retired: false },
    ])
    expect((await open()).hash('phone', '1')).toBe(hash)
    expect((await open()).seal('x', 'orders.address').subarray(0, 5)).toEqual(Buffer.from([1, 0, 0, 0, 3]))
  })

  test('broken off in the middle, it goes on with the key that it had made', async () => {
    await fill(3)
    await expect(
      rotated(() => {
        throw new Error('killed')
      }),
    ).rejects.toThrow('killed')
    expect(await values()).toBe(true)
    expect(await rotated()).toEqual({ resealed: 1, keyId: 3 })
    expect(await values()).toBe(true)
  })

  test('who has opened the keys before learns of the new one by asking again', async () => {
    const early = await open()
    await fill(1)
    await rotated()
    const { rows } = await db.pool.query<{ sealed: Buffer }>('SELECT sealed FROM customer_key')
    expect(() => early.open(rows[0]!.sealed, 'customer_key.sealed')).toThrow()
    await early.refresh()
    expect(early.open(rows[0]!.sealed, 'customer_key.sealed')).toBe('phone 0')
  })

  test('every column of bytes is either sealed anew or known not to be sealed', async () => {
    const { rows } = await db.pool.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
    )
    const known = [...sealedColumns.map(({ table, column }) => `${table}.${column}`), 'data_key.wrapped', 'media.bytes']
    expect(rows.map(({ name }) => name)).toEqual(known.sort())
  })
})
