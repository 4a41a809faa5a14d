import type { Clock, SendOutcome } from '../kernel/ports.ts'

/** A gateway keeps its deadline itself; this is for the one that does not. */
export function withinDeadline(outcome: Promise<SendOutcome>, ms: number, clock: Clock): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve({ kind: 'unknown', reason: 'deadline' }))
    void outcome.then((known) => {
      cancel()
      resolve(known)
    })
  })
}
