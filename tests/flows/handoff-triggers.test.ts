/** What gives a customer to a human where no model is asked: her words, what she asks about, who she is, or a manager. */
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openByHand } from '../../src/domains/handoff/index.ts'
import { addTag, tagRulesOf } from '../../src/domains/tags/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { durableJobs } from '../../src/kernel/jobs.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const within = 20_000
const example = (file: string): string => readFileSync(new URL(`../../content/${file}`, import.meta.url), 'utf8')

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({
    contentFiles: { 'guards.yaml': example('guards.yaml'), 'handoff.yaml': example('handoff.yaml') },
    settings: { faq: { burstWindow: '300ms', burstLimit: '2s' } },
  })
})
afterAll(() => road.stop())

type Opened = { reason: string; urgency: number; number: number; again: number }
const casesOf = (she: string): Promise<Opened[]> =>
  road.rows(`SELECT reason, urgency, number,
      (SELECT count(*)::int FROM case_entry e WHERE e.case_id = h.id AND e.kind = 'again') AS again
    FROM handoff_case h WHERE customer_id = (SELECT customer_id FROM identity WHERE contact_id = '${she}')`) as Promise<
    Opened[]
  >

async function opened(she: string): Promise<Opened> {
  const found = await until(async () => (await casesOf(she))[0], { within, what: `a case of ${she}` })
  return found
}
async function customerIdOf(she: string): Promise<string> {
  const id = async () => (await road.rows(`SELECT customer_id FROM identity WHERE contact_id = '${she}'`))[0]
  return String((await until(id, { within }))['customer_id'])
}
/** Says something that opens no case, and is answered. */
async function answered(she: string, text: string): Promise<string> {
  const before = (await road.all(she)).length
  await road.simulator.say(she, text)
  await until(async () => (await road.all(she)).length > before, { within, what: `«${text}» is answered` })
  return (await road.all(she)).at(-1) ?? ''
}

describe('her words', () => {
  test.each([
    ['人 工', 'topic:human-now'],
    ['换个人', 'topic:human-now'],
    ['叫你们经理', 'topic:human-now'],
    ['别跟我扯', 'topic:human-now'],
    ['转人功', 'topic:human-now'],
    ['rengong', 'topic:human-now'],
    ['找个活人', 'topic:human'],
    ['我要投诉你们', 'complaint'],
    ['你们就是骗子公司', 'complaint'],
    ['我的嘴唇肿成香肠了', 'topic:severe-reaction'],
    ['我是电视台的记者，想了解一下', 'topic:press'],
    ['再不解决我就起诉你们', 'topic:legal'],
  ])('«%s» are a case of reason %s', async (text, reason) => {
    const she = road.customer()
    await road.simulator.say(she, text)
    expect(await opened(she)).toMatchObject({ reason })
  })

  test('what an angry customer asks is answered as ever, and a human comes as well', async () => {
    const she = road.customer()
    await road.simulator.say(she, '气死我了，多久发货')
    await road.told(she, '两天之内')
    await until(async () => (await opened(she)).urgency === 50, { within, what: 'it goes before what is calm' })
    expect(await opened(she)).toMatchObject({ reason: 'complaint' })
  })

  test.each(['人工香精加了吗', '怎么投诉快递'])('«%s» is a question like others', async (text) => {
    const she = road.customer()
    await answered(she, text)
    expect(await casesOf(she)).toEqual([])
  })
})

test('an order that nobody finds is a case', async () => {
  const she = road.customer()
  await road.simulator.say(she, '我的包裹到哪了')
  expect(await opened(she)).toMatchObject({ reason: 'order-unknown' })
})

describe('a question that nobody knows an answer to', () => {
  const unknown = '你们老板是什么星座呀'

  test('is a case only when she is told so for the second time', async () => {
    const she = road.customer()
    await answered(she, unknown)
    expect(await casesOf(she)).toEqual([])
    await road.simulator.say(she, '那他养的猫叫什么名字')
    expect(await opened(she)).toMatchObject({ reason: 'no-answer' })
  })

  test('is one at once for customers of a level that content looks after, who go before others', async () => {
    const she = road.customer()
    await answered(she, '多久发货')
    const content = road.runtime.content.current()
    const customerId = await customerIdOf(she)
    await road.database.db.transaction((tx) =>
      addTag(tx, { customerId, dimension: 'consumption', value: '高消费', by: 'lin' }, tagRulesOf(content), new Date()),
    )
    await road.simulator.say(she, unknown)
    const { reason } = await opened(she)
    expect(reason).toBe('no-answer')
    await until(async () => (await opened(she)).urgency === 40, { within, what: 'she goes before others' })
  })
})

describe('a manager', () => {
  async function open(she: string, click: string, note: string): ReturnType<typeof openByHand> {
    const customerId = await customerIdOf(she)
    const { db } = road.database
    const jobs = durableJobs({ pool: db.pool, clock: systemClock, log: silentLog })
    const on = { ids: systemIds(systemClock), now: systemClock.now(), jobs }
    return db.transaction((tx) => openByHand(tx, { customerId, by: 'su', note, click }, on))
  }

  test('opens a case of which the customer hears nothing until somebody comes; one click is one case', async () => {
    const she = road.customer()
    await answered(she, '多久发货')
    await road.bind('lin')
    const click = randomUUID()
    const first = await open(she, click, '老顾客，帮她看看护肤方案')
    expect(await open(she, click, '老顾客，帮她看看护肤方案')).toEqual(first)
    expect(first.isNew).toBe(true)
    const card = await road.told('lin', '护肤方案')
    expect(card).toContain('主管转来')
    expect(card).toContain('苏苏转来')
    expect(await casesOf(she)).toMatchObject([{ reason: 'by-hand', number: first.number, again: 0 }])
    expect(await open(she, randomUUID(), '还有一件事')).toEqual({ ...first, isNew: false })
    expect(await road.all(she)).toHaveLength(1)
    await road.simulator.say('lin', `接 #${first.number}`)
    await road.told(she, '林悦')
    await road.simulator.say('lin', `#${first.number} 结`)
    await road.told('lin', '结单了')
  })
})
