/** Offers that nobody takes, and promises that come near or are broken: told once, to whom it concerns. */
import { afterEach, expect, test } from 'vitest'
import { openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

const always = '[{ days: daily, time: 0:00-24:00 }]'
const roster = `
- { id: lin, name: 林悦, skills: [过敏], shifts: ${always} }
- { id: boss, name: 周宁, role: manager, shifts: ${always} }
`
const count = (texts: readonly string[], words: string): number => texts.filter((text) => text.includes(words)).length

test('an offer that is not taken goes to the next, and at last to nobody, without being offered to anybody twice', async () => {
  const road = await openHandoffRoad({
    contentFiles: { 'advisers.yaml': roster },
    settings: { handoff: { offerFor: '1s' } },
  })
  ;({ stop } = road)
  await road.bind('lin')
  await road.bind('boss')
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  await road.told('lin', she)
  await road.told('boss', she)
  const states = () => road.rows('SELECT state, passed_by FROM handoff_case')
  await until(async () => (await states())[0]?.['state'] === 'waiting', { within: 30_000 })
  expect(await states()).toEqual([{ state: 'waiting', passed_by: ['lin', 'boss'] }])
  for (const who of ['lin', 'boss']) expect(count(await road.all(who), she)).toBe(1)
  // What waits may be taken by whoever finds the time.
  const number = /#\d+/u.exec(await road.told('lin', she))?.[0] ?? ''
  await road.simulator.say('lin', `接 ${number}`)
  await road.told('lin', '现在由你回')
  await road.told(she, '林悦')
})

test('a promise is warned of, and when it is broken the manager hears of it; each is said once', async () => {
  const road = await openHandoffRoad({
    contentFiles: { 'advisers.yaml': roster },
    settings: { handoff: { targets: { first: '2s', next: '1h', resolve: '1d' }, warnAfter: 0.5 } },
  })
  ;({ stop } = road)
  await road.bind('lin')
  await road.bind('boss')
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  await road.told('lin', she)
  await road.told('lin', '快到时限')
  await until(async () => /还在的|久等/u.test((await road.all(she)).join()), { within: 30_000 })
  await road.told('boss', '【超时】')
  await road.told('lin', '【超时】')
  await road.simulator.say('lin', '接')
  await road.told('lin', '现在由你回')
  await road.simulator.say('lin', '我来看看')
  await road.told(she, '我来看看')
  expect(count(await road.all('lin'), '快到时限')).toBe(1)
  expect(count(await road.all('lin'), '【超时】')).toBe(1)
  expect(count(await road.all('boss'), '【超时】')).toBe(1)
  expect((await road.all(she)).filter((text) => /还在的|久等/u.test(text))).toHaveLength(1)
})

test('a talk in which nobody says anything any more is asked about, and then closed: the bot has the thread back', async () => {
  const road = await openHandoffRoad({
    contentFiles: { 'advisers.yaml': roster },
    settings: { handoff: { idle: { after: '1s', closes: '1s' } } },
  })
  ;({ stop } = road)
  await road.bind('lin')
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  await road.told('lin', she)
  await road.simulator.say('lin', '接')
  await road.told('lin', '现在由你回')
  await road.simulator.say('lin', '好点了吗')
  await road.told(she, '前面的事解决了吗')
  await road.told(she, '这边先结束啦')
  await road.simulator.say(she, '多久发货')
  await road.told(she, '两天之内')
  expect(await road.rows('SELECT state, resolution FROM handoff_case')).toEqual([
    { state: 'closed', resolution: 'idle' },
  ])
})
