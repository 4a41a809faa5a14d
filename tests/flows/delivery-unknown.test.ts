import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countOutbox, listOutbox, settleByHand } from '../../src/delivery/index.ts'
import type { Database } from '../../src/kernel/db.ts'
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

const minutes = (n: number): number => n * 60_000
const unknownOnce = (gateway: ScriptedGateway): void => {
  gateway.answer = ({ messageId }) =>
    gateway.calls.length === 1 ? { kind: 'unknown', reason: 'deadline' } : { kind: 'sent', messageId }
}

describe('when the process dies after `sending` was committed', () => {
  it('nothing is sent twice: the next owner finds it unknown', async () => {
    const dying = new ScriptedGateway()
    dying.answer = () => 'hang'
    await world.open(dying)
    await world.ask(send(await world.direct('ann'), 'r', '你好'), send(await world.direct('bob'), 's', '早'))
    await until(() => dying.calls.length === 2)
    const { gateway } = await world.open(new ScriptedGateway())
    await world.untilStates('r', ['unknown: crash'])
    await world.untilStates('s', ['unknown: crash'])
    await world.clock.advance(minutes(5))
    expect(gateway.calls).toEqual([])
  })

  it('a result that comes after the take-over still says that it was sent', async () => {
    const slow = new ScriptedGateway()
    const { release } = slow.hold()
    await world.open(slow)
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    await until(() => slow.calls.length === 1)
    await world.open(new ScriptedGateway())
    await world.untilStates('r', ['unknown: crash'])
    release()
    await world.untilStates('r', ['sent'])
  })
})

describe('the epoch', () => {
  it('of a second owner stops the first from claiming', async () => {
    const first = await world.open(new ScriptedGateway())
    const second = await world.open(new ScriptedGateway())
    for (let i = 0; i < 10; i += 1) await world.ask(send(await world.direct(`c${i}`), `r:${i}`, 'hello'))
    await until(() => second.gateway.calls.length === 10)
    expect(first.gateway.calls).toEqual([])
  })

  it('that is lost between claim and call stops the call', async () => {
    let epoch: number | null = await world.take()
    const gateway = new ScriptedGateway()
    let looks = 0
    // The look before the claim sees the epoch, the one before the call sees that it is gone.
    await world.open(gateway, { epoch: () => (looks++ < 1 ? epoch : null) })
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    epoch = null
    await until(() => looks > 1)
    await world.untilStates('r', ['pending'])
    expect(gateway.calls).toEqual([])
  })
})

describe('a send that ended unknown', () => {
  it('is settled by its echo, and is then in the thread', async () => {
    const { gateway } = await world.open()
    unknownOnce(gateway)
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['unknown: deadline'])
    expect(await world.echo(ann.threadId, { id: 'm1', text: '你好' })).toBe(true)
    const [row] = await world.rows('r')
    expect(row).toMatchObject({ state: 'sent', settled_by: 'echo', message_id: 'm1' })
    const { rows } = await db.pool.query('SELECT platform_id, direction, text FROM message')
    expect(rows).toEqual([{ platform_id: 'm1', direction: 'out', text: '你好' }])
  })

  it('is not settled where the gateway does not declare echoes', async () => {
    const { gateway } = await world.open()
    unknownOnce(gateway)
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['unknown: deadline'])
    expect(await world.echo(ann.threadId, { id: 'm1', text: '你好' }, { echoes: false })).toBe(true)
    await world.untilStates('r', ['unknown: deadline'])
  })

  it('becomes a case after ten minutes when somebody waits, and is closed when nobody asked', async () => {
    const { gateway } = await world.open()
    gateway.answer = () => ({ kind: 'unknown', reason: 'deadline' })
    const ann = await world.direct('ann')
    await world.ask(
      send(ann, 'r', '你好'),
      send(await world.direct('bob'), 'm', '新品。'.repeat(400), { purpose: 'marketing' }),
    )
    await world.untilStates('r', ['unknown: deadline'])
    await until(async () => {
      await world.clock.advance(5_000)
      return world.alarms.codes().includes('unknown-sends')
    })
    expect(world.cases).toEqual([])
    await world.clock.advance(minutes(10))
    await world.untilStates('m', ['unknown: deadline', 'cancelled: earlier-part-unknown'], { ticking: true })
    await until(() => world.cases.length > 0)
    expect(world.cases).toEqual([{ reason: 'unknown-reply', key: 'outbox:r', customerId: ann.customerId }])
    const open = await listOutbox(db, { state: 'unknown' })
    expect(open.map(({ key, settledAt }) => [key, settledAt === null])).toEqual([
      ['m', false],
      ['r', true],
    ])
    expect(await countOutbox(db)).toEqual({ pending: 0, sending: 0, unknown: 2 })
  })

  it('is sent exactly once more when a human says retry', async () => {
    const { gateway, wake } = await world.open()
    unknownOnce(gateway)
    const notAfter = new Date(world.clock.now().getTime() + minutes(5))
    await world.ask(send(await world.direct('ann'), 'r', '你好', { notAfter }))
    await world.untilStates('r', ['unknown: deadline'])
    await world.clock.advance(minutes(20))
    const [row] = await world.rows('r')
    expect(await settleByHand(db, [row!.id, 999n], 'retry', '王店长', world.clock.now())).toEqual([row!.id])
    wake()
    await world.untilStates('r', ['sent'])
    expect(await settleByHand(db, 'all', 'retry', '王店长', world.clock.now())).toEqual([])
    await world.clock.advance(minutes(20))
    expect(gateway.texts()).toEqual(['你好', '你好'])
    const { rows } = await db.pool.query('SELECT by, action, subject FROM audit')
    expect(rows).toEqual([{ by: '王店长', action: 'outbox-retry', subject: `outbox:${row!.id}` }])
  })

  it('is not sent again when its echo comes after the human said retry', async () => {
    const { gateway } = await world.open()
    unknownOnce(gateway)
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['unknown: deadline'])
    gateway.ready = false
    await settleByHand(db, 'all', 'retry', '王店长', world.clock.now())
    expect(await world.echo(ann.threadId, { id: 'm1', text: '你好' })).toBe(true)
    gateway.ready = true
    await world.untilStates('r', ['sent'])
    expect(gateway.calls).toHaveLength(1)
  })

  it('is closed by hand as sent, and is then in the thread', async () => {
    const { gateway } = await world.open()
    unknownOnce(gateway)
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    await world.untilStates('r', ['unknown: deadline'])
    await settleByHand(db, 'all', 'sent', '王店长', world.clock.now())
    expect((await world.rows('r'))[0]).toMatchObject({ state: 'sent', settled_by: '王店长' })
    expect((await db.pool.query('SELECT text FROM message')).rows).toEqual([{ text: '你好' }])
  })
})

describe('an own message', () => {
  it('that no send explains is a human on the phone', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['sent'])
    expect(await world.echo(ann.threadId, { id: 'x1', text: '我来看看' })).toBe(false)
    const bob = await world.direct('bob')
    expect(await world.echo(bob.threadId, { id: 'x2', text: '你好' })).toBe(false)
  })

  it('is the send with its id before any with its words', async () => {
    await world.open()
    const ann = await world.direct('ann')
    for (const n of [1, 2, 3]) await world.ask(send(ann, `r:${n}`, '你好'))
    await world.untilStates('r:3', ['sent'])
    expect(await world.echo(ann.threadId, { id: 'main-2', text: '你好' })).toBe(true)
    const { rows } = await db.pool.query('SELECT key FROM outbox WHERE echoed_at IS NOT NULL')
    expect(rows).toEqual([{ key: 'r:2' }])
  })

  it('that is told again after its send was marked is still an echo, and takes no other send of the same words', async () => {
    await world.open(new ScriptedGateway())
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['sent'])
    await world.ask(send(ann, 's', '你好'))
    await world.untilStates('s', ['sent'])
    for (let time = 0; time < 3; time += 1) {
      expect(await world.echo(ann.threadId, { id: 'main-1', text: '你好' })).toBe(true)
    }
    expect(await world.echo(ann.threadId, { id: 'main-2', text: '你好' })).toBe(true)
    expect(await world.echo(ann.threadId, { id: 'x', text: '你好' })).toBe(false)
  })

  it('of a message behind which hundreds wait in the same thread is an echo', async () => {
    const { gateway } = await world.open(new ScriptedGateway())
    gateway.answer = () => 'hang'
    const ann = await world.direct('ann')
    await world.ask(...Array.from({ length: 300 }, (_, i) => send(ann, `r:${i}`, `第${i}句`)))
    await until(() => gateway.calls.length === 1)
    expect(await world.echo(ann.threadId, { id: 'm1', text: '第0句' })).toBe(true)
  })

  it('that comes before the result of the send is its echo', async () => {
    const { gateway } = await world.open()
    const { release } = gateway.hold()
    const group = await world.group('room')
    await world.ask(send(group, 'r', [{ type: 'text', text: '你好', mentions: ['ann'] }]))
    await until(() => gateway.calls.length === 1)
    expect(await world.echo(group.threadId, { id: 'main-1', text: '@小安\u2005你好' })).toBe(true)
    await world.untilStates('r', ['sent'])
    release()
    await until(() => gateway.open === 0)
    await world.ask(send(group, 'next', '再见'))
    await world.untilStates('next', ['sent'])
    expect((await world.rows('r'))[0]).toMatchObject({ state: 'sent', settled_by: 'echo', message_id: 'main-1' })
    expect((await db.pool.query('SELECT count(*)::int AS n FROM message')).rows).toEqual([{ n: 2 }])
  })

  it('explains one send and no second: the same words again are a human’s', async () => {
    const { gateway } = await world.open()
    gateway.answer = () => ({ kind: 'sent', messageId: null })
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['sent'])
    expect(await world.echo(ann.threadId, { id: 'e1', text: '你好\r\n' })).toBe(true)
    expect(await world.echo(ann.threadId, { id: 'e2', text: '你好' })).toBe(false)
  })

  it('long after a send is a human’s, though the words are the same', async () => {
    const { gateway } = await world.open()
    gateway.answer = () => ({ kind: 'sent', messageId: null })
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'))
    await world.untilStates('r', ['sent'])
    await world.clock.advance(minutes(11))
    expect(await world.echo(ann.threadId, { id: 'e1', text: '你好' })).toBe(false)
  })
})

/** The database as it is seen through a line that breaks: `before` a statement is executed, or `after`. */
function breakable(real: Database, fails: (name: string) => 'before' | 'after' | false): Database {
  const query = async (statement: { name?: string }, ...rest: unknown[]): Promise<unknown> => {
    const when = fails(statement.name ?? '')
    const lost = Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
    if (when === 'before') throw lost
    const result: unknown = await (real.pool.query as (...args: unknown[]) => Promise<unknown>)(statement, ...rest)
    if (when === 'after') throw lost
    return result
  }
  return { ...real, pool: { query } as unknown as Database['pool'] }
}

describe('when the database goes away', () => {
  it('between call and result, the result is kept and nothing more is claimed until it is stored', async () => {
    let down = false
    const gateway = new ScriptedGateway()
    const { release } = gateway.hold()
    await world.open(gateway, { db: breakable(db, () => down && 'before') })
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    await until(() => gateway.calls.length === 1)
    down = true
    release()
    await until(() => world.alarms.codes().includes('database'))
    await world.ask(send(await world.direct('bob'), 's', '早'))
    await world.clock.advance(20_000)
    expect(await world.states()).toEqual(['sending', 'pending'])
    down = false
    await world.untilStates('r', ['sent'], { ticking: true })
    await world.untilStates('s', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['你好', '早'])
    expect(world.alarms.codes()).toEqual([])
  })

  it('and a claim committed without our hearing of it, the row is sent, once', async () => {
    let broken = true
    const fails = (name: string): 'after' | false => {
      if (!broken || name !== 'outbox-claim') return false
      broken = false
      return 'after'
    }
    const gateway = new ScriptedGateway()
    gateway.ready = false
    const { wake } = await world.open(gateway, { db: breakable(db, fails) })
    await world.ask(send(await world.direct('ann'), 'r', '你好'))
    gateway.ready = true
    wake()
    await world.untilStates('r', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['你好'])
  })

  it('and a result was stored without our hearing of it, storing it again changes nothing', async () => {
    let broken = true
    const fails = (name: string): 'after' | false => {
      if (!broken || name !== 'outbox-record') return false
      broken = false
      return 'after'
    }
    const { gateway } = await world.open(new ScriptedGateway(), { db: breakable(db, fails) })
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'r', '你好'), send(ann, 's', '早'))
    await world.untilStates('s', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['你好', '早'])
    expect((await db.pool.query('SELECT count(*)::int AS n FROM message')).rows).toEqual([{ n: 2 }])
  })
})
