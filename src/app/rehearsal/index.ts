/** Rehearsals: some days of campaigns, played through on a copy of what is known of the real customers. */
import { listStandings } from '../../domains/campaigns/index.ts'
import type { Rehearsal, PersonShown } from '../../desk/rehearsal/schema.ts'
import type { Content } from '../../kernel/content.ts'
import { systemClock } from '../../kernel/clock.ts'
import { type Database, openDatabase } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { systemIds } from '../../kernel/ids.ts'
import type { Log } from '../../kernel/log.ts'
import { migrate } from '../../kernel/migrate.ts'
import { scratchDatabase, spareLog } from '../../kernel/scratch-database.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import { dayAfter, instantIn } from '../../kernel/zone.ts'
import { behave } from './behaviour.ts'
import { collect } from './collect.ts'
import { approveAll, prepareAccounts, setClocks } from './moments/repo.ts'
import { play } from './play.ts'
import { personOf } from './person.ts'
import { countPeople, isCustomer } from './repo.ts'
import { copySnapshot } from './snapshot/repo.ts'

export type RehearsalOptions = {
  /** The live database: read, never written. */
  url: string
  content: Content
  secrets: Secrets
  log: Log
  /** The first day, in the brand's zone: `2026-12-01`. */
  from: string
  days: number
  /** Ceilings of accounts.yaml, by account. */
  ceilings: ReadonlyMap<string, number>
  /** The seed of customers who react; undefined: nobody does. */
  seed?: number | undefined
  /** Tell this one's days too. */
  customerId?: string | undefined
  /** `copy`, then the share of the days that is over. */
  progress?: (share: number) => void
}

export type Rehearsed = { rehearsal: Rehearsal; person: PersonShown | undefined; failures: readonly string[] }

/** So databases of rehearsals are called; leftovers of killed ones are swept by the next. */
const prefix = 'zhanggui_rehearsal'

/** Plays the days and tells what happened. Throws UsageErrors `customer-unknown`. The scratch database is dropped, however it ends. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsed> {
  if (options.customerId !== undefined) await demandCustomer(options.url, options.customerId)
  const scratch = await scratchDatabase(options.url, prefix)
  let db: Database | undefined
  try {
    await migrate(scratch.url)
    await spareLog(scratch.url)
    await copySnapshot(options.url, scratch.url)
    db = openDatabase(scratch.url, { connections: 6 })
    return await rehearseIn(db, options)
  } finally {
    await db?.close()
    await scratch.drop()
  }
}

/** Before anything is copied: a slip of the pen must not take minutes to show. */
async function demandCustomer(url: string, customerId: string): Promise<void> {
  const db = openDatabase(url, { connections: 1 })
  const known = await isCustomer(db.pool, customerId).finally(() => db.close())
  if (known) return
  const message = `There is no customer ${customerId}. Find her with: zhanggui customers find <phone, member number or contact id>`
  throw new UsageError({ code: 'customer-unknown', message })
}

async function rehearseIn(db: Database, options: RehearsalOptions): Promise<Rehearsed> {
  const { content, from, days, seed, customerId } = options
  const span = {
    from: instantIn(content.zone, from, 0),
    until: instantIn(content.zone, dayAfter(from, days), 0),
    zone: content.zone,
  }
  const before = await listStandings(db.pool, content)
  await approveAll(
    db.pool,
    before.map(({ drop, fingerprint }) => ({ campaign: drop.id, fingerprint })),
    span.from,
  )
  await setClocks(
    db.pool,
    before.map(({ drop }) => drop.id),
    span.from,
  )
  const accounts = await prepareAccounts(db.pool, 1, span.from)
  const behaviour =
    seed === undefined ? undefined : behave({ db, seed, accounts, from: span.from }, systemIds(systemClock))
  const people = await countPeople(db.pool)
  const { failures } = await play({ ...options, db, ...span, behaviour })
  const rehearsal = await collect(db, {
    ...{ content, from, days, span, accounts, people },
    behaviour: behaviour && seed !== undefined ? { seed, ...behaviour.counts() } : null,
    needApproval: new Set(before.flatMap(({ drop, approved }) => (approved ? [] : [drop.id]))),
  })
  return {
    rehearsal,
    failures,
    person: customerId === undefined ? undefined : await personOf(db, customerId, span, rehearsal),
  }
}
