/** Sends that are held, let go and stopped as one, in their order, with pauses between their parts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { concurrency } from '../../src/delivery/loop.ts'
import type { Recipient, SendMessage } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
let world: DeliveryWorld

beforeEach(() => {
  world = new DeliveryWorld(db)
})
afterEach(async () => {
  await world.close()
  await world.empty()
})

const ofRun = (to: Recipient, key: string, about: Partial<SendMessage> = {}): SendMessage =>
  send(to, key, key, { purpose: 'marketing', batch: 'run', ...about })
const holds = async (): Promise<number | null> => (await db.pool.query('SELECT FROM outbox_hold')).rowCount

describe('a batch that is held', () => {
  it('waits, whatever else goes out, and goes on when it is let go', async () => {
    const { gateway } = await world.open()
    const [ann, bob, eve] = [await world.direct('ann'), await world.direct('bob'), await world.direct('eve')]
    await world.ask({ kind: 'HoldSends', batch: 'run' }, { kind: 'HoldSends', batch: 'run' })
    await world.ask(ofRun(ann, 'a'), ofRun(bob, 'b', { batch: 'other' }), send(ann, 'r', 'r'), ofRun(eve, 'e'))
    await world.untilStates('b', ['sent'])
    await world.untilStates('r', ['sent'])
    expect(await world.states('a')).toEqual(['pending'])
    await world.ask({ kind: 'ReleaseSends', batch: 'run' })
    for (const key of ['a', 'e']) await world.untilStates(key, ['sent'])
    expect(gateway.calls).toHaveLength(4)
  })

  it('expires like everything else', async () => {
    await world.open()
    await world.ask({ kind: 'HoldSends', batch: 'run' })
    await world.ask(ofRun(await world.direct('ann'), 'a', { notAfter: new Date('2026-03-02T10:05:00+08:00') }))
    await world.clock.advance(6 * 60_000)
    await world.untilStates('a', ['cancelled: expired'], { ticking: true })
  })
})

describe('a batch that is stopped', () => {
  it('ends at once: what is on its way ends, what waits is cancelled, and whoever follows hears of each', async () => {
    const told: string[] = []
    const gateway = new ScriptedGateway()
    const { release } = gateway.hold()
    await world.open(gateway, {
      follower: { follows: () => true, settled: async (_db, keys) => void told.push(...keys) },
    })
    const people = await Promise.all(Array.from({ length: concurrency + 4 }, (_, n) => world.direct(`c${n}`)))
    await world.ask(...people.map((to, n) => ofRun(to, `m${n}`)))
    await until(() => gateway.open === concurrency)
    await world.ask({ kind: 'StopSends', batch: 'run', reason: 'stopped' })
    const late = [0, 1, 2, 3].map((n) => concurrency + n)
    for (const n of late) await world.untilStates(`m${n}`, ['cancelled: stopped'])
    expect(told.toSorted()).toEqual(late.map((n) => `m${n}`))
    release()
    await world.untilStates('m0', ['sent'])
    expect(gateway.calls).toHaveLength(concurrency)
    await until(async () => {
      await world.clock.advance(1_000)
      return (await holds()) === 0
    })
    expect(new Set(told).size).toBe(concurrency + 4)
  })

  it('of more than a transaction may touch is stopped all the same', async () => {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    await world.open(gateway)
    const ann = await world.direct('ann')
    await world.ask(...Array.from({ length: 1_200 }, (_, n) => ofRun(ann, `m${n}`)))
    await world.ask({ kind: 'StopSends', batch: 'run', reason: 'stopped' })
    await until(async () => (await world.states()).every((state) => state === 'cancelled: stopped'))
    await until(async () => (await holds()) === 0)
  })

  it('does not come back when it is let go, nor through what was on its way and was not sent', async () => {
    const gateway = new ScriptedGateway()
    let refuse = (): void => undefined
    gateway.answer = () =>
      new Promise((answer) => (refuse = () => answer({ kind: 'refused', reason: 'not-connected', throttled: false })))
    await world.open(gateway)
    await world.ask(ofRun(await world.direct('ann'), 'a'))
    await until(() => gateway.calls.length === 1)
    await world.ask({ kind: 'StopSends', batch: 'run', reason: 'stopped' }, { kind: 'ReleaseSends', batch: 'run' })
    refuse()
    await world.untilStates('a', ['cancelled: stopped'], { ticking: true })
    expect(gateway.calls).toHaveLength(1)
  })

  it('that nobody delivers for is cancelled by whoever starts next', async () => {
    await world.ask(ofRun(await world.direct('ann'), 'a'))
    await world.ask({ kind: 'StopSends', batch: 'run', reason: 'stopped' })
    const { gateway } = await world.open()
    await world.untilStates('a', ['cancelled: stopped'])
    expect(gateway.calls).toEqual([])
  })
})

describe('the order', () => {
  it('is by rank among what nobody asked for, and asked-for words go first', async () => {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    const { wake } = await world.open(gateway)
    world.settings = { pace: { enabled: true, sameTarget: '0s', betweenTargets: ['0s', '0s'], perMinute: 100 } }
    for (const rank of [3, 1, 2]) await world.ask(ofRun(await world.direct(`c${rank}`), `rank ${rank}`, { rank }))
    await world.ask(send(await world.direct('ann'), 'r', 'r'))
    gateway.ready = true
    wake()
    await until(() => gateway.calls.length === 4)
    expect(gateway.texts()).toEqual(['r', 'rank 1', 'rank 2', 'rank 3'])
  })
})

describe('the delays of a message', () => {
  const bodies = ['一', '二', '三'].map((text) => ({ type: 'text' as const, text }))

  it('lie between its bodies, and let other words pass', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'm', bodies, { purpose: 'service', delays: [0, 60_000, 5_000] }))
    await world.untilStates('m', ['sent', 'pending', 'pending'])
    await world.ask(send(ann, 'r', 'r'))
    await world.untilStates('r', ['sent'])
    await world.clock.advance(58_000)
    expect(gateway.texts()).toEqual(['一', 'r'])
    await world.untilStates('m', ['sent', 'sent', 'sent'], { ticking: true })
    const [first, second, third] = (await world.rows('m')).map((row) => row.sending_at?.getTime() ?? 0)
    expect(second! - first!).toBeGreaterThanOrEqual(60_000)
    expect(third! - second!).toBeGreaterThanOrEqual(5_000)
  })

  it('begin with the first, counted from when the whole may go; parts of one text have none between them', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    const long = [{ type: 'text' as const, text: '先洁面，再爽肤。'.repeat(100) }, ...bodies.slice(0, 1)]
    await world.ask(send(ann, 'm', long, { purpose: 'service', delays: [30_000, 60_000] }))
    await world.clock.advance(29_000)
    expect(gateway.calls).toEqual([])
    await world.untilStates('m', ['sent', 'sent', 'pending'], { ticking: true })
    expect((await db.pool.query('SELECT delay FROM outbox ORDER BY part')).rows).toEqual(
      [0, 0, 60_000].map((delay) => ({ delay })),
    )
  })

  it('do not outlive the first part: where it is not sent, the rest is cancelled for the same reason', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await db.pool.query('UPDATE customer SET opted_out_at = first_seen_at')
    await world.ask(send(ann, 'm', bodies, { purpose: 'marketing', delays: [0, 1_000, 1_000] }))
    await world.untilStates('m', ['cancelled: opted-out', 'cancelled: opted-out', 'cancelled: opted-out'])
  })
})
