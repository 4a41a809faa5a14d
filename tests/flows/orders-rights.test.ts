/** What becomes of a person's orders when she is linked, unlinked, forgotten, or asks what we keep. */
import { beforeEach, expect, test } from 'vitest'
import { slice as members } from '../../src/domains/members/index.ts'
import { makeReady, type OrderTold, recordOrders, slice } from '../../src/domains/orders/index.ts'
import type { Rights } from '../../src/kernel/slice.ts'
import { testDatabase } from '../support/database.ts'
import { testSecrets } from '../support/secrets.ts'

const { db } = await testDatabase()
const secrets = await testSecrets(db)
const now = new Date('2026-03-02T02:00:00Z')
const rights = slice.rights as Rights
const ofMembers = members.rights as Rights
const [anna, bea] = ['00000000-0000-8000-8000-00000000000a', '00000000-0000-8000-8000-00000000000b'] as const

const order = (orderNo: string): OrderTold => ({
  shop: 'mall',
  orderNo,
  orderedAt: new Date('2026-02-03T04:05:06Z'),
  cents: 19_900n,
  refundOf: null,
  status: 'completed',
  carrier: 'SF',
  trackingNo: 'SF1',
  deliveredAt: null,
  items: [{ sku: 'S1', name: 'serum', category: 'serum', quantity: 1, cents: null }],
  province: '浙江省',
  city: '杭州市',
  area: '华东',
  address: '文一西路 1 号',
  source: `test:${orderNo}`,
})

beforeEach(async () => {
  await db.pool.query('TRUNCATE orders, customer CASCADE')
  await db.pool.query(
    'INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) SELECT id, id, $2, $2 FROM unnest($1::uuid[]) AS row (id)',
    [[anna, bea], now],
  )
  const told = [
    { ...makeReady(order('A1'), secrets), buyer: { customerId: anna, personId: anna } },
    { ...makeReady(order('A2'), secrets), buyer: { customerId: anna, personId: anna } },
    { ...makeReady(order('B1'), secrets), buyer: { customerId: bea, personId: bea } },
  ]
  await db.transaction((tx) => recordOrders(tx, told, { now, secrets, totals: 'keep', announceNew: false }))
})

async function owners(): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ order_no: string; person_id: string }>(
    'SELECT order_no, person_id FROM orders',
  )
  return Object.fromEntries(rows.map((row) => [row.order_no, row.person_id]))
}

test('linked persons share their orders, and each gets her own back when they are parted', async () => {
  const before = await owners()
  await db.transaction(async (tx) => {
    await ofMembers.onMerge(tx, anna, bea, now)
    await rights.onMerge(tx, anna, bea, now)
  })
  expect(await owners()).toEqual({ A1: bea, A2: bea, B1: bea })
  await db.transaction(async (tx) => {
    await ofMembers.onUnlink(tx, anna, bea)
    await rights.onUnlink(tx, anna, bea)
  })
  expect(await owners()).toEqual(before)
})

test('of a forgotten person’s orders the figures stay, and nothing that leads to her or joins one to another', async () => {
  await db.transaction((tx) => rights.forget(tx, anna, now))
  const { rows } = await db.pool.query<Record<string, unknown>>(
    `SELECT * FROM orders WHERE order_no LIKE 'forgotten:%' ORDER BY id`,
  )
  expect(rows).toHaveLength(2)
  for (const row of rows) {
    expect(row).toMatchObject({
      shop: 'mall',
      amount: '199.00',
      ordered_at: new Date('2026-02-03T00:00:00Z'),
      categories: ['serum'],
      address: null,
      city: null,
      tracking_no: null,
      source: 'forgotten',
    })
  }
  const people = new Set(rows.flatMap((row) => [row['customer_id'], row['person_id']]))
  expect(people.size).toBe(2)
  expect(people.has(anna)).toBe(false)
  expect(await owners()).toMatchObject({ B1: bea })
})

test('what is kept is exported whole, with the address opened', async () => {
  const { orders } = (await rights.exportOf(db.pool, anna, secrets)) as { orders: Record<string, unknown>[] }
  expect(orders).toHaveLength(2)
  expect(orders[0]).toMatchObject({ orderNo: 'A1', amount: '199.00', address: '文一西路 1 号', city: '杭州市' })
})
