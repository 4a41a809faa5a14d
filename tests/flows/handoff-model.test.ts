/** What gives a customer to a human where a model reads her: what it says of her need and her mood, or that it knows nothing. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AnswersRoad, openAnswersRoad, saying } from '../support/answers.ts'
import { until } from '../support/until.ts'

const guards = `
topics:
  - { id: allergy, title: 过敏, words: [全脸红肿], says: [顾问马上来看] }
anger: { words: [气死我了] }
`
let road: AnswersRoad
beforeAll(async () => {
  road = await openAnswersRoad({
    contentFiles: { 'guards.yaml': guards },
    settings: { faq: { burstWindow: '300ms', burstLimit: '2s' } },
  })
})
afterAll(() => road.stop())
const ship = '第一个暗号'
const ground = '普通地区满 99 元包邮，不满收 8 元运费哦'
beforeEach(() => road.stub.reply(saying(ground)))

const reasonsOf = async (she: string): Promise<unknown[]> =>
  (
    await road.rows(`SELECT reason FROM handoff_case
      WHERE customer_id = (SELECT customer_id FROM identity WHERE contact_id = '${she}')`)
  ).map(({ reason }) => reason)

/** Words that nobody has asked before: nothing is remembered of them. */
let asked = 0
const fresh = (text: string): string => {
  asked += 1
  return `${text}${'啊'.repeat(asked)}`
}

test.each<[string, Record<string, unknown>, string[]]>([
  ['needs a human as it says', { human: 'complaint' }, ['complaint']],
  ['asks for one', { human: 'asked' }, ['asked']],
  ['is in danger', { human: 'safety' }, ['safety']],
  ['has trouble with an order', { human: 'order' }, ['order']],
  ['is angry', { mood: 'angry' }, ['complaint']],
  ['complains', { intent: 'complaint' }, ['complaint']],
  ['is only impatient', { mood: 'impatient' }, []],
  ['may be answered by an entry', { human: 'unsure' }, []],
])('who %s in the eyes of the model is answered, and has the case that follows', async (_, read, reasons) => {
  road.stub.reply(saying(ground, read))
  const she = road.somebody()
  await road.simulator.say(she, fresh(ship))
  expect((await road.saidTo(she))[0]).toContain('满 99 元包邮')
  expect(await reasonsOf(she)).toEqual(reasons)
})

test('content’s words for anger count also where the model hears none', async () => {
  const she = road.somebody()
  await road.simulator.say(she, `${fresh(ship)} 气死我了`)
  await road.saidTo(she)
  expect(await reasonsOf(she)).toEqual(['complaint'])
})

test('what the model finds no answer to twice goes to a human', async () => {
  road.stub.reply(saying('', { cites: [], human: 'none', intent: 'other' }))
  const she = road.somebody()
  await road.simulator.say(she, '你们老板是什么星座呀')
  await road.saidTo(she)
  expect(await reasonsOf(she)).toEqual([])
  await road.simulator.say(she, '那他养的猫叫什么名字')
  expect((await road.saidTo(she, 2))[1]).toContain('顾问')
  expect(await reasonsOf(she)).toEqual(['no-answer'])
})

test('an answer that comes while her case is a human’s is not said in the group', async () => {
  const [she, room] = [road.somebody(), 'room-of-models']
  await road.simulator.act('addRoom', { id: room, topic: '青屿护肤交流 9 群', members: ['main', she] })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  road.stub.reply(async () => (await promise, saying(ground)))
  await road.simulator.say(she, fresh(ship), { room, mention: ['main'] })
  await until(async () => (await road.exchangesOf(she))[0]?.['state'] === 'asked', { what: 'the model is asked' })
  await road.simulator.say(she, '全脸红肿', { room, mention: ['main'] })
  await until(async () => (await reasonsOf(she)).length > 0, { within: 20_000, what: 'she has a case' })
  resolve(undefined)
  await road.quiet()
  const read = (await road.simulator.sends({ to: room })).map(({ text }) => text ?? '')
  expect(read).toHaveLength(1)
  expect(read[0]).not.toMatch(/包邮|红肿|过敏/u)
  expect((await road.exchangesOf(she)).map(({ outcome }) => outcome)).toEqual(['dropped', 'handed'])
})
