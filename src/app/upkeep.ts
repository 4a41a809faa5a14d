/** What must be done every few seconds and once a day, beside the talk of the moment, for all that the house keeps. */
import { computeBars, tagsKind } from '../domains/tags/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Clock } from '../kernel/ports.ts'
import type { KeptSecrets } from '../kernel/secrets.ts'
import { sweepRequests } from './api/index.ts'
import { type Remembering, watchForgotten } from './forgotten/index.ts'
import { sweepRetention } from './retention/index.ts'
import { linkDue, type RightsParts } from './rights.ts'

export type Upkeep = {
  /** Keys of other processes, deletions, links that wait. */
  often(): Promise<void>
  /** Retention, and the bars that follow the base. */
  daily(): Promise<void>
}

type Options = {
  db: Database
  content: () => Content
  clock: Clock
  secrets: KeptSecrets
  /** Who remembers payloads of contacts. */
  gateways: readonly Remembering[]
  rights: Omit<RightsParts, 'now' | 'by'>
}

/** How long the answer to a request of the shop's programs is known again. */
const requestsKeptMs = 7 * 24 * 60 * 60_000

export function createUpkeep({ db, content, clock, secrets, gateways, rights }: Options): Upkeep {
  const lookForgotten = watchForgotten(db, secrets, clock, gateways)
  return {
    async often() {
      await secrets.refresh()
      await lookForgotten()
      await linkDue(db, { ...rights, now: clock.now(), by: 'zhanggui' })
    },
    async daily() {
      const now = clock.now()
      await sweepRetention(db, content(), now)
      await sweepRequests(db.pool, new Date(now.getTime() - requestsKeptMs))
      await computeBars(db, content().one(tagsKind).rfm, now)
    },
  }
}
