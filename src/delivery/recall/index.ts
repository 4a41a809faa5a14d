/**
 * Taking back what was sent. What still waits is cancelled in the transaction that asks; for the rest the platform is asked,
 * once for each message: `calling` is durable before the call, and what was being asked for when a process died is `unknown`.
 * Whoever asked is told once, when every part has come to an end.
 */
import type { Database } from '../../kernel/db.ts'
import type { RecallMessage, RecallOutcome, ScheduleEvent, Then } from '../../kernel/effect.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Gateway } from '../../kernel/ports.ts'
import type { Queryable, Work } from '../../kernel/work.ts'
import { type Asked, claimRecalls, endHopeless, endRecall, isAnyOpen, outcomesOf, wantBack } from './repo.ts'

/** Schedules a slice event in the caller's transaction. */
export type Scheduler = (db: Queryable, event: ScheduleEvent) => Promise<void>

const deadlineMs = 15_000
/** How often a send that is still on its way is looked at. */
const pollMs = 500
const idleMs = 5_000

/** Of several parts the worst counts. */
const worst: readonly RecallOutcome[] = ['unknown', 'refused', 'too-late', 'done', 'cancelled', 'not-sent']

function worstOf(outcomes: readonly RecallOutcome[]): RecallOutcome {
  return worst.find((one) => outcomes.includes(one)) ?? 'not-sent'
}

function told(
  { name, lock, payload }: Then,
  key: string,
  account: string,
  recalled: RecallOutcome,
  at: Date,
): ScheduleEvent {
  const wish = { name, lock, account, payload: { ...payload, recalled }, key: `${name}:${key}`, at }
  return { kind: 'ScheduleEvent', ...wish }
}

/** In the transaction that asks for it. */
export async function takeBack(effect: RecallMessage, { db, now }: Pick<Work, 'db' | 'now'>): Promise<ScheduleEvent[]> {
  const { cancelled, asked } = await wantBack(db, effect, now)
  if (asked > 0) return []
  return [told(effect.then, effect.key, '', cancelled > 0 ? 'cancelled' : 'not-sent', now)]
}

type RecallParts = {
  gateway: Gateway
  db: Database
  clock: Clock
  log: Log
  epoch: () => number | null
  schedule: Scheduler
}

/** One account's recalls. */
export class Recalls {
  readonly #parts: RecallParts
  #turning: Promise<void> | null = null
  #again = false
  #stopped = false
  #cancelTimer: () => void = () => undefined

  constructor(parts: RecallParts) {
    this.#parts = parts
  }

  wake(): void {
    this.#again = true
    if (!this.#stopped) this.#turning ??= this.#turnUntilIdle()
  }

  /** Asks for nothing more; resolves when what is under way is recorded. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    await this.#turning
  }

  async #turnUntilIdle(): Promise<void> {
    this.#cancelTimer()
    let wait = idleMs
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        wait = (await this.#turn()) ? pollMs : idleMs
      } catch (error) {
        this.#parts.log.warn({ err: error, account: this.#parts.gateway.account }, 'recalls not looked after')
        wait = pollMs
      }
    }
    this.#turning = null
    if (!this.#stopped) this.#cancelTimer = this.#parts.clock.after(wait, () => this.wake())
  }

  /** Whether something is still open. */
  async #turn(): Promise<boolean> {
    const { gateway, db, clock, epoch: currentEpoch } = this.#parts
    const { account } = gateway
    const epoch = currentEpoch()
    if (epoch === null || !(await isAnyOpen(db.pool, account))) return false
    await db.transaction(async (tx) => {
      const now = clock.now()
      for (const key of new Set(await endHopeless(tx, { account, epoch, now }))) await this.#tell(tx, key, now)
    })
    if (!gateway.isReady() || currentEpoch() !== epoch) return true
    const asked = await claimRecalls(db.pool, { account, epoch, now: clock.now() })
    for (const one of asked) await this.#ask(one)
    return true
  }

  async #ask({ id, key, messageId }: Asked): Promise<void> {
    const { gateway, db, clock, log } = this.#parts
    const outcome = await (gateway.recall?.(messageId, deadlineMs) ?? Promise.resolve('refused' as const)).catch(
      (error: unknown) => {
        log.error({ err: error, account: gateway.account }, 'gateway threw from recall')
        return 'unknown' as const
      },
    )
    const now = clock.now()
    await db.transaction(async (tx) => {
      await endRecall(tx, id, outcome === 'not-connected' ? 'wanted' : outcome, now)
      await this.#tell(tx, key, now)
    })
  }

  async #tell(tx: Queryable, key: string, now: Date): Promise<void> {
    const ended = await outcomesOf(tx, key)
    if (ended) await this.#parts.schedule(tx, told(ended.then, key, ended.account, worstOf(ended.outcomes), now))
  }
}
