/** What a claim is, and how claims are read out of a text, each character once. */
import type { CheckName } from '../../answers/schema.ts'

export type Claim = {
  check: CheckName
  /** What it says; any of them, found in an entry, grounds it. */
  keys: readonly string[]
  /** As it is written. */
  words: string
  start: number
  end: number
  /** An amount of goods, money or time: with promises it stands or falls. */
  unit: string
  /** It may be an echo of a count that the customer named. */
  soft: boolean
  /** A count in characters of what is hardly counted: wrong only where an entry counts otherwise. */
  mild: boolean
  /** «满 99 元»: what must be reached. */
  threshold: boolean
}

/** A text in which what was read is blanked, so that nothing is read twice. */
export class Reader {
  text: string
  readonly claims: Claim[] = []

  constructor(text: string) {
    this.text = text
  }

  take(expression: RegExp, read: (match: RegExpExecArray, text: string) => Partial<Claim> | 'blank' | undefined): void {
    const whole = this.text
    for (const match of whole.matchAll(expression)) {
      const end = match.index + match[0].length
      // Something of it was read by now.
      if (this.text.slice(match.index, end) !== match[0]) continue
      const claim = read(match, whole)
      if (claim === undefined) continue
      this.blank(match.index, end)
      if (claim === 'blank') continue
      const rest = {
        check: 'number' as const,
        keys: [],
        unit: '',
        soft: false,
        mild: false,
        threshold: false,
        ...claim,
      }
      this.claims.push({ words: match[0].trim(), start: match.index, end, ...rest })
    }
  }

  private blank(start: number, end: number): void {
    this.text = this.text.slice(0, start) + '\u0001'.repeat(end - start) + this.text.slice(end)
  }
}
