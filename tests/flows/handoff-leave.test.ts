/** What becomes of cases when somebody goes: an adviser for the day or for good, or the customer herself. */
import { afterEach, expect, test } from 'vitest'
import { minuteIn } from '../../src/kernel/zone.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let road: HandoffRoad
afterEach(() => road.stop())

const always = '[{ days: daily, time: 0:00-24:00 }]'
const su = `- { id: su, name: 苏苏, shifts: ${always} }\n`
const lin = (more: string): string => `- { id: lin, name: 林悦, skills: [过敏], ${more} }\n`
const both = lin(`shifts: ${always}`) + su

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)
const entries = async (kind: string): Promise<Record<string, unknown>[]> =>
  (await road.rows(`SELECT data FROM case_entry WHERE kind = '${kind}' ORDER BY id`)).map(
    ({ data }) => data as Record<string, unknown>,
  )

async function open(settings: Record<string, unknown> = {}): Promise<string> {
  road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': both }, settings: { handoff: settings } })
  await road.bind('lin')
  await road.bind('su')
  const she = road.customer()
  await say(she, '全脸红肿')
  await road.told('lin', she)
  return she
}

async function accept(): Promise<void> {
  await say('lin', '接')
  await road.told('lin', '现在由你回')
}

test('an adviser who is taken from the roster is out at once, and her customer is with the next', async () => {
  const she = await open()
  await accept()
  await say('lin', '我来看看')
  await road.told(she, '我来看看')
  await say(she, '好的')
  await road.told('lin', '好的')
  road.content.write({ 'advisers.yaml': lin(`shifts: ${always}, disabled: true`) + su })
  expect(await road.told('su', she)).toContain('好的')
  await road.told(she, '另一位顾问')
  await say('su', '接')
  await road.told(she, '苏苏')
  await say('lin', '我还在')
  await say('su', '你好呀')
  await road.told(she, '你好呀')
  expect((await road.all(she)).join()).not.toContain('我还在')
  expect(await entries('released')).toEqual([{ from: 'lin', why: 'left' }])
}, 60_000)

/** A shift of every day that ended some minutes ago and began some hours ago, as content has it. */
function shiftThatEnded(): string {
  const [from, to] = [180, 20].map((minutes) => {
    const [, time = ''] = minuteIn('Asia/Shanghai', new Date(Date.now() - minutes * 60_000)).split(' ')
    return time
  })
  return `[{ days: daily, time: '${from}-${to}' }]`
}

test('when her shift is over a customer who waits goes to the next, and one who does not stays until she speaks', async () => {
  const she = await open()
  await accept()
  const other = road.customer()
  await say('lin', '先停用')
  await road.told(she, '先停用')
  await say(other, '全脸红肿')
  await road.told('lin', other)
  await say('lin', '接')
  await road.told(other, '林悦')
  // Everything so far was an hour ago, within her shift; it has ended since, and only the second customer waits.
  await road.rows(`UPDATE case_entry SET at = at - interval '1 hour' RETURNING id`)
  await road.rows(`UPDATE handoff_case SET last_adviser_at = last_adviser_at - interval '1 hour' RETURNING id`)
  road.content.write({ 'advisers.yaml': lin(`shifts: ${shiftThatEnded()}`) + su })
  await road.told('su', other)
  await road.told('lin', '放心休息')
  await road.told(other, '另一位顾问')
  expect(await road.rows(`SELECT count(*)::int AS n FROM handoff_case WHERE owner = 'lin'`)).toEqual([{ n: 1 }])
  await say(she, '还是很红')
  expect(await road.told('su', she)).toContain('还是很红')
  await road.told(she, '另一位顾问')
  expect((await road.all('lin')).join()).not.toContain('还是很红')
}, 60_000)

test('what is offered to somebody who signs off goes on at once, and nobody is told that it came from her', async () => {
  const she = await open({ offerFor: '1h' })
  await say('lin', '离开')
  await road.told('su', she)
  expect(await entries('passed')).toEqual([{ from: 'lin', why: 'left' }])
}, 60_000)

test('who signs off keeps her cases, but a customer whom she leaves waiting gets another', async () => {
  const she = await open({ targets: { first: '1h', next: '2s', resolve: '1d' }, warnAfter: 0.5 })
  await accept()
  await say('lin', '我来看看')
  await road.told(she, '我来看看')
  await say('lin', '离开')
  expect(await road.told('lin', '先不给你派新单')).toContain('手上还有 1 单')
  expect(await road.rows('SELECT owner FROM handoff_case')).toEqual([{ owner: 'lin' }])
  await say(she, '要多久')
  await road.told('lin', '要多久')
  expect(await road.told('su', she)).toContain('要多久')
  await road.told(she, '另一位顾问')
  await road.told('lin', '放心休息')
}, 60_000)

test('a customer who has deleted the bot: her adviser hears it once, and of her next word when she is back', async () => {
  const she = await open({ targets: { first: '1h', next: '2s', resolve: '1d' }, warnAfter: 0.5, idle: { after: '1h' } })
  await accept()
  await road.told(she, '林悦')
  await say(she, '在吗')
  await road.told('lin', '在吗')
  await road.simulator.plan('refuse', { to: she })
  await say('lin', '在的')
  await road.told('lin', '删了好友')
  await until(async () => (await entries('gone')).length === 1, { within: 20_000 })
  expect(await road.rows('SELECT count(*)::int AS n FROM handoff_case')).toEqual([{ n: 1 }])
  await road.simulator.act('clearFaults', {})
  await say(she, '刚才手滑')
  await road.told('lin', '刚才手滑')
  await say('lin', '没事的')
  await road.told(she, '没事的')
  await road.simulator.plan('refuse', { to: she })
  await say('lin', '再见')
  await until(async () => (await entries('gone')).length === 2, { within: 20_000 })
  // A case whose customer reads nothing any more ends without a word to her, and opens no other.
  await say('lin', '结')
  await until(async () => (await road.rows(`SELECT FROM handoff_case WHERE state = 'closed'`)).length === 1, {
    within: 20_000,
  })
  expect((await road.all('lin')).filter((text) => text.includes('删了好友'))).toHaveLength(2)
  expect(await road.rows('SELECT count(*)::int AS n FROM handoff_case')).toEqual([{ n: 1 }])
  expect((await road.all(she)).join()).not.toContain('1 到 5')
}, 60_000)
