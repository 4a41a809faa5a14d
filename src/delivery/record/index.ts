/**
 * Writes down how sends ended: what is there goes in one statement, nothing waits to fill a batch.
 *
 * The danger: an outcome that is lost would leave a row that was sent looking as if it might not have been. So an
 * outcome stays in memory until its commit is confirmed, however long the database is away, and while it is, `stuck`
 * keeps the loop from claiming more.
 */
import type { Database } from '../../kernel/db.ts'
import type { OpenCase } from '../../kernel/effect.ts'
import type { Log } from '../../kernel/log.ts'
import { inOnePacket } from '../../kernel/packet.ts'
import type { Alarms, Clock, Ids } from '../../kernel/ports.ts'
import type { Queryable } from '../../kernel/work.ts'
import { isAwaited } from '../decide.ts'
import type { Ended } from './repo.ts'
import { cancelRests, recordEndings, restAccount } from './repo.ts'
import type { Claimed, Ending } from '../schema.ts'

/** Inserts a case for a human, in the caller's transaction: the applier of the slice that owns cases. */
export type CaseOpener = (db: Queryable, effect: OpenCase, now: Date) => Promise<void>

/** Somebody who wants to know what became of certain sends, in the transaction that writes it down. */
export type Follower = {
  follows(key: string): boolean
  /** These ended, or may have; may be told more than once. A human is told by whoever follows: no case is opened for them. */
  settled(db: Queryable, keys: readonly string[], now: Date): Promise<void>
}

export const nobodyFollows: Follower = { follows: () => false, settled: async () => undefined }

const firstRetryMs = 250
const lastRetryMs = 5_000

type RecorderParts = {
  db: Database
  clock: Clock
  ids: Ids
  log: Log
  alarms: Alarms
  openCase: CaseOpener
  follower: Follower
}

export class Recorder {
  readonly #parts: RecorderParts
  readonly #waiting: { ended: Ended; recorded: () => void }[] = []
  #writing = false
  #stuck = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  /** Whether outcomes wait for a database that is away. */
  get stuck(): boolean {
    return this.#stuck
  }

  /** Resolves when the ending is committed. */
  record(row: Claimed, ending: Ending): Promise<void> {
    return new Promise((recorded) => {
      this.#waiting.push({ ended: { row, ending, saidId: this.#parts.ids.fresh() }, recorded })
      if (!this.#writing) void this.#write()
    })
  }

  async #write(): Promise<void> {
    this.#writing = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0)
      await this.#commit(batch.map(({ ended }) => ended))
      for (const { recorded } of batch) recorded()
    }
    this.#writing = false
  }

  async #commit(batch: Ended[]): Promise<void> {
    const { db, clock, log, alarms, openCase, follower } = this.#parts
    const followed = batch.some(({ row, ending }) => ending.kind !== 'pending' && follower.follows(row.key))
    for (let pause = firstRetryMs; ; pause = Math.min(pause * 2, lastRetryMs)) {
      try {
        const now = clock.now()
        if (followed || batch.some(hasConsequences))
          await db.transaction((tx) => recordAll(tx, batch, now, { openCase, follower }))
        else await recordEndings(db.pool, batch, now)
        if (this.#stuck) alarms.clear('database:outbox')
        this.#stuck = false
        return
      } catch (error) {
        if (!this.#stuck) log.warn({ err: error, outcomes: batch.length }, 'outcomes not recorded, sending stops')
        this.#stuck = true
        alarms.raise({
          key: 'database:outbox',
          severity: 'critical',
          code: 'database',
          message: 'Outcomes of sends cannot be recorded; nothing more is sent until they are.',
        })
        await new Promise<void>((resume) => clock.after(pause, resume))
      }
    }
  }
}

function hasConsequences({ ending }: Ended): boolean {
  return (
    ending.kind === 'refused' || ending.kind === 'cancelled' || (ending.kind === 'pending' && !!ending.throttledUntil)
  )
}

/** Endings with what follows from them, in one transaction. */
export async function recordAll(
  db: Queryable,
  batch: readonly Ended[],
  now: Date,
  { openCase, follower }: Pick<RecorderParts, 'openCase' | 'follower'>,
): Promise<void> {
  const rests = batch.flatMap(({ row: { key, part, more }, ending }) => {
    if (!more) return []
    if (ending.kind === 'refused') return [{ key, part, reason: 'earlier-part-refused' }]
    return ending.kind === 'cancelled' ? [{ key, part, reason: ending.reason }] : []
  })
  await inOnePacket(db, () => Promise.all([recordEndings(db, batch, now), cancelRests(db, rests, now)]))
  for (const { row, ending } of batch) {
    if (ending.kind === 'refused') {
      // Somebody waits for an answer that the platform does not take from us.
      if (isAwaited(row) && !follower.follows(row.key)) await openCase(db, caseOf(row, 'refused-reply'), now)
    }
    if (ending.kind === 'cancelled') {
      if (ending.handOver && !follower.follows(row.key)) await openCase(db, caseOf(row, 'late-reply'), now)
    }
    if (ending.kind === 'pending' && ending.throttledUntil) await restAccount(db, row.account, ending.throttledUntil)
  }
  const ended = batch.filter(({ ending }) => ending.kind !== 'pending').map(({ row }) => row.key)
  await tellFollower(db, follower, ended, now)
}

/** Tells of those that it follows, each once. */
export async function tellFollower(
  db: Queryable,
  follower: Follower,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  const followed = [...new Set(keys)].filter((key) => follower.follows(key))
  if (followed.length > 0) await follower.settled(db, followed, now)
}

/** One case per intent, whatever goes wrong with it first. */
export function caseOf(
  row: Pick<Claimed, 'key' | 'threadId' | 'customerId' | 'purpose'>,
  reason: 'late-reply' | 'unknown-reply' | 'refused-reply',
): OpenCase {
  return {
    kind: 'OpenCase',
    threadId: row.threadId,
    customerId: row.customerId,
    reason,
    evidence: { outboxKey: row.key, purpose: row.purpose },
    key: `outbox:${row.key}`,
  }
}
