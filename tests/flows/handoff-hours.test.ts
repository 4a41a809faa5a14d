/** When nobody is there, or nobody can take a case: what is promised, and who is told. */
import { afterEach, expect, test } from 'vitest'
import { findNeglect, listSeats } from '../../src/domains/handoff/index.ts'
import { minuteIn } from '../../src/kernel/zone.ts'
import { openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

const dayOf = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)

test('where nobody is on duty she is told when somebody is, once, and the bot goes on answering her', async () => {
  // Whenever this runs, today and tomorrow are days off where the brand is: there it may be a day later than in UTC.
  const off = `[${dayOf(-1)}..${dayOf(2)}]`
  const advisers = `- { id: lin, name: 林悦, shifts: [{ days: daily, time: 9:00-18:00 }], daysOff: ${off} }\n`
  const road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': advisers } })
  ;({ stop } = road)
  await road.bind('lin')
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  expect(await road.told(she, '一上班就回你')).toMatch(/月 \d+ 日 9:00/u)
  await road.simulator.say(she, '找真人')
  await road.told(she, '这就去叫')
  await road.simulator.say(she, '多久发货')
  await road.told(she, '两天之内')
  expect((await road.all(she)).filter((text) => text.includes('一上班就回你'))).toHaveLength(1)
  expect(await road.rows('SELECT state, urgency FROM handoff_case')).toEqual([{ state: 'waiting', urgency: 90 }])
  expect(await road.rows(`SELECT kind FROM case_entry WHERE kind <> 'drafts' ORDER BY id`)).toEqual([
    { kind: 'opened' },
    { kind: 'again' },
  ])
  expect((await road.all('lin')).join()).not.toContain(she)
})

test('a case that nobody takes is counted, and the roster says why', async () => {
  const road = await openHandoffRoad()
  ;({ stop } = road)
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  await road.told(she, '顾问马上来看')
  const { db } = road.database
  const content = road.runtime.content.current()
  const neglect = () => findNeglect(db.pool, content, new Date())
  await until(async () => (await neglect()).waiting !== null, { within: 20_000 })
  expect(await neglect()).toEqual({ waiting: { why: 'unbound', cases: 1 }, escalated: [] })
  expect(await listSeats(db.pool, content, new Date())).toMatchObject([
    { id: 'lin', onDuty: true, bound: false, load: 0 },
    { id: 'su', onDuty: true, bound: false, load: 0 },
  ])
  // As soon as somebody can be reached she has it.
  await road.bind('lin')
  await road.told('lin', she)
})

test('where working hours are over she is told the time that her case counts, though somebody is there', async () => {
  const hour = Number(minuteIn('Asia/Shanghai', new Date()).slice(11, 13))
  const [from, to] = [(hour + 3) % 24, (hour + 4) % 24]
  const hours = [{ days: 'daily', time: `${from}:00-${to}:00` }]
  const road = await openHandoffRoad({ settings: { handoff: { hours } } })
  ;({ stop } = road)
  await road.bind('lin')
  const she = road.customer()
  await road.simulator.say(she, '找真人')
  const told = await road.told(she, '最晚')
  expect(told).toMatch(new RegExp(`(今天|明天) ${from}:05 前`, 'u'))
  expect(told).not.toContain('分钟')
})
