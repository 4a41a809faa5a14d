import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  exportCustomer,
  forgetCustomer,
  linkCustomers,
  linkDue,
  summaryOf,
  unlinkCustomer,
} from '../../src/app/rights.ts'
import { look, lookUp } from '../../src/app/customers.ts'
import { claimKey, resolveCustomers } from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { everything, rightsStage } from '../support/rights.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
const { parts, jobs } = await rightsStage(db, stage.clock)
beforeEach(async () => {
  await stage.empty()
  await db.pool.query(
    `TRUNCATE customer_key, link_due, customer_link, tombstone, orders, interaction, tag, customer_tag,
       customer_tag_history, customer_rfm, tag_due`,
  )
  await jobs.stop()
})

const customer = async (id: string) =>
  String((await stage.say(person(id), direct(id), `${id} is here`)).person.customerId)
const link = (from: string, into: string) => linkCustomers(db, parts(), from, into)
const unlink = (from: string) => unlinkCustomer(db, parts(), from)
const claim = (customerId: string, value: string) =>
  db.transaction((tx) => claimKey(tx, parts(), { customerId, kind: 'phone', value, source: 'hand' }))
const importRow = async (value: string) => {
  const rows = [{ keys: [{ kind: 'phone' as const, value }], source: 'import:r:1' }]
  return (await db.transaction((tx) => resolveCustomers(tx, parts(), rows)))[0]
}
const audits = async () =>
  (await stage.rows('SELECT action FROM audit ORDER BY id')).map(({ action }) => action as string)

/** Orders, interactions and tags by hand, written under one customer. */
async function possess(customerId: string, name: string): Promise<void> {
  const sealed = parts().secrets.seal(`${name} street`, 'orders.address')
  await db.pool.query(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, address, source, created_at, updated_at)
     VALUES ('s', $2, $1, (SELECT person_id FROM customer WHERE id = $1), $3, 10, 'paid', $4, 's', $3, $3)`,
    [customerId, `no-${name}`, stage.now, sealed],
  )
  await db.pool.query(
    `INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
     VALUES ($1, (SELECT person_id FROM customer WHERE id = $1), 'praise', $2, 1, $3)`,
    [customerId, stage.now, `event:${name}`],
  )
  await db.pool.query(
    `WITH t AS (INSERT INTO tag (dimension, value) VALUES ('byHand', $2) RETURNING id)
     INSERT INTO customer_tag (person_id, tag_id, source, customer_id, strength, since, rule, evidence)
     SELECT (SELECT person_id FROM customer WHERE id = $1), id, 'hand', $1, 1, $3, 'adviser', '[]' FROM t`,
    [customerId, name, stage.now],
  )
}

const homes = () =>
  stage.rows(
    `SELECT 'customer' AS what, id::text AS of, id AS customer_id, person_id FROM customer
     UNION ALL SELECT 'order', order_no, customer_id, person_id FROM orders
     UNION ALL SELECT 'interaction', source, customer_id, person_id FROM interaction
     UNION ALL SELECT 'tag', tag_id::text, customer_id, person_id FROM customer_tag WHERE source = 'hand' ORDER BY 1, 2`,
  )

describe('linking', () => {
  test('the person keeps all orders, interactions and tags, and an unlink gives each row back', async () => {
    const [a, b] = [await customer('a'), await customer('b')]
    await possess(a, 'a')
    await possess(b, 'b')
    const before = await homes()
    expect(await link(a, b)).toBe(true)
    expect(await link(a, b)).toBe(false)
    expect((await homes()).map((row) => row['person_id'])).toEqual(Array(8).fill(b))
    expect(await unlink(a)).toBe(b)
    expect(await homes()).toEqual(before)
    await expect(unlink(a)).rejects.toMatchObject({ code: 'customer-not-linked' })
    expect((await audits()).slice(-2)).toEqual(['customer-linked', 'customer-unlinked'])
  })

  test('in whatever order they are linked, own more and are unlinked, every row ends where it was written', async () => {
    const names = ['a', 'b', 'c', 'd']
    const ids = await Promise.all(names.map(customer))
    for (const [i, id] of ids.entries()) await possess(id, names[i]!)
    await db.pool.query('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [ids[1], stage.now])
    const before = await homes()
    const step = fc.oneof(
      fc.record({ do: fc.constant('link' as const), a: fc.nat(3), b: fc.nat(3) }),
      fc.record({ do: fc.constant('unlink' as const), a: fc.nat(3), b: fc.nat(3) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        for (const { do: what, a, b } of steps) {
          const done = what === 'link' ? link(ids[a]!, ids[b]!) : unlink(ids[a]!)
          await done.catch((error: unknown) => expect(error).toHaveProperty('code'))
          const rows = await homes()
          const personOf = new Map(
            rows.filter(({ what }) => what === 'customer').map((row) => [row['customer_id'], row['person_id']]),
          )
          for (const row of rows) expect(row['person_id']).toBe(personOf.get(row['customer_id']))
          const strict = await stage.rows('SELECT person_id FROM person_consent WHERE opted_out_at IS NOT NULL')
          expect(strict).toEqual([{ person_id: personOf.get(ids[1]) }])
        }
        for (const id of ids) await unlink(id).catch(() => undefined)
        expect(await homes()).toEqual(before)
      }),
      { numRuns: 12 },
    )
  })

  test('two who share a key are linked, the younger into the older', async () => {
    const a = await customer('a')
    await stage.clock.advance(1_000)
    const b = await customer('b')
    await possess(b, 'b')
    await claim(b, '13800138000')
    expect(await claim(a, '+86 138 0013 8000')).toBe('shared')
    expect(await linkDue(db, parts())).toEqual({ linked: 1, seen: 1 })
    expect(new Set((await homes()).map((row) => row['person_id']))).toEqual(new Set([a]))
    expect(await linkDue(db, parts())).toEqual({ linked: 0, seen: 0 })
    expect(await stage.rows('SELECT reason, from_id, evidence FROM customer_link')).toEqual([
      { reason: 'key', from_id: b, evidence: { kind: 'phone', source: 'hand' } },
    ])
  })

  test('two whom a human has parted are not linked by a key again, nor are those who stand for them', async () => {
    const [a, b, c] = [await customer('a'), await customer('b'), await customer('c')]
    await link(a, b)
    await unlink(a)
    await claim(a, '13800138000')
    expect(await claim(b, '13800138000')).toBe('shared')
    expect(await linkDue(db, parts())).toEqual({ linked: 0, seen: 1 })
    await link(a, c)
    await claim(c, '13900139000')
    expect(await claim(b, '13900139000')).toBe('shared')
    expect(await linkDue(db, parts())).toEqual({ linked: 0, seen: 1 })
    await link(b, c)
    expect(new Set((await stage.rows('SELECT person_id FROM customer')).map((row) => row['person_id']))).toEqual(
      new Set([c]),
    )
  })

  test('links that cross each other all end, in one person', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map(customer))
    const [a, b, c, d] = ids as [string, string, string, string]
    await Promise.all([link(a, b), link(c, d), link(b, c)])
    expect(await stage.rows('SELECT DISTINCT person_id FROM customer')).toEqual([{ person_id: d }])
  })

  test('a customer all of whose contacts are staff, but for the one that she is linked to, is a person again', async () => {
    const a = await customer('a')
    await stage.say(person('a', 'a', { kind: 'staff' }), direct('a'), 'I work here')
    const b = await customer('b')
    const persons = () =>
      stage.rows('SELECT id FROM customer WHERE id = person_id AND forgotten_at IS NULL AND NOT staff')
    expect(await persons()).toEqual([{ id: b }])
    await link(b, a)
    expect(await persons()).toEqual([{ id: a }])
    await unlink(b)
    expect(await persons()).toEqual([{ id: b }])
  })
})

describe('deleting', () => {
  async function livedIn(): Promise<{ a: string; b: string }> {
    const a = await customer('wx-hers')
    const b = await customer('wx-second')
    await stage.say(person('wx-hers', '小雨'), group('r1'), 'my skin is red')
    await possess(a, 'hers')
    await possess(b, 'second')
    await claim(a, '13800138000')
    await link(a, b)
    await db.pool.query(`UPDATE customer SET profile = '{"name": "小雨"}' WHERE id = $1`, [a])
    await db.pool.query(
      `INSERT INTO outbox (key, part, parts, account, thread_id, customer_id, recipient, purpose, priority, body, body_hash, created_at)
       VALUES ('reply:1', 0, 1, 'main', $1, $2, '{"kind": "direct", "contactId": "wx-hers"}', 'reply', 1, '{"type": "text", "text": "dear 小雨"}', '', $3)`,
      [stage.ids.fresh(), a, stage.now],
    )
    return { a, b }
  }

  test('nothing leads to her any more, of no customer that she was, and the audit says who did it', async () => {
    const { a, b } = await livedIn()
    await forgetCustomer(db, parts(), b)
    const left = await everything(db)
    for (const trace of ['wx-hers', 'wx-second', '小雨', 'skin', 'no-hers', 'no-second', 'event:hers']) {
      expect(left).not.toContain(trace)
    }
    expect(await stage.rows('SELECT FROM customer_key')).toEqual([])
    expect(await stage.rows(`SELECT state FROM outbox`)).toEqual([{ state: 'cancelled' }])
    expect(await stage.rows('SELECT FROM orders WHERE customer_id = ANY($1) OR person_id = ANY($1)', [[a, b]])).toEqual(
      [],
    )
    const [audit] = await stage.rows('SELECT by, subject, details FROM audit ORDER BY id DESC LIMIT 1')
    expect(audit).toEqual({ by: 'cli:test', subject: b, details: { customers: 2, contacts: 2 } })
  })

  test('an import under her phone or her contact is refused, in any spelling, and a claim of the phone too', async () => {
    const { a } = await livedIn()
    await forgetCustomer(db, parts(), a)
    expect(await importRow('+86 138-0013-8000')).toEqual({ refused: 'forgotten' })
    const rows = [{ keys: [], contactId: 'wx-second', source: 's' }]
    expect(await db.transaction((tx) => resolveCustomers(tx, parts(), rows))).toEqual([{ refused: 'forgotten' }])
    const again = await customer('wx-hers')
    expect(again).not.toBe(a)
    expect(await claim(again, '13800138000')).toBe('forgotten')
    expect(await importRow('13800138000')).toEqual({ refused: 'forgotten' })
  })

  test('jobs about her are taken away, those about others stay', async () => {
    const { a } = await livedIn()
    const at = new Date(stage.now.getTime() + 60_000)
    const wish = (key: string, lock: string[], payload: unknown) => ({
      kind: 'ScheduleEvent' as const,
      name: 'x',
      key,
      at,
      account: 'main',
      lock,
      payload,
    })
    await jobs.schedule.run(db.pool, [
      wish('burst', ['contact:wx-hers'], {}),
      wish('journey', [], { customerId: a }),
      wish('other', ['contact:wx-other'], { customerId: stage.ids.fresh() }),
    ])
    await forgetCustomer(db, parts(), a)
    expect(jobs.waiting().map(({ key }) => key)).toEqual(['other'])
  })

  test('a slice’s own event that waits in the inbox with her contact in it is closed', async () => {
    const { a } = await livedIn()
    const insert = (key: string, lock: string[], payload: unknown) =>
      db.pool.query(
        `INSERT INTO inbox (account, key, kind, at, received_at, what) VALUES ('main', $1, 'SliceEvent', $2, $2, $3)`,
        [key, stage.now, JSON.stringify({ kind: 'SliceEvent', name: 'faq.burst', lock, payload })],
      )
    await insert('job:1', ['contact:wx-hers'], { talk: { contactId: 'wx-hers' } })
    await insert('job:2', ['contact:wx-other'], { talk: { contactId: 'wx-other' } })
    await forgetCustomer(db, parts(), a)
    expect(await stage.rows('SELECT key FROM inbox WHERE handled_at IS NULL')).toEqual([{ key: 'job:2' }])
    expect(await everything(db)).not.toContain('wx-hers')
  })

  test('somebody who does not exist is said not to', async () => {
    await expect(forgetCustomer(db, parts(), stage.ids.fresh())).rejects.toMatchObject({ code: 'customer-unknown' })
  })
})

describe('looking', () => {
  test('an export holds what every slice keeps, phones in full, and is in the audit', async () => {
    const a = await customer('a')
    await possess(a, 'a')
    await claim(a, '13800138000')
    const { data } = await exportCustomer(db, parts(), a)
    expect(data).toMatchObject({
      members: {
        keys: [{ kind: 'phone', value: '+8613800138000' }],
        messages: [{ text: 'a is here' }],
        interactions: [{}],
      },
      orders: { orders: [{ orderNo: 'no-a' }] },
      tags: { tags: [{ value: 'a' }] },
      delivery: { sends: [] },
    })
    expect((await audits()).at(-1)).toBe('customer-exported')
  })

  test('she is found by her phone in any spelling, her contact and her id, never by her name, and shown with masks', async () => {
    const a = await customer('wx-a')
    await claim(a, '13800138000')
    for (const text of ['138 0013 8000', 'wx-a', a.toUpperCase()]) {
      expect((await lookUp(db, parts(), text)).map(({ customerId }) => customerId)).toEqual([a])
    }
    expect(await lookUp(db, parts(), '小雨')).toEqual([])
    const shown = await look(db, parts(), a)
    expect(shown.keys.map(({ value }) => value)).toEqual(['+86138****8000'])
    expect((await audits()).slice(-4)).toEqual(['customer-found', 'customer-found', 'customer-found', 'customer-shown'])
    expect(
      JSON.stringify(await stage.rows('SELECT * FROM audit'), (_, v: unknown) => (typeof v === 'bigint' ? '' : v)),
    ).not.toMatch(/138\D?0013\D?8000|\*8000/)
  })

  test('a summary is made of the lines of every slice', async () => {
    const a = await customer('a')
    const slice = (name: string, lines: string[]) => ({
      name,
      rights: {
        onMerge: () => Promise.resolve(),
        onUnlink: () => Promise.resolve(),
        forget: () => Promise.resolve(),
        exportOf: () => Promise.resolve({}),
        summaryOf: () => Promise.resolve(lines),
      },
    })
    const slices = [slice('one', ['1']), { name: 'none', rights: 'none' as const }, slice('two', ['2', '3'])]
    expect(await db.transaction((tx) => summaryOf(tx, slices, a, stage.content))).toEqual(['1', '2', '3'])
  })
})

test('the audit can be added to, and neither changed nor deleted', async () => {
  await linkCustomers(db, parts(), await customer('a'), await customer('b'))
  await expect(db.pool.query(`UPDATE audit SET by = 'nobody'`)).rejects.toThrow(/append-only/)
  await expect(db.pool.query('DELETE FROM audit')).rejects.toThrow(/append-only/)
})
