/** What the desk's data stands on, and who asks for it. */
import type { FastifyRequest } from 'fastify'
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import type { NewEvent } from '../../../kernel/event.ts'
import type { Log } from '../../../kernel/log.ts'
import type { Clock, Ids } from '../../../kernel/ports.ts'

export type CasesHouse = {
  db: Database
  /** The live content. */
  content: () => Content
  clock: Clock
  ids: Ids
  log: Log
  /** The inbox's: resolves once the event is committed. */
  accept: (event: NewEvent) => Promise<unknown>
}

/** Whoever is signed in, as the doors say. */
export type Viewer = { id: string; name: string; role: 'adviser' | 'manager' }

/** The doors let nobody through without a name; a route that is reached otherwise is a mistake of ours. */
export function viewerOf(request: FastifyRequest): Viewer {
  const { adviser } = request as { adviser?: Viewer | null }
  if (!adviser) throw new Error(`${request.routeOptions.url ?? 'a route'} was reached by nobody`)
  return adviser
}
