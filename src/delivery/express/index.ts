/**
 * The express lane: a reply that can leave at once is inserted as `sending` by the transaction that asks for it, so that
 * its account can call the gateway right after that commit and needs no claim. Until then the account keeps a place for it.
 *
 * The danger: such a row may be committed some moments before this process hears of the commit. Whoever looks for rows
 * in `sending` that nobody is calling for would find it, put it back, and it would be sent twice. So a place is kept until
 * the row is on its way or the transaction is known to have failed; rows with its key are left alone meanwhile.
 */
import type { Claimed, Reservation } from '../schema.ts'

type Kept = { key: string; ended: Promise<void> }
/** Hear how a place ended: with a row to send, or with nothing. */
type Parts = { start: (row: Claimed) => void; giveUp: (threadId: string, lost: boolean) => void }

/** The places of one account. */
export class Reservations {
  readonly #parts: Parts
  /** By thread. */
  readonly #kept = new Map<string, Kept>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#kept.size
  }

  get threads(): string[] {
    return [...this.#kept.keys()]
  }

  get keys(): string[] {
    return [...this.#kept.values()].map(({ key }) => key)
  }

  has(threadId: string): boolean {
    return this.#kept.has(threadId)
  }

  /** Keeps a place for the message `key` in a thread that has none yet. */
  keep(threadId: string, key: string, epoch: number): Reservation {
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    this.#kept.set(threadId, { key, ended })
    const end = (row: Claimed | null, lost: boolean): boolean => {
      this.#kept.delete(threadId)
      if (row) this.#parts.start(row)
      else this.#parts.giveUp(threadId, lost)
      resolve()
      return row !== null
    }
    const reservation: Reservation = {
      epoch,
      row: null,
      committed: () => end(reservation.row, false),
      rolledBack: (lost) => void end(null, lost),
    }
    return reservation
  }

  /** Resolves when all places that are kept now have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((kept) => kept.ended))
  }
}
