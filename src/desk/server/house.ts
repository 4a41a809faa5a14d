/** What the desk needs of the house, and what its parts may rely on at each request. */
import type { FastifyInstance } from 'fastify'
import type { Facts } from '../../domains/handoff/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import type { NewEvent } from '../../kernel/event.ts'
import type { Log } from '../../kernel/log.ts'
import type { Alarms, Clock, Ids } from '../../kernel/ports.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { CampaignsLent } from './campaigns/lent.ts'

export type DeskHouse = {
  db: Database
  content: () => Content
  clock: Clock
  ids: Ids
  log: Log
  alarms: Alarms
  secrets: Pick<Secrets, 'seal' | 'open'>
  /** What slices lend of a customer, by name: cases are told with them. */
  facts: Facts
  /** What campaigns need; without it there are no pages of theirs. */
  campaigns?: CampaignsLent | undefined
  /** The inbox: resolves once the event is committed. */
  accept: (event: NewEvent) => Promise<unknown>
  /** From DESK_PORT: 0 takes a free one. */
  port: number
  /** From DESK_HOST. Beyond loopback only together with `publicUrl`. */
  host: string
  /** From DESK_URL: the https address under which a proxy serves the desk. */
  publicUrl?: string | undefined
  /** A simulated world behind it: the simulator's page is there. */
  demo: boolean
  /** Where the built pages are; dist/desk unless a test says otherwise. */
  pages?: string | undefined
  /** Routes of other parts, behind the doors. */
  plugins?: readonly ((server: FastifyInstance) => void | Promise<void>)[]
}

/** Who is signed in, as the roster has her at this request. */
export type SignedInAdviser = { id: string; name: string; role: 'adviser' | 'manager' }

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every request under /api that passed the doors. */
    adviser: SignedInAdviser
    /**
     * Whether she still is signed in: for answers that last, such as a stream of events. Asks the database, and does not
     * count as a sign of life of hers.
     */
    stillIn: () => Promise<boolean>
  }
  interface FastifyContextConfig {
    /**
     * Who comes in: `page` everybody, also by a link from elsewhere; `anybody` our own pages, signed in or not. Without it
     * only who is signed in: a route that says nothing is closed.
     */
    door?: 'page' | 'anybody'
  }
}
