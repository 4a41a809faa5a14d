/**
 * Every example segment over a million customers, five million orders and twenty million tags, against SQL written by
 * hand; and how long it takes to say why one customer is in a segment or not.
 *
 *     npm run bench -- --only segments
 *
 * BENCH_SEGMENTS_DATA names a folder that keeps the database between runs; without it a temporary one is removed after.
 * BENCH_SEGMENTS_CUSTOMERS makes it smaller, for work on the bench itself.
 */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { explainMember, listSegments, membersQuery } from '../../src/domains/segments/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { type Database, openDatabase } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import type { Queryable } from '../../src/kernel/work.ts'
import { populate } from './population.ts'
import { measureBars } from './rfm.ts'
import type { Row } from './row.ts'
import { byHand } from './segments-by-hand.ts'

const now = new Date('2026-11-22T04:00:00Z')
const customers = Number(process.env['BENCH_SEGMENTS_CUSTOMERS'] ?? 1_000_000)
const rounds = 9
const explained = 200
const bars = { ratio: 1.3, explainMs: 50 }

type Say = (progress: string) => void

export async function measure(say: Say): Promise<Row[]> {
  const kept = process.env['BENCH_SEGMENTS_DATA']
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'zhanggui-bench-')))
  await mkdir(dataDir, { recursive: true })
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755)
  const server = await embeddedPostgres({ dataDir, log: silentLog, settings })
  const db = openDatabase(server.url, { connections: 2 })
  try {
    await migrate(server.url)
    await prepare(db, say)
    const content = await exampleContent()
    return [
      ...(await measureSegments(db, content, say)),
      await measureExplaining(db, content, say),
      await measureBars(db, { content, now }, say),
    ]
  } finally {
    await db.close()
    await server.stop()
    if (!kept) await rm(dataDir, { recursive: true, force: true })
  }
}

/** Memory as a server with such a base has it; the log is kept short, and nothing outlives the bench. */
const settings = {
  shared_buffers: '2GB',
  effective_cache_size: '8GB',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  autovacuum: 'off',
}

async function prepare(db: Database, say: Say): Promise<void> {
  const { rows } = await db.pool.query<{ count: bigint }>('SELECT count(*) AS count FROM customer')
  if (Number(rows[0]!.count) === customers) return
  if (rows[0]!.count > 0n) throw new Error('The kept database has another number of customers. Remove it.')
  const client = await db.pool.connect()
  try {
    await populate(client, { customers, now, say })
    await client.query('CHECKPOINT')
  } finally {
    client.release(true)
  }
}

async function exampleContent(): Promise<Content> {
  const { content } = await loadFolder('content', registry)
  if (!content) throw new Error('The example content has errors: npm run zhanggui -- check')
  return content
}

/** Ours and the hand's in turn, each first every other time; of several ways by hand the best counts. */
async function measureSegments(db: Database, content: Content, say: Say): Promise<Row[]> {
  const rows: Row[] = []
  for (const { id } of listSegments(content)) {
    const ways = await byHand(db.pool, id, now)
    const ours: number[] = []
    const theirs = ways.map((): number[] => [])
    let people = 0
    for (let round = 0; round <= rounds; round++) {
      const runs = [
        async () => {
          const { ms, count } = await timed(db, (tx) => membersQuery(tx, content, id, now))
          people = count
          if (round > 0) ours.push(ms)
        },
        ...ways.map((text, way) => async () => {
          const { ms, count } = await timed(db, async (tx) => {
            await tx.query(planningByHand)
            return { text, values: [] }
          })
          if (count !== people && round > 0)
            throw new Error(`${id}: ${people} people, by hand ${count} (way ${way + 1})`)
          if (round > 0) theirs[way]!.push(ms)
        }),
      ]
      for (const run of round % 2 === 0 ? runs : runs.reverse()) await run()
    }
    const value = median(ours)
    // Round by round, so that a slow minute of the machine counts for both; the hardest way to keep up with counts.
    const ratio = Math.max(...theirs.map((way) => median(way.map((ms, round) => ours[round]! / ms))))
    say(
      `${id}: ${people} people, ${value.toFixed(0)} ms, by hand ${theirs.map((way) => median(way).toFixed(0)).join(', ')} ms`,
    )
    const bar = `<= ${bars.ratio} of SQL by hand`
    rows.push({ name: `segment ${id}`, value, unit: 'ms', ratio, bar, ok: ratio <= bars.ratio })
  }
  return rows
}

/** As our own connections have it for segments: what is compared is the SQL. */
const planningByHand = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true),
  set_config('jit', 'off', true)`

/** From the rule to the number of people: ours pays for compiling and planning too. */
async function timed(
  db: Database,
  queryOf: (tx: Queryable) => Promise<{ text: string; values: unknown[] }>,
): Promise<{ ms: number; count: number }> {
  return db.transaction(async (tx) => {
    const started = performance.now()
    const { text, values } = await queryOf(tx)
    const { rows } = await tx.query<{ count: bigint }>(`SELECT count(*) AS count FROM (${text}) s`, values)
    return { ms: performance.now() - started, count: Number(rows[0]!.count) }
  })
}

async function measureExplaining(db: Database, content: Content, say: Say): Promise<Row> {
  const { rows } = await db.pool.query<{ id: string }>(
    'SELECT id FROM customer WHERE merged_into IS NULL ORDER BY md5(id::text) LIMIT $1',
    [explained],
  )
  const took: number[] = []
  for (const { id } of rows) {
    for (const segment of listSegments(content)) {
      const started = performance.now()
      await db.transaction((tx) => explainMember(tx, content, segment.id, id, now))
      took.push(performance.now() - started)
    }
  }
  took.sort((a, b) => a - b)
  const p99 = took[Math.floor(took.length * 0.99)]!
  say(
    `explaining: median ${median(took).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${took.at(-1)!.toFixed(1)} ms`,
  )
  const bar = `< ${bars.explainMs} ms`
  return { name: 'explaining one customer, p99', value: p99, unit: 'ms', bar, ok: p99 < bars.explainMs }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
