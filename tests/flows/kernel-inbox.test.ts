import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInbox } from '../../src/kernel/accept.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Event, NewEvent } from '../../src/kernel/event.ts'
import type { Route } from '../../src/kernel/batch.ts'
import { createHandler } from '../../src/kernel/handle.ts'
import { silentLog } from '../../src/kernel/log.ts'
import type { BatchQuery, BatchWrite } from '../../src/kernel/work.ts'
import { testDatabase } from '../support/database.ts'

let db: Database
beforeAll(async () => {
  db = (await testDatabase()).db
  await db.pool.query('CREATE TABLE trace (inbox_id bigint)')
})
beforeEach(() => db.pool.query('TRUNCATE inbox, trace'))

const trace: BatchWrite<bigint> = {
  name: 'trace',
  order: 1,
  async run(client, rows) {
    await client.query('INSERT INTO trace SELECT unnest($1::bigint[])', [rows])
  },
}

const leave = (event: Event, work: Parameters<Route>[1]) => {
  work.write(trace, event.id)
  return Promise.resolve('routed' as const)
}

function message(id: string, from = 'wang'): NewEvent {
  const at = new Date('2026-03-02T10:00:00+08:00')
  return {
    account: 'main',
    key: `message:${id}`,
    at,
    what: {
      kind: 'MessageReceived',
      place: { kind: 'direct', contactId: from },
      sender: { id: from, name: 'Wang', kind: 'person' },
      message: { id, type: 'text', text: id, sentAt: at.toISOString(), mentions: [], mentionsSelf: false },
    },
  }
}

function open(route: Route, onFailed: (event: Event) => void = () => undefined) {
  const handler = createHandler({ db, route, clock: systemClock, log: silentLog, onFailed })
  const inbox = createInbox({
    db,
    clock: systemClock,
    log: silentLog,
    onAccepted: handler.push,
    takeFresh: handler.takeFresh,
  })
  return { handler, inbox }
}

async function traces(): Promise<number> {
  const { rows } = await db.pool.query<{ count: bigint }>('SELECT count(*) FROM trace')
  return Number(rows[0]!.count)
}

describe('the inbox', () => {
  test('an event that the platform repeats, even at once, is handled once', async () => {
    const { handler, inbox } = open(leave)
    const answers = await Promise.all([
      inbox.accept(message('m1')),
      inbox.accept(message('m1')),
      inbox.accept(message('m2')),
    ])
    expect(answers).toEqual(['accepted', 'duplicate', 'accepted'])
    expect(await inbox.accept(message('m1'))).toBe('duplicate')
    await handler.idle()
    expect(await traces()).toBe(2)
  })

  test('an accepted event that nobody handled is handled by the next process, before anything new', async () => {
    const inbox = createInbox({ db, clock: systemClock, log: silentLog, onAccepted: () => undefined })
    await inbox.accept(message('left behind'))
    const order: string[] = []
    const next = open((event, work) => {
      order.push(event.key)
      return leave(event, work)
    })
    expect(await next.handler.recover(['main'])).toBe(1)
    await next.inbox.accept(message('new'))
    await next.handler.idle()
    expect(order).toEqual(['message:left behind', 'message:new'])
    expect(await next.handler.recover(['main'])).toBe(0)
  })

  test('two processes that both recover an event handle it once', async () => {
    const inbox = createInbox({ db, clock: systemClock, log: silentLog, onAccepted: () => undefined })
    for (let i = 0; i < 20; i++) await inbox.accept(message(`m${i}`, `c${i}`))
    const [one, other] = [open(leave), open(leave)]
    await Promise.all([one.handler.recover(['main']), other.handler.recover(['main'])])
    await Promise.all([one.handler.idle(), other.handler.idle()])
    expect(await traces()).toBe(20)
  })

  test('messages of one person keep their order though many are handled side by side', async () => {
    const seen = new Map<string, string[]>()
    const { handler, inbox } = open((event, work) => {
      const who = event.what.kind === 'MessageReceived' ? event.what.sender.id : ''
      seen.set(who, [...(seen.get(who) ?? []), event.key])
      return leave(event, work)
    })
    const said = Array.from({ length: 200 }, (_, i) => message(`${i}`, `c${i % 7}`))
    await Promise.all(said.map((event) => inbox.accept(event)))
    await handler.idle()
    for (const keys of seen.values()) {
      const numbers = keys.map((key) => Number(key.split(':')[1]))
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }
    expect(await traces()).toBe(200)
  })

  test('an event that fails takes none of its neighbours with it, and is closed as failed for a person to look at', async () => {
    const failed: string[] = []
    const { handler, inbox } = open(
      (event, work) => {
        if (event.key === 'message:3') throw new Error('bad luck')
        return leave(event, work)
      },
      (event) => failed.push(event.key),
    )
    await Promise.all(Array.from({ length: 8 }, (_, i) => inbox.accept(message(`${i}`, `c${i}`))))
    await handler.idle()
    expect(await traces()).toBe(7)
    expect(failed).toEqual(['message:3'])
    const { rows } = await db.pool.query(`SELECT outcome, error FROM inbox WHERE key = 'message:3'`)
    expect(rows).toEqual([{ outcome: 'failed', error: 'bad luck' }])
  })

  test('an event that fails at once does not let its neighbours ask on a connection that is no longer theirs', async () => {
    const asked: string[] = []
    const who: BatchQuery<string, string> = {
      name: 'who',
      keyOf: (key) => key,
      async run(client, keys) {
        const { rows } = await client.query<{ txid: string | null }>(
          'SELECT pg_current_xact_id_if_assigned()::text AS txid',
        )
        asked.push(rows[0]?.txid ?? 'outside of any transaction')
        return new Map(keys.map((key) => [key, key]))
      },
    }
    const { handler, inbox } = open(async (event, work) => {
      if (event.key === 'message:0') throw new Error('bad luck')
      await work.load(who, event.key)
      return leave(event, work)
    })
    await Promise.all(Array.from({ length: 8 }, (_, i) => inbox.accept(message(`${i}`, `c${i}`))))
    await handler.idle()
    expect(await traces()).toBe(7)
    expect(asked).not.toContain('outside of any transaction')
  })

  test('an event is stored and handled in one transaction where nothing holds it up, and by itself where something does', async () => {
    const alone: string[] = []
    const handler = createHandler({ db, route: leave, clock: systemClock, log: silentLog, onFailed: () => undefined })
    const inbox = createInbox({
      db,
      clock: systemClock,
      log: silentLog,
      takeFresh: handler.takeFresh,
      onAccepted(event) {
        alone.push(event.key)
        handler.push(event)
      },
    })
    await handler.recover(['main'])
    await Promise.all([
      inbox.accept(message('1', 'wang')),
      inbox.accept(message('2', 'wang')),
      inbox.accept(message('3', 'li')),
    ])
    await handler.idle()
    expect(alone).toEqual(['message:2'])
    const { rows } = await db.pool.query(
      'SELECT key, outcome, attempts FROM inbox WHERE handled_at IS NOT NULL ORDER BY key',
    )
    expect(rows).toEqual(['1', '2', '3'].map((id) => ({ key: `message:${id}`, outcome: 'routed', attempts: 1 })))
  })

  test('an event whose transaction is lost is stored all the same before anybody is told that it was accepted', async () => {
    let tries = 0
    const { handler, inbox } = open(async (event, work) => {
      tries += 1
      if (tries === 1) {
        const { rows } = await work.db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
        await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
      }
      return leave(event, work)
    })
    await handler.recover(['main'])
    expect(await inbox.accept(message('m1'))).toBe('accepted')
    await handler.idle()
    expect(tries).toBe(2)
    expect(await traces()).toBe(1)
  })

  test('what the slices wrote for a failed event is not kept', async () => {
    const { handler, inbox } = open((event, work) => {
      work.write(trace, event.id)
      return Promise.reject(new Error('after the write'))
    })
    await inbox.accept(message('m1'))
    await handler.idle()
    expect(await traces()).toBe(0)
  })

  test('names and texts with NUL or half an emoji are stored, and reach the route', async () => {
    const heard: Event[] = []
    const { handler, inbox } = open((event, work) => {
      heard.push(event)
      return leave(event, work)
    })
    const event = message('odd')
    if (event.what.kind === 'MessageReceived') {
      event.what.message.text = 'a\0b'
      event.what.sender.name = 'half \ud83d'
    }
    expect(await inbox.accept(event)).toBe('accepted')
    await handler.idle()
    expect(heard).toHaveLength(1)
    expect(await traces()).toBe(1)
  })

  test('a stopped handler finishes what runs and leaves the rest open', async () => {
    const begun = Promise.withResolvers<undefined>()
    const { handler, inbox } = open((event, work) => {
      begun.resolve(undefined)
      return leave(event, work)
    })
    await Promise.all(Array.from({ length: 30 }, (_, i) => inbox.accept(message(`${i}`, 'same'))))
    await begun.promise
    await handler.stop()
    const { rows } = await db.pool.query<{ count: bigint }>('SELECT count(*) FROM inbox WHERE handled_at IS NULL')
    expect(Number(rows[0]!.count)).toBe(30 - (await traces()))
    expect(await traces()).toBeGreaterThan(0)
  })
})
