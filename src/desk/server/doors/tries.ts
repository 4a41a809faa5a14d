/**
 * How often something may be tried: so many times within a while, by whoever or whatever `key` is. Kept in the memory of the
 * process, as the desk is one process: after a restart everybody may try again, which codes of five tries can bear.
 */
import type { Clock } from '../../../kernel/ports.ts'

export type Limit = { max: number; withinMs: number }

export type Tries = {
  /** Counts one; 0 when it is allowed, else the seconds until the next one is. */
  take(key: string, limit: Limit): number
}

type Window = { until: number; used: number }

/** So many keys are remembered: whoever makes up names must not fill our memory. */
const keysAtMost = 20_000

export function countTries(clock: Clock): Tries {
  const windows = new Map<string, Window>()

  /** Drops what is over and, when that is not enough, the oldest. */
  function makeRoom(now: number): void {
    for (const [key, { until }] of windows) if (until <= now) windows.delete(key)
    for (const key of windows.keys()) {
      if (windows.size < keysAtMost) return
      windows.delete(key)
    }
  }

  return {
    take(key, { max, withinMs }) {
      const now = clock.now().getTime()
      const known = windows.get(key)
      if (known && known.until > now) {
        if (known.used >= max) return Math.ceil((known.until - now) / 1_000)
        known.used += 1
        return 0
      }
      if (windows.size >= keysAtMost) makeRoom(now)
      windows.delete(key)
      windows.set(key, { until: now + withinMs, used: 1 })
      return 0
    },
  }
}
