/** The database goes away under the running bot and comes back: what is heard waits, nothing is said unwritten. */
import { expect, test } from 'vitest'
import { OwnPostgres } from '../support/own-postgres.ts'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf, type Stage } from './stage.ts'

/** Ids of messages on the wire that no committed outbox row knows. */
async function unwritten({ simulator, rows }: Stage): Promise<string[]> {
  const known = new Set(
    (await rows<{ message_id: string }>('SELECT message_id FROM outbox')).map((row) => row.message_id),
  )
  return (await simulator.sends()).map(({ messageId }) => messageId ?? '').filter((id) => !known.has(id))
}

async function epochOf({ rows }: Stage): Promise<number> {
  const [row] = await rows<{ epoch: number }>(`SELECT epoch FROM account WHERE name = 'main'`)
  return row?.epoch ?? 0
}

test('when PostgreSQL is stopped for 20 s and started, what was heard meanwhile is answered once, and nothing was said without a row', async () => {
  const server = await OwnPostgres.start()
  const stage = await stageOfTest({ server, questions: 20 })
  const { simulator } = stage
  const bot = await stage.start()
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  const epoch = await epochOf(stage)
  const sends = (await simulator.sends()).length

  await server.stop()
  const stoppedAt = performance.now()
  await simulator.say('customer-lin', questionOf(2))
  await simulator.say('customer-chen', questionOf(3))
  await simulator.say('customer-zhao', questionOf(4), { room: 'room-care-1', mention: ['main'] })
  await simulator.say('customer-sun', '你们老板是什么星座')
  await until(async () => !(await bot.health()).database, { what: 'health says that the database is away' })
  expect((await bot.health()).ok).toBe(false)
  await until(async () => (await bot.health()).alarms.some(({ code }) => code === 'database'), { within: 60_000 })
  await until(() => performance.now() - stoppedAt > 20_000, { within: 30_000 })
  expect(await simulator.sends()).toHaveLength(sends)
  await simulator.say('customer-liu', questionOf(5))

  await server.start()
  for (const n of [2, 3, 4, 5]) await stage.answered(n)
  // This one waits for a timer: those must have survived too.
  await until(async () => (await simulator.sends({ to: 'customer-sun' })).length > 0)
  await stage.settled()
  for (const n of [1, 2, 3, 4, 5]) expect(await stage.answersTo(n), `question ${n}`).toHaveLength(1)
  expect(await simulator.sends({ to: 'customer-sun' })).toHaveLength(1)
  expect(await unwritten(stage)).toEqual([])
  expect(await stage.listUnknown()).toEqual([])
  expect(await epochOf(stage)).toBeGreaterThan(epoch)
  expect(bot.said('ownership lost with the database connection')).toBeDefined()
  expect(bot.said('ownership taken again')).toBeDefined()
  await until(async () => (await bot.health()).ok && (await bot.health()).alarms.length === 0)
  expect(bot.log.some(({ msg, code }) => msg === 'alarm cleared' && code === 'database')).toBe(true)
})

test('a bot that is told to stop while PostgreSQL is away ends', async () => {
  const server = await OwnPostgres.start()
  const stage = await stageOfTest({ server, questions: 5 })
  const bot = await stage.start()
  await server.stop()
  await stage.simulator.say('customer-lin', questionOf(1))
  await until(() => bot.said('inbox waits for the database'), { within: 60_000 })
  bot.child.kill('SIGTERM')
  await until(() => bot.child.exitCode !== null, { within: 30_000, what: 'the bot has ended' })
  expect(bot.child.exitCode).toBe(0)
})
