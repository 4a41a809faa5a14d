/** Everything that can be kept of a person, put there by hand, and all tables to look at. */
import { type RightsParts } from '../../src/app/rights.ts'
import { slices } from '../../src/app/slices.ts'
import type { Database } from '../../src/kernel/db.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualJobs } from '../../src/kernel/jobs.ts'
import type { VirtualClock } from './clock.ts'
import { testSecrets } from './secrets.ts'

export type RightsStage = { parts: () => RightsParts; jobs: ReturnType<typeof virtualJobs> }

export async function rightsStage(db: Database, clock: VirtualClock): Promise<RightsStage> {
  const secrets = await testSecrets(db)
  const jobs = virtualJobs(clock)
  const ids = systemIds(clock)
  return { jobs, parts: () => ({ slices, secrets, ids, jobs, now: clock.now(), by: 'cli:test' }) }
}

/** All rows of all tables but those of the machinery, as one text to search for traces. */
export async function everything(db: Database): Promise<string> {
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_prisma%' ORDER BY 1`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)
    texts.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return texts.join('\n')
}
