/**
 * How much one account has said today that nobody asked for. Counting it for each claim would read the whole day again
 * and again; whoever owns the account adds up what it lets go. What is refused later still counts here, so near the
 * ceiling, and under each new epoch, it is counted anew.
 */
export class Tally {
  #of = { epoch: -1, today: NaN }
  #said = 0
  #ceiling = 0

  /** What was said on the day that began at `today`; undefined: to be counted, as it may matter for so many more. */
  said(epoch: number, today: Date, more: number): number | undefined {
    const known = this.#of.epoch === epoch && this.#of.today === today.getTime()
    return known && this.#said + more <= this.#ceiling ? this.#said : undefined
  }

  /** With what has just been let go it is so many. */
  note(epoch: number, today: Date, said: number, ceiling: number): void {
    this.#of = { epoch, today: today.getTime() }
    this.#said = said
    this.#ceiling = ceiling
  }
}
