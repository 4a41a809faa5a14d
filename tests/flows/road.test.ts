/** The whole road in one process: a message on the wire, through the database, to an answer on the wire. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Runtime } from '../../src/app/runtime.ts'
import type { TestDatabase } from '../support/database.ts'
import { openRoad, type Road } from '../support/runtime.ts'
import type { InProcessSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'

const room = 'room-care-1'
const mention = ['main']
/** Entries whose every question is known word for word. */
const entries = `
- { id: one, questions: [第一个暗号], answer: 第一个回答 }
- { id: chat, questions: [群里随便聊聊], answer: 闲聊的回答 }
- { id: three, questions: [三句暗号连着说], answer: 三句的回答 }
- { id: red, questions: [红色瓶子怎么打开], answer: 红色的回答 }
- { id: blue, questions: [蓝色瓶子怎么打开], answer: 蓝色的回答 }
`

let road: Road
let database: TestDatabase
let simulator: InProcessSimulator
let runtime: Runtime

beforeAll(async () => {
  road = await openRoad({
    accounts: ['main', 'second'],
    contentFiles: { 'faq/road.yaml': entries },
    prepare: ({ simulator: world }) => world.act('join', { room, contacts: ['second'] }),
  })
  ;({ database, simulator, runtime } = road)
})
afterAll(() => road.stop())

/** What our accounts have said there since `before` messages, once there are `count`; everything heard is handled then. */
async function said(to: string, count: number, before = 0): Promise<{ text?: string; mentionIds?: string[] }[]> {
  const all = async () => (await simulator.sends({ to })).slice(before)
  await until(async () => (await all()).length >= count, { within: 30_000, what: `${count} messages to ${to}` })
  await idle()
  const sends = await all()
  expect(sends).toHaveLength(count)
  return sends
}

async function idle(): Promise<void> {
  const open = `SELECT 1 FROM inbox WHERE handled_at IS NULL UNION ALL SELECT 1 FROM burst
    UNION ALL SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')`
  await until(async () => (await database.db.pool.query(open)).rows.length === 0, { within: 30_000, what: 'idle' })
}

const countTo = async (to: string): Promise<number> => (await simulator.sends({ to })).length

test('a direct message is answered word for word', async () => {
  await simulator.say('customer-lin', '第一个暗号')
  expect(await said('customer-lin', 1)).toMatchObject([{ text: '第一个回答' }])
})

test('who names one of our accounts in a group is answered there once, by name, though two accounts hear it', async () => {
  const before = await countTo(room)
  await simulator.say('customer-chen', '第一个暗号', { room, mention })
  const [answer] = await said(room, 1, before)
  expect(answer?.mentionIds).toEqual(['customer-chen'])
  expect(answer?.text).toContain('第一个回答')
  expect(answer?.text).toContain('@陈晨')
})

test('what people say to each other in a group is stored and not answered', async () => {
  const before = await countTo(room)
  await simulator.say('customer-sun', '群里随便聊聊', { room })
  await simulator.say('customer-lin', '第一个暗号', { room, mention })
  await said(room, 1, before)
  const stored = await database.db.pool.query(`SELECT direction FROM message WHERE text = '群里随便聊聊'`)
  expect(stored.rows).toEqual([{ direction: 'in' }])
})

test('«2» takes the second of what «did you mean» offers, and only while it is open', async () => {
  await simulator.say('customer-zhao', '瓶子怎么打开')
  const [offer] = await said('customer-zhao', 1)
  const second = /2\. (.)色瓶子怎么打开/.exec(offer?.text ?? '')?.[1]
  expect(second).toMatch(/[红蓝]/)
  await simulator.say('customer-zhao', '2')
  expect(await said('customer-zhao', 2)).toMatchObject([{}, { text: `${second}色的回答` }])
  await simulator.say('customer-zhao', '2')
  const [, , later] = await said('customer-zhao', 3)
  expect(later?.text).not.toContain('色的回答')
})

test('several messages in one breath are read as one question', async () => {
  await simulator.act('burst', { from: 'customer-liu', texts: ['三句', '暗号', '连着说'] })
  expect(await said('customer-liu', 1)).toMatchObject([{ text: '三句的回答' }])
})

test('to what no entry covers the content says that it does not know', async () => {
  await simulator.say('customer-wu', '你们老板是什么星座')
  const [answer] = await said('customer-wu', 1)
  const content = runtime.content.current()
  const wordings = [0, 0.3, 0.6, 0.9].map((pick) => content.reply('faq.unknown', {}, pick))
  expect(wordings).toContain(answer?.text)
})

test('colleagues in a talk of their own are not answered', async () => {
  await simulator.say('staff-zhou', '第一个暗号')
  await simulator.say('customer-huang', '第一个暗号')
  await said('customer-huang', 1)
  expect(await countTo('staff-zhou')).toBe(0)
})

test('newcomers are welcomed together, in one message that names them', async () => {
  const before = await countTo(room)
  await simulator.act('join', { room, contacts: ['stranger-tang', 'stranger-ma'], inviter: 'staff-he' })
  const [welcome] = await said(room, 1, before)
  expect(welcome?.mentionIds?.toSorted()).toEqual(['stranger-ma', 'stranger-tang'])
})

test('what is taken back before it is read is not answered', async () => {
  const messageId = await simulator.say('customer-he', '三句')
  await until(async () => (await database.db.pool.query('SELECT FROM burst')).rowCount === 1)
  await simulator.act('recall', { messageId })
  await idle()
  expect(await countTo('customer-he')).toBe(0)
})

test('a human who types on the phone of the account silences it there and nowhere else', async () => {
  await simulator.act('typeOnPhone', { to: 'customer-xu', text: '我来处理' })
  await until(
    async () => (await database.db.pool.query('SELECT FROM thread WHERE silent_until IS NOT NULL')).rowCount === 1,
  )
  await simulator.say('customer-xu', '第一个暗号')
  await simulator.say('customer-wang-1', '第一个暗号')
  await said('customer-wang-1', 1)
  expect(await countTo('customer-xu')).toBe(0)
})
