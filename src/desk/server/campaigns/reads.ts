/** What managers read of campaigns: the list, one of them, what would be approved, and reports. */
import type { FastifyInstance } from 'fastify'
import {
  campaignsSettings,
  countRecipients,
  dropOf,
  fingerprintOf,
  frozenOf,
  nextSlotOf,
  reportOf,
  type Run,
  type RunReport,
  sampleOf,
} from '../../../domains/campaigns/index.ts'
import { dayIn } from '../../../kernel/zone.ts'
import type { CampaignDetail, CampaignList, Proposal, RunReportLine } from '../../campaigns-api.ts'
import { notFound } from '../refused.ts'
import type { CampaignsHouse } from './house.ts'
import { audienceOf, findCampaign, findRunOf, listCampaigns, type Looking, runLine } from './lines.ts'

type OfCampaign = { Params: { id: string } }
type OfRun = { Params: { id: string; run: string } }

/** So that spreadsheets read Chinese in it. */
const byteOrderMark = '\uFEFF'

export function registerReads(scope: FastifyInstance, house: CampaignsHouse): void {
  const { db, lent } = house
  const looking = (): Looking => ({ db: db.pool, content: house.content(), now: house.clock.now() })
  const hasPreviews = (): boolean => house.content().settings(campaignsSettings).testGroups.length > 0

  scope.get('/api/campaigns', async (): Promise<CampaignList> => {
    const on = looking()
    return { ...(await listCampaigns(on)), previews: hasPreviews(), today: dayIn(on.content.zone, on.now) }
  })

  scope.get<OfCampaign>('/api/campaigns/:id', async ({ params }): Promise<CampaignDetail> => {
    const found = await findCampaign(looking(), params.id)
    if (!found) throw notFound()
    return { ...found, previews: hasPreviews() }
  })

  scope.get<OfCampaign>('/api/campaigns/:id/proposal', ({ params }): Proposal => {
    const { content, now } = looking()
    const drop = dropOf(content, params.id)
    const { id, title, holdout, variants } = frozenOf(drop, content)
    return {
      ...{ id, title, holdout, fingerprint: fingerprintOf(drop, content), to: audienceOf(drop, content) },
      next: nextSlotOf(drop, content, now)?.toISOString() ?? null,
      variants: variants.map((one) => ({
        ...{ id: one.id, percent: one.percent },
        messages: sampleOf(one.messages, content, lent.placeholders),
      })),
    }
  })

  scope.get<OfRun>('/api/campaigns/:id/runs/:run', async ({ params }): Promise<RunReportLine> => {
    const run = await runOf(params)
    const [report, counts] = await Promise.all([reported(run), countRecipients(db.pool, [run.id])])
    const { title, goal, variants } = report
    return {
      ...{ run: runLine(run, counts.get(run.id)), title, goal },
      variants: variants.map((one) => ({ ...one, deferred: { ...one.deferred }, notSent: { ...one.notSent } })),
    }
  })

  scope.get<OfRun>('/api/campaigns/:id/runs/:run/report.csv', async ({ params }, reply) => {
    const run = await runOf(params)
    const name = `${run.campaign}-${dayIn(house.content().zone, run.slot)}.csv`
    void reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    return reply.type('text/csv; charset=utf-8').send(byteOrderMark + lent.csvOf([await reported(run)]))
  })

  async function runOf({ id, run }: OfRun['Params']): Promise<Run> {
    const found = await findRunOf(db.pool, id, run)
    if (!found) throw notFound()
    return found
  }

  function reported(run: Run): Promise<RunReport> {
    return reportOf(db, run, { content: house.content(), now: house.clock.now(), goals: lent.goals })
  }
}
