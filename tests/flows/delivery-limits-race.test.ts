/**
 * Caps are counted over accounts and processes that do not see each other's claims: nobody gets more than she may, and
 * nobody is left without what she may get.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { admit, asksLimits, limit, Tally } from '../../src/delivery/limits/index.ts'
import { nobodyFollows, recordAll } from '../../src/delivery/record/index.ts'
import { claim } from '../../src/delivery/repo.ts'
import type { Claimed, Ending } from '../../src/delivery/schema.ts'
import type { Recipient } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
let world: DeliveryWorld
let epochs: Record<string, number>
const accounts = ['main', 'second', 'third'] as const

beforeEach(async () => {
  world = new DeliveryWorld(db)
  epochs = {}
})
afterEach(async () => {
  await world.close()
  await world.empty()
})

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const claimFor = (account: string, now: Date): Promise<Claimed[]> =>
  claim(db.pool, { account, epoch: epochs[account] ?? 0, now, busy: [], limit: 16 })

const heard = { openCase: async () => undefined, follower: nobodyFollows }

/** What is decided about claimed rows, by a process of its own. */
function decideOn(rows: readonly Claimed[], now: Date): ReturnType<typeof admit> {
  const parts = { ...heard, db, ids: world.ids, checkpoint: limit, dailyCeiling: undefined, tally: new Tally() }
  return admit({ ...parts, content: () => world.content }, rows, now)
}

const end = (rows: readonly Claimed[], ending: Ending, now: Date): Promise<void> =>
  db.transaction((tx) => {
    const ended = rows.map((row) => ({ row, ending, saidId: world.ids.fresh() }))
    return recordAll(tx, ended, now, heard)
  })

/** Threads of one person with each account. */
async function person(name: string): Promise<Recipient[]> {
  const first = await world.customer()
  const threads: Recipient[] = []
  for (const account of accounts) {
    const customerId = threads.length === 0 ? first : await world.customer({ mergedInto: first })
    threads.push(await world.direct(`${name}-${account}`, { account, customerId }))
  }
  return threads
}

it('two accounts that claim for one person at the same moment do not both take her last place', async () => {
  for (const account of accounts) epochs[account] = await world.take(account)
  const now = world.clock.now()
  for (let round = 0; round < 10; round += 1) {
    const threads = await person(`p${round}`)
    await world.ask(...threads.map((to, n) => send(to, `${round}:${n}`, 'news', { purpose: 'marketing' })))
    const claimed = await Promise.all(accounts.map((account) => claimFor(account, now)))
    expect(claimed.map((rows) => rows.length)).toEqual([1, 1, 1])
    const admitted = await Promise.all(claimed.map((rows) => decideOn(rows, now)))
    const free = admitted.flatMap((one) => one.free)
    // The last to be decided about sees that the others were put back, and goes.
    expect(free).toHaveLength(1)
    const others = (await world.rows()).filter(({ key, id }) => key.startsWith(`${round}:`) && id !== free[0]?.id)
    expect(others.map(({ state, deferred }) => [state, deferred])).toEqual(Array(2).fill(['pending', 'gap']))
    await end(free, { kind: 'sent', messageId: `${round}` }, now)
  }
})

it('of two accounts in two processes one sends to her today, and the other tomorrow', async () => {
  const gateways = [new ScriptedGateway('main'), new ScriptedGateway('second')]
  const [first, second] = await person('ann')
  await world.ask(
    send(first!, 'one', 'news', { purpose: 'marketing' }),
    send(second!, 'two', 'news', { purpose: 'marketing' }),
  )
  await Promise.all(gateways.map((gateway) => world.open(gateway)))
  const calls = (): number => gateways.reduce((sum, { calls: made }) => sum + made.length, 0)
  await until(() => calls() === 1)
  await until(async () => {
    await world.clock.advance(1_000)
    return (await world.rows()).some(({ deferred }) => deferred === 'capped')
  })
  expect(calls()).toBe(1)
  await world.clock.advance(dayMs)
  await until(async () => {
    await world.clock.advance(1_000)
    return calls() === 2
  })
})

it('when nobody knows whether what was decided is committed, nothing is sent twice and nothing is lost', async () => {
  let broken = true
  const { gateway, wake } = await world.open(new ScriptedGateway(), {
    checkpoint: (...asked) => {
      if (broken) throw new Error('the line to the database broke')
      return limit(...asked)
    },
  })
  const ann = await world.direct('ann')
  await world.ask(send(ann, 'm', 'news', { purpose: 'marketing' }))
  await until(async () => (await world.rows('m'))[0]?.state === 'sending')
  broken = false
  wake()
  await world.untilStates('m', ['sent'], { ticking: true })
  expect(gateway.calls).toHaveLength(1)
})

type Step = {
  /** Hours until then. */
  after: number
  asked: { person: number; account: number; parts: number; rank: number; lasts: number; zone: string | undefined }[]
  /** Which accounts claim at that moment, before any of them decides. */
  claiming: number[]
  ending: 'sent' | 'unknown' | 'refused'
}

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(fc.double({ min: 0, max: 6, noNaN: true }), fc.double({ min: 6, max: 40, noNaN: true })),
  asked: fc.array(
    fc.record({
      person: fc.nat(1),
      account: fc.nat(2),
      parts: fc.integer({ min: 1, max: 2 }),
      rank: fc.nat(2),
      lasts: fc.constantFrom(3, 30, 300),
      zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin'),
    }),
    { maxLength: 3 },
  ),
  claiming: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
  ending: fc.constantFrom('sent', 'sent', 'sent', 'unknown', 'refused'),
})

const settings = fc.record({
  quiet: fc.constantFrom({ from: '22:00', to: '09:00' }, { from: '12:00', to: '14:00' }),
  perCustomer: fc.record({
    day: fc.integer({ min: 1, max: 2 }),
    week: fc.integer({ min: 1, max: 4 }),
    month: fc.integer({ min: 2, max: 9 }),
  }),
  gap: fc.constantFrom('0s', '4h'),
})

it('no person ever gets more than the caps, nothing leaves in quiet hours, and parts keep their order', async () => {
  let sentAtAll = 0
  await fc.assert(
    fc.asyncProperty(settings, fc.array(step, { minLength: 20, maxLength: 50 }), async (limits, steps) => {
      await world.empty()
      for (const account of accounts) epochs[account] = await world.take(account)
      world.sections['limits'] = limits
      const people = [await person('ann'), await person('bob')]
      let now = world.clock.now()
      let asked = 0
      for (const { after, asked: wanted, claiming, ending } of steps) {
        now = new Date(now.getTime() + Math.round(after * hourMs))
        await world.ask(
          ...wanted.map(({ person: who, account, parts, rank, lasts, zone }) =>
            send(people[who]![account]!, `m${asked++}`, Array(parts).fill({ type: 'text', text: 'news' }), {
              purpose: 'marketing',
              rank,
              notAfter: new Date(now.getTime() + lasts * hourMs),
              ...(zone && { offer: { zone } }),
            }),
          ),
        )
        // Twice, so that second parts follow.
        for (let turn = 0; turn < 2; turn += 1) await moment(claiming, now, ending)
      }
      sentAtAll += await check(limits)
    }),
    { numRuns: 12 },
  )
  expect(sentAtAll).toBeGreaterThan(20)
})

/** Some accounts claim, then all of them decide at once, then what goes is sent. */
async function moment(claiming: readonly number[], now: Date, how: Step['ending']): Promise<void> {
  const claimed = await Promise.all(claiming.map((n) => claimFor(accounts[n]!, now)))
  const ending: Ending =
    how === 'sent' ? { kind: 'sent', messageId: world.ids.fresh() } : { kind: how, reason: 'as the test says' }
  await Promise.all(
    claimed.map(async (rows) => {
      const unasked = rows.filter((row) => asksLimits(row, now))
      const others = rows.filter((row) => !unasked.includes(row))
      const { free } = unasked.length > 0 ? await decideOn(unasked, now) : { free: [] }
      const late = others.filter((row) => row.part === 0)
      await end(late, { kind: 'cancelled', reason: 'expired', handOver: false }, now)
      await end([...free, ...others.filter((row) => row.part > 0)], ending, now)
    }),
  )
}

type SentRow = { person: string; key: string; part: number; at: Date; zone: string; day: string; hour: number }

/** Gives how many messages were sent. */
async function check(limits: {
  perCustomer: { day: number; week: number; month: number }
  quiet: { from: string; to: string }
}): Promise<number> {
  const { rows } = await db.pool.query<SentRow>(
    `SELECT c.person_id AS person, o.key, o.part, o.sending_at AS at,
       to_char(o.sending_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day,
       extract(hour FROM o.sending_at AT TIME ZONE coalesce(o.offer ->> 'zone', 'Asia/Shanghai'))::int AS hour
     FROM outbox o JOIN customer c ON c.id = o.customer_id WHERE o.state IN ('sent', 'unknown')
     ORDER BY o.sending_at, o.key, o.part`,
  )
  const [from, to] = [limits.quiet.from, limits.quiet.to].map((time) => Number(time.slice(0, 2))) as [number, number]
  const whole = rows.filter(({ part }) => part === 0)
  for (const { person: who, at, day, hour } of whole) {
    const hers = whole.filter((one) => one.person === who && one.at <= at)
    const since = (ms: number): number => hers.filter((one) => one.at.getTime() > at.getTime() - ms).length
    expect(hers.filter((one) => one.day === day).length).toBeLessThanOrEqual(limits.perCustomer.day)
    expect(since(7 * dayMs)).toBeLessThanOrEqual(limits.perCustomer.week)
    expect(since(30 * dayMs)).toBeLessThanOrEqual(limits.perCustomer.month)
    expect(from < to ? hour >= from && hour < to : hour >= from || hour < to).toBe(false)
  }
  for (const { key, part, at } of rows.filter((row) => row.part > 0)) {
    const before = rows.find((one) => one.key === key && one.part === part - 1)
    expect(before && before.at <= at).toBe(true)
  }
  return whole.length
}
