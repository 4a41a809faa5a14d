/** Campaigns on the desk, for managers: what goes out when, who has approved it, what came of it, and rehearsals. */
import type { FastifyInstance } from 'fastify'
import { UsageError } from '../../../kernel/errors.ts'
import { refusalNotes } from '../cases/refusals.ts'
import type { DeskHouse } from '../house.ts'
import { notFound, Refused } from '../refused.ts'
import { registerActs } from './acts.ts'
import { registerReads } from './reads.ts'
import { registerRehearsals } from './rehearsals.ts'

/** Behind the doors. Everything in here is closed to advisers, whatever is added to it. */
export async function registerCampaigns(server: FastifyInstance, desk: DeskHouse): Promise<void> {
  const { campaigns: lent } = desk
  if (!lent) return
  const house = { ...desk, lent }
  const note = refusalNotes(desk)
  await server.register((scope, _, done) => {
    scope.addHook('onRequest', async ({ adviser, routeOptions }) => {
      if (adviser.role === 'manager') return
      await note(adviser, `page:${routeOptions.url ?? ''}`)
      throw new Refused({ status: 403, error: 'managers-only', message: 'Campaigns are for managers.' })
    })
    scope.setErrorHandler((error) => {
      throw told(error)
    })
    registerReads(scope, house)
    registerActs(scope, house)
    registerRehearsals(scope, house)
    done()
  })
}

/** What a manager can do something about is told; anything else is answered as everywhere. */
function told(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error
  if (error.code === 'campaign-unknown') return notFound()
  return new Refused({ status: 409, error: error.code, message: error.message })
}
