/**
 * A fresh, migrated PostgreSQL database for a test file: `const { db, url } = await testDatabase()`.
 *
 * The server is started by the first test that asks, and is shared by all workers of the run (global-setup.ts stops it).
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/kernel/db.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import type { EmbeddedPostgres } from '../../src/kernel/postgres.ts'
import { afterFile } from './after-file.ts'
import { startTestServer } from './database-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's server keeps its data. */
    databaseFolder: string
  }
}

export type TestDatabase = {
  db: Database
  url: string
  /** Closes the pool and drops the database; done by itself after the last test of the file. */
  close(): Promise<void>
}

const template = 'migrated'
/** Any number: one worker at a time makes the template. */
const templateLock = 7_301_112

let server: Promise<EmbeddedPostgres> | undefined

/** With `migrated: false` the database is empty. */
export async function testDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  server ??= startTestServer(inject('databaseFolder'))
  const { url: serverUrl } = await server
  const name = `test_${randomBytes(6).toString('hex')}`
  if (migrated) await makeTemplate(serverUrl)
  await asAdmin(serverUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${migrated ? template : 'template0'}`),
  )
  const url = withDatabase(serverUrl, name)
  const db = openDatabase(url, { connections: 5 })
  let closed: Promise<void> | undefined
  const database: TestDatabase = { db, url, close: () => (closed ??= drop()) }
  afterFile.add(database.close)
  return database

  async function drop(): Promise<void> {
    afterFile.delete(database.close)
    await db.close()
    await asAdmin(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  }
}

async function makeTemplate(serverUrl: string): Promise<void> {
  await asAdmin(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template])
    if (rowCount) return
    // It gets its name when it is complete; what a failed migration left is of no use.
    await client.query(`DROP DATABASE IF EXISTS ${template}_new WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${template}_new TEMPLATE template0`)
    await migrate(withDatabase(serverUrl, `${template}_new`))
    await client.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`)
  })
}

async function asAdmin<T>(serverUrl: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: withDatabase(serverUrl, 'postgres') })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
