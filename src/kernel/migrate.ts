/** Brings a database to the newest schema with Prisma's own engine, so that `prisma migrate deploy` stays usable. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { ZhangguiError } from './errors.ts'
import { migrateJobs } from './jobs.ts'
import { withSchemaEngine } from './schema-engine.ts'

const folder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
/** Any number; all processes of ours use the same one, so that two that start at once migrate one after the other. */
const migrationLock = 7_203_447

export async function readMigrations(): Promise<MigrationList> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(folder, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  }
}

/**
 * Applies what is missing; returns the names of what it applied. Does nothing, quickly, when nothing is missing.
 * Throws `migration-failed`, or `database-newer` when the database knows migrations that this program does not.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'zhanggui-migrate' })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    const migrations = await readMigrations()
    const applied = await appliedMigrations(client)
    const known = new Set(migrations.migrationDirectories.map((migration) => migration.path))
    const newer = [...applied.keys()].filter((name) => !known.has(name))
    if (newer.length > 0) {
      throw new ZhangguiError({
        code: 'database-newer',
        message: `The database was migrated by a newer version (${newer.join(', ')}). Start that version, or restore a back-up.`,
      })
    }
    const missing = migrations.migrationDirectories.some(
      ({ path, migrationFile }) => applied.get(path) !== checksum(migrationFile.content.value),
    )
    const done = missing ? await apply(url, migrations) : []
    await migrateJobs(url)
    return done
  } catch (error) {
    if (error instanceof ZhangguiError) throw error
    throw new ZhangguiError({ code: 'migration-failed', message: 'The database could not be migrated.', cause: error })
  } finally {
    await client.end()
  }
}

async function apply(url: string, migrationsList: MigrationList): Promise<string[]> {
  // A pool of our own: the engine leaves the connections of its adapter open.
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'zhanggui-migrate' })
  try {
    return await withSchemaEngine(new PrismaPg(pool), undefined, async (engine) => {
      const filters = { externalTables: [], externalEnums: [] }
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
      return appliedMigrationNames
    })
  } finally {
    await pool.end()
  }
}

/** Finished migrations with the SHA-256 that Prisma keeps of their text. */
async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  )
  if (!tables[0]?.exists) return new Map()
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}
