/** The platform does what it is asked and its acknowledgement is lost. */
import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { openStage, questionOf } from './stage.ts'

const impatient = { 'delivery.deadline': '2s' }

it('a lost acknowledgement is settled by the echo', async () => {
  const stage = await openStage({ settings: impatient })
  await stage.start()
  await stage.simulator.plan('never-answer', { times: 1 })
  await stage.simulator.say('customer-lin', questionOf(1))
  await until(
    async () => (await stage.rows(`SELECT FROM outbox WHERE state = 'sent' AND echoed_at IS NOT NULL`)).length === 1,
  )
  // The thread is free again once the call has run into its deadline.
  await stage.simulator.say('customer-lin', questionOf(2))
  await stage.answered(2)
  await stage.settled()
  expect(await stage.answersTo(1)).toHaveLength(1)
  expect(await stage.listUnknown()).toEqual([])
  await stage.close()
})

it('without echoes it stays unknown, is listed and not sent again, until a person settles it', async () => {
  const stage = await openStage({
    settings: impatient,
    accounts: [{ name: 'main', echoes: false }],
    simulator: { echo: false },
  })
  let bot = await stage.start()
  await stage.simulator.plan('never-answer', { times: 2 })
  await stage.simulator.say('customer-lin', questionOf(1))
  await stage.simulator.say('customer-chen', questionOf(2))
  const [first = '', second = ''] = await until(async () => {
    const ids = await stage.listUnknown()
    return ids.length === 2 && ids.toSorted((a, b) => Number(a) - Number(b))
  })
  await bot.kill9()
  bot = await stage.start()
  for (const [n, from] of [
    [3, 'customer-lin'],
    [4, 'customer-chen'],
  ] as const) {
    await stage.simulator.say(from, questionOf(n))
    await stage.answered(n)
  }
  expect(await stage.listUnknown()).toHaveLength(2)
  expect((await bot.health()).alarms.map(({ code }) => code)).toContain('unknown-sends')
  for (const n of [1, 2]) expect(await stage.answersTo(n)).toHaveLength(1)

  const byId = await stage.rows<{ id: string; text: string }>(`SELECT id::text, body ->> 'text' AS text FROM outbox`)
  const numberOf = (id: string): number => (byId.find((row) => row.id === id)?.text.includes('口诀1的') ? 1 : 2)
  expect((await stage.zhanggui('outbox', 'settle', first, 'sent')).code).toBe(0)
  expect((await stage.zhanggui('outbox', 'settle', second, 'retry')).code).toBe(0)
  expect((await stage.zhanggui('outbox', 'settle', first, 'retry')).code).toBe(1)
  await until(async () => (await stage.answersTo(numberOf(second))).length === 2, { what: 'the retry went out' })
  await stage.settled()
  expect(await stage.answersTo(numberOf(first))).toHaveLength(1)
  expect(await stage.answersTo(numberOf(second))).toHaveLength(2)
  expect(await stage.listUnknown()).toEqual([])
})
