/** Who asks the model, and when it is left alone: the real road, one question at a time. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnswersRoad, grounded, openAnswersRoad, saying, voicedShip } from '../support/answers.ts'
import { say, slow } from '../support/model-stub.ts'

let road: AnswersRoad

beforeAll(async () => {
  road = await openAnswersRoad({ settings: { answers: { inFlight: 1 } } })
})
afterAll(() => road.stop())

test('no more questions are with the model at once than settings allow, and all get their answer', async () => {
  road.stub.reply(slow(100, say(grounded)))
  const all = ['第一个暗号', '第一个暗号？', '第一个暗号！'].map((text) => ({ text, who: road.somebody() }))
  await Promise.all(all.map(({ who, text }) => road.simulator.say(who, text)))
  const said = await Promise.all(all.map(({ who }) => road.saidTo(who)))
  expect(said).toEqual(all.map(() => [voicedShip]))
  expect(road.stub.requests).toHaveLength(3)
  expect(road.stub.mostInFlight).toBe(1)
})

test('an entry that she picked of several is said at once in the approved words, without the model', async () => {
  road.stub.reply(saying('', { cites: [], human: 'unsure' }))
  const who = road.somebody()
  await road.simulator.say(who, '瓶子怎么打开')
  expect((await road.saidTo(who))[0]).toContain('红色瓶子怎么打开')
  const before = road.stub.requests.length
  road.stub.reply(grounded)
  await road.simulator.say(who, '1')
  expect((await road.saidTo(who, 2))[1]).toMatch(/^(红色的逆时针拧|蓝色的往上拔)。$/)
  expect(road.stub.requests).toHaveLength(before)
})
