/** Rehearsals: begun, asked for while they play, shown in a frame that may do nothing, ended when nobody looks. */
import type { FastifyInstance } from 'fastify'
import { NothingBody, RehearsalBody, type RehearsalLine } from '../../campaigns-api.ts'
import { viewerOf } from '../cases/house.ts'
import { bodyOf, notFound } from '../refused.ts'
import type { CampaignsHouse } from './house.ts'
import { openStage } from './stage.ts'

type OfRehearsal = { Params: { id: string } }

/** Of the page in the frame: its styles stand in it, and beyond that it can do nothing. */
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"

export function registerRehearsals(scope: FastifyInstance, house: CampaignsHouse): void {
  const stage = openStage(house)
  scope.addHook('preClose', () => stage.close())

  scope.post('/api/rehearsals', async (request, reply) => {
    const wish = bodyOf(RehearsalBody, request)
    const begun: RehearsalLine = await stage.begin(wish, viewerOf(request).id)
    return reply.code(202).send(begun)
  })

  scope.get<OfRehearsal>('/api/rehearsals/:id', ({ params }): RehearsalLine => {
    const line = stage.look(params.id)
    if (!line) throw notFound()
    return line
  })

  scope.get<OfRehearsal & { Querystring: { lang?: string } }>('/api/rehearsals/:id/page', (request, reply) => {
    const page = stage.page(request.params.id, request.query.lang === 'en' ? 'en' : 'zh')
    if (page === undefined) throw notFound()
    return reply
      .header('content-security-policy', framePolicy)
      .header('x-frame-options', 'SAMEORIGIN')
      .type('text/html; charset=utf-8')
      .send(page)
  })

  scope.post<OfRehearsal>('/api/rehearsals/:id/cancel', (request, reply) => {
    bodyOf(NothingBody, request)
    stage.cancel(request.params.id)
    return reply.code(204).send()
  })
}
