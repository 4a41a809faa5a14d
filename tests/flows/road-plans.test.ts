/**
 * How PostgreSQL finds rows for the hot road. It plans a named statement once for each connection, perhaps while the
 * tables are new and empty, when reading a whole table is cheap; a plan like that stays while the table grows.
 */
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { grounded, openAnswersRoad, saying } from '../support/answers.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { openRoad } from '../support/runtime.ts'
import { until } from '../support/until.ts'

/** Tables that grow with messages and customers. */
const growing = [
  ...['burst', 'customer', 'identity', 'inbox', 'interaction', 'membership', 'message', 'open_question', 'outbox'],
  ...['tag_due', 'thread', 'exchange', 'answer_cache', 'model_spend', 'handoff_case', 'case_entry'],
]

const faq = `- { id: one, questions: [红色瓶子怎么打开], answer: 红色的回答 }
- { id: two, questions: [蓝色瓶子怎么打开], answer: 蓝色的回答 }
`

const statements = new Map<string, string>()
beforeEach(() => statements.clear())
/** One at a time: of two in a process, one would ask the model of the other. */
let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

test('questions and their answers read no growing table whole, even when it was empty at planning', async () => {
  const road = await openRoad({ contentFiles: { 'faq/road.yaml': faq } })
  ;({ stop } = road)
  const { simulator } = road
  const stopListening = listen()
  for (const [who, asked, heard] of [
    ['customer-lin', '红色瓶子怎么打开', '红色的回答'],
    ['customer-chen', '瓶子怎么打开', '蓝色瓶子怎么打开'],
    ['customer-chen', '2', '色的回答'],
  ] as const) {
    await simulator.say(who, asked)
    await until(async () => (await simulator.sends({ to: who })).at(-1)?.text?.includes(heard) ?? false, {
      within: 30_000,
      what: `what «${asked}» leads to`,
    })
  }
  await until(async () => statements.has('outbox-echoed'), { what: 'the echo' })
  stopListening()
  expect([...statements.keys()]).toEqual(
    expect.arrayContaining(['outbox-record', 'members-questions-close', 'faq-find-burst']),
  )

  expect(await wholeReads()).toEqual([])
})

test('nor do questions that a model answers, at once, the second time, or never', async () => {
  const road = await openAnswersRoad()
  ;({ stop } = road)
  const stopListening = listen()
  const ask = async (text: string): Promise<unknown> => {
    const who = road.somebody()
    await road.simulator.say(who, text)
    await road.saidTo(who)
    return (await road.exchangesOf(who))[0]
  }
  const wrong = saying('满 59 元就包邮')
  road.stub.reply(wrong, grounded)
  expect(await ask('第一个暗号')).toMatchObject({ outcome: 'voiced', attempt: 2 })
  expect(await ask('第一个暗号')).toMatchObject({ outcome: 'cached' })
  road.stub.reply(wrong)
  expect(await ask('第一个暗号！')).toMatchObject({ outcome: 'verbatim' })
  expect(await ask('老板的猫叫什么名字')).toMatchObject({ outcome: 'handed' })
  await until(() => statements.has('faq-overdue'), { what: 'overdue questions are looked for' })
  stopListening()
  const ours = ['exchange', 'exchanges', 'exchanges-close', 'exchanges-repair', 'cached', 'cache', 'allowance', 'spend']
  const names = ['recent', 'overdue', ...ours].map((name) => `faq-${name}`)
  expect([...statements.keys()]).toEqual(expect.arrayContaining(names))
  expect(await wholeReads()).toEqual([])
})

test('nor does what nobody asked for, which asks for its limits, waits, goes out or is stopped', async () => {
  const { db } = await testDatabase()
  const world = new DeliveryWorld(db)
  stop = () => world.close()
  const stopListening = listen()
  await world.open()
  const [ann, group] = [await world.direct('ann'), await world.group('room')]
  const unasked = { purpose: 'marketing' as const, batch: 'run', delays: [0, 1_000] }
  const two = [
    { type: 'text', text: '一' },
    { type: 'text', text: '二' },
  ] as const
  await world.ask(send(ann, 'one', [...two], unasked), send(group, 'post', '三', unasked))
  await world.untilStates('one', ['sent', 'sent'], { ticking: true })
  await world.untilStates('post', ['sent'])
  await world.ask(send(ann, 'two', '四', unasked))
  await until(async () => (await world.rows('two'))[0]?.deferred === 'capped')
  await world.ask({ kind: 'StopSends', batch: 'run', reason: 'stopped' })
  await world.untilStates('two', ['cancelled: stopped'])
  await until(() => statements.has('outbox-end-stops'))
  stopListening()
  const ours = ['limits-lock', 'limits-facts', 'outbox-claim', 'outbox-cancel-stopped']
  expect([...statements.keys()]).toEqual(expect.arrayContaining(ours))
  expect(await wholeReads()).toEqual([])
})

/** Which statement reads a whole table, as PostgreSQL would plan it while that is empty. */
async function wholeReads(): Promise<string[]> {
  const empty = await testDatabase()
  const scans: string[] = []
  for (const [name, text] of statements) {
    for (const table of await scanned(empty, text)) scans.push(`${name} reads all of ${table}`)
  }
  return scans
}

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
