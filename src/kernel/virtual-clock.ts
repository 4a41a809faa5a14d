/** A clock that stands still until somebody moves it (law 9): for tests, evaluations and rehearsals. */
import type { Clock } from './ports.ts'

export type VirtualClock = Clock & {
  /**
   * Moves time on by `ms`; timers run in the order in which they are due, each at its own instant. After each, `settled`
   * is waited for: what a timer sets going may set timers that are due before the next one.
   */
  advance(ms: number, settled?: () => Promise<void>): Promise<void>
  /** How many timers wait. */
  pending(): number
}

type Timer = { at: number; then: () => void }

export function virtualClock(start: Date | string = '2026-03-02T10:00:00+08:00'): VirtualClock {
  let now = new Date(start).getTime()
  const timers = new Set<Timer>()

  const nextUntil = (end: number) =>
    [...timers].filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0]

  return {
    now: () => new Date(now),
    after(ms, then) {
      const timer = { at: now + Math.max(0, ms), then }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pending: () => timers.size,
    async advance(ms, settled = settle) {
      const end = now + ms
      await settled()
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer)
        now = timer.at
        timer.then()
        await settled()
      }
      now = end
      await settled()
    },
  }
}

/** Lets promises run, also such as wait for one turn of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
