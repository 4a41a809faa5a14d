/** The line to the gateway is lost in every way that it can be: the bot notices, comes back, and sends nothing twice. */
import { existsSync, readdirSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import type { BotProcess } from '../support/bot.ts'
import { until } from '../support/until.ts'
import { openStage, questionOf, type Stage } from './stage.ts'

let stage: Stage
let bot: BotProcess
let asked = 0

beforeAll(async () => {
  stage = await openStage({ questions: 400 })
  bot = await stage.start()
})

/** Asks a fresh question until one is answered: what is said while no stream is attached is lost to everybody. */
async function answersAgain(within: number): Promise<void> {
  await until(
    async () => {
      asked += 1
      const n = asked
      await stage.simulator.say('customer-lin', questionOf(n))
      await stage.answered(n, 1_000)
      return true
    },
    { within, what: 'the bot answers again' },
  )
}

async function nothingSentTwice(): Promise<void> {
  await stage.settled()
  const texts = (await stage.simulator.sends()).map(({ text }) => text)
  expect(texts).toHaveLength(new Set(texts).size)
}

const heardAgain = (): number => bot.log.filter(({ msg }) => msg === 'hearing again').length
const deafPeriods = () =>
  stage.rows<{ reason: string; ms: number | null }>(
    `SELECT reason, (extract(epoch FROM ended_at - started_at) * 1000)::float8 AS ms FROM deaf_period ORDER BY id`,
  )

it('a gateway that was killed is served again within 15 s of its return, and nothing is sent twice', async () => {
  await answersAgain(10_000)
  // Several at once, so that the kill meets some of them on their way.
  await stage.simulator.plan('delay', { times: 4, ms: 300 })
  for (const from of ['customer-chen', 'customer-zhao', 'customer-sun', 'customer-xu']) {
    asked += 1
    await stage.simulator.say(from, questionOf(asked))
  }
  await until(async () => (await stage.rows(`SELECT FROM outbox WHERE state = 'sending'`)).length > 0)
  await stage.simulator.kill9()
  await until(() => bot.said('deaf: the line is lost, rebuilding'), { within: 30_000 })
  // Away for long enough that the pause between two attempts has grown to its longest.
  await until(async () => ((await bot.health()).accounts[0]?.deafSeconds ?? 0) > 22, { within: 30_000 })

  await stage.simulator.restart()
  const returned = performance.now()
  await answersAgain(15_000)
  expect(performance.now() - returned).toBeLessThan(15_000)
  await nothingSentTwice()
  const uncertain = await stage.rows<{ id: string }>(`SELECT id::text FROM outbox WHERE state = 'unknown'`)
  expect(await stage.listUnknown()).toEqual(uncertain.map(({ id }) => id).toReversed())
})

it('a stream that ends while everything else works is noticed within 30 s, stored and logged', async () => {
  const before = heardAgain()
  await stage.simulator.act('cutStream', {})
  await until(() => heardAgain() > before, { within: 30_000 })
  await answersAgain(15_000)
  await until(async () => (await deafPeriods()).at(-1)?.ms, { what: 'how long it was deaf is stored' })
  expect((await deafPeriods()).at(-1)?.reason).toContain('stream-ended')
  expect(bot.log.some(({ msg, deafMs }) => msg.startsWith('heard nothing for') && Number(deafMs) >= 0)).toBe(true)
  await nothingSentTwice()
})

it('a stream that stays open and brings nothing is noticed within 30 s', async () => {
  const before = (await deafPeriods()).length
  await stage.simulator.act('setManners', { deaf: true })
  await until(async () => (await deafPeriods()).length > before, { within: 30_000 })
  expect((await deafPeriods()).at(-1)?.reason).toContain('ping-unanswered')
  expect((await bot.health()).ok).toBe(false)
  await stage.simulator.act('setManners', { deaf: false })
  await answersAgain(60_000)
  await nothingSentTwice()
})

it('50 dropped connections leave no listener, no open file and no memory behind', { timeout: 240_000 }, async () => {
  const drop = async (): Promise<void> => {
    const before = heardAgain()
    await stage.simulator.act('dropConnections', {})
    await until(() => heardAgain() > before, { within: 30_000 })
  }
  // What is made once is made by then.
  for (let n = 0; n < 10; n += 1) await drop()
  await answersAgain(15_000)
  const early = { files: openFiles(), bytes: await residentBytes() }
  for (let n = 0; n < 40; n += 1) await drop()
  await answersAgain(15_000)

  expect(await residentBytes()).toBeLessThan(early.bytes * 1.2)
  await until(() => openFiles() <= early.files + 2, { what: `no more files are open than ${early.files} and two` })
  // Node counts listeners for us, and says on standard error when there are more than ten.
  expect(bot.printed).toEqual([])
  await nothingSentTwice()
})

async function residentBytes(): Promise<number> {
  return Number(/^zhanggui_resident_bytes (\S+)$/m.exec(await bot.metrics())?.[1])
}

/** Sockets included; 0 where the system does not show them. */
function openFiles(): number {
  const folder = `/proc/${bot.child.pid}/fd`
  return existsSync(folder) ? readdirSync(folder).length : 0
}
