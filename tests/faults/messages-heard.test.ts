/** What the platform tells twice, late, too early, of ourselves, or takes back. */
import { beforeAll, expect, it } from 'vitest'
import type { BotProcess } from '../support/bot.ts'
import { until } from '../support/until.ts'
import { answerOf, openStage, questionOf, type Stage } from './stage.ts'

let stage: Stage
let bot: BotProcess

beforeAll(async () => {
  // An answer that is itself a question: whoever answers their own words never ends.
  const loop = `- id: loop\n  questions: [${questionOf(90)}吗]\n  answer: ${questionOf(91)}\n`
  stage = await openStage({ files: { 'faq/loop.yaml': loop } })
  bot = await stage.start()
})

/** Asks and waits for the answer: everything that the same person said before has had its turn by then. */
async function ask(n: number, from: string, where: { room?: string; mention?: string[] } = {}): Promise<void> {
  await stage.simulator.say(from, questionOf(n), where)
  await stage.answered(n)
}

it('a message that comes three times, and again after a restart, is answered once', async () => {
  const { simulator } = stage
  const messageId = await simulator.say('customer-lin', questionOf(1))
  await simulator.act('tellAgain', { messageId, times: 2 })
  await stage.answered(1)
  await ask(2, 'customer-lin')
  await bot.kill9()
  bot = await stage.start()
  await simulator.act('tellAgain', { messageId, times: 3 })
  await ask(3, 'customer-lin')
  await stage.settled()
  for (const n of [1, 2, 3]) expect(await stage.answersTo(n)).toHaveLength(1)
})

it('a day-old message is stored and never answered', async () => {
  await stage.simulator.say('customer-liu', questionOf(5), { ageMs: 24 * 3_600_000 })
  await ask(6, 'customer-liu')
  await stage.settled()
  expect(await stage.answersTo(5)).toEqual([])
  expect(await stage.rows(`SELECT direction FROM message WHERE text = $1`, [questionOf(5)])).toEqual([
    { direction: 'in' },
  ])
  const [row] = await stage.rows(`SELECT outcome FROM inbox WHERE what -> 'message' ->> 'text' = $1`, [questionOf(5)])
  expect(row).toEqual({ outcome: 'stale' })
})

it('what is said before the login is answered after it, once', async () => {
  const early = await openStage({ simulator: { loggedIn: false } })
  const { simulator } = early
  const waiting = early.spawn()
  await until(async () => (await simulator.state()).accounts[0]?.streams === 1, { within: 30_000 })
  const messageId = await simulator.say('customer-lin', questionOf(1))
  await simulator.say('customer-chen', questionOf(2))
  await simulator.act('login', {})
  await simulator.act('tellAgain', { messageId })
  await waiting.untilReady()
  for (const n of [1, 2]) await early.answered(n)
  await simulator.say('customer-lin', questionOf(3))
  await early.answered(3)
  await early.settled()
  for (const n of [1, 2, 3]) expect(await early.answersTo(n)).toHaveLength(1)
  await early.close()
})

it('its own echo is neither answered nor taken for a human on the phone, however often it is told', async () => {
  const { simulator } = stage
  const room = { room: 'room-care-1', mention: ['main'] }
  await simulator.say('customer-he', `${questionOf(90)}吗`)
  await untilEchoed(questionOf(91))
  await simulator.act('setManners', { repeat: 3 })
  await ask(10, 'customer-he')
  await ask(11, 'customer-chen', room)
  await untilEchoed(answerOf(11))
  await simulator.act('setManners', { repeat: 1 })
  await tellEchoesAgain()
  await ask(12, 'customer-chen', room)
  await bot.kill9()
  bot = await stage.start()
  // Platforms replay what was said after a new login.
  await tellEchoesAgain()
  await ask(13, 'customer-chen', room)
  await ask(14, 'customer-he')
  await stage.settled()
  for (const n of [10, 11, 12, 13, 14]) expect(await stage.answersTo(n)).toHaveLength(1)
  expect(await stage.answersTo(91)).toEqual([])
  expect(await stage.rows(`SELECT FROM message WHERE direction = 'human'`)).toEqual([])
  expect(await stage.rows(`SELECT FROM thread WHERE silent_until IS NOT NULL`)).toEqual([])
})

async function untilEchoed(text: string): Promise<void> {
  await until(async () => {
    const rows = await stage.rows(`SELECT FROM outbox WHERE body ->> 'text' = $1 AND echoed_at IS NOT NULL`, [text])
    return rows.length === 1
  })
}

async function tellEchoesAgain(): Promise<void> {
  for (const { messageId = '' } of await stage.simulator.sends()) await stage.simulator.act('tellAgain', { messageId })
}

it('someone who types on the phone silences the bot in that thread, and in no other', async () => {
  const { simulator } = stage
  const mention = ['main']
  await simulator.act('typeOnPhone', { to: 'customer-zhao', text: '赵先生，您的订单我来处理。' })
  await simulator.act('typeOnPhone', { room: 'room-vip-1', text: '大家好，我是顾问周敏。' })
  await until(async () => (await stage.rows('SELECT FROM thread WHERE silent_until > now()')).length === 2)
  await simulator.say('customer-zhao', questionOf(20))
  await simulator.say('customer-xu', questionOf(21), { room: 'room-vip-1', mention })
  await ask(22, 'customer-sun')
  await ask(23, 'customer-zhao', { room: 'room-care-1', mention })
  await ask(24, 'customer-xu')
  await stage.settled()
  for (const n of [20, 21]) expect(await stage.answersTo(n)).toEqual([])
  expect(await stage.rows(`SELECT FROM inbox WHERE handled_at IS NULL`)).toEqual([])
})

it('in a group that it has only just come into it answers the first question', async () => {
  const members = ['customer-liu', 'staff-he']
  await stage.simulator.act('addRoom', { id: 'room-new', topic: '青屿 · 护肤交流9群', members })
  await stage.simulator.act('join', { room: 'room-new', contacts: ['main'], inviter: 'staff-he' })
  await ask(30, 'customer-liu', { room: 'room-new', mention: ['main'] })
  await stage.settled()
  expect(await stage.answersTo(30)).toHaveLength(1)
})

it('a message recalled before its burst is read is not answered', async () => {
  const { simulator } = stage
  const before = (await simulator.sends({ to: 'customer-wu' })).length
  // Words that nothing answers at once wait for the rest of the burst.
  const messageId = await simulator.say('customer-wu', '那个')
  await until(async () => (await stage.rows('SELECT FROM burst')).length === 1)
  await simulator.act('recall', { messageId })
  await stage.settled()
  expect(await stage.rows('SELECT recalled_at IS NOT NULL AS recalled FROM message WHERE text = $1', ['那个'])).toEqual(
    [{ recalled: true }],
  )
  expect(await simulator.sends({ to: 'customer-wu' })).toHaveLength(before)
})

it('a question recalled while its answer waits in the outbox is not answered', async () => {
  const slow = await openStage({
    settings: { 'delivery.pace.enabled': true, 'delivery.pace.sameTarget': '3s', 'delivery.pace.perMinute': 1000 },
  })
  await slow.start()
  await slow.simulator.say('customer-lin', questionOf(1))
  const messageId = await slow.simulator.say('customer-lin', questionOf(2))
  await slow.answered(1)
  await until(async () => (await slow.rows(`SELECT FROM outbox WHERE state = 'pending'`)).length === 1)
  await slow.simulator.act('recall', { messageId })
  await slow.settled()
  expect(await slow.answersTo(2)).toEqual([])
  expect(await slow.rows(`SELECT state FROM outbox WHERE body ->> 'text' = $1`, [answerOf(2)])).toEqual([
    { state: 'cancelled' },
  ])
  await slow.close()
})
