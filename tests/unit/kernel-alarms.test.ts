import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { createAlarms } from '../../src/kernel/alarms.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { until } from '../support/until.ts'

const posted: { code: string; state: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    posted.push(JSON.parse(body) as (typeof posted)[number])
    response.end()
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
afterAll(() => server.close())
const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

test('an alarm is posted once while it lasts, once more when it is over, and again when it comes back', async () => {
  const alarms = createAlarms({ webhook, clock: systemClock, log: silentLog })
  const alarm = {
    key: 'deaf:main',
    severity: 'critical',
    code: 'deaf',
    message: 'hears nothing',
    account: 'main',
  } as const
  alarms.raise(alarm)
  alarms.raise(alarm)
  expect(alarms.current()).toHaveLength(1)
  await alarms.sent()
  alarms.clear('deaf:main')
  alarms.clear('deaf:main')
  await alarms.sent()
  alarms.raise(alarm)
  await alarms.sent()
  await until(() => posted.length === 3)
  expect(posted.map(({ code, state }) => `${code} ${state}`)).toEqual(['deaf raised', 'deaf cleared', 'deaf raised'])
})
