/** «Too frequent»: the account rests as long as the settings say, and everybody is answered afterwards. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

test('when the platform throttles the account rests, tries no more than once per rest, and answers everybody once', async () => {
  const stage = await stageOfTest({
    questions: 20,
    settings: {
      'delivery.throttlePause': '3s',
      // One send at a time, as in life: what is refused tells of a single try.
      'delivery.pace': { enabled: true, sameTarget: '500ms', betweenTargets: ['500ms', '600ms'], perMinute: 600 },
    },
  })
  const { simulator } = stage
  const bot = await stage.start()
  const rejected = async (): Promise<number> => (await simulator.state()).accounts[0]?.rejected ?? 0
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)

  await simulator.plan('throttle', { times: 3 })
  const from = performance.now()
  const customers = ['customer-lin', 'customer-chen', 'customer-zhao', 'customer-sun', 'customer-liu']
  for (const [i, customer] of customers.entries()) await simulator.say(customer, questionOf(2 + i))
  await until(async () => (await bot.health()).alarms.some(({ code }) => code === 'throttled'))
  for (let n = 2; n <= 6; n += 1) await stage.answered(n, 40_000)
  await stage.settled()
  // Three refusals, each followed by a rest.
  expect(performance.now() - from).toBeGreaterThan(9_000)
  expect(await rejected()).toBe(3)
  for (let n = 1; n <= 6; n += 1) expect(await stage.answersTo(n), `question ${n}`).toHaveLength(1)
  expect(await stage.listUnknown()).toEqual([])
  await until(async () => (await bot.health()).alarms.length === 0)
})
