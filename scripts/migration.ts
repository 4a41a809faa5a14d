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
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { readMigrations } from '../src/kernel/migrate.ts'
import { withSchemaEngine } from '../src/kernel/schema-engine.ts'

const [name, url] = process.argv.slice(2)
if (!name || !url) {
  process.stderr.write('Usage: node scripts/migration.ts NAME URL\n')
  process.exit(2)
}
/** PostgreSQL's internal type "char", which the catalogue is full of and the adapter does not know; and text. */
const oid = { char: 18, text: 25 }
const readAsText = new Set<string>()

class Pool extends pg.Pool {
  override async query(...input: never[]): Promise<never> {
    const result = await (super.query as (...input: never[]) => Promise<pg.QueryResult>).apply(this, input)
    for (const field of result.fields) {
      if (field.dataTypeID !== oid.char) continue
      field.dataTypeID = oid.text
      readAsText.add(field.name)
    }
    return result as never
  }
}

/** Tells the engine which texts are characters, and lets it replay the migrations in the database given. */
class Scratch extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const connection = await super.connect()
    const read = connection.queryRaw.bind(connection)
    connection.queryRaw = async (query) => {
      const result = await read(query)
      const columnTypes = result.columnTypes.map((type, i) =>
        readAsText.has(result.columnNames[i] ?? '') ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    }
    return connection
  }
  override connectToShadowDb(): ReturnType<PrismaPg['connect']> {
    return this.connect()
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
