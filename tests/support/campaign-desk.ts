/** The desk's pages of campaigns over a stage: real routes, a real database, the stage's clock and content. */
import { lentToDesk } from '../../src/app/campaign-desk.ts'
import type { CampaignsLent } from '../../src/desk/server/index.ts'
import type { ScheduleEvent } from '../../src/kernel/effect.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { type CampaignStage, campaignStage } from './campaigns.ts'
import { type Desk, openTestDesk } from './desk-data.ts'
import { testKey } from './secrets.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const advisers = `
- { id: lin, name: 林悦, shifts: ${always} }
- { id: boss, name: 周宁, role: manager, shifts: ${always} }
- { id: deputy, name: 韩露, role: manager, shifts: ${always} }
`

export type CampaignDesk = {
  stage: CampaignStage
  desk: Desk
  /** Events that were asked for: previews. */
  scheduled: ScheduleEvent[]
  /** Opens another desk over the same stage, with something else lent. */
  openDesk(more: Partial<CampaignsLent>): Promise<Desk>
}

export async function campaignDesk(options: Parameters<typeof campaignStage>[0]): Promise<CampaignDesk> {
  const stage = await campaignStage({ ...options, files: { 'advisers.yaml': advisers, ...options.files } })
  const scheduled: ScheduleEvent[] = []
  const schedule: CampaignsLent['schedule'] = (_, event) => Promise.resolve(scheduled.push(event))
  const jobs = { schedule: { name: 'jobs', order: 60, run: () => Promise.resolve() } }
  const env = { CONTENT_DIR: stage.dir, DATA_KEY: testKey, DATA_DIR: '/nowhere' }
  const lent = { ...lentToDesk({ url: stage.url, env, jobs, clock: systemClock }), schedule }
  const { db, clock, content } = stage
  const openDesk = (more: Partial<CampaignsLent>): Promise<Desk> =>
    openTestDesk({ ...{ db, clock, content }, accept: async () => 'accepted', campaigns: { ...lent, ...more } })
  return { stage, scheduled, openDesk, desk: await openDesk({}) }
}
