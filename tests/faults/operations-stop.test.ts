/** Being told to stop: what is under way ends, what waits is found again. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

const customers = ['customer-lin', 'customer-chen', 'customer-zhao', 'customer-sun', 'customer-liu', 'customer-huang']

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s under load ends the bot with 0 within 10 s, with the outcome of every send recorded, and the next bot doubles nothing',
  async (signal) => {
    const stage = await stageOfTest({ questions: 60 })
    const { simulator, rows } = stage
    const bot = await stage.start()
    // So slow that sends are on their way whenever the signal comes.
    await simulator.plan('delay', { ms: 400 })
    for (let n = 1; n <= 60; n += 1) await simulator.say(customers[n % customers.length] ?? '', questionOf(n))
    await stage.answered(1)
    bot.child.kill(signal)
    await until(() => bot.child.exitCode !== null, { within: 30_000, what: 'the bot has ended' })
    expect(bot.child.exitCode).toBe(0)
    expect(bot.said('stopped')).toBeDefined()
    expect(await rows(`SELECT id FROM outbox WHERE state IN ('sending', 'unknown')`)).toEqual([])

    await simulator.act('clearFaults', {})
    await stage.start()
    await stage.settled(60_000)
    const heard = await rows<{ text: string }>(
      `SELECT what #>> '{message,text}' AS text FROM inbox WHERE kind = 'MessageReceived'`,
    )
    const known = new Set(heard.map(({ text }) => text))
    expect(known.size).toBeGreaterThan(0)
    for (let n = 1; n <= 60; n += 1) {
      expect(await stage.answersTo(n), `question ${n}`).toHaveLength(known.has(questionOf(n)) ? 1 : 0)
    }
    const sent = await rows<{ message_id: string }>(`SELECT message_id FROM outbox WHERE state = 'sent'`)
    const onTheWire = (await simulator.sends()).map(({ messageId }) => messageId ?? '')
    expect(onTheWire.sort()).toEqual(sent.map(({ message_id }) => message_id).sort())
  },
)
