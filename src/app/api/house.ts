/** What the API needs of the house. */
import type { Resolving } from '../../domains/members/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import type { ScheduleEvent } from '../../kernel/effect.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import type { InteractionKind } from '../../kernel/slice.ts'
import type { BatchWrite, Queryable } from '../../kernel/work.ts'

export type ApiHouse = {
  db: Database
  content: () => Content
  secrets: Resolving['secrets']
  clock: Clock
  ids: Ids
  log: Log
  /** Jobs of the same commit: slice events go through them, so that none is lost (law 12). */
  schedule: BatchWrite<ScheduleEvent>
  /** Kinds of interactions that slices registered. */
  interactionKinds: Readonly<Record<string, InteractionKind>>
  /** Kinds of events that journeys wait for: the shop's programs may tell of them. */
  openEvents: (content: Content) => readonly string[]
  /** Told of the persons of whom something has changed, in the transaction. Priority 0: it just happened. */
  onChanged: (db: Queryable, personIds: string[], priority: number) => Promise<void>
}

/** A request that was let in. */
export type Request = { body: unknown; key: string; now: Date }
