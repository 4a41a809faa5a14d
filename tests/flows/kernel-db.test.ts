/** What the database's driver throws when the database goes away, from the driver itself. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { isConnectionLoss } from '../../src/kernel/db.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { url, db } = await testDatabase()

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'to-be-cut' })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function failureOf(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    () => undefined,
    (error: unknown) => error,
  )
}

const cut = (): Promise<unknown> =>
  db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to-be-cut'`)

test('a connection that is cut while a statement runs is a lost connection', async () => {
  const client = await connected()
  let failure: unknown
  void failureOf(client.query('SELECT pg_sleep(60)')).then((error) => (failure = error))
  await until(async () => {
    await cut()
    return failure
  })
  expect(isConnectionLoss(failure)).toBe(true)
})

test('a connection that was cut before it is used is a lost connection, every time it is used', async () => {
  const client = await connected()
  const ended = new Promise((resolve) => client.once('end', resolve))
  await cut()
  await ended
  for (const _ of [1, 2]) expect(isConnectionLoss(await failureOf(client.query('SELECT 1')))).toBe(true)
})

test('a connection that was closed is a lost connection, and one that nobody answers too', async () => {
  const client = await connected()
  await client.end()
  expect(isConnectionLoss(await failureOf(client.query('SELECT 1')))).toBe(true)
  const nowhere = new pg.Client({ connectionString: 'postgresql://nobody@127.0.0.1:1/nothing' })
  nowhere.on('error', () => undefined)
  expect(isConnectionLoss(await failureOf(nowhere.connect()))).toBe(true)
})

test('a statement that is wrong is no lost connection', async () => {
  expect(isConnectionLoss(await failureOf(db.pool.query('SELECT nothing_of_this_name')))).toBe(false)
})
