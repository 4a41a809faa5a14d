/** The `rfm` command as a person or a script calls it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { command } from '../support/command.ts'
import { testDatabase } from '../support/database.ts'

const { db, url } = await testDatabase()
const dir = mkdtempSync(join(tmpdir(), 'zhanggui-rfm-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const rfm = (...words: string[]) => command(['rfm', ...words], { DATABASE_URL: url })

/** Five persons, the nth with n orders of n yuan each, the last of them n days before 2026-03-31. */
const person = (n: number): string => `00000000-0000-7000-8000-00000000000${n}`
for (const n of [1, 2, 3, 4, 5]) {
  const at = `2026-03-${31 - n}T12:00:00+08:00`
  await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)', [
    person(n),
    at,
  ])
  await db.pool.query(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
     SELECT 'shop', $1 || '-' || k, $1::uuid, $1::uuid, $2, $3, 'completed', 'test', $2, $2 FROM generate_series(1, $3::int) k`,
    [person(n), at, n],
  )
}

test('the plain form comes from the orders of the database, as JSON and as lines', async () => {
  const { code, out } = await rfm('--plain', '--as-of', '2026-03-31', '--json')
  expect(code).toBe(0)
  const table = JSON.parse(out) as { asOf: string; bars: unknown; customers: unknown[]; summary: unknown[] }
  expect(table).toMatchObject({ asOf: '2026-03-31', zone: 'Asia/Shanghai' })
  // Bars are 1.8, 2.6, 3.4 and 4.2, plus one.
  expect(table.bars).toMatchObject({ recencyDays: [2.8, 3.6, 4.4, 5.2], orders: [2.8, 3.6, 4.4, 5.2] })
  expect(table.customers[4]).toEqual({
    customer: person(5),
    recencyDays: 5,
    orders: 5,
    amount: 25,
    r: 2,
    f: 4,
    m: 5,
    score: 245,
  })
  expect(table.customers).toHaveLength(5)
  const lines = (await rfm('--plain', '--as-of', '2026-03-31')).out.split('\n')
  expect(lines.slice(0, 2)).toEqual([
    'customer\trecencyDays\torders\tamount\tr\tf\tm\tscore',
    `${person(1)}\t1\t1\t1\t5\t1\t1\t511`,
  ])
})

test('orders from a file need no database', async () => {
  const file = join(dir, 'orders.csv')
  writeFileSync(file, 'customer,date,amount\nann,2026-03-31,10.50\nbo,2026-03-01,-3\n')
  const { out } = await rfm('--plain', '--as-of', '2026-03-31', '--json', '--orders', file)
  const { customers } = JSON.parse(out) as { customers: unknown[] }
  expect(customers).toEqual([
    { customer: 'ann', recencyDays: 0, orders: 1, amount: 10.5, r: 5, f: 1, m: 1, score: 511 },
  ])
})

test('without --plain the scores that tagging keeps are listed and counted, and the audit says who looked', async () => {
  await db.pool.query(
    `INSERT INTO customer_rfm (person_id, last_at, frequency, monetary, r, f, m, computed_at)
     VALUES ($1, '2026-03-30T04:00:00Z', 2.5, 12.30, 5, 4, 3, $3), ($2, NULL, 0, 0, 1, 1, 1, $3)`,
    [person(1), person(2), '2026-03-31T00:00:00Z'],
  )
  const { customers, summary } = JSON.parse((await rfm('--json')).out) as { customers: unknown[]; summary: unknown[] }
  expect(customers).toEqual([
    {
      customer: person(1),
      lastAt: '2026-03-30T04:00:00.000Z',
      frequency: 2.5,
      amount: 12.3,
      r: 5,
      f: 4,
      m: 3,
      score: 543,
    },
    { customer: person(2), lastAt: null, frequency: 0, amount: 0, r: 1, f: 1, m: 1, score: 111 },
  ])
  expect(summary).toEqual([
    { score: 543, people: 1, averageFrequency: 2.5, averageAmount: 12.3 },
    { score: 111, people: 1, averageFrequency: 0, averageAmount: 0 },
  ])
  expect((await rfm('--summary')).out).toMatch(/^score {2}people/)
  const { rows } = await db.pool.query<{ by: string }>(`SELECT by FROM audit WHERE action = 'rfm-listed'`)
  expect(rows.every(({ by }) => by.startsWith('cli:'))).toBe(true)
  expect(rows).toHaveLength(2)
})

test('wrong use ends with 2 and says what was expected', async () => {
  expect(await rfm('--as-of', '2026-03-31')).toMatchObject({ code: 2 })
  const { code, complaint } = await rfm('--plain', '--as-of', '2026-02-30')
  expect([code, complaint]).toEqual([2, '--as-of 2026-02-30: expected a day such as 2006-12-31.\n'])
})
