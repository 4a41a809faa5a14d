import { expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'

test('a test database is migrated, and its own', async () => {
  const [one, other] = [await testDatabase(), await testDatabase()]
  await one.db.pool.query('CREATE TABLE mine (id int)')
  const tables = `SELECT to_regclass('mine') IS NOT NULL AS mine, to_regclass('inbox') IS NOT NULL AS inbox`
  expect((await one.db.pool.query<{ mine: boolean }>(tables)).rows[0]).toEqual({ mine: true, inbox: true })
  expect((await other.db.pool.query<{ mine: boolean }>(tables)).rows[0]).toEqual({ mine: false, inbox: true })
})

test('the server speaks UTF-8, sorts by code point, and lives in UTC whatever zone the machine is in', async () => {
  const { db } = await testDatabase({ migrated: false })
  const { rows } = await db.pool.query(
    `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
            'B' < 'a' AS by_code_point, upper('é') AS upper, current_setting('password_encryption') AS password`,
  )
  expect(rows).toEqual([{ encoding: 'UTF8', zone: 'UTC', by_code_point: true, upper: 'É', password: 'scram-sha-256' }])
})
