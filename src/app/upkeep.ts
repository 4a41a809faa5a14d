/** What must be done every few seconds and once a day, beside the talk of the moment, for all that the house keeps. */
import { sweepDoors } from '../desk/server/index.ts'
import { computeBars, tagsKind } from '../domains/tags/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'
import type { KeptSecrets } from '../kernel/secrets.ts'
import { sweepRequests } from './api/index.ts'
import { type Remembering, watchForgotten } from './forgotten/index.ts'
import { sweepRetention } from './retention/index.ts'
import { hasImportedSinceBars } from './repo.ts'
import { linkDue, type RightsParts } from './rights.ts'
import { lent } from './slices.ts'

export type Upkeep = {
  /** Keys of other processes, deletions, links that wait, and what a file that came in changes for everybody. */
  often(): Promise<void>
  /** Retention, and the bars that follow the base. */
  daily(): Promise<void>
}

type Options = {
  db: Database
  content: () => Content
  clock: Clock
  log: Log
  secrets: KeptSecrets
  /** Who remembers payloads of contacts. */
  gateways: readonly Remembering[]
  rights: Omit<RightsParts, 'now' | 'by'>
  /** By which entries are found by their meaning, where there is one. */
  embeddingModel?: string | undefined
}

/** How long the answer to a request of the shop's programs is known again. */
const requestsKeptMs = 7 * 24 * 60 * 60_000

export function createUpkeep(options: Options): Upkeep {
  const { db, content, clock, log, secrets, gateways, rights, embeddingModel } = options
  const lookForgotten = watchForgotten(db, secrets, clock, gateways)
  let following = false
  const followBase = async (): Promise<void> => {
    await computeBars(db, content().one(tagsKind).rfm, clock.now())
  }
  return {
    async often() {
      await secrets.refresh()
      await lookForgotten()
      await linkDue(db, { ...rights, now: clock.now(), by: 'zhanggui' })
      // Not waited for: over a million people it takes most of a minute, and heartbeats come by this road.
      if (!following && (await hasImportedSinceBars(db))) {
        following = true
        void followBase()
          .catch((error: unknown) => log.error({ err: error }, 'the bars of scores were not computed'))
          .finally(() => (following = false))
      }
    },
    async daily() {
      const now = clock.now()
      await sweepRetention(db, content(), now, { goals: lent.goals, embeddingModel })
      await sweepRequests(db.pool, new Date(now.getTime() - requestsKeptMs))
      await sweepDoors(db.pool, content(), now)
      await followBase()
    },
  }
}
