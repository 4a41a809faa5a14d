/** The door of every request: our address, our pages, not too often, and signed in unless the route says otherwise. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { signedOut, tooMany } from '../refused.ts'
import { checkOrigin } from './origin.ts'
import { isIn, noteSeen, readSession, type SessionsHouse, sessionHashOf } from './sessions.ts'
import type { Limit, Tries } from './tries.ts'

const minuteMs = 60_000
/** What one person's pages may ask. */
const perSession: Limit = { max: 600, withinMs: minuteMs }
/** What one address may ask without being signed in, an office behind one address included. */
const perStranger: Limit = { max: 300, withinMs: minuteMs }

/** Throws 429 `too-many`. */
export function allow(tries: Tries, key: string, limit: Limit): void {
  const wait = tries.take(key, limit)
  if (wait > 0) throw tooMany(wait)
}

export function guard(server: FastifyInstance, house: SessionsHouse, tries: Tries): void {
  const origin = house.publicUrl
  server.decorateRequest('adviser')
  server.decorateRequest('stillIn')
  server.addHook('onRequest', async (request) => {
    const { door } = request.routeOptions.config
    const { method, headers } = request
    checkOrigin({ method, headers, data: door !== 'page' }, { origin })
    if (door === 'page' || request.is404) return
    if (door === 'anybody') return allow(tries, `stranger:${request.ip}`, perStranger)
    await letIn(request)
  })

  async function letIn(request: FastifyRequest): Promise<void> {
    const hash = sessionHashOf(request, origin)
    const seen = await readSession(house, hash)
    if (!seen || !isIn(house, seen)) {
      allow(tries, `stranger:${request.ip}`, perStranger)
      throw signedOut()
    }
    const { session, adviser } = seen
    allow(tries, `session:${session.hash}`, perSession)
    await noteSeen(house, session)
    request.adviser = { id: adviser.id, name: adviser.name, role: adviser.role }
    request.stillIn = async () => {
      const still = await readSession(house, hash)
      return still !== undefined && isIn(house, still)
    }
  }
}
