/**
 * Writes a new migration from the difference between prisma/migrations and prisma/schema.prisma:
 *
 *     node scripts/migration.ts NAME URL
 *
 * URL is a scratch database of its own, which is emptied: the engine replays the migrations there. Read the result
 * before you commit it: what the schema language cannot say (views, partial indexes) stands in the migrations only, and
 * the engine may propose to drop it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { readMigrations } from '../src/kernel/migrate.ts'
import { withSchemaEngine } from '../src/kernel/schema-engine.ts'

const [name, url] = process.argv.slice(2)
if (!name || !url) {
  process.stderr.write('Usage: node scripts/migration.ts NAME URL\n')
  process.exit(2)
}
/** Reads the catalogue's type "char" as text (the adapter knows no column of that type), and replays in the database given. */
class Scratch extends PrismaPg {
  override connectToShadowDb(): ReturnType<PrismaPg['connect']> {
    return this.connect()
  }
}
class Pool extends pg.Pool {
  override async query(...input: never[]): Promise<never> {
    const result = await (super.query as (...input: never[]) => Promise<pg.QueryResult>).apply(this, input)
    for (const field of result.fields) if (field.dataTypeID === 18) field.dataTypeID = 25
    return result as never
  }
}

const content = await readFile('prisma/schema.prisma', 'utf8')
const pool = new Pool({ connectionString: url })
const result = await withSchemaEngine(new Scratch(pool), content, async (engine) =>
  engine.diff({
    from: { tag: 'migrations', ...(await readMigrations()) },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  }),
)
const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
await mkdir(`prisma/migrations/${stamp}_${name}`, { recursive: true })
await writeFile(`prisma/migrations/${stamp}_${name}/migration.sql`, result.stdout ?? '')
process.stdout.write(`prisma/migrations/${stamp}_${name}/migration.sql\n`)
await pool.end()
