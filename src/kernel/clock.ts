import type { Clock } from './ports.ts'

/** Real time. The only place of ours, with tests and benches, that reads the machine's clock for business. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, then) {
    const timer = setTimeout(then, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
