/** Tagging everybody here and now, for a person who waits for it. */
import type { Clock, Ids } from '../../kernel/ports.ts'
import { openTaggingDatabase } from './connection/repo.ts'
import { giveBack, markEverybody, markExpired } from './due/repo.ts'
import type { KnownTags } from './keep/repo.ts'
import { tagRound } from './round.ts'
import type { TagRules } from './rules.ts'
import { beginRun, finishRun } from './run/repo.ts'

export type ForegroundOptions = {
  /** Of the database. */
  url: string
  rules: TagRules
  clock: Clock
  ids: Ids
  /** Called once with how many wait, and after every round with how many it has looked at. */
  onDue(people: number): void
  onRound(taken: number): void
}

export type Tagged = { people: number; changed: number; failed: number }

/** People in a round. */
const limit = 500

/**
 * Brings everybody up to date, whether marked or not. A bot that runs beside it takes its part: whoever it has looked at is
 * not counted here.
 */
export async function tagEverybodyNow({ url, rules, clock, ids, ...on }: ForegroundOptions): Promise<Tagged> {
  const db = openTaggingDatabase(url, () => undefined)
  const known: KnownTags = new Map()
  const sum: Tagged = { people: 0, changed: 0, failed: 0 }
  try {
    await giveBack(db.pool, 'dead', clock.now())
    const run = await beginRun(db, rules, clock.now())
    on.onDue(run?.people ?? (await markEverybody(db.pool, null, clock.now())))
    await markExpired(db.pool, clock.now())
    for (const lane of ['now', 'soon', 'base'] as const) {
      for (let taken = -1; taken !== 0; ) {
        const round = await tagRound({ db, rules, known, now: clock.now(), claimId: ids.fresh(), lane, limit })
        taken = round.taken
        sum.people += taken
        sum.changed += round.changed
        sum.failed += round.failed.length
        on.onRound(taken)
      }
    }
    await finishRun(db.pool, clock.now())
    return sum
  } finally {
    await db.close()
  }
}
