/** One process owns an account (law 3), as one WeChat user. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf, type Stage } from './stage.ts'

async function account({ rows }: Stage): Promise<{ epoch: number; state: string }> {
  const [row] = await rows<{ epoch: number; state: string }>(`SELECT epoch, state FROM account WHERE name = 'main'`)
  return row ?? { epoch: 0, state: 'unknown' }
}

test('a second process on the same account exits at once with code 3 and names the owner, and the first goes on answering', async () => {
  const stage = await stageOfTest({ questions: 5 })
  const first = await stage.start()
  const second = stage.spawn()
  await until(() => second.child.exitCode !== null, { within: 30_000, what: 'the second process has ended' })
  expect(second.child.exitCode).toBe(3)
  expect(second.printed.join('\n')).toContain(`process ${first.child.pid}`)
  await stage.simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  expect(await stage.answersTo(1)).toHaveLength(1)
})

test('a process that stands by says whom it waits for, and takes over with a higher epoch when the owner is killed', async () => {
  const stage = await stageOfTest({ questions: 5 })
  const first = await stage.start()
  const second = stage.spawn({}, ['--standby'])
  const waiting = await until(() => second.said('standing by'), { within: 30_000 })
  expect(waiting['owner']).toContain(`process ${first.child.pid}`)
  await stage.simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  const { epoch } = await account(stage)

  await first.kill9()
  await second.untilReady(30_000)
  expect((await account(stage)).epoch).toBeGreaterThan(epoch)
  await stage.simulator.say('customer-chen', questionOf(2))
  await stage.answered(2)
  await stage.settled()
  for (const n of [1, 2]) expect(await stage.answersTo(n), `question ${n}`).toHaveLength(1)
})

test('a process that is told to stop while it stands by, or while it starts, ends with 0', async () => {
  const stage = await stageOfTest({ questions: 5 })
  await stage.start()
  const standby = stage.spawn({}, ['--standby'])
  await until(() => standby.said('standing by'), { within: 30_000 })
  expect(await standby.stop()).toBe(0)
  const starting = stage.spawn({}, ['--standby'])
  await until(() => starting.log.length > 0, { within: 30_000, what: 'the first line of the log' })
  expect(await starting.stop()).toBe(0)
})

test('when another user logs in nothing is sent and everybody is told, until the right user is back', async () => {
  const stage = await stageOfTest({ questions: 5, settings: { 'faq.burstWindow': '5s' } })
  const { simulator, rows } = stage
  const bot = await stage.start()
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  // This is said in five seconds: by then somebody else is logged in.
  await simulator.say('customer-sun', '你们老板是什么星座')
  await until(async () => (await rows('SELECT 1 FROM burst')).length > 0)
  await simulator.act('login', { as: 'staff-zhou' })
  await until(() => bot.log.some(({ msg, code }) => msg === 'alarm raised' && code === 'account-swapped'))
  await simulator.say('customer-chen', questionOf(2))
  await until(async () => (await rows(`SELECT 1 FROM outbox WHERE state = 'pending'`)).length > 0, { within: 30_000 })

  expect((await bot.health()).ok).toBe(false)
  const said = await stage.zhanggui('status')
  expect(said.out).toContain('The account main is frozen')
  const status = JSON.parse((await stage.zhanggui('status', '--json')).out) as { accounts: { state: string }[] }
  expect(status.accounts[0]?.state).toBe('swapped')
  expect(await simulator.sends({ to: 'customer-sun' })).toEqual([])
  expect(await rows(`SELECT 1 FROM outbox WHERE state = 'pending'`)).toHaveLength(1)

  await simulator.act('login', { as: 'account-xiaoyu' })
  await until(async () => (await simulator.sends({ to: 'customer-sun' })).length > 0)
  await simulator.say('customer-lin', questionOf(3))
  await stage.answered(3)
  await stage.settled()
  expect(await simulator.sends({ to: 'customer-sun' })).toHaveLength(1)
  expect(await stage.answersTo(2)).toEqual([])
  await until(async () => (await bot.health()).ok && (await bot.health()).alarms.length === 0)
})

test('«status --unbind» lets the running process serve the new user', async () => {
  const stage = await stageOfTest({ questions: 5 })
  const { simulator } = stage
  const bot = await stage.start()
  await simulator.act('login', { as: 'staff-zhou' })
  await until(async () => (await account(stage)).state === 'swapped')
  expect((await stage.zhanggui('status', '--unbind', 'main')).code).toBe(0)
  await until(async () => (await bot.health()).ok, { within: 30_000 })
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  expect((await stage.zhanggui('status', '--unbind', 'nobody')).code).toBe(2)
})
