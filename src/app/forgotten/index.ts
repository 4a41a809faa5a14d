/**
 * Deletions that another process may have made, and what this one still remembers of the contacts: the payloads that the
 * gateways keep in memory. Nothing of them is on disk.
 */
import { contactGrave } from '../../domains/members/index.ts'
import type { Database } from '../../kernel/db.ts'
import type { Clock } from '../../kernel/ports.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import { listGraves } from './repo.ts'

export type Remembering = {
  realm: string
  gateway: {
    /** Drops what is remembered of the contacts for whom it is true. */
    forgetContacts(isForgotten: (contactId: string) => boolean): void
  }
}

/** A tombstone bears the time of its transaction, which may commit later: so far back it is looked for again. */
const overlapMs = 10 * 60_000

/** Gives a function to be called every few seconds; what was remembered before it is first called is none of ours. */
export function watchForgotten(db: Database, secrets: Secrets, clock: Clock, gateways: readonly Remembering[]) {
  const done = new Set<string>()
  let since = clock.now()
  return async (): Promise<void> => {
    const now = clock.now()
    const graves = await listGraves(db, new Date(since.getTime() - overlapMs))
    since = now
    const fresh = new Set(graves.filter((hash) => !done.has(hash)))
    if (fresh.size === 0) return
    for (const { realm, gateway } of gateways) {
      gateway.forgetContacts((contactId) => fresh.has(contactGrave(secrets, realm, contactId).hash))
    }
    done.clear()
    for (const hash of graves) done.add(hash)
  }
}
