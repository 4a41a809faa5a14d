import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  claimKey,
  concealed,
  type Resolved,
  resolveCustomers,
  type RowOfKeys,
} from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { testSecrets } from '../support/secrets.ts'
import { direct, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const secrets = await testSecrets(db)
const stage = new Stage(db)
beforeEach(async () => {
  await stage.empty()
  await db.pool.query('TRUNCATE customer_key, link_due, tombstone')
})

const isKeys = (row: RowOfKeys['keys'] | RowOfKeys): row is RowOfKeys['keys'] => Array.isArray(row)
const resolve = (...rows: (RowOfKeys['keys'] | RowOfKeys)[]): Promise<Resolved[]> =>
  db.transaction((tx) =>
    resolveCustomers(
      tx,
      { secrets, ids: stage.ids, now: stage.now },
      rows.map((row) => (isKeys(row) ? { keys: row, source: 'import:test:1' } : row)),
    ),
  )
const phone = (value: string) => ({ kind: 'phone' as const, value })
const member = (value: string) => ({ kind: 'member' as const, value })
const idOf = (resolved: Resolved | undefined): string => {
  if (!resolved || 'refused' in resolved) throw new TypeError('refused')
  return resolved.customerId
}

describe('rows of an import', () => {
  test('an unknown phone makes a customer who was never seen; the next row with it finds her, in any spelling', async () => {
    const [first, second] = await resolve([phone('13800138000')], [phone('+86 138-0013-8000')])
    const [third] = await resolve([phone('0086 138 0013 8000')])
    expect([idOf(second), idOf(third)]).toEqual([idOf(first), idOf(first)])
    expect(await stage.rows('SELECT id, person_id, last_seen_at FROM customer')).toEqual([
      { id: idOf(first), person_id: idOf(first), last_seen_at: new Date(0) },
    ])
  })

  test('a key is kept as a hash and a sealed value, with where it came from', async () => {
    await resolve({ keys: [phone('138 0013 8000')], source: 'import:r:7' })
    const [row] = await stage.rows<{ hash: string; sealed: Buffer; source: string }>('SELECT * FROM customer_key')
    expect(row?.source).toBe('import:r:7')
    expect(row?.hash).toBe(secrets.hash('phone', '+8613800138000'))
    expect(row && secrets.open(row.sealed, 'customer_key.sealed')).toBe('+8613800138000')
    expect(row?.sealed.includes('13800138000')).toBe(false)
  })

  test('what the other keys of a row are is learned for whom the first one leads to', async () => {
    const [known] = await resolve([member('VIP1')])
    await resolve([phone('13800138000'), member('VIP1')])
    const [found] = await resolve([phone('13800138000')])
    expect(idOf(found)).toBe(idOf(known))
  })

  test('two keys of one row that lead to two persons put them down to be linked, once', async () => {
    const [a, b] = await resolve([phone('13800138000')], [member('VIP1')])
    const both = [phone('13800138000'), member('VIP1')]
    const [row] = await resolve(both, both)
    await resolve(both)
    expect(idOf(row)).toBe(idOf(b))
    expect(await stage.rows('SELECT from_id, into_id FROM link_due')).toEqual([{ from_id: idOf(a), into_id: idOf(b) }])
  })

  test('a row that names a contact belongs to her, and her keys are learned', async () => {
    const { person: she } = await stage.say(person('wx1'), direct('wx1'), 'hi')
    const [row, other] = await resolve(
      { keys: [phone('13800138000')], contactId: 'wx1', source: 's' },
      { keys: [], contactId: 'unmet', source: 's' },
    )
    expect(idOf(row)).toBe(she.customerId)
    expect(other).toEqual({ refused: 'no-key' })
    expect(idOf((await resolve([phone('13800138000')]))[0])).toBe(she.customerId)
  })

  test('a row without a usable key is refused, and the others are not', async () => {
    const [masked, none, good] = await resolve([phone('138****8000')], [], [phone('13900139000')])
    expect([masked, none]).toEqual([{ refused: 'no-key' }, { refused: 'no-key' }])
    idOf(good)
  })

  test('a row with a key of somebody who was forgotten is refused as a whole', async () => {
    await db.pool.query('INSERT INTO tombstone (kind, hash, at) VALUES ($1, $2, $3)', [
      'phone',
      secrets.hash('phone', '+8613800138000'),
      stage.now,
    ])
    expect(await resolve([member('VIP9'), phone('13800138000')], [member('VIP9')])).toMatchObject([
      { refused: 'forgotten' },
      { customerId: expect.any(String) },
    ])
  })

  test('two imports at the same time make one customer for one phone', async () => {
    const found = await Promise.all([1, 2, 3].map(() => resolve([phone('13800138000')])))
    expect(new Set(found.map(([row]) => idOf(row))).size).toBe(1)
  })

  test('whatever the order and the cut into batches, rows that share a key end as one person or wait to be linked', async () => {
    const key = fc.record({ kind: fc.constant('member' as const), value: fc.constantFrom('A', 'B', 'C', 'D', 'E') })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(key, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        fc.nat(8),
        async (rows, cut) => {
          await db.pool.query('TRUNCATE customer_key, link_due, customer CASCADE')
          await resolve(...rows.slice(0, cut))
          await resolve(...rows.slice(cut))
          const owners = await stage.rows<{ customer_id: string; hash: string }>(
            'SELECT customer_id, hash FROM customer_key',
          )
          const due = await stage.rows<{ from_id: string; into_id: string }>('SELECT from_id, into_id FROM link_due')
          const groups = new Map<string, string>()
          const rootOf = (id: string): string =>
            groups.has(id) && groups.get(id) !== id ? rootOf(groups.get(id)!) : id
          for (const { from_id, into_id } of due) groups.set(rootOf(from_id), rootOf(into_id))
          for (const row of rows) {
            const roots = row.map(({ value }) => owners.find(({ hash }) => hash === secrets.hash('member', value)))
            expect(new Set(roots.map((owner) => rootOf(owner!.customer_id))).size).toBe(1)
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

test('a claimed key is added, known, shared or of nobody any more', async () => {
  const [a, b] = await resolve([member('A')], [member('B')])
  const claim = (customerId: string, value: string) =>
    db.transaction((tx) =>
      claimKey(tx, { secrets, ids: stage.ids, now: stage.now }, { customerId, kind: 'phone', value, source: 'hand' }),
    )
  expect(await claim(idOf(a), '13800138000')).toBe('added')
  expect(await claim(idOf(a), '+86 13800138000')).toBe('known')
  expect(await claim(idOf(b), '13800138000')).toBe('shared')
  expect(await stage.rows('SELECT from_id, into_id FROM link_due')).toEqual([{ from_id: idOf(b), into_id: idOf(a) }])
  expect(await claim(idOf(b), 'none')).toBe('no-key')
})

describe('phones in profiles', () => {
  const shown = (id: string, ...phones: string[]) => person(id, id, { profile: { phone: phones, city: '杭州' } })
  const meet = async (contact: ReturnType<typeof shown>) => {
    const seen = stage.event(stage.message(contact, direct(contact.id), 'hi'))
    const { what } = concealed(seen, secrets)
    if (what.kind !== 'MessageReceived') throw new TypeError('another kind')
    return stage.say(what.sender, direct(contact.id), 'hi')
  }

  test('a phone is concealed before anything is stored, and leads to her from then on', async () => {
    const event = stage.event(stage.message(shown('wx1', '138 0013 8000', '010-12345678'), direct('wx1'), 'hi'))
    expect(JSON.stringify(concealed(event, secrets).what)).not.toMatch(/13800138000|138 0013 8000|12345678/)
    const { person: she } = await meet(shown('wx1', '138 0013 8000', '010-12345678'))
    const found = await resolve([phone('+8613800138000')], [phone('(010) 1234 5678')])
    expect(found.map(idOf)).toEqual([she.customerId, she.customerId])
    const [identity] = await stage.rows<{ profile: unknown }>('SELECT profile FROM identity')
    expect(identity?.profile).toEqual({
      city: '杭州',
      phone: [secrets.hash('phone', '+8613800138000'), secrets.hash('phone', '+861012345678')],
    })
  })

  test('a phone that came past the border in plain words is not kept', async () => {
    await stage.say(shown('wx1', '13800138000'), direct('wx1'), 'hi')
    expect(await stage.rows('SELECT profile FROM identity')).toEqual([{ profile: { city: '杭州', phone: [] } }])
    expect(await stage.rows('SELECT FROM customer_key')).toEqual([])
  })

  test('a profile that shows the same phones again writes nothing', async () => {
    await meet(shown('wx1', '13800138000'))
    await stage.rows('TRUNCATE customer_key')
    await meet(shown('wx1', '+86 13800138000'))
    expect(await stage.rows('SELECT FROM customer_key')).toEqual([])
  })

  test('two contacts with one phone wait to be linked, also when they come into sight together', async () => {
    await meet(shown('wx1', '13800138000'))
    await meet(shown('wx2', '13800138000'))
    const members = [shown('wx3', '13900139000'), shown('wx4', '13900139000'), shown('wx5', '13900139000')]
    const { what } = concealed(stage.event({ kind: 'GroupRead', roomId: 'r', topic: '', members }), secrets)
    await stage.happen(what)
    const due = await stage.rows(
      `SELECT f.contact_id AS from, i.contact_id AS into FROM link_due d JOIN identity f ON f.customer_id = d.from_id
       JOIN identity i ON i.customer_id = d.into_id ORDER BY 1`,
    )
    expect(due).toEqual([
      { from: 'wx2', into: 'wx1' },
      { from: 'wx4', into: 'wx3' },
      { from: 'wx5', into: 'wx3' },
    ])
  })
})

describe('who a customer is', () => {
  test('a customer all of whose contacts turn out to be staff is staff, and is not when they are not', async () => {
    await stage.say(person('wx1'), direct('wx1'), 'hi')
    const staff = async () => (await stage.rows('SELECT staff FROM customer')).map((row) => row['staff'])
    await stage.say(person('wx1', 'wx1', { kind: 'staff' }), direct('wx1'), 'I work here')
    expect(await staff()).toEqual([true])
    await stage.say(person('wx1'), direct('wx1'), 'not any more')
    expect(await staff()).toEqual([false])
  })

  test('who brought her in first is kept, when it was a customer', async () => {
    const { person: friend } = await stage.say(person('friend'), direct('friend'), 'hi')
    await stage.say(person('later'), direct('later'), 'hi')
    await stage.say(person('adviser', 'adviser', { kind: 'staff' }), direct('adviser'), 'hi')
    const join = (roomId: string, inviter: string) =>
      stage.happen({ kind: 'MemberJoined', roomId, members: [person('new')], inviter: person(inviter) })
    await join('r0', 'adviser')
    await join('r1', 'friend')
    await join('r2', 'later')
    const [row] = await stage.rows(
      `SELECT invited_by FROM customer WHERE id = (SELECT customer_id FROM identity WHERE contact_id = 'new')`,
    )
    expect(row).toEqual({ invited_by: friend.customerId })
  })
})
