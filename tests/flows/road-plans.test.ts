/**
 * How PostgreSQL finds rows for the hot road. It plans a named statement once for each connection, perhaps while the
 * tables are new and empty, when reading a whole table is cheap; a plan like that stays while the table grows.
 */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { openRoad, type Road } from '../support/runtime.ts'
import type { InProcessSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'

/** Tables that grow with messages and customers. */
const growing = [
  ...['burst', 'customer', 'identity', 'inbox', 'interaction', 'membership', 'message', 'open_question', 'outbox'],
  ...['tag_due', 'thread'],
]

const faq = `- { id: one, questions: [第一个暗号是什么], answer: 第一个回答 }
- { id: two, questions: [第二个暗号是什么], answer: 第二个回答 }
`

const statements = new Map<string, string>()
let road: Road
let simulator: InProcessSimulator

beforeAll(async () => {
  road = await openRoad({ contentFiles: { 'faq/road.yaml': faq } })
  ;({ simulator } = road)
})
afterAll(() => road.stop())

test('questions and their answers read no growing table whole, even when it was empty at planning', async () => {
  const stopListening = listen()
  for (const [asked, heard] of [
    ['第一个暗号是什么', '第一个回答'],
    ['暗号', '第二个暗号是什么'],
    ['2', '第二个回答'],
  ] as const) {
    await simulator.say('customer-lin', asked)
    await until(async () => (await simulator.sends({ to: 'customer-lin' })).at(-1)?.text?.includes(heard) ?? false, {
      within: 15_000,
      what: `what «${asked}» leads to`,
    })
  }
  await until(async () => statements.has('outbox-echoed'), { what: 'the echo' })
  stopListening()
  expect([...statements.keys()]).toEqual(
    expect.arrayContaining(['outbox-record', 'members-questions-close', 'faq-find-burst']),
  )

  const empty = await testDatabase()
  const scans: string[] = []
  for (const [name, text] of statements) {
    for (const table of await scanned(empty, text)) scans.push(`${name} reads all of ${table}`)
  }
  expect(scans).toEqual([])
})

/** Keeps the named statements that pass through any client until the returned function is called. */
function listen(): () => void {
  const query = pg.Client.prototype.query
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    const [config] = asked as [{ name?: string; text?: string }]
    if (typeof config === 'object' && config.name && config.text) statements.set(config.name, config.text)
    return Reflect.apply(query, this, asked) as unknown
  } as typeof query
  return () => (pg.Client.prototype.query = query)
}

async function scanned({ db }: TestDatabase, text: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`)
  const found = rows.map((row) => /Seq Scan on (\w+)/.exec(row['QUERY PLAN'])?.[1])
  return found.filter((table) => table !== undefined && growing.includes(table)) as string[]
}
