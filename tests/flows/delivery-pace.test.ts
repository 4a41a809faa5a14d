import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliverySettings, slice } from '../../src/delivery/index.ts'
import { testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
let world: DeliveryWorld

beforeEach(() => {
  world = new DeliveryWorld(db)
  world.settings = {}
})
afterEach(async () => {
  await world.close()
  await world.empty()
})

/** Notes when each call was made, in seconds from the start. */
function timed(gateway: ScriptedGateway): number[] {
  const start = world.clock.now().getTime()
  const times: number[] = []
  gateway.answer = ({ messageId }) => {
    times.push((world.clock.now().getTime() - start) / 1_000)
    return { kind: 'sent', messageId }
  }
  return times
}

/** Lets virtual time pass until `count` calls were made, giving the loop its turns. */
async function passUntil(gateway: ScriptedGateway, count: number): Promise<void> {
  await until(
    async () => {
      await world.clock.advance(100)
      return gateway.calls.length >= count
    },
    { every: 5, within: 30_000 },
  )
}

describe('the pace', () => {
  it('is a second to the same target and three to five between two', async () => {
    const { gateway } = await world.open()
    const times = timed(gateway)
    const [ann, bob] = [await world.direct('ann'), await world.direct('bob')]
    await world.ask(send(ann, 'a1', '一'), send(ann, 'a2', '二'), send(bob, 'b1', '三'), send(bob, 'b2', '四'))
    await passUntil(gateway, 4)
    expect(gateway.texts()).toEqual(['一', '二', '三', '四'])
    // To the millisecond: seconds as fractions do not subtract exactly.
    const gaps = times.slice(1).map((time, i) => Math.round((time - times[i]!) * 1_000) / 1_000)
    expect(gaps[0]).toBeGreaterThanOrEqual(1)
    expect(gaps[0]).toBeLessThan(2.5)
    expect(gaps[1]).toBeGreaterThanOrEqual(3)
    expect(gaps[2]).toBeGreaterThanOrEqual(1)
    expect(gaps[2]).toBeLessThan(2.5)
  })

  it('lets a reply overtake the campaign that is on its way', async () => {
    const { gateway } = await world.open()
    timed(gateway)
    for (const n of [1, 2, 3]) {
      await world.ask(send(await world.direct(`c${n}`), `m${n}`, `news ${n}`, { purpose: 'marketing' }))
    }
    await until(() => gateway.calls.length === 1)
    await world.ask(send(await world.direct('ann'), 'r', 'an answer'))
    await passUntil(gateway, 4)
    expect(gateway.texts()).toEqual(['news 1', 'an answer', 'news 2', 'news 3'])
  })

  it('is no more in a minute than the ceiling says', async () => {
    world.settings = { pace: { sameTarget: '0s', betweenTargets: ['0s', '0s'], perMinute: 3 } }
    const { gateway } = await world.open()
    const times = timed(gateway)
    const ann = await world.direct('ann')
    for (const n of [1, 2, 3, 4]) await world.ask(send(ann, `r${n}`, `${n}`))
    await until(() => gateway.calls.length === 3)
    await passUntil(gateway, 4)
    expect(times[3]! - times[0]!).toBeGreaterThanOrEqual(60)
  })
})

describe('a platform that throttles', () => {
  it('pauses the account without a storm; then the message goes out, once', async () => {
    world.settings = { pace: { enabled: false } }
    const { gateway } = await world.open()
    gateway.answer = ({ messageId }) =>
      gateway.calls.length === 1
        ? { kind: 'refused', reason: 'too-frequent', throttled: true }
        : { kind: 'sent', messageId }
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    await until(() => world.alarms.codes().includes('throttled'))
    await world.untilStates('r', ['pending'])
    await world.ask(send(await world.direct('bob'), 's', '早'))
    await world.clock.advance(4 * 60_000)
    expect(gateway.calls).toHaveLength(1)
    await world.clock.advance(60_000)
    await world.untilStates('r', ['sent'], { ticking: true })
    await world.untilStates('s', ['sent'], { ticking: true })
    expect(gateway.calls).toHaveLength(3)
    expect(world.alarms.codes()).toEqual([])
  })

  it('pauses it across a restart too', async () => {
    world.settings = { pace: { enabled: false } }
    const { gateway, stop } = await world.open()
    gateway.answer = () => ({ kind: 'refused', reason: 'too-frequent', throttled: true })
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    await until(() => gateway.calls.length === 1)
    await world.untilStates('r', ['pending'])
    await stop()
    const next = await world.open()
    await world.clock.advance(3 * 60_000)
    expect(next.gateway.calls).toEqual([])
    await world.clock.advance(3 * 60_000)
    await world.untilStates('r', ['sent'], { ticking: true })
  })
})

describe('stopping', () => {
  it('waits for what is on its way and claims nothing more', async () => {
    world.settings = { pace: { enabled: false } }
    const { gateway, stop } = await world.open()
    const { release } = gateway.hold()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'), send(ann, 's', '早'))
    await until(() => gateway.calls.length === 1)
    const stopped = stop()
    release()
    await stopped
    expect(await world.states()).toEqual(['sent', 'pending'])
  })
})

describe('the settings', () => {
  it('have a default for everything', () => {
    expect(deliverySettings.schema.parse({})).toEqual({
      pace: { enabled: true, inSimulator: false, sameTarget: 1_000, betweenTargets: [3_000, 5_000], perMinute: 40 },
      deadline: 15_000,
      throttlePause: 300_000,
      unknownAfter: 600_000,
      partBytes: 2_048,
      groupPostsPerDay: 5,
    })
  })
})

describe('the rights of a customer', () => {
  const rights = slice.rights === 'none' ? undefined : slice.rights

  it('empty the outbox of her words and address, and keep that something was sent', async () => {
    world.settings = { pace: { enabled: false } }
    const gateway = new ScriptedGateway()
    const { wake } = await world.open(gateway)
    const ann = await world.direct('ann-contact')
    const bob = await world.direct('bob')
    await world.ask(send(ann, 'reply:ann-contact', '安安你好'), send(bob, 'reply:bob', '你好'))
    await world.untilStates('reply:ann-contact', ['sent'])
    await world.untilStates('reply:bob', ['sent'])
    gateway.ready = false
    await world.ask(send(ann, 'later:ann-contact', '安安再见'))
    expect(await rights?.exportOf(db.pool, ann.customerId!)).toMatchObject({
      sends: [
        { body: { text: '安安你好' }, state: 'sent' },
        { body: { text: '安安再见' }, state: 'pending' },
      ],
    })
    await rights?.forget(db.pool, ann.customerId!, world.clock.now())
    gateway.ready = true
    wake()
    const rows = await db.pool.query('SELECT * FROM outbox ORDER BY id')
    expect(rows.rows.map(({ state, reason }: { state: string; reason: string }) => [state, reason])).toEqual([
      ['sent', null],
      ['sent', null],
      ['cancelled', 'forgotten'],
    ])
    const hers = JSON.stringify(rows.rows, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
    expect(hers).not.toContain('安安')
    expect(hers).not.toContain('ann-contact')
    expect(hers).toContain('reply:bob')
  })
})
