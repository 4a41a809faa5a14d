/** One call of the gateway for a row that is `sending`. */
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Gateway, OutgoingFile, SendOutcome } from '../kernel/ports.ts'
import { loadMedia } from '../media/index.ts'
import { withinDeadline } from './deadline.ts'
import type { Claimed, DeliverySettings, Ending } from './schema.ts'

/** How long past its deadline a gateway is believed to answer still. */
const graceMs = 1_000
/** Refusals of the gateway itself (kernel/ports.ts): nothing reached the platform, so the row goes back to the queue. */
const notTried = new Set(['not-connected', 'not-prepared-in-time'])
const retryMs = 2_000

/** The row goes back to the queue: certainly no call was made for it. */
export const notCalled: Ending = { kind: 'pending', until: null, throttledUntil: null }

export type CallParts = {
  gateway: Gateway
  db: Database
  clock: Clock
  log: Log
  /** The epoch under which this process owns the account, null while it does not. */
  epoch: () => number | null
}

/** Gives how it ended; `throttled` when the platform said «too frequent», so that it sent nothing. */
export async function call(
  { gateway, db, clock, log, epoch }: CallParts,
  row: Claimed,
  { deadline }: Pick<DeliverySettings, 'deadline'>,
): Promise<Ending | 'throttled'> {
  const soon = (): Ending => ({
    kind: 'pending',
    until: new Date(clock.now().getTime() + retryMs),
    throttledUntil: null,
  })
  let file: OutgoingFile | undefined
  if ('mediaId' in row.body) {
    try {
      const media = await loadMedia(db.pool, row.body.mediaId)
      if (!media) return { kind: 'refused', reason: 'media-missing' }
      file = { filename: row.body.filename, bytes: media.bytes }
    } catch (error) {
      log.warn({ err: error, outboxId: row.id }, 'media not read, the send waits')
      return soon()
    }
  }
  // `sending` took a moment to commit: without the line or the account no call is made.
  if (!gateway.isReady() || epoch() !== row.epoch) return notCalled
  const outcome = await withinDeadline(
    gateway.send(row.recipient, row.body, deadline, file).catch((error: unknown): SendOutcome => {
      log.error({ err: error, account: row.account }, 'gateway threw from send')
      return { kind: 'unknown', reason: 'gateway-threw' }
    }),
    deadline + graceMs,
    clock,
  )
  if (outcome.kind !== 'refused') return outcome
  if (outcome.throttled) return 'throttled'
  return notTried.has(outcome.reason) ? soon() : outcome
}
