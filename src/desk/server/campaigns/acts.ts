/** What managers do with campaigns: approve what they have seen, show it to the team, pause, resume, stop at once. */
import type { FastifyInstance } from 'fastify'
import {
  type Acting,
  approveDrop,
  dropOf,
  fingerprintOf,
  pauseDrop,
  previewOf,
  resumeDrop,
  stopRuns,
} from '../../../domains/campaigns/index.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { ApproveBody, type CampaignDone, NothingBody } from '../../campaigns-api.ts'
import { viewerOf } from '../cases/house.ts'
import { bodyOf, notFound, Refused } from '../refused.ts'
import type { CampaignsHouse } from './house.ts'
import { findCampaign } from './lines.ts'

type OfCampaign = { Params: { id: string } }

const doings = { pause: pauseDrop, resume: resumeDrop, stop: stopRuns }

export function registerActs(scope: FastifyInstance, house: CampaignsHouse): void {
  const { db, clock, ids, lent } = house
  const acting = (tx: Queryable, by: string): Acting => ({ db: tx, content: house.content(), by, now: clock.now() })

  scope.post<OfCampaign>('/api/campaigns/:id/approve', async (request): Promise<CampaignDone> => {
    const { fingerprint } = bodyOf(ApproveBody, request)
    const { id } = request.params
    await db.transaction(async (tx) => {
      const on = acting(tx, `desk:${viewerOf(request).id}`)
      // Of the same content that is approved: what goes live in this moment is another one, and not hers.
      if (fingerprintOf(dropOf(on.content, id), on.content) !== fingerprint) throw changed()
      await approveDrop(on, id)
    })
    return { done: true, runs: 0 }
  })

  for (const [name, doing] of Object.entries(doings)) {
    scope.post<OfCampaign>(`/api/campaigns/:id/${name}`, async (request): Promise<CampaignDone> => {
      bodyOf(NothingBody, request)
      const { id } = request.params
      // What is gone from content may be stopped, what never was may not.
      if (name === 'stop' && !(await findCampaign(acting(db.pool, ''), id))) throw notFound()
      const runs = await db.transaction(async (tx) => {
        const on = acting(tx, `desk:${viewerOf(request).id}`)
        const acted = await doing(on, id)
        await lent.actOnBatches(tx, acted.effects, on.now)
        return acted.runs
      })
      return { done: true, runs: runs.length }
    })
  }

  scope.post<OfCampaign>('/api/campaigns/:id/preview', async (request): Promise<CampaignDone> => {
    bodyOf(NothingBody, request)
    const asked = { campaign: request.params.id, by: `desk:${viewerOf(request).id}` }
    const { wish } = await previewOf(db.pool, house.content(), asked, {
      at: clock.now(),
      key: `preview:${ids.fresh()}`,
    })
    await lent.schedule(db.pool, wish)
    return { done: true, runs: 0 }
  })
}

function changed(): Refused {
  const message = 'The campaign was changed since you looked. Look at it again.'
  return new Refused({ status: 409, error: 'campaign-changed', message })
}
