/** The bot is killed between an adviser and a customer: nothing that was accepted is lost, and nothing is said twice. */
import pg from 'pg'
import { expect, it } from 'vitest'
import type { JournalEntry } from '../../src/gateways/simulator/journal.ts'
import { lockId } from '../../src/kernel/batch.ts'
import { until } from '../support/until.ts'
import { type Stage, stageOfTest } from './stage.ts'

const she = 'customer-lin'
const adviser = 'customer-chen'
const within = 60_000

const files = {
  'advisers.yaml': `- { id: lin, name: 林悦, shifts: [{ days: daily, time: 0:00-24:00 }] }\n`,
  'guards.yaml': `topics:\n  - { id: allergy, title: 过敏, words: [全脸红肿], urgent: true, says: [顾问马上来看] }\n`,
}
const settings = { 'handoff.hours': [{ days: 'daily', time: '0:00-24:00' }], 'handoff.holidays': [] }

const said = async (stage: Stage, to: string, words: string): Promise<JournalEntry[]> =>
  (await stage.simulator.sends({ to })).filter(({ text }) => text?.includes(words))

async function told(stage: Stage, to: string, words: string): Promise<void> {
  await until(async () => (await said(stage, to, words)).length > 0, { within, what: `«${words}» is said to ${to}` })
}

/** A bot with a case that is offered to the one adviser. */
async function offered(): Promise<{ stage: Stage; bot: Awaited<ReturnType<Stage['start']>> }> {
  const stage = await stageOfTest({ questions: 1, files, settings })
  const bot = await stage.start()
  const { out } = await stage.zhanggui('advisers', 'code', 'lin')
  await stage.simulator.say(adviser, /[A-Z2-9]{4}-[A-Z2-9]{4}/u.exec(out)?.[0] ?? '')
  await told(stage, adviser, '绑定好了')
  await stage.simulator.say(she, '用了面霜全脸红肿')
  // Words of the card alone: the greeting tells her of «接», too.
  await told(stage, adviser, '「不接」转给下一位')
  const made = `SELECT FROM case_draft WHERE state <> 'asked'`
  await until(async () => (await stage.rows(made)).length > 0, { within, what: 'nothing more comes of her words' })
  await stage.settled()
  return { stage, bot }
}

/** Keeps everything that changes a case waiting, as a slow database would, until it is called. */
async function holdCases(stage: Stage): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1)', [lockId('handoff')])
  return () => client.end()
}

const heard = (stage: Stage, text: string): Promise<unknown> =>
  until(async () => (await stage.rows('SELECT FROM message WHERE text = $1', [text]))[0], {
    within,
    what: `${text} is heard`,
  })

it('a kill after «接» was accepted, before anything followed: she has the case, and each hears of it once', async () => {
  const { stage, bot } = await offered()
  const letGo = await holdCases(stage)
  await stage.simulator.say(adviser, '接')
  await heard(stage, '接')
  await bot.kill9()
  await letGo()
  expect(await said(stage, adviser, '接好了')).toEqual([])

  await stage.start()
  await told(stage, adviser, '接好了')
  await told(stage, she, '林悦')
  await stage.settled()
  expect(await said(stage, adviser, '接好了')).toHaveLength(1)
  expect(await said(stage, she, '林悦')).toHaveLength(1)
  expect(await stage.rows('SELECT state, owner FROM handoff_case')).toEqual([{ state: 'owned', owner: 'lin' }])
})

it('a kill between the customer’s words and her adviser: words and picture reach her once', async () => {
  const { stage, bot } = await offered()
  await stage.simulator.say(adviser, '接')
  await told(stage, adviser, '接好了')
  await told(stage, she, '林悦')
  await stage.settled()
  const letGo = await holdCases(stage)
  await stage.simulator.say(she, '现在更红了')
  const base64 = Buffer.from('a picture of it').toString('base64')
  await stage.simulator.say(she, { type: 'image', filename: 'red.png', base64 })
  await heard(stage, '现在更红了')
  await until(async () => (await stage.rows(`SELECT FROM message WHERE type = 'image'`))[0], { within })
  await bot.kill9()
  await letGo()
  expect(await said(stage, adviser, '现在更红了')).toEqual([])

  await stage.start()
  const pictures = async (): Promise<JournalEntry[]> =>
    (await stage.simulator.sends({ to: adviser })).filter(({ filename }) => filename === 'red.png')
  await told(stage, adviser, '现在更红了')
  await until(async () => (await pictures()).length > 0, { within, what: 'the picture reaches her' })
  await stage.settled()
  expect(await said(stage, adviser, '现在更红了')).toHaveLength(1)
  expect(await pictures()).toHaveLength(1)
})

it('a kill while the platform is asked to take a message back: it is asked once, and she is told that nobody knows', async () => {
  const { stage, bot } = await offered()
  await stage.simulator.say(adviser, '接')
  await told(stage, adviser, '接好了')
  await stage.simulator.say(adviser, '说错的话')
  await told(stage, adviser, '已发给')
  const [entry] = await until(async () => {
    const found = await said(stage, she, '说错的话')
    return found.length > 0 && found
  })
  await stage.settled()
  await stage.simulator.plan('hang', { times: 1, to: entry?.messageId ?? '' })
  await stage.simulator.say(adviser, '撤回')
  await until(async () => (await stage.simulator.state()).accounts[0]?.held === 1, { within })
  await bot.kill9()

  await stage.start()
  await told(stage, adviser, '不确定撤回了没有')
  await stage.settled()
  const recalls = (await stage.simulator.journal()).filter(({ type }) => type === 'recall')
  expect(recalls).toEqual([])
  expect(await stage.rows('SELECT state FROM outbox_recall')).toEqual([{ state: 'unknown' }])
})
