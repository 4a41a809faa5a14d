import { expect, test } from 'vitest'
import { inOnePacket } from '../../src/kernel/packet.ts'
import { type BatchQuery, type BatchWrite, Transaction } from '../../src/kernel/work.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
await db.pool.query('CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int REFERENCES parent)')

const statements: number[][] = []
const numbers: BatchQuery<number, string> = {
  name: 'numbers',
  keyOf: String,
  async run(client, keys) {
    statements.push(keys)
    const { rows } = await client.query<{ n: number }>('SELECT n FROM unnest($1::int[]) n WHERE n > 0', [keys])
    return new Map(rows.map(({ n }) => [String(n), `number ${n}`]))
  },
}
const insert = (table: string, order: number): BatchWrite<number> => ({
  name: table,
  order,
  async run(client, rows) {
    await client.query(`INSERT INTO ${table} SELECT unnest($1::int[])`, [rows])
  },
})

test('what many ask in one turn is one statement, each key once; a key without a row is undefined', async () => {
  statements.length = 0
  const work = new Transaction(db.pool, new Date(0))
  const asked = await Promise.all([1, 2, 1, -3].map((n) => work.load(numbers, n)))
  expect(asked).toEqual(['number 1', 'number 2', 'number 1', undefined])
  expect(await work.load(numbers, 2)).toBe('number 2')
  expect(statements).toEqual([[1, 2, -3]])
})

test('writes go out in the order of what points at what, and one that fails undoes them all', async () => {
  const [parent, child] = [insert('parent', 1), insert('child', 2)]
  const client = await db.pool.connect()
  const attempt = async (parents: number[], children: number[]): Promise<unknown> => {
    const work = new Transaction(client, new Date(0))
    await inOnePacket(client, () => client.query('BEGIN'))
    for (const id of children) work.write(child, id)
    for (const id of parents) work.write(parent, id)
    return work.flush((tx) => tx.query('COMMIT')).catch((error: unknown) => error)
  }
  expect(await attempt([1], [1])).toBeUndefined()
  expect(await attempt([2], [2, 99])).toBeInstanceOf(Error)
  client.release()
  const { rows } = await db.pool.query('SELECT id FROM parent')
  expect(rows).toEqual([{ id: 1 }])
})
