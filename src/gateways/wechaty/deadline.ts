import type { Clock } from '../../kernel/ports.ts'

/** A call that nobody answered in time. `code` is gRPC's DEADLINE_EXCEEDED, like that of a call with its own deadline. */
export class DeadlinePassed extends Error {
  readonly code = 4
}

/** The promise, or a DeadlinePassed after `ms`. The work itself goes on: whoever started it must live with that. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new DeadlinePassed(`No answer within ${ms} ms.`)))
    promise.then(resolve, reject).finally(cancel)
  })
}
