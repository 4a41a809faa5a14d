/** GET /health and GET /metrics of the running bot. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

test('health and metrics tell of the line, the inbox, the outbox and the sends, and that a line is down', async () => {
  const stage = await stageOfTest({ questions: 5 })
  const { simulator } = stage
  const bot = await stage.start()
  // What is read back after the login passes through the inbox too.
  await until(() => bot.said('groups and contacts read back'))
  const base = `http://127.0.0.1:${String(bot.said('health and metrics')?.['port'])}`
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  await until(async () => {
    const { sends, inbox } = await bot.health()
    return sends['sent'] === 1 && inbox.open === 0
  })
  const response = await fetch(`${base}/health`)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    ok: true,
    database: true,
    accounts: [{ account: 'main', state: 'connected', deafSeconds: 0 }],
    inbox: { open: 0, oldestMs: 0 },
    outbox: { pending: 0, sending: 0, unknown: 0 },
    sends: { sent: 1 },
    answers: { verbatim: 1 },
    modelFailures: {},
    alarms: [],
  })
  const metrics = await bot.metrics()
  for (const line of [
    'zhanggui_connected{account="main"} 1',
    'zhanggui_deaf_seconds{account="main"} 0',
    'zhanggui_database_up 1',
    'zhanggui_inbox_open 0',
    'zhanggui_inbox_lag_seconds 0',
    'zhanggui_outbox{state="unknown"} 0',
    'zhanggui_sends{result="sent"} 1',
    'zhanggui_answers{outcome="verbatim"} 1',
  ]) {
    expect(metrics.split('\n')).toContain(line)
  }
  expect((await fetch(`${base}/health`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${base}/secrets`)).status).toBe(404)

  await simulator.act('stopServer', {})
  await until(async () => (await fetch(`${base}/health`)).status === 503)
  await until(async () => (await bot.metrics()).includes('zhanggui_connected{account="main"} 0'))
  await until(async () => ((await bot.health()).accounts[0]?.deafSeconds ?? 0) > 0.5)
  expect((await bot.metrics()).split('\n')).toContain('zhanggui_alarms{code="deaf"} 1')
  await simulator.act('startServer', {})
  await until(async () => (await fetch(`${base}/health`)).status === 200, { within: 30_000 })
  expect((await bot.health()).accounts[0]?.deafSecondsToday).toBeGreaterThan(0)
})

test('a health port that is taken is named, and the bot ends', async () => {
  const stage = await stageOfTest({ questions: 1 })
  const bot = await stage.start()
  const other = await stageOfTest({ questions: 1 })
  const second = other.spawn({ HEALTH_PORT: String(bot.said('health and metrics')?.['port']) })
  await until(() => second.child.exitCode !== null, { within: 30_000, what: 'the second bot has ended' })
  expect(second.child.exitCode).toBe(2)
  expect(second.printed.join('\n')).toContain('HEALTH_PORT')
})

test('the desk is where «start» says, and a port that is taken is named, and the bot ends', async () => {
  const stage = await stageOfTest({ questions: 1 })
  const bot = await stage.start({ DESK_PORT: '0' })
  const line = await until(() => bot.printed.find((one) => one.startsWith('the desk: ')))
  const address = line.replace('the desk: ', '')
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const page = await fetch(`${address}/sign-in`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const other = await stageOfTest({ questions: 1 })
  const second = other.spawn({ DESK_PORT: new URL(address).port })
  await until(() => second.child.exitCode !== null, { within: 20_000, what: 'the second bot has ended' })
  expect(second.child.exitCode).toBe(2)
  expect(second.printed.join('\n')).toContain('DESK_PORT')
})
