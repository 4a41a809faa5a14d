/** What happens, live: server-sent events that go on where they broke. */
import type { FastifyInstance } from 'fastify'
import { type CasesHouse, viewerOf } from '../cases/house.ts'
import { type Client, createHub } from './hub.ts'
import { isTooOld, type Place, placeText, readHorizon, readPlace } from './repo.ts'
import { openWire } from './wire.ts'

/** A page that has missed more than this reads the queue again. */
const missedAtMost = 5_000

export function registerFeed(server: FastifyInstance, house: CasesHouse): void {
  const { db } = house
  const hub = createHub(house)
  // Streams have no end of their own: closing the server would wait for them.
  server.addHook('preClose', async () => hub.close())

  server.get<{ Querystring: { after?: string } }>('/api/events', async (request, reply) => {
    const viewer = viewerOf(request)
    const header = request.headers['last-event-id']
    const asked = typeof header === 'string' && header !== '' ? header : request.query.after
    const horizon = readPlace(await readHorizon(db.pool))!
    const given = asked === undefined ? undefined : await placeGiven(asked)
    const place = given ?? horizon
    const wire = openWire(reply, () => hub.leave(client))
    const client: Client = { viewer, wire, place, isAlive: () => request.stillIn() }
    wire.tell(placeText(place), { kind: 'hello', cursor: placeText(place) })
    if (asked !== undefined && !given) wire.tell(placeText(place), { kind: 'reset' })
    // It may have been closed while we asked for the place.
    if (!reply.raw.destroyed) hub.join(client)
    return reply
  })

  /** The place that a page was at, where it can go on from there. */
  async function placeGiven(text: string): Promise<Place | undefined> {
    const place = readPlace(text)
    return place && !(await isTooOld(db.pool, place, missedAtMost)) ? place : undefined
  }
}
