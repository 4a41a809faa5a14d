/**
 * A drop on the fault suite's stage: thousands of friends of our accounts, known to the simulator and, by SQL, to the bot;
 * no pace, no quiet hours, and caps that keep nobody from anything.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFailed, onTestFinished } from 'vitest'
import { instantIn, minuteIn } from '../../src/kernel/zone.ts'
import type { JournalEntry } from '../../src/gateways/simulator/journal.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { dropFile } from '../support/campaigns.ts'
import { until } from '../support/until.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'

const zone = 'Asia/Shanghai'
export const minute = 60_000
const files = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

const generous = {
  'limits.quiet': { from: '00:00', to: '00:00' },
  'limits.gap': '0s',
  'limits.accountPerDay': 1_000_000,
  'limits.warmUp': { days: 0, from: 1_000_000 },
  'campaigns.waitingAtMost': 500,
  'campaigns.chunk': 200,
}

export const contactOf = (n: number): string => `friend-${n}`

export type Fate = { contact: string; state: string; reason: string | null }

export type DropStage = Stage & {
  /** The drop as a file, with other words. */
  drop(front?: Record<string, string>, body?: string): string
  /** What was sent to the friends, and not to the people of the opening world. */
  sends(account?: string): Promise<JournalEntry[]>
  fates(): Promise<Fate[]>
  runs(): Promise<{ state: string; reason: string | null; audience: number; slot: Date }[]>
  /** How many have left, whatever became of them. */
  left(): Promise<number>
  over(within?: number): Promise<void>
}

/**
 * The drop «hello» is approved, and its clock was last looked at before its slot: the next process that starts begins the
 * run. `slot`: `YYYY-MM-DD HH:mm` in the brand's zone; by default the minute that began last.
 */
export async function dropStage({
  customers,
  front = {},
  body,
  slot = minuteIn(zone, systemClock.now()),
  settings = {},
  ...options
}: StageOptions & {
  customers: number
  front?: Record<string, string>
  body?: string
  slot?: string
}): Promise<DropStage> {
  const world = worldWith(customers)
  const segments = `${files('content/segments.yaml').trimEnd()}\n  - { id: everybody, title: 大家, rule: { consent: profiling } }\n`
  const stage = await openStage({
    questions: 1,
    ...options,
    simulator: { ...options.simulator, world: world.file },
    settings: { ...generous, ...settings },
    files: {
      'segments.yaml': segments,
      ...options.files,
    },
  })
  // The example brand's own would be due on days of the calendar.
  for (const folder of ['campaigns', 'journeys'])
    rmSync(join(stage.content.dir, folder), { recursive: true, force: true })
  const drop: DropStage['drop'] = (more, text = '晚上好') =>
    dropFile('hello', { when: `{ at: ${slot} }`, ...front, ...more }, lawful(text))
  stage.content.write({ 'campaigns/hello.md': drop({}, body) })
  onTestFinished(async () => {
    await stage.close()
    world.remove()
  })
  onTestFailed(() => {
    for (const line of stage.lastWords()) console.error(line)
  })
  // Makes the tables, and is gone before its first tick.
  await (await stage.start()).kill9()
  const accounts = (options.accounts ?? [{ name: 'main' }]).map(({ name }) => name)
  await writeFriends(stage, customers, accounts)
  const approved = await stage.zhanggui('campaigns', 'approve', 'hello')
  if (approved.code !== 0) throw new Error(approved.err)
  await stage.rows(
    `INSERT INTO campaign_clock (name, looked_at) VALUES ('drop:hello', $1) ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at`,
    [new Date(slotOf(slot).getTime() - minute)],
  )
  return Object.assign(stage, {
    drop,
    sends: async (account?: string) =>
      (await stage.simulator.sends(account === undefined ? {} : { account })).filter(({ to }) =>
        to.startsWith('friend-'),
      ),
    fates: () =>
      stage.rows<Fate>(
        `SELECT i.contact_id AS contact, r.state, r.reason FROM campaign_recipient r JOIN identity i ON i.customer_id = r.target
         WHERE i.contact_id LIKE 'friend-%' ORDER BY 1`,
      ),
    runs: () =>
      stage.rows<{ state: string; reason: string | null; audience: number; slot: Date }>(
        'SELECT state, reason, audience, slot FROM campaign_run ORDER BY slot',
      ),
    async left() {
      const [row] = await stage.rows<{ count: number }>(
        `SELECT count(*)::int AS count FROM outbox WHERE batch IS NOT NULL AND state IN ('sent', 'unknown')`,
      )
      return row?.count ?? 0
    },
    async over(within = 60_000) {
      const isOver = async (): Promise<boolean> => {
        const [run] = await stage.rows<{ state: string }>('SELECT state FROM campaign_run')
        return run?.state === 'done'
      }
      await until(isOver, { within, every: 200, what: 'the run is over' })
    },
  })
}

/** The instant of `YYYY-MM-DD HH:mm` where the brand is. */
export function slotOf(written: string): Date {
  const [day = '', time = ''] = written.split(' ')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return instantIn(zone, day, hours * 60 + minutes)
}

/** Who got it more than once, and who not at all although nobody says that it is open. */
export async function wrongs(stage: DropStage, customers: number): Promise<string[]> {
  const got = Map.groupBy(await stage.sends(), ({ to }) => to)
  const fates = new Map((await stage.fates()).map((fate) => [fate.contact, fate]))
  const wrong: string[] = []
  for (let n = 0; n < customers; n += 1) {
    const contact = contactOf(n)
    const times = got.get(contact)?.length ?? 0
    const fate = fates.get(contact)
    if (times > 1) wrong.push(`${contact} got it ${times} times`)
    if (!fate) wrong.push(`${contact} is no recipient`)
    else if (fate.state !== 'unknown' && (fate.state !== 'sent' || times !== 1))
      wrong.push(`${contact}: ${fate.state} ${fate.reason}, got it ${times} times`)
  }
  return wrong
}

/** The simulator lists strangers nowhere, so that no start reads thousands of contacts back. */
function worldWith(customers: number): { file: string; remove(): void } {
  const world = JSON.parse(files('src/gateways/simulator/opening-world.json')) as { contacts: object[] }
  for (let n = 0; n < customers; n += 1) world.contacts.push({ id: contactOf(n), name: `顾客${n}`, stranger: true })
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-world-'))
  const file = join(folder, 'world.json')
  writeFileSync(file, JSON.stringify(world))
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Each a friend of one of the accounts in turn. */
async function writeFriends({ rows }: Stage, customers: number, accounts: readonly string[]): Promise<void> {
  await rows(
    `WITH made AS (
       INSERT INTO customer (id, person_id, first_seen_at, last_seen_at)
       SELECT id, id, now(), now() FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1::int)) c RETURNING id
     )
     INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
     SELECT gen_random_uuid(), 'default', 'friend-' || n - 1, id, 'customer', '顾客' || n,
       jsonb_build_object(($2::text[])[1 + n % $3::int], now()), now(), now()
     FROM (SELECT id, row_number() OVER () AS n FROM made) m`,
    [customers, accounts, accounts.length],
  )
}

/** Direct marketing says who writes, and how to have no more of it. */
export function lawful(text: string): string {
  return `青屿的小屿：${text}\n不想收到可回复「退订」`
}
