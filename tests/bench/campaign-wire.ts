/** How much of the bare wire's speed is left to a run of a drop: handed over, asked of all limits, stored, and sent. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approveDrop } from '../../src/domains/campaigns/index.ts'
import { systemClock as clock } from '../../src/kernel/clock.ts'
import type { Content } from '../../src/kernel/content.ts'
import { type Database, openDatabase } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import { minuteIn } from '../../src/kernel/zone.ts'
import { dropFile } from '../support/campaigns.ts'
import { until } from '../support/until.ts'
import { befriend, contentOf, replaceCampaigns } from './campaigns-base.ts'
import { populate } from './population.ts'
import type { Row } from './row.ts'
import { questions, type Stage, setStage } from './stage.ts'

const recipients = 5_000
const bar = 0.6
const rounds = 3
const messages = 4_000
const segments = `
segments:
  - { id: everybody, title: 大家, rule: { joined: { within: 2000d } } }
`
/** Limits are asked, and keep nobody from anything. */
const settings = {
  limits: { quiet: { from: '00:00', to: '00:00' }, accountPerDay: 1_000_000, warmUp: { days: 0, from: 1_000_000 } },
}

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  // For root the server runs as another user, who must get in.
  chmodSync(data, 0o755)
  const server = await embeddedPostgres({ dataDir: data, log: silentLog })
  await migrate(server.url)
  const db = openDatabase(server.url, { connections: 1 })
  const stage = await setStage({ content: { settings }, env: { DATABASE_URL: server.url } })
  try {
    const when = `{ at: ${minuteIn('Asia/Shanghai', clock.now())} }`
    replaceCampaigns(stage.content, {
      'segments.yaml': segments,
      'campaigns/hello.md': dropFile('hello', { when, late: '1d' }),
    })
    await prepare(stage, db, await contentOf(stage.content))
    await stage.startEcho()
    const bare: number[] = []
    const measureBare = async (): Promise<void> => {
      const plan = { account: 'bare', customers: 50, window: 16, messages, questions }
      const { rate } = await stage.simulator.act('load', plan)
      say(`bare wire: ${rate.toFixed(0)}/s`)
      bare.push(rate)
    }
    await measureBare()
    bare.length = 0
    for (let round = 0; round < rounds; round += 1) await measureBare()
    await stage.startBot()
    await until(async () => (await stateOfRun(db)) === 'done', { within: 300_000, every: 500, what: 'the run is over' })
    const ours = await figuresOf(db)
    say(`run: ${ours.rate.toFixed(0)}/s`)
    for (let round = 0; round < rounds; round += 1) await measureBare()
    const wire = middle(bare)
    const ratio = ours.rate / wire
    return [
      { name: 'bare wire: messages', value: wire, unit: '/s', ok: true },
      {
        name: `run of ${ours.audience} recipients`,
        value: ours.rate,
        unit: '/s',
        ratio,
        bar: `>= ${bar} of the bare wire`,
        ok: ratio >= bar,
      },
      {
        name: 'run: not sent',
        value: ours.audience - ours.sent,
        unit: 'messages',
        bar: '0',
        ok: ours.audience === ours.sent,
      },
    ]
  } finally {
    await stage.close()
    await db.close()
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** Fills the bot's database and the simulated world. */
async function prepare(stage: Stage, db: Database, content: Content): Promise<void> {
  const now = clock.now()
  const client = await db.pool.connect()
  await populate(client, { customers: recipients, now, ordersEach: 2, tagsEach: 2 })
  client.release(true)
  await db.pool.query(
    'UPDATE customer SET opted_out_at = NULL, profiling_refused_at = NULL, staff = false, forgotten_at = NULL, merged_into = NULL, person_id = id',
  )
  await befriend(db.pool, ['main'])
  await db.transaction((tx) => approveDrop({ db: tx, content, by: 'bench', now }, 'hello'))
  const before = new Date(now.getTime() - 3_600_000)
  await db.pool.query(`INSERT INTO campaign_clock (name, looked_at) VALUES ('drop:hello', $1)`, [before])
  const { rows } = await db.pool.query<{ contact: string }>('SELECT contact_id AS contact FROM identity ORDER BY 1')
  // Strangers are in no list, so that nobody reads thousands of contacts back while it is measured.
  for (const { contact } of rows)
    await stage.simulator.act('putContact', { id: contact, name: contact, stranger: true })
}

async function stateOfRun(db: Database): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ state: string }>('SELECT state FROM campaign_run')
  return rows[0]?.state
}

/** From the first send to the last answer. */
async function figuresOf(db: Database): Promise<{ rate: number; audience: number; sent: number }> {
  const { rows } = await db.pool.query<{ audience: number; sent: number; seconds: number }>(
    `SELECT (SELECT audience FROM campaign_run) AS audience, count(*) FILTER (WHERE state = 'sent')::int AS sent,
       extract(epoch FROM max(settled_at) - min(sending_at))::float8 AS seconds FROM outbox WHERE batch IS NOT NULL`,
  )
  const { audience, sent, seconds } = rows[0]!
  return { audience, sent, rate: sent / seconds }
}

const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
