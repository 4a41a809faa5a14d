/** The bot is killed around one send. What may have happened is never done again; what cannot have, is done once. */
import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { openStage, questionOf, type Stage } from './stage.ts'

type OutboxRow = { id: string; state: string; epoch: number | null }

const outbox = (stage: Stage): Promise<OutboxRow[]> =>
  stage.rows<OutboxRow>('SELECT id::text, state, epoch FROM outbox ORDER BY id')

it('what was still waiting when the bot was killed goes out once after the restart', async () => {
  const slow = { 'delivery.pace.enabled': true, 'delivery.pace.sameTarget': '4s', 'delivery.pace.perMinute': 1000 }
  const stage = await openStage({ settings: slow })
  const bot = await stage.start()
  for (const n of [1, 2, 3]) await stage.simulator.say('customer-lin', questionOf(n))
  await stage.answered(1)
  await until(async () => (await outbox(stage)).length === 3)
  await bot.kill9()
  expect((await outbox(stage)).at(-1)).toMatchObject({ state: 'pending' })

  await stage.start()
  await stage.settled()

  for (const n of [2, 3]) expect(await stage.answersTo(n)).toHaveLength(1)
  expect((await stage.answersTo(1)).length).toBe(1)
  await stage.close()
})

it('a kill between the committed «sending» and the call leaves it unknown, until a person lets it go again', async () => {
  const stage = await openStage()
  const bot = await stage.start()
  await stage.simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  await bot.kill9()
  // The disk as that kill leaves it: claimed under the epoch of the dead, and nobody has called.
  await stage.rows(
    `INSERT INTO outbox (key, part, parts, account, thread_id, customer_id, recipient, purpose, priority, body, body_hash,
       answers, state, epoch, created_at, sending_at)
     SELECT 'killed', part, parts, account, thread_id, customer_id, recipient, purpose, priority,
       jsonb_build_object('type', 'text', 'text', 'said only by hand'), 'killed', '{}', 'sending', epoch, created_at, now()
     FROM outbox`,
  )

  await stage.start()
  const [id = ''] = await until(async () => {
    const ids = await stage.listUnknown()
    return ids.length > 0 && ids
  })
  await stage.simulator.say('customer-lin', questionOf(2))
  await stage.answered(2)
  const said = async (): Promise<number> =>
    (await stage.simulator.sends()).filter(({ text }) => text === 'said only by hand').length
  expect(await said()).toBe(0)

  expect((await stage.zhanggui('outbox', 'settle', id, 'retry')).code).toBe(0)
  await until(async () => (await said()) > 0)
  await stage.settled()
  expect(await said()).toBe(1)
  expect(await stage.listUnknown()).toEqual([])
  await stage.close()
})

it('a send that the gateway still held when the bot was killed is unknown, and its echo settles it', async () => {
  const stage = await openStage()
  const bot = await stage.start()
  await stage.simulator.plan('hang', { times: 1 })
  await stage.simulator.say('customer-lin', questionOf(1))
  await until(async () => (await stage.simulator.state()).accounts[0]?.held === 1)
  await bot.kill9()

  await stage.start()
  await until(async () => (await stage.listUnknown()).length === 1)
  // The gateway wakes up and does what a dead bot asked for.
  await stage.simulator.act('release', {})
  await until(async () => (await stage.listUnknown()).length === 0)
  await stage.settled()
  expect(await stage.answersTo(1)).toHaveLength(1)
  expect(await stage.rows('SELECT state, settled_by FROM outbox')).toEqual([{ state: 'sent', settled_by: 'echo' }])
  await stage.close()
})

it('a kill after the call and before its result is stored sends nothing twice, with and without echoes', async () => {
  for (const echo of [true, false]) {
    const stage = await openStage({ accounts: [{ name: 'main', echoes: echo }], simulator: { echo } })
    const bot = await stage.start()
    await stage.simulator.plan('never-answer', { times: 1 })
    await stage.simulator.say('customer-lin', questionOf(1))
    await stage.answered(1)
    await bot.kill9()

    await stage.start()
    await stage.simulator.say('customer-lin', questionOf(2))
    await stage.answered(2)
    await stage.settled()
    expect(await stage.answersTo(1)).toHaveLength(1)
    const [first] = await outbox(stage)
    // With echoes it depends on the instant of the kill whether its echo was heard; without, nobody can know.
    if (!echo || first?.state !== 'sent') expect(await stage.listUnknown()).toEqual([first?.id])
    await stage.close()
  }
})
