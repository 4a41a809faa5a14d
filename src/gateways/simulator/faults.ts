/** How an account of the simulated platform misbehaves: towards sends one by one, and in its manners at large. */
import { z } from 'zod'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'

/**
 * What befalls the next sends (texts, files, cards, and accepting friends and invitations).
 *
 * - `throttle`, `refuse`: nothing is sent, the call fails with a vendor's words.
 * - `hang`: the call waits; it is executed when the simulator is told to release, answered or not.
 * - `delay`: executed and answered after `ms`.
 * - `never-answer`: executed, but the call never returns.
 * - `drop-connection`: executed, then every connection of the account drops before the answer.
 */
export const SendFault = z.strictObject({
  kind: z.enum(['throttle', 'refuse', 'hang', 'delay', 'never-answer', 'drop-connection']),
  /** How many sends it befalls; without it, all until the faults are cleared. */
  times: z.int().positive().optional(),
  /** Only sends to this conversation (contact or room id). */
  to: z.string().optional(),
  /** For `delay`, in milliseconds. */
  ms: z.int().nonnegative().default(1_000),
  /** For `throttle` and `refuse`: the error text instead of the usual one. */
  reason: z.string().optional(),
})
export type SendFault = z.infer<typeof SendFault>

export const Manners = z.strictObject({
  /** Whether the account is shown its own sends again, as messages from itself. */
  echo: z.boolean(),
  /** Whether a ding is answered with a dong. */
  dong: z.boolean(),
  /** The stream stays open and calls work, but nothing is told any more (heartbeats apart). */
  deaf: z.boolean(),
  /** How often each event is told. */
  repeat: z.int().positive(),
})
export type Manners = z.infer<typeof Manners>

const politely: Manners = { echo: true, dong: true, deaf: false, repeat: 1 }
const usualReason = { throttle: '20001 too frequent', refuse: 'refused by the platform' }

export class Faults {
  manners: Manners
  /** Calls that hang now. */
  held = 0
  /** Calls that were throttled or refused. */
  rejected = 0
  readonly #clock: Clock
  #planned: SendFault[] = []
  #releases: (() => void)[] = []

  constructor(manners: Partial<Manners>, clock: Clock) {
    this.manners = { ...politely, ...manners }
    this.#clock = clock
  }

  plan(fault: SendFault): void {
    this.#planned.push({ ...fault })
  }

  /** Forgets what was planned and lets go of what hangs. Manners stay as they are. */
  clear(): void {
    this.#planned = []
    this.release()
  }

  /** Calls that hang go on and are executed. */
  release(): void {
    const releases = this.#releases
    this.#releases = []
    this.held = 0
    for (const go of releases) go()
  }

  /**
   * Lives through what befalls a send to this conversation before it is executed.
   *
   * @returns what must happen after the execution
   * @throws ZhangguiError `throttle` or `refuse`; then nothing must be executed
   */
  async before(to: string): Promise<'answer' | 'never-answer' | 'drop-connection'> {
    const fault = this.#take(to)
    switch (fault?.kind) {
      case undefined:
        return 'answer'
      case 'throttle':
      case 'refuse':
        this.rejected += 1
        throw new ZhangguiError({ code: fault.kind, message: fault.reason ?? usualReason[fault.kind] })
      case 'hang':
        this.held += 1
        await new Promise<void>((resolve) => this.#releases.push(resolve))
        return 'answer'
      case 'delay':
        await new Promise<void>((resolve) => this.#clock.after(fault.ms, resolve))
        return 'answer'
      case 'never-answer':
      case 'drop-connection':
        return fault.kind
    }
  }

  #take(to: string): SendFault | undefined {
    const fault = this.#planned.find((f) => f.to === undefined || f.to === to)
    if (fault?.times !== undefined) {
      fault.times -= 1
      if (fault.times === 0) this.#planned = this.#planned.filter((f) => f !== fault)
    }
    return fault
  }
}
