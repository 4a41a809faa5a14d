/** Runs in real processes: several at once, on machines of other zones, on a platform that throttles. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { contactOf, dropStage, slotOf, wrongs, lawful } from './campaigns-stage.ts'

test('two processes that tick at once make one run of a slot, and everybody gets it once', async () => {
  const customers = 600
  const stage = await dropStage({ customers, accounts: [{ name: 'main' }, { name: 'second' }] })
  const bots = ['main', 'second'].map((account) => stage.spawn({}, ['--account', account]))
  await Promise.all(bots.map((bot) => bot.untilReady(60_000)))
  await stage.over()
  expect(await wrongs(stage, customers)).toEqual([])
  expect(await stage.runs()).toMatchObject([{ state: 'done' }])
  expect(await stage.listUnknown()).toEqual([])
  for (const account of ['main', 'second']) {
    expect(await stage.sends(account), account).toHaveLength(customers / 2)
  }
})

test('on a machine of another zone the slot is that of the brand’s zone', async () => {
  const slot = '2020-01-01 20:00'
  const stage = await dropStage({
    customers: 3,
    env: { TZ: 'America/New_York' },
    slot,
    front: { late: '36500d', expires: '36500d' },
  })
  await stage.start()
  await stage.over()
  const [run] = await stage.runs()
  expect(run?.slot.toISOString()).toBe('2020-01-01T12:00:00.000Z')
  expect(slotOf(slot)).toEqual(run?.slot)
  expect(await wrongs(stage, 3)).toEqual([])
})

test('when the platform throttles in the middle of a run everybody gets it once, after the rest', async () => {
  const customers = 400
  const stage = await dropStage({ customers, settings: { 'delivery.throttlePause': '3s' } })
  const bot = await stage.start()
  await until(async () => (await stage.left()) > 100, { what: 'a hundred have left' })
  await stage.simulator.plan('throttle', { times: 5 })
  await until(async () => (await bot.health()).alarms.some(({ code }) => code === 'throttled'), { within: 30_000 })
  await stage.over()
  expect((await stage.simulator.state()).accounts[0]?.rejected).toBe(5)
  expect(await wrongs(stage, customers)).toEqual([])
  expect(await stage.listUnknown()).toEqual([])
})

test('a picture that is deleted between approval and run goes out as it was approved, and the loss is said', async () => {
  const customers = 20
  const picture = 'media/batch-code.png'
  const stage = await dropStage({ customers, body: `看看瓶底\n\n---\n![](${picture})\n\n---\n晚安` })
  const path = join(stage.content.dir, picture)
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  rmSync(path)
  const bot = await stage.start()
  await stage.over()
  const got = Map.groupBy(await stage.sends(), ({ to }) => to)
  expect(got.size).toBe(customers)
  for (const [contact, parts] of got)
    expect([contact, parts.map((part) => part.sha256 ?? 'words')]).toEqual([contact, ['words', sha256, 'words']])
  expect((await bot.health()).alarms.map(({ code }) => code)).toContain('bad-content')
})

test('while a run goes out an edit changes nothing of it, who says stop gets nothing, and whom an adviser talks to waits', async () => {
  const customers = 200
  const pace = {
    enabled: true,
    inSimulator: true,
    sameTarget: '10ms',
    betweenTargets: ['40ms', '50ms'],
    perMinute: 2_000,
  }
  const stage = await dropStage({ customers, settings: { 'delivery.pace': pace }, body: '原来的话' })
  const bot = await stage.start()
  await until(async () => (await stage.left()) > 5, { what: 'some have left' })
  const { content: before } = await bot.health()
  const { simulator } = stage
  const [stops, talks] = await lastQueued()
  await simulator.say(stops, '退订')
  await simulator.act('typeOnPhone', { to: talks, text: '亲，我来跟进一下～' })
  stage.content.write({
    'campaigns/hello.md': stage.drop({ title: '改过' }, '改过的话'),
  })
  await until(async () => (await bot.health()).content !== before, { within: 30_000, what: 'the edit is live' })
  expect(await stage.left(), 'the edit came in the middle').toBeLessThan(customers - 20)

  const open = async (): Promise<string[]> =>
    (await stage.fates()).filter(({ state }) => state === 'waiting' || state === 'queued').map(({ contact }) => contact)
  await until(async () => (await open()).length === 1, { within: 60_000, what: 'one is left' })
  expect(await open()).toEqual([talks])
  const [kept] = await stage.rows(`SELECT deferred FROM outbox WHERE batch IS NOT NULL AND state = 'pending'`)
  expect(kept).toEqual({ deferred: 'human-owns' })
  const notSent = (await stage.fates()).filter(({ state }) => state === 'not-sent')
  expect(notSent).toEqual([{ contact: stops, state: 'not-sent', reason: 'opted-out' }])
  const got = (await stage.sends()).filter(({ text = '' }) => text.includes('的话'))
  expect(new Set(got.map(({ text }) => text))).toEqual(new Set([lawful('原来的话')]))
  expect(new Set(got.map(({ to }) => to)).size).toBe(got.length)
  expect(got).toHaveLength(customers - 2)

  /** Two friends whose sends wait, and are the last to leave. */
  async function lastQueued(): Promise<[string, string]> {
    const rows = await stage.rows<{ contact: string }>(
      `SELECT recipient ->> 'contactId' AS contact FROM outbox WHERE batch IS NOT NULL AND state = 'pending' ORDER BY id DESC LIMIT 2`,
    )
    const [one, other] = rows.map(({ contact }) => contact)
    return [one ?? contactOf(0), other ?? contactOf(1)]
  }
})
