/** Who looks after the bot is called by a webhook that depends on no account: once when it begins, once when it ends. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { afterFile } from '../support/after-file.ts'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

type Call = { code: string; state: 'raised' | 'cleared'; message: string; account?: string }

/** A webhook that refuses the first call, as webhooks do. */
async function webhook(): Promise<{ url: string; calls: Call[]; bodies: string[] }> {
  const calls: Call[] = []
  const bodies: string[] = []
  let refused = false
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (refused) {
        bodies.push(body)
        calls.push(JSON.parse(body) as Call)
      }
      response.writeHead(refused ? 200 : 503).end()
      refused = true
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterFile.add(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarm`, calls, bodies }
}

test('the webhook hears of each deaf, swapped, throttled and unknown period once, and of its end once', async () => {
  const hook = await webhook()
  const stage = await stageOfTest({
    questions: 10,
    env: { ALARM_WEBHOOK_URL: hook.url },
    accounts: [{ name: 'main', echoes: false }],
    simulator: { echo: false },
    settings: { 'delivery.throttlePause': '2s', 'delivery.deadline': '2s' },
  })
  const { simulator } = stage
  const told = (code: string, state: Call['state']): Call[] =>
    hook.calls.filter((call) => call.code === code && call.state === state)
  const hears = (code: string, state: Call['state']): Promise<unknown> =>
    until(() => told(code, state).length > 0, { within: 30_000, what: `the webhook hears that ${code} is ${state}` })
  await stage.start()

  await simulator.act('stopServer', {})
  await hears('deaf', 'raised')
  await simulator.act('startServer', {})
  await hears('deaf', 'cleared')

  await simulator.act('login', { as: 'staff-zhou' })
  await hears('account-swapped', 'raised')
  await simulator.act('login', { as: 'account-xiaoyu' })
  await hears('account-swapped', 'cleared')

  await simulator.plan('throttle', { times: 2 })
  await simulator.say('customer-lin', questionOf(1))
  await simulator.say('customer-chen', questionOf(2))
  await hears('throttled', 'raised')
  for (const n of [1, 2]) await stage.answered(n)
  await hears('throttled', 'cleared')

  await simulator.plan('never-answer', { times: 2 })
  await simulator.say('customer-lin', questionOf(3))
  await simulator.say('customer-chen', questionOf(4))
  await hears('unknown-sends', 'raised')
  await until(async () => (await stage.listUnknown()).length === 2)
  expect((await stage.zhanggui('outbox', 'settle', 'all', 'sent')).code).toBe(0)
  await hears('unknown-sends', 'cleared')

  await stage.settled()
  for (const code of ['deaf', 'account-swapped', 'unknown-sends']) {
    expect(told(code, 'raised'), code).toHaveLength(1)
    expect(told(code, 'cleared'), code).toHaveLength(1)
  }
  // One period, or two when the second refusal came after the first rest.
  expect(told('throttled', 'raised').length).toBe(told('throttled', 'cleared').length)
  expect(told('deaf', 'raised')).toMatchObject([{ account: 'main', message: expect.any(String) as string }])
  for (const body of hook.bodies) expect(body).not.toContain(simulator.token)
})
