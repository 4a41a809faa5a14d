/** Files of messages over the real wire. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FetchOutcome } from '../../src/kernel/ports.ts'
import { SimulatorProcess, startSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'
import { gatewayOn, type GatewayUnderTest } from '../support/wechaty.ts'

const image = (bytes: Buffer) => ({ type: 'image', filename: 'one.png', base64: bytes.toString('base64') }) as const

async function fetched({ gateway }: GatewayUnderTest, id: string, maxBytes: number): Promise<FetchOutcome> {
  if (!gateway.fetchFile) throw new Error('the gateway fetches no files')
  return gateway.fetchFile(id, maxBytes, 20_000)
}

test('a picture arrives byte for byte, also when it is asked for at once, many times over', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator)
  const bytes = randomBytes(300_000)
  for (let i = 0; i < 10; i++) {
    const id = await simulator.say('customer-lin', image(bytes))
    const found = await fetched(bot, id, 1_000_000)
    expect(found.kind === 'fetched' && found.file.bytes.equals(bytes)).toBe(true)
  }
})

test('a picture that the platform does not show any more is gone, at once', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator)
  for (let i = 0; i < 10; i++) {
    const id = await simulator.say('customer-lin', image(Buffer.alloc(0)))
    expect(await fetched(bot, id, 1_000_000)).toEqual({ kind: 'gone' })
  }
})

test('a line that is lost while a file is on its way ends no process, whether anybody still reads it or not', async () => {
  const simulator = await SimulatorProcess.start()
  const bot = await gatewayOn(simulator)
  const id = await simulator.say('customer-lin', image(randomBytes(10_000_000)))
  // Read no further than is wanted: the rest is still on its way.
  expect(await fetched(bot, id, 1_000)).toEqual({ kind: 'too-large' })
  const fetching = fetched(bot, id, 30_000_000)
  simulator.freeze()
  await simulator.kill9()
  expect(await fetching).toEqual({ kind: 'unreachable' })
  await until(() => bot.deaf.length === 1)
}, 60_000)
