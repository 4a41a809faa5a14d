/** What a customer is told to expect, once; and what goes on while a human has her. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addTag, tagRulesOf } from '../../src/domains/tags/index.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const within = 20_000
const always = '[{ days: daily, time: 0:00-24:00 }]'
const alone = `- { id: lin, name: 林悦, capacity: 1, shifts: ${always} }\n`
/** Lines of ours that tell when somebody comes. */
const promises = /分钟|一有空|轮到就来|点?前回你|一上班/u

const levels = 'levels: { by: consumption, of: { 高消费: { targets: { first: 3m } } } }\n'

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': alone, 'handoff.yaml': levels } })
  await road.bind('lin')
})
afterAll(() => road.stop())

/** Gives the case that the adviser has back to the bot. */
async function close(): Promise<void> {
  await road.simulator.say('lin', '结')
  const open = 'SELECT 1 FROM handoff_case WHERE closed_at IS NULL'
  await until(async () => (await road.rows(open)).length === 0, { within, what: 'no case is open' })
}
const numberIn = (card: string): string => /#\d+/u.exec(card)?.[0] ?? ''

test('in working hours she is told once within how long somebody answers, and where all are busy no time at all', async () => {
  const [first, second] = [road.customer(), road.customer()]
  await road.simulator.say(first, '全脸红肿')
  expect(await road.told(first, '分钟')).toContain('5 分钟内')
  const number = numberIn(await road.told('lin', first))
  await road.simulator.say(first, '找真人')
  await road.told('lin', `${number} 她又有一件事`)

  // The only adviser is full.
  await road.simulator.say(second, '找真人')
  const queued = async () => (await road.all(second)).find((text) => promises.test(text))
  expect(await until(queued, { within, what: 'she is told to wait' })).not.toMatch(/\d|分钟/u)

  // Her turn has come: she has been told, and is not told again.
  await road.simulator.say('lin', '接')
  await road.told(first, '林悦')
  await road.simulator.say('lin', '结')
  await road.told('lin', second)
  await road.simulator.say('lin', '接')
  await road.told(second, '林悦')
  await close()
  for (const who of [first, second]) expect((await road.all(who)).filter((text) => promises.test(text))).toHaveLength(1)
})

test('the minutes are those of her level', async () => {
  const she = road.customer()
  await road.simulator.say(she, '多久发货')
  await road.told(she, '两天之内')
  const [{ customer_id: customerId } = {}] = await road.rows(
    `SELECT customer_id FROM identity WHERE contact_id = '${she}'`,
  )
  const rules = tagRulesOf(road.runtime.content.current())
  const vip = { customerId: String(customerId), dimension: 'consumption', value: '高消费', by: 'lin' }
  await road.database.db.transaction((tx) => addTag(tx, vip, rules, new Date()))
  await road.simulator.say(she, '找真人')
  expect(await road.told(she, '分钟')).toContain('3 分钟内')
  await road.told('lin', she)
  await road.simulator.say('lin', '接')
  await close()
})

test('while a human has her the bot is silent and listens: tags change, and words about her data are obeyed', async () => {
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  const number = numberIn(await road.told('lin', she))
  await road.simulator.say('lin', '接')
  await road.told(she, '林悦')
  const said = (await road.all(she)).length

  await road.simulator.say(she, '我很喜欢抗老精华')
  await road.told('lin', '抗老精华')
  const tags = `SELECT t.value FROM customer_tag c JOIN tag t ON t.id = c.tag_id JOIN identity i ON i.customer_id = c.person_id
    WHERE i.contact_id = '${she}' AND t.dimension = 'interest'`
  const tagged = async (): Promise<boolean> => (await road.rows(tags)).some(({ value }) => value === '抗老')
  await until(tagged, { within, what: 'her interest is a tag' })
  expect(await road.all(she)).toHaveLength(said)

  await road.simulator.say('lin', '收到')
  await road.told(she, '收到')
  await road.simulator.say(she, '退订')
  await road.told(she, '恢复订阅')
  await road.told('lin', `${number} ${she}：退订`)
  const state = `SELECT opted_out_at IS NOT NULL AS out, unanswered_since IS NOT NULL AS waits
    FROM handoff_case h JOIN customer c ON c.id = h.customer_id WHERE number = ${number.slice(1)}`
  // It was answered: nobody is late with it.
  expect(await road.rows(state)).toEqual([{ out: true, waits: false }])

  await road.simulator.say(she, '删除我的资料')
  await road.told(she, '确认删除')
  await road.simulator.say(she, '确认删除')
  await road.told(she, '最后一条消息')
  const left = `SELECT 1 FROM identity WHERE contact_id = '${she}'`
  await until(async () => (await road.rows(left)).length === 0, { within, what: 'she is deleted' })
  const kept = `SELECT state, evidence FROM handoff_case WHERE number = ${number.slice(1)}`
  expect(await road.rows(kept)).toEqual([{ state: 'closed', evidence: {} }])
})
