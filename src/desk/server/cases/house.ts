/** What the desk's data stands on, and who asks for it. */
import type { FastifyRequest } from 'fastify'
import type { DeskHouse, SignedInAdviser } from '../house.ts'

export type CasesHouse = Pick<DeskHouse, 'db' | 'content' | 'clock' | 'ids' | 'log' | 'accept' | 'facts'>

/** Whoever is signed in, as the doors say. */
export type Viewer = SignedInAdviser

/** The doors let nobody through without a name; a route that is reached otherwise is a mistake of ours. */
export function viewerOf({ adviser, routeOptions }: FastifyRequest): Viewer {
  if (!(adviser as Viewer | null)) throw new Error(`${routeOptions.url ?? 'a route'} was reached by nobody`)
  return adviser
}
