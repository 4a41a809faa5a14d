/** Campaigns without a platform: real tables, the real engine, a clock that stands still, and sends that all succeed. */
import { createCampaigns } from '../../src/app/campaigns.ts'
import { openHouse } from '../../src/app/eval/house.ts'
import { registry } from '../../src/app/registry.ts'
import { lent } from '../../src/app/slices.ts'
import { formatFindings, loadFolder } from '../../src/content/index.ts'
import { rehearseSends, Tally } from '../../src/delivery/index.ts'
import { approveDrop, fingerprintOf, dropOf } from '../../src/domains/campaigns/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Database } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { afterFile } from './after-file.ts'
import { folderWith, writeFiles } from './content-files.ts'
import { testDatabase } from './database.ts'
import { idOf } from './segment-rows.ts'
import { testSecrets } from './secrets.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

const settings = `
brand: { name: 青屿, zone: Asia/Shanghai }
privacy: { noticeOnContact: false }
campaigns: { waitingAtMost: 50, chunk: 20 }
limits: { gap: 1m }
`
const segments = `
segments:
  - { id: everybody, title: 大家, rule: { consent: profiling } }
`
/** Everything that replies.yaml must have stays as the example brand has it. */
const base = { 'settings.yaml': settings, 'segments.yaml': segments }

export type Sent = {
  key: string
  customerId: string | null
  threadId: string
  state: string
  reason: string | null
  deferred: string | null
  text: string | null
  at: Date | null
}

export type CampaignStage = Awaited<ReturnType<typeof campaignStage>>

/** `customers`: friends of the account main, by number. `at`: when it begins. */
export async function campaignStage(options: { files?: Record<string, string>; customers?: number; at: string }) {
  const dir = await folderWith({ ...(await exampleReplies()), ...base, ...options.files })
  const { db, url } = await testDatabase()
  const secrets = await testSecrets(db)
  let content = await load(dir)
  await writeCustomers(db, options.customers ?? 0)
  await db.pool.query(
    `INSERT INTO account (name, state, epoch, first_seen_at) VALUES ('main', 'connected', 1, '2020-01-01T00:00:00Z')`,
  )
  const at = new Date(options.at)
  const house = await openHouse({
    db,
    content: () => content,
    secrets,
    log: silentLog,
    account: 'main',
    realm: 'default',
    at,
  })
  const alarms: string[] = []
  const engine = createCampaigns({
    ...{ db, clock: house.clock, ids: house.ids, log: silentLog, lent, content: () => content },
    alarms: { raise: ({ code }) => void alarms.push(code), clear: () => undefined, current: () => [] },
    accept: (event) => house.accept(event),
  })
  afterFile.add(async () => {
    await engine.stop()
    await house.close()
  })
  const stage = {
    ...{ db, url, dir, secrets, house, engine, alarms, clock: house.clock },
    content: () => content,
    /** Puts files into the folder, and makes it live. */
    async write(files: Record<string, string>) {
      await writeFiles(dir, files)
      content = await load(dir)
    },
    rows: async <R extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<R[]> =>
      (await db.pool.query<R>(sql, values)).rows,
    /** One look at everything, and all that follows from it, at this moment; nothing is sent. */
    async tick() {
      await engine.tick()
      await house.quiet()
      await house.finish(0)
    },
    /** Lets time pass, with a tick at its end. */
    async pass(ms: number) {
      await house.pass(ms)
      await stage.tick()
    },
    /** Sends what may leave now, and notes what became of it. */
    async send(limit = 10_000) {
      const sent = await rehearseSends({
        ...{ db, ids: house.ids, content: () => content, dailyCeiling: undefined, account: 'main', epoch: 1 },
        ...{ now: house.clock.now(), limit, tally: new Tally() },
      })
      await stage.tick()
      return sent
    },
    /** Hands over and sends until nothing more happens at this moment. */
    async sendAll() {
      let sent = 0
      for (;;) {
        const more = await stage.send()
        sent += more
        if (more === 0) return sent
        await stage.pass(1_000)
      }
    },
    async approve(id: string) {
      await db.transaction((tx) => approveDrop({ db: tx, content, by: 'manager', now: house.clock.now() }, id))
    },
    fingerprint: (id: string) => fingerprintOf(dropOf(content, id), content),
    sent: () =>
      stage.rows<Sent>(
        `SELECT key, customer_id AS "customerId", thread_id AS "threadId", state, reason, deferred, body ->> 'text' AS text,
           sending_at AS at FROM outbox ORDER BY id`,
      ),
    runs: () =>
      stage.rows<{ id: string; campaign: string; slot: Date; state: string; reason: string | null; audience: number }>(
        'SELECT id, campaign, slot, state, reason, audience FROM campaign_run ORDER BY slot, campaign',
      ),
    recipients: () =>
      stage.rows<{ target: string; variant: string | null; state: string; reason: string | null }>(
        'SELECT target, variant, state, reason FROM campaign_recipient ORDER BY run_id, target',
      ),
  }
  return stage
}

async function load(dir: string): Promise<Content> {
  const { content, findings } = await loadFolder(dir, registry)
  if (!content) throw new Error(formatFindings(findings))
  return content
}

async function exampleReplies(): Promise<Record<string, string>> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(new URL('../../content/replies.yaml', import.meta.url), 'utf8')
  return { 'replies.yaml': text }
}

async function writeCustomers(db: Database, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => i)
  await db.pool.query(
    `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) SELECT id, id, '2026-01-01T00:00:00Z', '2026-11-01T00:00:00Z'
     FROM unnest($1::uuid[]) AS c (id)`,
    [numbers.map(idOf)],
  )
  await db.pool.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
     SELECT gen_random_uuid(), 'default', 'contact-' || n, id, 'customer', '顾客' || n, '{"main": "2026-01-01T00:00:00Z"}',
       '2026-01-01T00:00:00Z', '2026-11-01T00:00:00Z'
     FROM unnest($1::uuid[], $2::int[]) AS c (id, n)`,
    [numbers.map(idOf), numbers],
  )
}

/** A drop as a file: `front` in place of what it has by itself. */
export function dropFile(
  id: string,
  front: Record<string, string> = {},
  body = '{{ name | default: "亲" }}，晚上好。',
): string {
  const keys = { id, title: id, when: '{ at: 2026-12-01 20:00 }', to: '{ segment: everybody }', ...front }
  return `---\n${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n---\n${body}\n`
}
