/** Every limit of what nobody asked for, with the reason that it gives, and how it ends: it waits, or is cancelled. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Recipient, SendMessage } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
let world: DeliveryWorld

/** The world's clock begins on Monday, 2 March 2026, at 10:00 in the brand's zone. */
beforeEach(() => {
  world = new DeliveryWorld(db)
})
afterEach(async () => {
  await world.close()
  await world.empty()
})

const hours = (n: number): number => n * 3_600_000
/** A moment of that March in the brand's zone: `local(3, '09:00')`. */
const local = (day: number, time: string): Date => new Date(`2026-03-${String(day).padStart(2, '0')}T${time}:00+08:00`)
const limits = (settings: Record<string, unknown>): void => void (world.sections['limits'] = settings)

type About = Partial<Omit<SendMessage, 'kind' | 'to' | 'key' | 'body'>>
const news = (to: Recipient, key: string, about: About = {}): SendMessage =>
  send(to, key, key, { purpose: 'marketing', ...about })

async function passTo(moment: Date): Promise<void> {
  await world.clock.advance(moment.getTime() - world.clock.now().getTime())
}

/** That it waits for this reason, and until when. */
async function untilPutOff(key: string, deferred: string, notBefore: Date): Promise<void> {
  await until(
    async () => {
      const [row] = await world.rows(key)
      expect([row?.state, row?.deferred, row?.not_before]).toEqual(['pending', deferred, notBefore])
      return true
    },
    { within: 10_000 },
  )
}

const untilSent = (key: string): Promise<void> => world.untilStates(key, ['sent'], { ticking: true })
const untilCancelled = (key: string, reason: string): Promise<void> => world.untilStates(key, [`cancelled: ${reason}`])

describe('quiet hours', () => {
  it('marketing and reminders of the evening wait for the morning; answers and advisers do not', async () => {
    await passTo(local(2, '22:30'))
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    await world.ask(
      news(ann, 'm'),
      send(ann, 'c', 'c', { purpose: 'challenge' }),
      send(ann, 's', 's', { purpose: 'service' }),
      send(ann, 'r', 'r'),
      send(ann, 'a', 'a', { purpose: 'adviser' }),
    )
    await untilPutOff('m', 'quiet', local(3, '09:00'))
    await untilPutOff('c', 'quiet', local(3, '09:00'))
    await world.untilStates('s', ['sent'])
    expect(gateway.texts().sort()).toEqual(['a', 'r', 's'])
    await passTo(local(3, '09:00'))
    await untilSent('m')
    await untilSent('c')
    expect((await world.rows('m'))[0]).toMatchObject({ deferred: null })
  })

  it('are those of the place where she lives, and of the brand for groups and for places nobody knows', async () => {
    await world.open()
    // 03:00 in Berlin, 21:00 in New York.
    await world.ask(news(await world.direct('berlin'), 'berlin', { offer: { zone: 'Europe/Berlin' } }))
    await world.ask(news(await world.direct('york'), 'york', { offer: { zone: 'America/New_York' } }))
    await world.ask(news(await world.direct('atlantis'), 'atlantis', { offer: { zone: 'Sea/Atlantis' } }))
    await world.ask(news(await world.group('room'), 'group', { offer: { zone: 'Europe/Berlin' } }))
    await untilPutOff('berlin', 'quiet', local(2, '16:00'))
    for (const key of ['york', 'atlantis', 'group']) await world.untilStates(key, ['sent'])
  })

  it('cancel at once what is of no use in the morning, and whoever follows hears of it', async () => {
    await passTo(local(2, '23:00'))
    const told: string[] = []
    const follower = {
      follows: () => true,
      settled: async (_: unknown, keys: readonly string[]) => void told.push(...keys),
    }
    const { gateway } = await world.open(new ScriptedGateway(), { follower })
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'm', { notAfter: local(3, '09:00') }), news(ann, 'waits'))
    await untilCancelled('m', 'quiet')
    await untilPutOff('waits', 'quiet', local(3, '09:00'))
    expect(gateway.calls).toEqual([])
    expect(told).toEqual(['m'])
  })

  it('let what was begun be finished', async () => {
    await passTo(new Date(local(2, '22:00').getTime() - 10_000))
    const { gateway } = await world.open()
    const two = ['一', '二'].map((text) => ({ type: 'text' as const, text }))
    await world.ask(send(await world.direct('ann'), 'm', two, { purpose: 'marketing', delays: [0, 60_000] }))
    await world.untilStates('m', ['sent', 'pending'])
    await world.untilStates('m', ['sent', 'sent'], { ticking: true })
    expect(gateway.texts()).toEqual(['一', '二'])
    const [first, second] = (await world.rows('m')).map((row) => row.sending_at?.getTime() ?? 0)
    expect(second! - first!).toBeGreaterThanOrEqual(60_000)
  })
})

describe('the caps', () => {
  it('let a second message of a day wait for the next morning', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'one'), news(ann, 'two'))
    await world.untilStates('one', ['sent'])
    await until(async () => (await world.rows('two'))[0]?.deferred !== null)
    await world.clock.advance(60_000)
    await untilPutOff('two', 'capped', local(3, '09:00'))
    await passTo(local(3, '09:00'))
    await untilSent('two')
  })

  it('cancel it at once where it is of no use by then', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'one'))
    await world.untilStates('one', ['sent'])
    const two = ['一', '二'].map((text) => ({ type: 'text' as const, text }))
    await world.ask(send(ann, 'two', two, { purpose: 'marketing', notAfter: local(2, '20:00') }))
    await world.untilStates('two', ['cancelled: capped', 'cancelled: capped'])
  })

  it('hold in any seven days and any thirty', async () => {
    limits({ perCustomer: { day: 1, week: 2, month: 3 } })
    await world.open()
    const ann = await world.direct('ann')
    for (const [day, key] of [
      [2, 'one'],
      [4, 'two'],
    ] as const) {
      await passTo(local(day, '10:00'))
      await world.ask(news(ann, key))
      await untilSent(key)
    }
    await passTo(local(6, '12:00'))
    await world.ask(news(ann, 'three'))
    const [first] = await world.rows('one')
    const weekLater = new Date(first!.sending_at!.getTime() + hours(7 * 24))
    await untilPutOff('three', 'capped', weekLater)
    await passTo(weekLater)
    await untilSent('three')
    await passTo(local(12, '12:00'))
    await world.ask(news(ann, 'four'))
    await untilPutOff('four', 'capped', new Date(first!.sending_at!.getTime() + hours(30 * 24)))
  })

  it('count what a person gets from all accounts, in all threads, as whichever customer she is', async () => {
    await world.open(new ScriptedGateway('main'))
    await world.open(new ScriptedGateway('second'))
    const customer = await world.customer()
    const other = await world.customer({ mergedInto: customer })
    await world.ask(news(await world.direct('ann', { customerId: customer }), 'one'))
    await world.untilStates('one', ['sent'])
    await world.ask(news(await world.direct('annie', { account: 'second', customerId: other }), 'two'))
    await untilPutOff('two', 'capped', local(3, '09:00'))
    await world.ask(news(await world.direct('bob', { account: 'second' }), 'bob'))
    await world.untilStates('bob', ['sent'])
  })

  it('count what may have been sent, and not what was refused, nor what she asked for or joined', async () => {
    const { gateway } = await world.open(new ScriptedGateway('main', { echoes: false }))
    const [ann, bob] = [await world.direct('ann'), await world.direct('bob')]
    await world.ask(send(ann, 'c', 'c', { purpose: 'challenge' }), send(ann, 's', 's', { purpose: 'service' }))
    for (const key of ['c', 's']) await world.untilStates(key, ['sent'])
    gateway.answer = ({ to }) =>
      to.kind === 'direct' && to.contactId === 'ann'
        ? { kind: 'unknown', reason: 'deadline' }
        : { kind: 'refused', reason: 'not-a-friend', throttled: false }
    await world.ask(news(ann, 'ann 1'), news(bob, 'bob 1'))
    await world.untilStates('ann 1', ['unknown: deadline'])
    await world.untilStates('bob 1', ['refused: not-a-friend'])
    gateway.answer = ({ messageId }) => ({ kind: 'sent', messageId })
    await world.ask(news(ann, 'ann 2'), news(bob, 'bob 2'))
    await world.untilStates('bob 2', ['sent'])
    await untilPutOff('ann 2', 'capped', local(3, '09:00'))
  })

  it('of zero let nothing out', async () => {
    limits({ perCustomer: { day: 0 } })
    await world.open()
    await world.ask(news(await world.direct('ann'), 'm'))
    await untilCancelled('m', 'capped')
  })
})

describe('the gap', () => {
  it('lies between two messages to one person', async () => {
    limits({ perCustomer: { day: 3 } })
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'one'))
    await world.untilStates('one', ['sent'])
    await world.ask(news(ann, 'two'), news(ann, 'late', { notAfter: local(2, '13:00') }))
    await untilPutOff('two', 'gap', local(2, '14:00'))
    await untilCancelled('late', 'gap')
    await passTo(local(2, '14:00'))
    await untilSent('two')
  })

  it('and before a marketing post in a group, whatever was posted there unasked', async () => {
    await world.open()
    const group = await world.group('room')
    await world.ask(send(group, 'c', 'c', { purpose: 'challenge' }))
    await world.untilStates('c', ['sent'])
    await world.ask(news(group, 'm'), send(group, 'c 2', 'c 2', { purpose: 'challenge' }))
    await world.untilStates('c 2', ['sent'])
    await untilPutOff('m', 'gap', local(2, '10:30'))
    await passTo(local(2, '10:30'))
    await untilSent('m')
  })
})

describe('what competes for the last place', () => {
  const later = { notBefore: local(2, '11:00') }

  it('gives way to what is more important and due soon, and is cancelled when its own time is over', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'rival', { rank: 1, ...later }))
    await world.ask(news(ann, 'm', { rank: 5, notAfter: local(2, '20:00') }))
    await untilPutOff('m', 'give-way', local(2, '10:05'))
    await world.ask(news(ann, 'hasty', { rank: 5, notAfter: local(2, '10:04') }))
    await untilCancelled('hasty', 'capped')
    await passTo(local(2, '11:00'))
    await untilSent('rival')
    await world.clock.advance(6 * 60_000)
    await world.untilStates('m', ['cancelled: capped'], { ticking: true })
  })

  it('goes when there is room for both, or the other is due late, no more important, held, or too late itself', async () => {
    await world.open()
    const rivals: [string, About][] = [
      ['late', { rank: 1, notBefore: local(2, '12:30') }],
      ['equal', { rank: 5, ...later }],
      ['held', { rank: 1, batch: 'held', ...later }],
      ['over', { rank: 1, ...later, notAfter: local(2, '10:30') }],
    ]
    await world.ask({ kind: 'HoldSends', batch: 'held' })
    for (const [name, about] of rivals) {
      const to = await world.direct(name)
      await world.ask(news(to, `rival ${name}`, about), news(to, name, { rank: 5 }))
    }
    for (const [name] of rivals) await world.untilStates(name, ['sent'])
    limits({ perCustomer: { day: 2 } })
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'rival ann', { rank: 1, ...later }), news(ann, 'ann', { rank: 5 }))
    await world.untilStates('ann', ['sent'])
  })
})

describe('the ceilings', () => {
  it('a group has its own, and what is over it does not wait', async () => {
    limits({ groupGap: '0s' })
    world.settings = { pace: { enabled: false }, groupPostsPerDay: 1 }
    await world.open()
    const group = await world.group('room')
    await world.ask(news(group, 'one'), news(group, 'two'), send(group, 'three', 'three', { purpose: 'challenge' }))
    await world.untilStates('three', ['sent'])
    await untilCancelled('one', 'group-ceiling')
    await untilCancelled('two', 'group-ceiling')
  })

  it('an account has one, and what is over it waits for the next morning', async () => {
    limits({ accountPerDay: 1 })
    await world.open()
    await world.ask(news(await world.direct('ann'), 'one'))
    await world.untilStates('one', ['sent'])
    await world.ask(news(await world.direct('bob'), 'two'))
    await world.ask(news(await world.direct('eve'), 'late', { notAfter: local(2, '20:00') }))
    await untilPutOff('two', 'ceiling', local(3, '09:00'))
    await untilCancelled('late', 'ceiling')
  })

  it('a new account says less at first, and more each day', async () => {
    limits({ accountPerDay: 5, warmUp: { days: 2, from: 1 } })
    await world.open()
    await db.pool.query('UPDATE account SET first_seen_at = $1', [world.clock.now()])
    const sentOn = async (day: number): Promise<number> => {
      await passTo(local(day, '10:00'))
      const people = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => world.direct(`${day}-${n}`)))
      await world.ask(...people.map((to, n) => news(to, `${day}-${n}`, { notAfter: local(day, '20:00') })))
      await until(async () => (await world.rows()).every(({ state }) => state === 'sent' || state === 'cancelled'))
      return (await world.rows()).filter(({ key, state }) => key.startsWith(`${day}-`) && state === 'sent').length
    }
    expect([await sentOn(2), await sentOn(3), await sentOn(4)]).toEqual([1, 3, 5])
  })
})

describe('what she wants', () => {
  async function whoSaid(preferences: object, columns = ''): Promise<Recipient & { kind: 'direct' }> {
    const to = await world.direct(`c-${world.ids.fresh()}`)
    // Said as another customer of hers: it counts for the person.
    const other = await world.customer({ mergedInto: to.customerId! })
    await db.pool.query(`UPDATE customer SET preferences = $2 ${columns} WHERE id = $1`, [
      other,
      JSON.stringify(preferences),
    ])
    return to
  }

  it('decides what she gets: nothing, nothing personal, one topic', async () => {
    await world.open()
    const out = await whoSaid({}, ', opted_out_at = first_seen_at')
    const plain = await whoSaid({}, ', profiling_refused_at = first_seen_at')
    const care = await whoSaid({ topics: ['护肤'] })
    await world.ask(
      news(out, 'out'),
      news(plain, 'personal', { offer: { personal: true } }),
      news(care, 'other topic', { offer: { topic: '优惠' } }),
    )
    await untilCancelled('out', 'opted-out')
    await untilCancelled('personal', 'profiling-refused')
    await untilCancelled('other topic', 'topic')
    await world.ask(news(plain, 'general'), news(care, 'her topic', { offer: { topic: '护肤' } }))
    await world.untilStates('general', ['sent'])
    await world.untilStates('her topic', ['sent'])
  })

  it('decides how often: who wants less gets one in a week', async () => {
    limits({ perCustomer: { day: 5, week: 5 }, gap: '0s' })
    await world.open()
    const ann = await whoSaid({ less: true })
    await world.ask(news(ann, 'one'))
    await world.untilStates('one', ['sent'])
    await world.ask(news(ann, 'two'))
    await untilCancelled('two', 'less')
    await passTo(local(9, '10:00'))
    await world.ask(news(ann, 'three'))
    await untilSent('three')
  })

  it('decides when: it waits for her hours and days, and is cancelled when none come', async () => {
    await world.open()
    const afternoon = await whoSaid({ hours: { from: '15:00', to: '19:00' } })
    const nightly = await whoSaid({ hours: { from: '23:00', to: '06:00' } })
    await world.ask(
      news(afternoon, 'm'),
      news(afternoon, 'late', { notAfter: local(2, '14:00') }),
      send(nightly, 'never', 'never', { purpose: 'challenge' }),
    )
    await untilPutOff('m', 'hours', local(2, '15:00'))
    await untilCancelled('late', 'hours')
    await untilCancelled('never', 'hours')
    await passTo(local(2, '15:00'))
    await untilSent('m')
  })
})

describe('a human who has the thread', () => {
  it('is waited for, however soon she is done', async () => {
    await world.open()
    const ann = await world.direct('ann')
    const silence = 'UPDATE thread SET silent_until = $2 WHERE id = $1'
    await db.pool.query(silence, [ann.threadId, local(30, '10:00')])
    await world.ask(news(ann, 'm'))
    await untilPutOff('m', 'human-owns', local(2, '10:15'))
    await db.pool.query(silence, [ann.threadId, null])
    await passTo(local(2, '10:15'))
    await untilSent('m')
  })

  it('is not waited for by what would be too late', async () => {
    await world.open()
    const ann = await world.direct('ann')
    await db.pool.query('UPDATE thread SET silent_until = $1', [local(30, '10:00')])
    await world.ask(news(ann, 'm', { notAfter: local(2, '10:10') }))
    await untilCancelled('m', 'human-owns')
  })
})

describe('what expires', () => {
  it('keeps what kept it last', async () => {
    const { gateway } = await world.open()
    const ann = await world.direct('ann')
    await world.ask(news(ann, 'one'))
    await world.untilStates('one', ['sent'])
    await world.ask(news(ann, 'two', { notAfter: local(3, '10:00') }))
    await untilPutOff('two', 'capped', local(3, '09:00'))
    gateway.ready = false
    await passTo(local(3, '10:01'))
    await world.untilStates('two', ['cancelled: expired'], { ticking: true })
    expect((await world.rows('two'))[0]?.deferred).toBe('capped')
  })
})
