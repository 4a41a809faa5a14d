/** Content under a running bot: good changes are live at once and whole, bad ones not at all. */
import { expect, test } from 'vitest'
import type { BotProcess } from '../support/bot.ts'
import { until } from '../support/until.ts'
import { stageOfTest, type Stage } from './stage.ts'

const entry = (id: string, question: string, answer: string): string =>
  `- id: ${id}\n  questions: [${question}]\n  answer: ${answer}\n`

const question = '灯塔几点开门'
const files = { 'faq/lighthouse.yaml': entry('lighthouse', question, '灯塔九点开门。') }

/** What the bot answers, to a customer who has not been answered before. */
async function answerOf({ simulator }: Stage, from: string, asked = question): Promise<string | undefined> {
  await simulator.say(from, asked)
  await until(async () => (await simulator.sends({ to: from })).length > 0, { what: `${from} is answered` })
  return (await simulator.sends({ to: from }))[0]?.text
}

/** Waits until another version is live than `before`. */
async function changed(bot: BotProcess, before: string | null): Promise<string | null> {
  await until(async () => (await bot.health()).content !== before, { within: 30_000, what: 'the change is live' })
  return (await bot.health()).content
}

test('a saved change goes live, all of it or nothing, and bad content keeps the old one and raises an alarm', async () => {
  const stage = await stageOfTest({ questions: 1, files })
  const bot = await stage.start()
  let { content: version } = await bot.health()
  expect(await answerOf(stage, 'customer-lin')).toBe('灯塔九点开门。')

  stage.content.write({ 'faq/lighthouse.yaml': entry('lighthouse', question, '灯塔十点开门。') })
  version = await changed(bot, version)
  expect(await answerOf(stage, 'customer-chen')).toBe('灯塔十点开门。')

  // Half of this is good, and none of it may be heard.
  stage.content.write({
    'faq/lighthouse.yaml': entry('lighthouse', question, '灯塔十一点开门。'),
    'faq/broken.yaml': '- id: broken\n  questoins: [坏了]\n',
  })
  await until(() => bot.log.some(({ msg, code }) => msg === 'alarm raised' && code === 'bad-content'))
  expect((await bot.health()).content).toBe(version)
  expect(await answerOf(stage, 'customer-zhao')).toBe('灯塔十点开门。')
  expect((await stage.zhanggui('content', 'publish')).code).toBe(1)

  stage.content.write({ 'faq/broken.yaml': '\ufeff' })
  await changed(bot, version)
  expect(await answerOf(stage, 'customer-sun')).toBe('灯塔十一点开门。')
  await until(async () => (await bot.health()).alarms.length === 0)
})

test('with «publish: manual» a change waits for «content publish», and «content rollback» takes it back', async () => {
  const stage = await stageOfTest({ questions: 1, files, settings: { 'content.publish': 'manual' } })
  const bot = await stage.start()
  const { content: first } = await bot.health()
  const later = entry('lighthouse', question, '灯塔十点开门。')
  stage.content.write({ 'faq/lighthouse.yaml': later })
  const { out } = await stage.zhanggui('ask', question, '--json')
  expect((JSON.parse(out) as { text: string }).text).toBe('灯塔十点开门。')
  expect(await answerOf(stage, 'customer-lin')).toBe('灯塔九点开门。')

  expect(await stage.zhanggui('content', 'publish')).toMatchObject({ code: 0 })
  const second = await changed(bot, first)
  expect(await answerOf(stage, 'customer-chen')).toBe('灯塔十点开门。')
  expect(await stage.zhanggui('content', 'rollback')).toMatchObject({ code: 0 })
  expect(await changed(bot, second)).toBe(first)
  expect(await answerOf(stage, 'customer-zhao')).toBe('灯塔九点开门。')
  const versions = JSON.parse((await stage.zhanggui('content', '--json')).out) as { version: string }[]
  expect(versions.map(({ version }) => version)).toEqual([first, second, first])
})
