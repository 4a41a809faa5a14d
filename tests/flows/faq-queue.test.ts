/** More questions than the model may have at once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approved, type AnswersRoad, grounded, openAnswersRoad, saying, voicedShip } from '../support/answers.ts'
import { hang } from '../support/model-stub.ts'
import { until } from '../support/until.ts'

let road: AnswersRoad

beforeAll(async () => {
  road = await openAnswersRoad({ settings: { answers: { inFlight: 1 } } })
})
afterAll(() => road.stop())

test('what is asked once more goes before what has not been asked yet', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  road.stub.reply(
    () => promise.then(() => saying('满 59 元就包邮')),
    // In full: the fence around what she wrote is random, and one in ten has a 59 in it.
    ({ question }) => (question.includes('满 59 元就包邮') ? grounded : hang()),
  )
  const [anna, berta] = [road.somebody(), road.somebody()]
  await road.simulator.say(anna, '第一个暗号')
  await until(() => road.stub.inFlight === 1, { within: 30_000, what: 'the first is asked' })
  await road.simulator.say(berta, '第二个暗号')
  await until(async () => (await road.exchangesOf(berta)).length === 1, { within: 30_000, what: 'the second waits' })
  resolve()
  expect(await road.saidTo(anna)).toEqual([voicedShip])
  expect(await road.saidTo(berta)).toEqual([approved.gift])
})
