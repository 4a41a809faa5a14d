/** Orders of a file, from its bytes to the tables. */
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { resolveCustomers } from '../../src/domains/members/index.ts'
import type { Database } from '../../src/kernel/db.ts'
import { testDatabase } from '../support/database.ts'
import { killed, openShop, type Shop } from '../support/import.ts'

const { db } = await testDatabase()
let shop: Shop

beforeEach(async () => {
  await db.pool.query('TRUNCATE orders, import_run, customer_key, customer_link, tombstone, customer CASCADE')
  shop = await openShop(db)
})

const header = 'orderNo,orderedAt,amount,status,refundOf,phone,sku,product,category,quantity,province,city,address'
type Line = Partial<
  Record<'no' | 'at' | 'amount' | 'status' | 'refundOf' | 'phone' | 'sku' | 'category', string | undefined>
>

function row({
  no = 'A1',
  at = '2026-02-01 10:00:00',
  amount = '199.00',
  status = '交易成功',
  ...more
}: Line = {}): string {
  const { refundOf = '', phone = '13800138001', sku = 'S1', category = '精华' } = more
  return `${no},${at},${amount},${status},${refundOf},${phone},${sku},初光 VC 精华,${category},1,浙江省,杭州市,"文一西路 1 号, 3 幢"`
}

const file = (...lines: string[]): string => shop.write([header, ...lines, ''].join('\n'))

type Kept = { order_no: string; amount: string; status: string; ordered_at: Date; skus: string[]; phone: string }

/** Orders by number, with what does not depend on the run: the buyer by her key. */
async function kept(of: Database = db): Promise<Kept[]> {
  const { rows } = await of.pool.query<Kept>(
    `SELECT o.shop, o.order_no, o.amount::text, o.status, o.ordered_at, o.refund_of, o.skus, o.items, o.province, o.city,
            o.area, (SELECT min(k.hash) FROM customer_key k WHERE k.customer_id = o.customer_id) AS phone
     FROM orders o ORDER BY o.order_no`,
  )
  return rows
}

const problemsOf = (path: string): string[] =>
  readFileSync(`${path}.problems.csv`, 'utf8').replace('\ufeff', '').trim().split('\n').slice(1)

test('a row becomes an order of the customer that its phone leads to, in the brand’s zone and with official places', async () => {
  const summary = await shop.orders(file(row()))
  expect(summary).toMatchObject({ rows: 1, added: 1, refused: 0, already: false, encoding: 'utf-8' })
  const [order] = await kept()
  expect(order).toMatchObject({
    order_no: 'A1',
    amount: '199.00',
    status: 'completed',
    ordered_at: new Date('2026-02-01T02:00:00Z'),
    province: '浙江省',
    city: '杭州市',
    area: '华东',
    skus: ['S1'],
  })
  const { rows } = await db.pool.query<{ address: Buffer }>('SELECT address FROM orders')
  expect(shop.secrets.open(rows[0]!.address, 'orders.address')).toBe('文一西路 1 号, 3 幢')
  expect(shop.changed).toHaveLength(1)
})

test('a file that was imported is not imported again, and its rows in another file change nothing', async () => {
  const path = file(row(), row({ no: 'A2', phone: '13800138002' }))
  await shop.orders(path)
  const before = await kept()
  expect(await shop.orders(path)).toMatchObject({ already: true, added: 2 })
  expect(await shop.orders(file(row(), row({ no: 'A2', phone: '13800138002' }), row({ no: 'A3' })))).toMatchObject({
    added: 1,
    changed: 0,
    unchanged: 2,
  })
  expect((await kept()).slice(0, 2)).toEqual(before)
})

test('an order that has moved on is changed, and its change of status is announced; an older list changes nothing', async () => {
  await shop.orders(file(row({ status: '已付款' })))
  expect(shop.scheduled).toEqual([])
  expect(await shop.orders(file(row({ status: '已发货' })))).toMatchObject({ changed: 1 })
  expect(shop.scheduled).toMatchObject([{ name: 'OrderStatusChanged', payload: { from: 'paid', to: 'shipped' } }])
  expect(await shop.orders(file(row({ status: '待付款' })))).toMatchObject({ changed: 0, unchanged: 1 })
  expect(await kept()).toMatchObject([{ status: 'shipped' }])
})

test('rows that stand together and tell of one order are one order with several things', async () => {
  const summary = await shop.orders(file(row(), row({ sku: 'S2', category: '面膜' }), row({ no: 'A2' })))
  expect(summary).toMatchObject({ rows: 3, added: 2, refused: 0 })
  expect(await kept()).toMatchObject([{ skus: ['S1', 'S2'] }, { skus: ['S1'] }])
})

test('the same order with another total is refused with both lines named, unless the newer total is to hold', async () => {
  const path = file(row(), row({ no: 'A2' }), row({ amount: '189.00' }))
  expect(await shop.orders(path)).toMatchObject({
    added: 2,
    refused: 1,
    problems: [{ line: 4, reason: expect.stringContaining('199.00 from line 2 of this file, here it is 189.00') }],
  })
  expect((await kept())[0]).toMatchObject({ amount: '199.00' })
  expect(await shop.orders(file(row({ amount: '179.00' })), { totals: 'replace' })).toMatchObject({ changed: 1 })
  expect((await kept())[0]).toMatchObject({ amount: '179.00' })
})

test('refunds are negative orders that name what they take back', async () => {
  const path = file(
    row(),
    row({ no: 'R1', amount: '-99.50', status: '已退款', refundOf: 'A1' }),
    row({ no: 'R2', amount: '-5', status: '已退款' }),
    row({ no: 'R3', amount: '5', status: '已退款', refundOf: 'A1' }),
  )
  const summary = await shop.orders(path)
  expect(summary).toMatchObject({ added: 2, refused: 2 })
  expect(summary.problems.map(({ line }) => line)).toEqual([4, 5])
  expect((await kept())[1]).toMatchObject({ order_no: 'R1', amount: '-99.50', refund_of: 'A1' })
})

test('an order of somebody who had herself deleted is refused, and nothing of it is kept', async () => {
  const key = { kind: 'phone' as const, value: '13800138009' }
  await db.transaction(async (tx) => {
    const on = { secrets: shop.secrets, ids: shop.ids, now: shop.clock.now() }
    await resolveCustomers(tx, on, [{ keys: [key], source: 'test' }])
    await tx.query('INSERT INTO tombstone (kind, hash, at) SELECT kind, hash, created_at FROM customer_key')
    await tx.query('DELETE FROM customer_key')
    await tx.query('DELETE FROM customer')
  })
  const path = file(row({ phone: '13800138009' }), row({ no: 'A2' }))
  expect(await shop.orders(path)).toMatchObject({ added: 1, refused: 1 })
  expect(await kept()).toMatchObject([{ order_no: 'A2' }])
  const { rows } = await db.pool.query<{ n: bigint }>('SELECT count(*) AS n FROM customer')
  expect(rows[0]?.n).toBe(1n)
  expect(problemsOf(path).join()).not.toContain('13800138009')
})

test('every bad row is told with its line and column, and the good ones around it are kept', async () => {
  const path = file(
    row(),
    row({ no: 'B1', amount: '1e9' }),
    row({ no: 'B2', amount: '1000000000' }),
    row({ no: 'B3', amount: '12.345' }),
    row({ no: 'B4', at: '2026-02-30 10:00:00' }),
    row({ no: 'B5', status: '交易成攻' }),
    row({ no: '1.23457E+18' }),
    row({ no: 'B6', phone: '138****8001' }),
    row({ no: 'B7', phone: '' }),
    'B8,2026-02-01 10:00:00,199.00,交易成功,,13800138001,S1,初光,精华,1,浙江省,杭州市,没有引号, 多了一格',
    row({ no: 'B9', at: '2126-02-01 10:00:00' }),
    row({ no: 'A2', amount: '"￥1,299.90元"' }),
    row({ no: 'A3', at: '2026/2/3 9:05' }),
    row({ no: 'A4', at: '2026年2月3日' }),
    row({ no: 'A5', at: '46056.5' }),
  )
  const summary = await shop.orders(path)
  expect(summary).toMatchObject({ rows: 15, added: 5, refused: 10 })
  expect(problemsOf(path).map((text) => text.split(',').slice(0, 2).join(' '))).toEqual([
    '3 amount',
    '4 amount',
    '5 amount',
    '6 orderedAt',
    '7 status',
    '8 orderNo',
    '9 ',
    '10 ',
    '11 ',
    '12 orderedAt',
  ])
  expect(problemsOf(path)[4]).toContain('did you mean 交易成功')
  expect(
    (await kept()).map(({ order_no, amount, ordered_at }) => [order_no, amount, ordered_at.toISOString()]),
  ).toEqual([
    ['A1', '199.00', '2026-02-01T02:00:00.000Z'],
    ['A2', '1299.90', '2026-02-01T02:00:00.000Z'],
    ['A3', '199.00', '2026-02-03T01:05:00.000Z'],
    ['A4', '199.00', '2026-02-02T16:00:00.000Z'],
    ['A5', '199.00', '2026-02-03T04:00:00.000Z'],
  ])
})

test('a quote that is never closed costs the row where it was opened, and no other', async () => {
  const open = row({ no: 'B1' }).replace('3 幢"', '3 幢')
  const spread = row({ no: 'A2' }).replace('3 幢', '3 幢\n二单元')
  const path = file(row(), open, spread, row({ no: 'A3' }), open)
  const summary = await shop.orders(path)
  expect(summary.problems).toMatchObject([
    { line: 3, reason: expect.stringContaining('never closed') },
    { line: 7, reason: expect.stringContaining('never closed') },
  ])
  expect((await kept()).map(({ order_no }) => order_no)).toEqual(['A1', 'A2', 'A3'])
})

test('a file that lacks columns is refused as a whole, with what is missing and what is there', async () => {
  const path = shop.write(`${header.replace('amount', 'ammount').replace('phone', '手机')}\n${row()}\n`)
  const refused = shop.orders(path)
  await expect(refused).rejects.toThrow(/amount: one of amount \(did you mean ammount\?\)/)
  await expect(refused).rejects.toThrow(/phone or unionid or member/)
  await expect(refused).rejects.toThrow(/There are: orderno, orderedat, ammount/)
  expect(existsSync(`${path}.problems.csv`)).toBe(false)
})

test('GB18030 is recognised, a byte order mark is no part of a name, and a broken byte is told with its line', async () => {
  const { spawnSync } = await import('node:child_process')
  const text = [header, row({ no: 'G1' }), ''].join('\n')
  const gb = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text }).stdout
  expect(await shop.orders(shop.write(gb))).toMatchObject({ encoding: 'gb18030', added: 1, refused: 0 })
  expect(await shop.orders(shop.write(`\ufeff${header}\r\n${row({ no: 'G2' })}\r\n`))).toMatchObject({ added: 1 })
  const broken = Buffer.from([header, row({ no: 'G3' }), row({ no: 'G4' })].join('\n'))
  broken[broken.lastIndexOf('初光') + 1] = 0xff
  expect(await shop.orders(shop.write(broken))).toMatchObject({
    encoding: 'utf-8',
    added: 1,
    refused: 1,
    problems: [{ line: 3, column: 'product' }],
  })
  expect((await kept()).map(({ skus, ...rest }) => [rest.order_no, skus])).toEqual([
    ['G1', ['S1']],
    ['G2', ['S1']],
    ['G3', ['S1']],
  ])
})

/** Few orders, told again and again with other statuses, totals and things; some rows are bad. */
const told = fc.array(
  fc.record({
    no: fc.constantFrom('A1', 'A2', 'A3', 'A4', 'A5'),
    amount: fc.constantFrom('10.00', '10', '12.50', 'ten'),
    status: fc.constantFrom('待付款', '已付款', '已发货', '交易成功', '?'),
    sku: fc.constantFrom('S1', 'S2'),
    phone: fc.constantFrom('13800138001', '13800138002', '138****8001'),
    broken: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 1, maxLength: 25 },
)

test('wherever an import is broken off and taken up again, the tables and the problems are those of one go', async () => {
  const stops = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(told, stops, fc.integer({ min: 1, max: 6 }), async (rows, stops, batchRows) => {
      const lines = rows.map(({ broken, ...line }) => (broken ? row(line).replace('3 幢"', '3 幢') : row(line)))
      const outcome = async (run: (path: string) => Promise<unknown>) => {
        await db.pool.query('TRUNCATE orders, import_run, customer_key, customer CASCADE')
        const path = file(...lines)
        await run(path)
        const counts = await db.pool.query('SELECT rows, added, refused FROM import_run')
        return {
          orders: await kept(),
          problems: existsSync(`${path}.problems.csv`) ? problemsOf(path) : [],
          counts: counts.rows,
        }
      }
      const whole = await outcome((path) => shop.orders(path, { batchRows: 100 }))
      const pieces = await outcome(async (path) => {
        for (const dieAfter of stops) {
          // A file that ends before that many batches is imported whole.
          await shop.orders(path, { batchRows, dieAfter }).catch((error: unknown) => expect(error).toBe(killed))
        }
        await shop.orders(path, { batchRows })
      })
      expect(pieces).toEqual(whole)
    }),
    { numRuns: 25 },
  )
})

test('rows that a file tells again, in whatever order, change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(told, async (rows) => {
      await db.pool.query('TRUNCATE orders, import_run, customer_key, customer CASCADE')
      // The last word on an order is what an older one is held against: tell each once.
      const lines = [...new Map(rows.map((line) => [line.no, row(line)])).values()]
      await shop.orders(file(...lines))
      const before = await kept()
      const again = await shop.orders(file(...lines.reverse(), ''), { batchRows: 2 })
      expect(await kept()).toEqual(before)
      expect(again).toMatchObject({ added: 0, changed: 0 })
    }),
    { numRuns: 20 },
  )
})

test('of thousands of orders, some known, some new and some told twice, each is counted as what it is', async () => {
  const rows = (from: number, to: number, status?: string): string[] =>
    Array.from({ length: to - from }, (_, i) =>
      row({ no: `B${from + i}`, phone: `138${String(from + i).padStart(8, '0')}`, status }),
    )
  expect(await shop.orders(file(...rows(0, 2_300)))).toMatchObject({ added: 2_300, unchanged: 0 })
  const later = [...rows(900, 1_400), ...rows(0, 50, '已退款'), ...rows(2_300, 4_000), ...rows(3_900, 4_000)]
  const counts = { added: 1_700, changed: 50, unchanged: 600, refused: 0 }
  expect(await shop.orders(file(...later))).toMatchObject(counts)
  expect(await kept()).toHaveLength(4_000)
})

test('amounts come out to the cent as they went in', async () => {
  const cents = fc.bigInt({ min: 0n, max: 99_999_999n })
  await fc.assert(
    fc.asyncProperty(fc.array(cents, { minLength: 1, maxLength: 20 }), async (amounts) => {
      await db.pool.query('TRUNCATE orders, import_run, customer_key, customer CASCADE')
      const texts = amounts.map((n) => `${n / 100n}.${String(n % 100n).padStart(2, '0')}`)
      await shop.orders(file(...texts.map((amount, i) => row({ no: `A${i + 100}`, amount }))))
      expect((await kept()).map(({ amount }) => amount)).toEqual(texts)
    }),
    { numRuns: 15 },
  )
})
