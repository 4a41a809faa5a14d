/** A frozen gateway takes calls, answers none, and does them all when it wakes up. */
import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { openStage, questionOf } from './stage.ts'

it('a gateway frozen for 40 s: sends on their way end unknown, are done once, and their echoes settle them', async () => {
  // The pace lets the second answer of a thread fall into the frozen time.
  const pace = {
    'delivery.pace.enabled': true,
    'delivery.pace.sameTarget': '3s',
    'delivery.pace.betweenTargets': ['0s', '0s'],
  }
  const stage = await openStage({ settings: { ...pace, 'delivery.pace.perMinute': 1000 } })
  const { simulator } = stage
  const bot = await stage.start()
  const states = async (): Promise<string[]> =>
    (await stage.rows<{ state: string }>('SELECT state FROM outbox ORDER BY id')).map(({ state }) => state)

  await simulator.plan('hang', { to: 'customer-chen', times: 1 })
  await simulator.say('customer-chen', questionOf(1))
  await until(async () => (await simulator.state()).accounts[0]?.held === 1)
  for (const n of [2, 3]) await simulator.say('customer-lin', questionOf(n))
  await stage.answered(2)
  await until(async () => (await states()).length === 3)
  simulator.freeze()
  const frozen = performance.now()
  await until(async () => (await states()).filter((state) => state === 'unknown').length === 2, { within: 90_000 })
  await until(() => performance.now() - frozen > 40_000, { within: 45_000, what: '40 s have passed' })
  expect(await stage.listUnknown()).toHaveLength(2)
  expect(bot.said('deaf: the line is lost, rebuilding')).toBeDefined()

  simulator.resume()
  await until(async () => (await bot.health()).ok, { within: 60_000, what: 'the bot is back' })
  // What hung goes out only now, before the eyes of the new connection.
  await simulator.act('release', {})
  await until(async () => (await states())[0] === 'sent')
  await simulator.say('customer-lin', questionOf(4))
  await stage.answered(4)
  await stage.settled()
  for (const n of [1, 2, 4]) expect(await stage.answersTo(n)).toHaveLength(1)
  // Whether the gateway did what it was asked in its sleep is its own affair; we never ask twice.
  expect((await stage.answersTo(3)).length).toBeLessThanOrEqual(1)
  const open = (await stage.rows<{ id: string }>(`SELECT id::text FROM outbox WHERE state = 'unknown'`)).map(
    ({ id }) => id,
  )
  expect(await stage.listUnknown()).toEqual(open)
  expect(await stage.rows(`SELECT settled_by FROM outbox ORDER BY id LIMIT 1`)).toEqual([{ settled_by: 'echo' }])
})
