import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import type { NewEvent } from '../../src/kernel/event.ts'
import { durableJobs, virtualJobs } from '../../src/kernel/jobs.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { virtualClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
const jobs = durableJobs({ pool: db.pool, clock: systemClock, log: silentLog })
const accepted: NewEvent[] = []

beforeAll(() =>
  jobs.start((event) => {
    accepted.push(event)
    return Promise.resolve()
  }),
)
afterAll(() => jobs.stop())

const wish = (key: string, inMs: number, payload: unknown = null) => ({
  kind: 'ScheduleEvent' as const,
  name: 'test.due',
  key,
  at: new Date(systemClock.now().getTime() + inMs),
  account: 'main',
  lock: ['contact:wang'],
  payload,
})

test('a job that is due comes back as the slice event that it names', async () => {
  await db.transaction((client) => jobs.schedule.run(client, [wish('once', 0, { n: 1 })]))
  const event = await until(() => accepted.find(({ what }) => what.kind === 'SliceEvent' && what.name === 'test.due'))
  expect(event.what).toEqual({ kind: 'SliceEvent', name: 'test.due', lock: ['contact:wang'], payload: { n: 1 } })
})

test('a job that a killed process had taken runs soon, not after hours', async () => {
  accepted.length = 0
  const later = wish('taken', 60_000, { taken: true })
  await db.transaction((client) => jobs.schedule.run(client, [later]))
  // As the kill leaves it: due, taken a while ago, by nobody who lives.
  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now(), locked_at = now() - interval '11 seconds', locked_by = 'dead'
     WHERE key = 'taken'`,
  )
  await until(() => accepted.some(({ what }) => JSON.stringify(what).includes('taken')), { within: 20_000 })
})

test('a job of a rolled back transaction never runs, and a key scheduled again is moved, not doubled', async () => {
  accepted.length = 0
  await db
    .transaction(async (client) => {
      await jobs.schedule.run(client, [wish('undone', 0, 'undone')])
      throw new Error('changed my mind')
    })
    .catch(() => undefined)
  await jobs.schedule.run(db.pool, [wish('moved', 60_000, 'early')])
  await jobs.schedule.run(db.pool, [wish('moved', 100, 'late')])
  await until(() => accepted.length > 0)
  expect(accepted.map(({ what }) => what.kind === 'SliceEvent' && what.payload)).toEqual(['late'])
})

test('a cancelled job does not run', async () => {
  await jobs.schedule.run(db.pool, [wish('cancelled', 60_000)])
  await jobs.cancel(db.pool, 'cancelled')
  const { rows } = await db.pool.query(`SELECT FROM graphile_worker.jobs WHERE key = 'cancelled'`)
  expect(rows).toHaveLength(0)
})

test.each([
  ['durable', () => jobs],
  ['virtual', () => virtualJobs(virtualClock())],
])('of the %s queue, the jobs about one person go, and those about others stay', async (_, queue) => {
  const { schedule, forget, ...rest } = queue()
  const mine = (key: string, lock: string[], payload: unknown) => ({ ...wish(key, 3_600_000, payload), lock })
  await schedule.run(db.pool, [
    mine('locked', ['room:r', 'contact:she'], null),
    mine('named', [], { customerId: 'c1' }),
    mine('met', [], { contactId: 'she', recipient: {} }),
    mine('stranger', ['contact:other'], { customerId: 'c2', contactId: 'other' }),
    mine('nobody', [], 'she'),
  ])
  await forget(db.pool, { customerIds: ['c1'], contactIds: ['she'] })
  const waiting =
    'waiting' in rest
      ? (rest as ReturnType<typeof virtualJobs>).waiting().map(({ key }) => key)
      : (
          await db.pool.query<{ key: string }>('SELECT key FROM graphile_worker.jobs WHERE run_at > now() ORDER BY key')
        ).rows.map(({ key }) => key)
  expect(waiting.sort()).toEqual(['nobody', 'stranger'])
})

test('the virtual queue runs jobs when the virtual clock says so, and moves a key like the durable one', async () => {
  const clock = virtualClock()
  const virtual = virtualJobs(clock)
  const due: unknown[] = []
  await virtual.start((event) => Promise.resolve(due.push(event.what.kind === 'SliceEvent' && event.what.payload)))
  const at = (ms: number) => new Date(clock.now().getTime() + ms)
  await virtual.schedule.run(db.pool, [{ ...wish('k', 0, 'first'), at: at(1_000) }])
  await virtual.schedule.run(db.pool, [{ ...wish('k', 0, 'second'), at: at(3_000) }])
  await clock.advance(2_000)
  expect(due).toEqual([])
  await clock.advance(2_000)
  expect(due).toEqual(['second'])
})
