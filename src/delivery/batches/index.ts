/** What is left to do of batches that were stopped: cancel what waits, and tell whoever follows. */
import type { Database } from '../../kernel/db.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock } from '../../kernel/ports.ts'
import { type Follower, tellFollower } from '../record/index.ts'
import { cancelStopped, endStops } from './repo.ts'

/** No transaction covers more recipients (DESIGN: the road of a message, step 5). */
const atOnce = 500

type Parts = { db: Database; clock: Clock; log: Log; follower: Follower }

export class Stops {
  readonly #parts: Parts
  #cancelling: Promise<void> | null = null
  #again = false
  #stopped = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Looks for such batches now, or once more when it is looking already; resolves when it has looked. */
  wake(): Promise<void> {
    this.#again = true
    this.#cancelling ??= this.#cancelUntilDone()
    return this.#cancelling
  }

  /** Cancels nothing more; resolves when what is under way is committed. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#cancelling
  }

  async #cancelUntilDone(): Promise<void> {
    const { db, clock, log, follower } = this.#parts
    try {
      while (this.#wanted()) {
        this.#again = false
        const cancelled = await db.transaction(async (tx) => {
          const now = clock.now()
          const keys = await cancelStopped(tx, now, atOnce)
          await tellFollower(tx, follower, keys, now)
          return keys.length
        })
        if (cancelled > 0) this.#again = true
        else await endStops(db.pool)
      }
    } catch (error) {
      log.warn({ err: error }, 'stopped batches not cancelled, trying again')
    }
    this.#cancelling = null
  }

  #wanted(): boolean {
    return this.#again && !this.#stopped
  }
}
