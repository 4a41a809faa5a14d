/** Fourteen days of twelve campaigns and six journeys, rehearsed for ten thousand customers of four accounts. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rehearse, type RehearsalOptions } from '../../src/app/rehearsal/index.ts'
import { openDatabase } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import { testSecrets } from '../support/secrets.ts'
import { dropFile } from '../support/campaigns.ts'
import { contentFolder } from '../support/content.ts'
import { befriend, contentOf, replaceCampaigns } from './campaigns-base.ts'
import { populate } from './population.ts'
import type { Row } from './row.ts'

const customers = Number(process.env['BENCH_REHEARSAL_CUSTOMERS'] ?? 10_000)
const bars = { seconds: 60, memory: 1.15 }
const accounts = ['one', 'two', 'three', 'four']
const now = new Date('2026-11-30T04:00:00Z')

const segments = `
  - { id: everybody, title: 大家, rule: { consent: marketing } }
  - { id: active, title: 近来有动静, rule: { all: [{ active: { within: 180d } }, { consent: marketing }] } }
  - { id: buyers, title: 买过的, rule: { all: [{ orders: { count: { min: 1 } } }, { consent: marketing }] } }
  - { id: care, title: 爱护肤, rule: { all: [{ tag: { interest: 护肤 } }, { consent: profiling }] } }
`
/** To whom, when, and how important: some compete for an evening, some come every day. */
const drops: readonly [to: string, when: string, front: Record<string, string>][] = [
  ['everybody', '{ at: 2026-12-01 10:00 }', { priority: '60', spread: '4h' }],
  ['everybody', '{ at: 2026-12-04 20:00 }', { priority: '90', expires: '2d' }],
  ['everybody', '{ at: 2026-12-11 20:00 }', { priority: '90', expires: '1d' }],
  ['active', '{ at: 2026-12-02 19:00 }', { priority: '50', variants: '{ A: 50, B: 50 }' }],
  ['active', "{ cron: '0 11 * * 3' }", { priority: '40' }],
  ['active', '{ at: 2026-12-11 19:30 }', { priority: '30' }],
  ['buyers', "{ cron: '30 9 * * 1,4' }", { priority: '45', spread: '2h' }],
  ['buyers', '{ at: 2026-12-06 15:00 }', { priority: '70', holdout: '10' }],
  ['buyers', '{ at: 2026-12-12 10:00 }', { priority: '80' }],
  ['care', "{ cron: '0 21 * * *' }", { priority: '20', expires: '6h' }],
  ['care', '{ at: 2026-12-08 12:00 }', { priority: '55' }],
  ['care', '{ at: 2026-12-13 20:00 }', { priority: '65' }],
]

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  // For root the server runs as another user, who must get in.
  chmodSync(data, 0o755)
  const folder = contentFolder()
  const files = drops.map(([to, when, front], i): [string, string] => {
    const body = 'variants' in front ? '# A\n你好\n# B\n早上好' : undefined
    return [`campaigns/drop-${i}.md`, dropFile(`drop-${i}`, { to: `{ segment: ${to} }`, when, ...front }, body)]
  })
  // The brand's six journeys name its own segments.
  const all = `${readFileSync(join(folder.dir, 'segments.yaml'), 'utf8').trimEnd()}\n${segments}`
  replaceCampaigns(folder, { 'segments.yaml': all, ...Object.fromEntries(files) }, { journeys: true })
  const server = await embeddedPostgres({ dataDir: data, log: silentLog })
  try {
    await migrate(server.url)
    const content = await contentOf(folder)
    const db = openDatabase(server.url, { connections: 1 })
    const client = await db.pool.connect()
    await populate(client, { customers, now, say })
    client.release(true)
    await befriend(db.pool, accounts)
    await db.pool.query(
      `INSERT INTO account (name, state, epoch, first_seen_at) SELECT name, 'connected', 1, '2020-01-01Z' FROM unnest($1::text[]) AS a (name)`,
      [accounts],
    )
    const secrets = await testSecrets(db)
    await db.close()
    const ceilings = new Map(accounts.map((name) => [name, 2_000]))
    return await measureIn(
      { url: server.url, content, secrets, log: silentLog, from: '2026-12-01', days: 14, ceilings },
      say,
    )
  } finally {
    await server.stop()
    folder.dispose()
    rmSync(data, { recursive: true, force: true })
  }
}

/** Twice: what the first leaves behind the second would add to. */
async function measureIn(options: RehearsalOptions, say: (progress: string) => void): Promise<Row[]> {
  const peaks: number[] = []
  const seconds: number[] = []
  let sent = 0
  for (let round = 0; round < 2; round += 1) {
    let peak = 0
    const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50)
    const from = performance.now()
    const { rehearsal, failures } = await rehearse(options)
    seconds.push((performance.now() - from) / 1_000)
    clearInterval(watching)
    peaks.push(peak / 2 ** 20)
    if (failures.length > 0) throw new Error(failures[0])
    sent = rehearsal.calendar.reduce((sum, cell) => sum + cell.sent, 0)
    say(
      `${seconds.at(-1)?.toFixed(1)} s, ${sent} sent in ${rehearsal.runs.length} runs, at most ${peaks.at(-1)?.toFixed(0)} MB`,
    )
  }
  const [first = 0, second = 0] = peaks
  const slowest = Math.max(...seconds)
  const flat = second / first
  return [
    {
      name: `rehearsal of 14 days, ${customers} customers`,
      value: slowest,
      unit: 's',
      bar: `< ${bars.seconds}`,
      ok: slowest < bars.seconds && sent > 0,
    },
    { name: 'messages in it', value: sent, unit: 'messages', ok: sent > 0 },
    { name: 'resident in the first, at most', value: first, unit: 'MB', ok: true },
    {
      name: 'resident in the second, at most',
      value: second,
      unit: 'MB',
      ratio: flat,
      bar: `<= ${bars.memory}`,
      ok: flat <= bars.memory,
    },
  ]
}
