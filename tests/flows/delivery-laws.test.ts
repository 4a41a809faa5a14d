import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { concurrency } from '../../src/delivery/loop.ts'
import { settleByHand } from '../../src/delivery/index.ts'
import { storeMedia } from '../../src/media/index.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { testDatabase } from '../support/database.ts'
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
const later = (ms: number): Date => new Date(world.clock.now().getTime() + ms)

describe('what was asked to be said', () => {
  it('is said once, however often it is asked for', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'reply:1', '你好'), send(ann, 'reply:1', '你好'))
    await world.untilStates('reply:1', ['sent'])
    await world.ask(send(ann, 'reply:1', '你好。'.repeat(1_000)))
    expect(await world.states()).toEqual(['sent'])
    expect(gateway.texts()).toEqual(['你好'])
  })

  it('is in the thread once it was sent, under the platform’s id', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'reply:1', '你好'))
    await world.untilStates('reply:1', ['sent'])
    const { rows } = await db.pool.query('SELECT direction, platform_id, text, thread_id, customer_id FROM message')
    expect(rows).toEqual([
      { direction: 'out', platform_id: 'main-1', text: '你好', thread_id: ann.threadId, customer_id: ann.customerId },
    ])
  })

  it('goes out in parts, in order, and mentions only once', async () => {
    const { gateway } = await world.open()
    const group = await world.group('room')
    const words = '先洁面，再爽肤。'.repeat(200)
    await world.ask(send(group, 'reply:1', [{ type: 'text', text: words, mentions: ['ann'] }]))
    await world.untilStates('reply:1', ['sent', 'sent', 'sent'])
    expect(gateway.texts().join('')).toBe(words)
    expect(gateway.calls.map(({ body }) => ('mentions' in body ? body.mentions : undefined))).toEqual([
      ['ann'],
      undefined,
      undefined,
    ])
  })

  it('survives what databases and templates trip over', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'reply:1', 'a\0b {{ x }} \u202eשלום \ud83d'))
    await world.untilStates('reply:1', ['sent'])
    expect(gateway.texts()).toEqual(['ab {{ x }} \u202eשלום \ufffd'])
  })

  it('carries its file, and is refused when the file is gone', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    const bytes = Buffer.from('%PDF-1.7')
    const mediaId = await storeMedia(db.pool, bytes, 'application/pdf', world.clock.now())
    await world.ask(send(ann, 'reply:1', [{ type: 'file', mediaId, filename: '说明书.pdf' }]))
    await world.untilStates('reply:1', ['sent'])
    expect(gateway.calls[0]?.file).toEqual({ filename: '说明书.pdf', bytes })
    await world.ask(send(ann, 'reply:2', [{ type: 'image', mediaId: 'gone', filename: 'x.png' }]))
    await world.untilStates('reply:2', ['refused: media-missing'])
    expect(gateway.calls).toHaveLength(1)
  })
})

describe('a line that goes down', () => {
  it('before the platform was asked loses nothing: the message waits and goes out later, once', async () => {
    const { gateway } = await world.open()
    gateway.answer = ({ messageId }) =>
      gateway.calls.length === 1
        ? { kind: 'refused', reason: 'not-connected', throttled: false }
        : { kind: 'sent', messageId }
    await world.ask(send(await world.direct('ann'), 'reply:1', '你好'))
    await until(() => gateway.calls.length === 1)
    await world.untilStates('reply:1', ['sent'], { ticking: true })
    expect(gateway.calls).toHaveLength(2)
  })
})

describe('order', () => {
  it('of one thread is kept while others go side by side', async () => {
    const { gateway } = await world.open()
    const { release } = gateway.hold()
    const people = concurrency + 4
    const all = await Promise.all(Array.from({ length: people }, (_, i) => world.direct(`c${i}`)))
    await world.ask(...all.flatMap((to, i) => [send(to, `a:${i}`, `first ${i}`), send(to, `b:${i}`, `second ${i}`)]))
    await until(() => gateway.open === concurrency)
    release()
    await until(() => gateway.calls.length === 2 * people)
    expect(gateway.mostOpen).toBe(concurrency)
    for (let i = 0; i < people; i += 1) {
      expect(gateway.texts().filter((text) => text.endsWith(` ${i}`))).toEqual([`first ${i}`, `second ${i}`])
    }
  })

  it('between threads is by purpose', async () => {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    const { wake } = await world.open(gateway)
    world.settings = { pace: { enabled: true, sameTarget: '0s', betweenTargets: ['0s', '0s'], perMinute: 100 } }
    const purposes = ['marketing', 'challenge', 'service', 'reply', 'adviser', 'security'] as const
    for (const purpose of purposes) await world.ask(send(await world.direct(purpose), purpose, purpose, { purpose }))
    gateway.ready = true
    wake()
    await until(() => gateway.calls.length === 6)
    expect(gateway.texts()).toEqual([...purposes].reverse())
  })

  it('of parts is kept: one that ended unknown holds the later ones, and nothing else', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    gateway.answer = ({ messageId }) =>
      gateway.calls.length === 1 ? { kind: 'unknown', reason: 'deadline' } : { kind: 'sent', messageId }
    await world.ask(send(ann, 'long', '先洁面，再爽肤。'.repeat(200)), send(ann, 'short', '再见'))
    await world.untilStates('short', ['sent'])
    expect(await world.states('long')).toEqual(['unknown: deadline', 'pending', 'pending'])
    const [first] = await world.rows('long')
    await settleByHand(db, [first!.id], 'sent', '王店长', world.clock.now())
    await world.untilStates('long', ['sent: deadline', 'sent', 'sent'], { ticking: true })
  })

  it('of parts ends with a refusal: the later ones are not sent, and a human gets the case', async () => {
    const { gateway } = await world.open()
    gateway.answer = () => ({ kind: 'refused', reason: 'not-a-friend', throttled: false })
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'long', '先洁面，再爽肤。'.repeat(200)))
    const rest = 'cancelled: earlier-part-refused'
    await world.untilStates('long', ['refused: not-a-friend', rest, rest])
    expect(world.cases).toEqual([{ reason: 'refused-reply', key: 'outbox:long', customerId: ann.customerId }])
    expect(gateway.calls).toHaveLength(1)
  })
})

describe('at the door, law 6:', () => {
  /** Queues while the line is down, changes something, and lets the line come up. */
  async function queuedThen(
    change: (to: Awaited<ReturnType<DeliveryWorld['direct']>>) => Promise<unknown>,
    purpose: 'reply' | 'adviser' | 'marketing' | 'service',
    answers: string[] = [],
  ) {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    const { wake } = await world.open(gateway)
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'k', 'words', { purpose, answers }))
    await change(ann)
    gateway.ready = true
    wake()
    return gateway
  }

  it('an opt-out stops marketing that was queued, and no reply', async () => {
    const optOut = (to: { customerId: string | null }) =>
      db.pool.query('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [to.customerId, world.clock.now()])
    const gateway = await queuedThen(optOut, 'marketing')
    await world.untilStates('k', ['cancelled: opted-out'])
    const bob = await world.direct('bob')
    await optOut(bob)
    await world.ask(send(bob, 'r', 'an answer'))
    await world.untilStates('r', ['sent'])
    expect(gateway.texts()).toEqual(['an answer'])
  })

  it('an opt-out of the person that a customer turned out to be counts', async () => {
    const merged = async (to: { customerId: string | null }) => {
      const into = await world.customer({ optedOutAt: world.clock.now() })
      await db.pool.query('UPDATE customer SET merged_into = $2, person_id = $2 WHERE id = $1', [to.customerId, into])
    }
    await queuedThen(merged, 'marketing')
    await world.untilStates('k', ['cancelled: opted-out'])
  })

  it('a human who takes the thread silences replies, delays marketing and does not stop advisers', async () => {
    const take = (to: { threadId: string }) =>
      db.pool.query('UPDATE thread SET silent_until = $2 WHERE id = $1', [to.threadId, later(minutes(30))])
    const gateway = await queuedThen(take, 'reply')
    await world.untilStates('k', ['cancelled: human-owns'])
    const { rows } = await db.pool.query<{ id: string }>('SELECT id FROM thread')
    const ann = { kind: 'direct', account: 'main', contactId: 'ann', threadId: rows[0]!.id, customerId: null } as const
    await world.ask(
      send(ann, 'm', 'news', { purpose: 'marketing' }),
      send(ann, 'a', 'I am here', { purpose: 'adviser' }),
    )
    await world.untilStates('a', ['sent'])
    await world.untilStates('m', ['pending'])
    await world.clock.advance(minutes(31))
    await world.untilStates('m', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['I am here', 'news'])
  })

  it('a recalled question is not answered', async () => {
    const recalled = (to: { threadId: string }) =>
      db.pool.query(
        `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at, recalled_at)
         SELECT gen_random_uuid(), $1, 'main', id, 'in', 'text', '?', $2, $2 FROM unnest(ARRAY['q1', 'q2']) id`,
        [to.threadId, world.clock.now()],
      )
    await queuedThen(recalled, 'reply', ['q1', 'q2'])
    await world.untilStates('k', ['cancelled: recalled'])
  })

  it('a question of which a part still stands is answered', async () => {
    const recalled = (to: { threadId: string }) =>
      db.pool.query(
        `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at, recalled_at)
         VALUES (gen_random_uuid(), $1, 'main', 'q1', 'in', 'text', '?', $2, $2)`,
        [to.threadId, world.clock.now()],
      )
    await queuedThen(recalled, 'reply', ['q1', 'q2'])
    await world.untilStates('k', ['sent'])
  })

  it('a forgotten customer hears nothing more', async () => {
    await queuedThen(
      (to) => db.pool.query('UPDATE customer SET forgotten_at = $2 WHERE id = $1', [to.customerId, world.clock.now()]),
      'adviser',
    )
    await world.untilStates('k', ['cancelled: forgotten'])
  })

  it('a swapped account sends nothing, and sends when it is itself again', async () => {
    const gateway = await queuedThen(() => db.pool.query(`UPDATE account SET state = 'swapped'`), 'reply')
    await world.clock.advance(3_000)
    expect(gateway.calls).toEqual([])
    await db.pool.query(`UPDATE account SET state = 'connected'`)
    await world.untilStates('k', ['sent'], { ticking: true })
  })

  it('a reply that comes too late becomes a case, a welcome vanishes with a reason', async () => {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    await world.open(gateway)
    const ann = await world.direct('ann')
    const notAfter = later(minutes(5))
    await world.ask(
      send(ann, 'r', '先洁面，再爽肤。'.repeat(200), { notAfter }),
      send(ann, 'w', 'welcome', { purpose: 'service', notAfter }),
    )
    await world.clock.advance(minutes(6))
    const expired = 'cancelled: expired'
    await world.untilStates('r', [expired, expired, expired], { ticking: true })
    await world.untilStates('w', [expired])
    expect(world.cases).toEqual([{ reason: 'late-reply', key: 'outbox:r', customerId: ann.customerId }])
  })

  it('a group gets no more posts a day than its ceiling, and what is unknown counts', async () => {
    world.settings = { pace: { enabled: false }, groupPostsPerDay: 2 }
    world.sections = { limits: { groupGap: '0s' } }
    const { gateway } = await world.open(new ScriptedGateway('main', { echoes: false }))
    const group = await world.group('room')
    gateway.answer = ({ messageId, body }) =>
      body.type === 'text' && body.text === 'news 1'
        ? { kind: 'unknown', reason: 'deadline' }
        : { kind: 'sent', messageId }
    for (const n of [1, 2, 3]) await world.ask(send(group, `post:${n}`, `news ${n}`, { purpose: 'marketing' }))
    await world.ask(send(group, 'reply', 'an answer'))
    await world.untilStates('post:3', ['cancelled: group-ceiling'])
    await world.untilStates('reply', ['sent'])
    await world.clock.advance(minutes(24 * 60))
    // A look that began yesterday must not take it: the clock has jumped.
    const today = world.clock.now()
    await world.ask(send(group, 'post:4', 'news 4', { purpose: 'marketing', notBefore: today }))
    await world.untilStates('post:4', ['sent'], { ticking: true })
  })

  it('an account says no more unasked in a day than its ceiling; the rest goes out the next day', async () => {
    const gateway = new ScriptedGateway()
    gateway.ready = false
    const { wake } = await world.open(gateway, { dailyCeilingOf: () => 2 })
    for (const n of [1, 2, 3]) {
      await world.ask(send(await world.direct(`c${n}`), `m:${n}`, `news ${n}`, { purpose: 'marketing' }))
    }
    gateway.ready = true
    wake()
    await world.untilStates('m:2', ['sent'])
    await until(async () => (await db.pool.query('SELECT FROM outbox WHERE not_before IS NOT NULL')).rowCount === 1)
    await world.clock.advance(minutes(24 * 60))
    await world.untilStates('m:3', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['news 1', 'news 2', 'news 3'])
  })

  it('quiet hours and caps have their place, and only the unasked asks them', async () => {
    const until = later(minutes(10))
    const asked: string[] = []
    const { gateway } = await world.open(new ScriptedGateway(), {
      checkpoint: (row, now) => {
        asked.push(row.key)
        return now < until ? { kind: 'later', until, reason: 'quiet' } : { kind: 'go' }
      },
    })
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'm', 'news', { purpose: 'marketing' }), send(ann, 'r', 'an answer'))
    await world.untilStates('r', ['sent'])
    await world.untilStates('m', ['pending'])
    await world.clock.advance(minutes(11))
    await world.untilStates('m', ['sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['an answer', 'news'])
    expect(asked).not.toContain('r')
  })
})
