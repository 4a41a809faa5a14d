/** What the desk's pages of campaigns need of the house. */
import type { CampaignsLent } from '../desk/server/index.ts'
import type { Env } from '../env.ts'
import type { Jobs } from '../kernel/jobs.ts'
import type { Clock } from '../kernel/ports.ts'
import { actOnBatches } from './campaign-acts.ts'
import { csvOf } from './campaign-report.ts'
import { rehearsalLine } from './rehearsal/line.ts'
import { lent } from './slices.ts'

/** `url`: of the live database, which rehearsals copy and never write. */
export function lentToDesk(house: {
  url: string
  env: Pick<Env, 'CONTENT_DIR' | 'DATA_KEY' | 'DATA_DIR'>
  jobs: Pick<Jobs, 'schedule'>
  clock: Clock
}): CampaignsLent {
  const { url, env, jobs, clock } = house
  const given = { url, contentDir: env.CONTENT_DIR, key: env.DATA_KEY, dataDir: env.DATA_DIR }
  return {
    ...{ goals: lent.goals, placeholders: lent.placeholders, actOnBatches, csvOf },
    schedule: (db, event) => jobs.schedule.run(db, [event]),
    rehearse: rehearsalLine(given, clock),
  }
}
