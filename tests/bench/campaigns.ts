/**
 * Freezing: how fast an audience of a hundred thousand out of a million customers is written, with its variants, holdout and
 * moments, and whether an audience of everybody takes more memory.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approveDrop, freeze, listOpenRuns, tickDrops } from '../../src/domains/campaigns/index.ts'
import { systemClock as clock } from '../../src/kernel/clock.ts'
import type { Content } from '../../src/kernel/content.ts'
import { type Database, openDatabase } from '../../src/kernel/db.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import { dropFile } from '../support/campaigns.ts'
import { contentFolder } from '../support/content.ts'
import { contentOf, replaceCampaigns } from './campaigns-base.ts'
import { populate } from './population.ts'
import type { Row } from './row.ts'

const customers = Number(process.env['BENCH_CAMPAIGNS_CUSTOMERS'] ?? 1_000_000)
const bars = { rows: 30_000, memory: 1.15 }
const now = new Date('2026-12-01T12:00:00Z')
const ids = systemIds(clock)
const rounds = 3

const segments = `
segments:
  - { id: everybody, title: 大家, rule: { joined: { within: 2000d } } }
  - { id: tenth, title: 每十个里的一个, rule: { all: [{ tag: { interest: 护肤 } }, { consent: profiling }] } }
  - { id: nobody, title: 没有人, rule: { orders: { count: { min: 1000 } } } }
`
const front = { variants: '{ A: 50, B: 50 }', holdout: '10', spread: '2h' }
const body = '# A\n你好\n# B\n早上好'
/** One of eight interests is had by a little more than a tenth of all. */
const slots = [{ dimension: 'interest', values: ['护肤', ...Array.from({ length: 7 }, (_, i) => `兴趣${i}`)], skew: 1 }]

type Say = (progress: string) => void
/** `memory`: megabytes resident, looked at again and again while it was written. */
type Frozen = { audience: number; seconds: number; memory: readonly number[] }

export async function measure(say: Say): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  // For root the server runs as another user, who must get in.
  chmodSync(data, 0o755)
  const audiences = ['tenth', 'everybody', 'nobody']
  const drops = audiences.map((to): [string, string] => [
    `campaigns/${to}.md`,
    dropFile(to, { to: `{ segment: ${to} }`, when: "{ cron: '* * * * *' }", ...front }, body),
  ])
  const folder = contentFolder()
  replaceCampaigns(folder, { 'segments.yaml': segments, ...Object.fromEntries(drops) })
  const content = await contentOf(folder)
  const server = await embeddedPostgres({ dataDir: data, log: silentLog })
  await migrate(server.url)
  const db = openDatabase(server.url)
  try {
    const client = await db.pool.connect()
    await populate(client, { customers, now, ordersEach: 1, tagsEach: 1, slots, say })
    client.release(true)
    await db.pool.query('CHECKPOINT')
    return await measureIn(db, content, say)
  } finally {
    await db.close()
    await server.stop()
    folder.dispose()
    rmSync(data, { recursive: true, force: true })
  }
}

async function measureIn(db: Database, content: Content, say: Say): Promise<Row[]> {
  const frozen = async (campaign: string, minutes: number): Promise<Frozen> => {
    const made = await freezeOne(db, content, campaign, new Date(now.getTime() + minutes * 60_000))
    say(
      `${campaign}: ${made.audience} in ${made.seconds.toFixed(1)} s, at most ${Math.max(...made.memory).toFixed(0)} MB`,
    )
    return made
  }
  const nobody = await frozen('nobody', 1)
  const tenths: Frozen[] = []
  for (let round = 0; round < rounds; round += 1) tenths.push(await frozen('tenth', 2 + round))
  const everybody = await frozen('everybody', 10)
  const rate = middle(tenths.map(({ audience, seconds }) => audience / seconds))
  // Its first quarter is for what every run needs.
  const quarter = Math.floor(everybody.memory.length / 4)
  const before = mean(everybody.memory.slice(quarter, 2 * quarter))
  const after = mean(everybody.memory.slice(-quarter))
  const flat = after / before
  const persons = await countPersons(db)
  return [
    { name: 'freezing nobody', value: nobody.seconds, unit: 's', ok: nobody.audience === 0 },
    {
      name: `audience of ${tenths[0]!.audience} out of ${customers}`,
      value: rate,
      unit: 'rows/s',
      bar: `>= ${bars.rows}`,
      ok: rate >= bars.rows,
    },
    {
      name: `audience of ${everybody.audience}`,
      value: everybody.audience / everybody.seconds,
      unit: 'rows/s',
      bar: `>= ${bars.rows}`,
      ok: everybody.audience / everybody.seconds >= bars.rows && everybody.audience === persons,
    },
    { name: 'resident in the second quarter of it', value: before, unit: 'MB', ok: true },
    {
      name: 'resident in the last quarter',
      value: after,
      unit: 'MB',
      ratio: flat,
      bar: `<= ${bars.memory}`,
      ok: flat <= bars.memory,
    },
  ]
}

async function freezeOne(db: Database, content: Content, campaign: string, slot: Date): Promise<Frozen> {
  await db.transaction((tx) => approveDrop({ db: tx, content, by: 'bench', now: slot }, campaign))
  await db.pool.query(
    `INSERT INTO campaign_clock (name, looked_at) SELECT 'drop:' || id, CASE WHEN id = $2 THEN $1::timestamptz - interval '30 seconds' ELSE $1 END
     FROM unnest('{tenth,everybody,nobody}'::text[]) AS d (id) ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at`,
    [slot, campaign],
  )
  await db.transaction((tx) => tickDrops(tx, { content, now: slot, ids }))
  const run = (await listOpenRuns(db.pool)).find((one) => one.state === 'freezing')
  if (!run) throw new Error(`The bench has no run of ${campaign}.`)
  const memory: number[] = []
  const watching = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), 20)
  const from = performance.now()
  const done = await freeze({ db, content, clock: { ...clock, now: () => slot }, ids }, run)
  const seconds = (performance.now() - from) / 1_000
  clearInterval(watching)
  const { rows } = await db.pool.query<{ audience: number }>('SELECT audience FROM campaign_run WHERE id = $1', [
    run.id,
  ])
  if (!done) throw new Error('Somebody else froze it.')
  await db.pool.query(`UPDATE campaign_run SET state = 'done' WHERE id = $1`, [run.id])
  return { audience: rows[0]!.audience, seconds, memory }
}

async function countPersons(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ count: bigint }>(
    'SELECT count(*) AS count FROM customer WHERE merged_into IS NULL AND forgotten_at IS NULL AND NOT staff',
  )
  return Number(rows[0]!.count)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
