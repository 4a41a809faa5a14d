import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { PlainOrder } from '../../src/domains/tags/rfm/plain/decide.ts'
import { readOrdersFile } from '../../src/domains/tags/rfm/plain/orders-file.ts'
import { UsageError } from '../../src/kernel/errors.ts'

const dir = mkdtempSync(join(tmpdir(), 'zhanggui-rfm-'))
const file = join(dir, 'orders.csv')
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function read(text: string): Promise<PlainOrder[]> {
  writeFileSync(file, text)
  const orders: PlainOrder[] = []
  for await (const order of readOrdersFile(file, 'Asia/Shanghai')) orders.push(order)
  return orders
}

/** What is said of a file that cannot be read. */
async function complaint(text: string): Promise<string> {
  const error: unknown = await read(text).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message.replace(file, 'FILE')
}

test('customers, days and exact cents are read, from columns in any order and under either name', async () => {
  expect(await read('\ufeffrevenue,first_name,customer_id,order_date\r\n0.1,A,"Ann, B",2006-12-31\r\n')).toEqual([
    { customer: 'Ann, B', day: '2006-12-31', cents: 10n },
  ])
})

test('an instant becomes a day in the brand’s zone', async () => {
  expect(await read('customer,date,amount\na,2006-12-30T16:30:00Z,1\n')).toMatchObject([{ day: '2006-12-31' }])
})

test.for([
  ['customer,date,amount\na,2006-02-30,1\n', 'FILE:2: expected a date'],
  ['customer,date,amount\na,2006-02-01,1\nb,2006-02-01,1e9\n', 'FILE:3: expected an amount'],
  ['customer,date,amount\n,2006-02-01,1\n', 'FILE:2: there is no customer'],
  ['customer,date\na,2006-02-01\n', 'FILE:1: there is no column amount or revenue'],
  ['', 'FILE is empty'],
])('what cannot be read is named with its line: %j', async ([text, expected]) => {
  expect(await complaint(text!)).toContain(expected)
})

test('a quote that is never closed is named without what it holds', async () => {
  const said = await complaint('customer,date,amount\n"Ann,2006-02-01,1\n')
  expect(said).toContain('CSV_QUOTE_NOT_CLOSED')
  expect(said).not.toContain('Ann')
})

test('a file that is not there is a wrong use, not a crash', async () => {
  const orders = readOrdersFile(join(dir, 'none.csv'), 'Asia/Shanghai')
  await expect(orders.next()).rejects.toThrow(UsageError)
})
