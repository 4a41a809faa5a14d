/** The rest of an account after the platform said «too frequent». */
import type { Alarms, Clock } from '../kernel/ports.ts'
import type { Ending } from './schema.ts'

export class Rest {
  readonly #account: string
  readonly #parts: { clock: Clock; alarms: Alarms }
  #until: Date | null = null

  constructor(account: string, parts: { clock: Clock; alarms: Alarms }) {
    this.#account = account
    this.#parts = parts
  }

  /** Whether it rests still. */
  isOn(): boolean {
    if (!this.#until) return false
    if (this.#parts.clock.now() < this.#until) return true
    this.#until = null
    this.#parts.alarms.clear(`throttled:${this.#account}`)
    return false
  }

  /** Begins; the row that was throttled was not sent, so it waits. */
  begin(pauseMs: number): Ending {
    const until = new Date(this.#parts.clock.now().getTime() + pauseMs)
    this.#until = until
    this.#parts.alarms.raise({
      key: `throttled:${this.#account}`,
      severity: 'warning',
      code: 'throttled',
      account: this.#account,
      message: 'The platform throttles this account; it rests.',
      details: { until: until.toISOString() },
    })
    return { kind: 'pending', until: null, throttledUntil: until }
  }
}
