import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { firstLine, SimulatorProcess, temporaryHome } from '../support/simulator.ts'
import { stockClient } from '../support/stock-client.ts'
import { until } from '../support/until.ts'

const removeHome = temporaryHome()
afterAll(removeHome)

const journalFile = () => join(mkdtempSync(join(tmpdir(), 'zhanggui-journal-')), 'journal.jsonl')

test('a killed simulator comes back on its ports with its journal, and message ids never repeat', async () => {
  const simulator = await SimulatorProcess.start({ accounts: ['bot1', 'bot2'], journal: journalFile() })
  const endpoints = [simulator.endpoint('bot1'), simulator.endpoint('bot2')]
  const client = await stockClient(simulator)
  const first = await client.puppet.messageSendText('customer-lin', '一')
  await simulator.kill9()
  await client.stop()

  await simulator.restart()
  expect([simulator.endpoint('bot1'), simulator.endpoint('bot2')]).toEqual(endpoints)
  const again = await stockClient(simulator)
  const second = await again.puppet.messageSendText('customer-lin', '二')
  expect(second).not.toBe(first)
  expect((await simulator.sends()).map(({ n, text }) => [n, text])).toEqual([
    [1, '一'],
    [2, '二'],
  ])
  await again.stop()
  await simulator.stop()
})

test('a frozen simulator executes what was asked when it wakes up', async () => {
  const simulator = await SimulatorProcess.start({ journal: journalFile() })
  const client = await stockClient(simulator)
  simulator.freeze()
  const call = client.puppet.messageSendText('customer-lin', '冻住了')
  simulator.resume()
  expect(await call).toMatch(/^message-/)
  expect(await simulator.sends()).toHaveLength(1)
  await client.stop()
  await simulator.stop()
})

test('a bad or unknown action is refused with the reason', async () => {
  const simulator = await SimulatorProcess.start()
  await expect(simulator.act('say', { from: 'customer-lin' })).rejects.toThrow('say-one-thing')
  await expect(simulator.say('nobody', 'x')).rejects.toThrow('no contact nobody')
  await expect(simulator.act('say', { from: 'customer-lin', txet: 'x' } as never)).rejects.toThrow('bad-input')
  await expect(simulator.act('fly' as never, {} as never)).rejects.toThrow('no-such-action')
  await simulator.stop()
})

test('the load driver measures the echo bot and loses nothing', async () => {
  const simulator = await SimulatorProcess.start({ durableJournal: false })
  const bot = spawn(
    process.execPath,
    ['tests/bench/echo-bot.ts', '--endpoint', simulator.endpoint(), '--token', simulator.token],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await firstLine(bot)
  const report = await simulator.act('load', {
    customers: 10,
    window: 4,
    messages: 200,
    warmUp: 20,
    questions: ['在吗'],
  })
  expect(report).toMatchObject({ asked: 200, answered: 200, lost: 0, unexpected: 0 })
  expect(report.median).toBeLessThanOrEqual(report.p99)
  bot.kill()
  await once(bot, 'exit')
  await simulator.stop()
})

test('the load driver counts a question without an answer as lost', async () => {
  const simulator = await SimulatorProcess.start()
  const report = await simulator.act('load', { messages: 3, questions: ['有人吗'], patience: 300 })
  expect(report).toMatchObject({ asked: 3, answered: 0, lost: 3 })
  await until(async () => (await simulator.state()).journal === 0)
  await simulator.stop()
})
