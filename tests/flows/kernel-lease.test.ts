import { expect, test } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { takeAccount } from '../../src/kernel/lease.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { url, db } = await testDatabase()

function take(account: string, self: string, epochs: number[] = [], onLost: (owner: string) => void = () => undefined) {
  const onTaken = (epoch: number) => {
    epochs.push(epoch)
    return Promise.resolve()
  }
  return takeAccount({ url, account, self, clock: systemClock, log: silentLog, onTaken, onLost })
}

test('a second process is refused and told who owns the account', async () => {
  const first = await take('a', 'host 1, pid 100')
  if (first.kind !== 'taken') throw new Error('the first was refused')
  expect(await take('a', 'host 2, pid 200')).toEqual({ kind: 'owned', by: 'host 1, pid 100' })
  await first.lease.release()
  const second = await until(async () => {
    const taken = await take('a', 'host 2, pid 200')
    return taken.kind === 'taken' ? taken.lease : null
  })
  expect(second.epoch()).toBe(2)
  await second.release()
})

test('an owner whose database connection breaks owns nothing until it has the account again, under a new epoch', async () => {
  const epochs: number[] = []
  const taken = await take('b', 'host 1, pid 100', epochs)
  if (taken.kind !== 'taken') throw new Error('refused')
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zhanggui-owner-b'`,
  )
  await until(() => taken.lease.epoch() === null || epochs.length === 2)
  await until(() => taken.lease.epoch() === 2)
  expect(epochs).toEqual([1, 2])
  await taken.lease.release()
})
