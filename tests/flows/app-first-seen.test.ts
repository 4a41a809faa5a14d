import { expect, it } from 'vitest'
import { recordLogin, unbindAccount } from '../../src/app/repo.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const day = (n: number): Date => new Date(Date.UTC(2026, 2, n))

it('an account is first seen when somebody first logs in as it, and anew once it was unbound', async () => {
  await db.pool.query(`INSERT INTO account (name) VALUES ('main')`)
  const firstSeenAt = async (): Promise<Date | null> => (await db.prisma.account.findFirstOrThrow()).firstSeenAt
  const logIn = (id: string, n: number) => recordLogin(db, 'main', { id, name: '小屿' }, day(n))
  await logIn('bot', 1)
  await logIn('bot', 2)
  expect(await firstSeenAt()).toEqual(day(1))
  expect(await logIn('stranger', 3)).toEqual({ kind: 'swapped' })
  expect(await firstSeenAt()).toEqual(day(1))
  await unbindAccount(db, 'main')
  await logIn('stranger', 4)
  expect(await firstSeenAt()).toEqual(day(4))
})
