/** The shop's own programs bring orders and events over HTTP. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Api, type ApiOptions, openApi } from '../../src/app/api/index.ts'
import { importKind } from '../../src/app/import/index.ts'
import { interactionRules } from '../../src/domains/members/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { ScheduleEvent } from '../../src/kernel/effect.ts'
import { createLog } from '../../src/kernel/log.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { testSecrets } from '../support/secrets.ts'

const { db } = await testDatabase()
const clock = virtualClock()
const secrets = await testSecrets(db)
const key = 'k'.repeat(40)
const scheduled: ScheduleEvent[] = []
const changed: [string[], number][] = []

const content = {
  version: 'test',
  zone: 'Asia/Shanghai',
  one: ({ name }: { name: string }) =>
    name === interactionRules.name
      ? interactionRules.schema.parse({ interactions: [{ kind: 'check-in', title: 'checked in', weight: 2 }] })
      : importKind.schema.parse({ orders: { shop: 'mall' } }),
} as unknown as Content

const house: ApiOptions = {
  db,
  content: () => content,
  secrets,
  clock,
  ids: systemIds(clock),
  log: createLog('silent'),
  schedule: { name: 'jobs', order: 60, run: async (_, rows) => void scheduled.push(...rows) },
  interactionKinds: { shared: { title: 'shared', weight: 1 } },
  openEvents: () => ['CartLeft'],
  onChanged: async (_, personIds, priority) => void changed.push([personIds, priority]),
  port: 0,
  host: '127.0.0.1',
  key,
}
const opened: Api[] = []

async function serve(more: Partial<ApiOptions> = {}): Promise<Api> {
  const api = await openApi({ ...house, ...more })
  opened.push(api)
  return api
}

const api = await serve({ perMinute: 10_000 })
afterAll(async () => {
  for (const one of opened) await one.close()
})

beforeEach(async () => {
  scheduled.length = 0
  changed.length = 0
  await db.pool.query(
    'TRUNCATE orders, interaction, api_request, customer_key, customer_link, tombstone, customer CASCADE',
  )
})

let requests = 0
type Asked = { path?: string; body?: unknown; raw?: string; headers?: Record<string, string>; to?: Api }
type Answered = { status: number; body: Record<string, unknown>; headers: Headers }

async function ask({ path = '/api/orders', body, raw, headers = {}, to = api }: Asked): Promise<Answered> {
  const response = await fetch(`http://127.0.0.1:${to.port}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': `request-${(requests += 1)}`,
      ...headers,
    },
    body: raw ?? JSON.stringify(body),
  })
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  }
}

const customer = { keys: [{ kind: 'phone', value: '13800138001' }] }
const order = (more: object = {}): object => ({
  orderNo: 'A1',
  customer,
  orderedAt: '2026-03-01T10:00:00+08:00',
  amount: '199.90',
  status: 'paid',
  items: [{ sku: 'S1', name: 'serum', category: 'serum' }],
  address: '浙江省杭州市余杭区文一西路 1 号',
  ...more,
})

async function rows(table: 'orders' | 'interaction' | 'customer'): Promise<Record<string, unknown>[]> {
  return (await db.pool.query<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY id`)).rows
}

test('an order is kept, announced, and makes its customer due for tagging at once', async () => {
  expect(await ask({ body: { orders: [order()] } })).toMatchObject({
    status: 200,
    body: { orders: [{ result: 'added' }] },
  })
  expect(await rows('orders')).toMatchObject([{ shop: 'mall', amount: '199.90', province: '浙江省', city: '杭州市' }])
  expect(scheduled).toMatchObject([{ name: 'OrderStatusChanged', payload: { from: null, to: 'paid' } }])
  expect(changed).toMatchObject([[[expect.any(String)], 0]])
  await ask({ body: { orders: [order({ status: 'shipped', carrier: 'SF', trackingNo: 'SF1' })] } })
  expect(scheduled[1]).toMatchObject({ payload: { from: 'paid', to: 'shipped' } })
})

test('the same request again is answered the same and done once; another one under its key is refused', async () => {
  const headers = { 'idempotency-key': 'one-and-the-same' }
  const first = await ask({ body: { orders: [order()] }, headers })
  const again = await Promise.all([1, 2, 3].map(() => ask({ body: { orders: [order()] }, headers })))
  for (const { status, body } of again) expect([status, body]).toEqual([first.status, first.body])
  expect(await ask({ body: { orders: [order({ amount: '1.00' })] }, headers })).toMatchObject({ status: 409 })
  expect(scheduled).toHaveLength(1)
})

test('requests that arrive together under one key are done once', async () => {
  const headers = { 'idempotency-key': 'all-at-once' }
  const event = { customer, kind: 'check-in', at: '2026-03-01T02:00:00Z' }
  await Promise.all([1, 2, 3, 4].map(() => ask({ path: '/api/events', body: { events: [event] }, headers })))
  expect(await rows('interaction')).toMatchObject([{ kind: 'check-in', weight: 2, source: 'event:all-at-once:0' }])
})

test('whoever does not know the key learns nothing and changes nothing', async () => {
  for (const authorization of ['', 'Bearer', `Bearer ${key}x`, key]) {
    expect(await ask({ body: { orders: [order()] }, headers: { authorization } })).toMatchObject({ status: 401 })
  }
  expect(await rows('orders')).toEqual([])
})

test('what is wrong is said field by field, and nothing of the request is kept', async () => {
  const bad = [order({ amount: 199.9 }), order({ amount: '1e9' }), order({ orderedAt: '1.3.2026', colour: 'red' })]
  const answer = await ask({ body: { orders: [...bad, order({ amount: '-5.00' })] } })
  expect(answer.status).toBe(400)
  const errors = answer.body['errors'] as { path: string; message: string }[]
  expect(errors.map(({ path }) => path).sort()).toEqual([
    'orders.0.amount',
    'orders.1.amount',
    'orders.2.colour',
    'orders.2.orderedAt',
    'orders.3.refundOf',
  ])
  expect(await ask({ body: { orders: [order({ amount: '2000000.00' }), order()] } })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'orders.0.amount' }, { path: 'orders.1.orderNo' }] },
  })
  expect(await ask({ raw: '{"orders": [' })).toMatchObject({ status: 400, body: { errors: [{ message: 'no JSON' }] } })
  expect(await ask({ body: { orders: [order()] }, headers: { 'idempotency-key': 'x' } })).toMatchObject({ status: 400 })
  expect(await ask({ raw: `"${'x'.repeat(1_100_000)}"` })).toMatchObject({ status: 413 })
  expect(await ask({ path: '/api/nothing', body: {} })).toMatchObject({ status: 404 })
  expect(await rows('customer')).toEqual([])
})

test('an order that cannot be taken says why, and does not keep the others out', async () => {
  await ask({ body: { orders: [order()] } })
  const answer = await ask({ body: { orders: [order({ amount: '99.00' }), order({ orderNo: 'A2' })] } })
  expect(answer).toMatchObject({
    status: 200,
    body: { orders: [{ result: 'refused', reason: 'other-totals' }, { result: 'added' }] },
  })
  expect(await ask({ body: { orders: [order({ amount: '99.00' })] } })).toMatchObject({ status: 422 })
})

test('an event of a kind that somebody registered counts, one that a slice waits for reaches it, any other is refused', async () => {
  const event = (kind: string): object => ({ customer, kind, at: '2026-03-01T02:00:00Z', data: { page: 'spring' } })
  const answer = await ask({ path: '/api/events', body: { events: [event('shared'), event('CartLeft')] } })
  expect(answer).toMatchObject({ status: 200, body: { events: [{ result: 'taken' }, { result: 'taken' }] } })
  expect(await rows('interaction')).toMatchObject([{ kind: 'shared', data: { page: 'spring' } }])
  expect(scheduled).toMatchObject([
    { name: 'members.shop-told', payload: { kind: 'CartLeft', data: { page: 'spring' } } },
  ])
  expect(await ask({ path: '/api/events', body: { events: [event('shred')] } })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'events.0.kind', message: expect.stringContaining('shared, check-in, CartLeft') }] },
  })
})

test('who asks too often is told when to come again', async () => {
  const slow = await serve({ perMinute: 2 })
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push(await ask({ body: { orders: [order()] }, to: slow }))
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('without a long key nothing is served, and a port that is taken is said', async () => {
  await expect(openApi({ ...house, key: undefined })).rejects.toMatchObject({ code: 'api-key' })
  await expect(openApi({ ...house, key: 'short' })).rejects.toMatchObject({ code: 'api-key' })
  await expect(openApi({ ...house, port: api.port })).rejects.toMatchObject({ code: 'api-port' })
})
