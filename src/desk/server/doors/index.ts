/** The doors: who comes in at the desk, and how. */
import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { listSeats, sweepSignInCodes } from '../../../domains/handoff/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Me } from '../../api.ts'
import type { DeskHouse } from '../house.ts'
import { signedOut } from '../refused.ts'
import { deskSettings } from '../settings.ts'
import { guard } from './guard.ts'
import { wearHeaders } from './headers.ts'
import { isLoopback } from './origin.ts'
import { dropSessionsOf, dropTotp, sweepLinks, sweepSessions } from './repo.ts'
import { sessionBounds } from './sessions.ts'
import { registerSignIn } from './sign-in.ts'
import { countTries } from './tries.ts'

/** Before everything else of the server: what is registered after it is behind the doors. */
export async function openDoors(server: FastifyInstance, desk: DeskHouse): Promise<void> {
  const { publicUrl, host } = desk
  const house = { ...desk, secondFactor: publicUrl !== undefined || !isLoopback(host) }
  await wearHeaders(server, { https: publicUrl !== undefined })
  await server.register(cookie)
  const tries = countTries(desk.clock)
  guard(server, house, tries)
  registerSignIn(server, house, tries)
  server.get('/api/me', async (request): Promise<Me> => {
    const { id, name, role } = request.adviser
    const content = desk.content()
    const seat = (await listSeats(desk.db.pool, content, desk.clock.now())).find((one) => one.id === id)
    if (!seat) throw signedOut()
    const { zone } = content
    return { id, name, role, brand: content.render('{{ brand }}'), zone, away: seat.away, demo: desk.demo }
  })
}

/** Once a day: codes, links and sessions that are over. */
export async function sweepDoors(db: Queryable, content: Content, now: Date): Promise<void> {
  await sweepSignInCodes(db, now)
  await sweepLinks(db, now)
  await sweepSessions(db, sessionBounds(content.settings(deskSettings), now))
}

/** She has lost her phone: the next sign-in makes another secret, and whoever is in as her is out. False: she had none. */
export async function resetTotp(db: Queryable, adviser: string): Promise<boolean> {
  await dropSessionsOf(db, adviser)
  return dropTotp(db, adviser)
}
