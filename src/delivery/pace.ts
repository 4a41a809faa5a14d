/**
 * How fast one account speaks (WIRE: a sane pace). Memory only: after a restart the first send goes at once, which
 * the time that a restart takes makes up for.
 */
import type { DeliverySettings } from './schema.ts'

type PaceSettings = DeliverySettings['pace']

export class Pace {
  readonly #random: () => number
  /** Starts of the sends of the last minute, oldest first. */
  readonly #recent: { thread: string; at: number }[] = []
  /** Where between the shortest and the longest pause the next change of target falls, in [0, 1). */
  #draw = 0

  /** `random` gives numbers in [0, 1). */
  constructor(random: () => number) {
    this.#random = random
  }

  /** A send to `thread` starts now. */
  started(thread: string, now: Date): void {
    const at = now.getTime()
    while (this.#recent[0] && this.#recent[0].at <= at - 60_000) this.#recent.shift()
    this.#recent.push({ thread, at })
    this.#draw = this.#random()
  }

  /** Milliseconds until a send to `thread` may start; 0 for now. */
  wait(thread: string, now: Date, pace: PaceSettings): number {
    const last = this.#recent.at(-1)
    if (!last) return 0
    let from = last.at
    if (last.thread !== thread) {
      const [least, most] = pace.betweenTargets
      from += least + this.#draw * (most - least)
    }
    const same = this.#recent.findLast((send) => send.thread === thread)
    if (same) from = Math.max(from, same.at + pace.sameTarget)
    const crowd = this.#recent.at(-pace.perMinute)
    if (crowd) from = Math.max(from, crowd.at + 60_000)
    return Math.max(0, Math.ceil(from - now.getTime()))
  }
}
