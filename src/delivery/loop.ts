/**
 * One account's way out: claims what may leave, calls the gateway, hands the outcome to the recorder.
 *
 * `sending` is committed before the call (law 2). A thread has one send on its way at a time, so its messages keep
 * their order whatever the concurrency. The loop is woken by commits, by ended sends and by a slow poll (for rows
 * whose hour comes, and for those that another process wrote); it never waits for a batch to fill.
 */
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Alarms, Clock, Gateway, Ids, OutgoingFile, SendOutcome } from '../kernel/ports.ts'
import { loadMedia } from '../media/index.ts'
import type { Checkpoint } from './decide.ts'
import { withinDeadline } from './deadline.ts'
import { decide } from './decide.ts'
import { Echoes } from './echoes.ts'
import { Pace } from './pace.ts'
import type { CaseOpener } from './record/index.ts'
import { Recorder } from './record/index.ts'
import { judgeAbandoned } from './record/repo.ts'
import { claim, nextThread } from './repo.ts'
import type { Claimed, DeliverySettings, Ending } from './schema.ts'
import { deliverySettings } from './schema.ts'

/** Sends on their way at once where no pace is kept. */
const concurrency = 16
const pollMs = 1_000
const judgeEveryMs = 10_000
/** How long past its deadline a gateway is believed to answer still. */
const graceMs = 1_000
/** Refusals of the gateway itself (kernel/ports.ts): nothing reached the platform, so the row goes back to the queue. */
const notTried = new Set(['not-connected', 'not-prepared-in-time'])
const retryMs = 2_000

export type LoopParts = {
  gateway: Gateway
  db: Database
  content: () => Content
  clock: Clock
  ids: Ids
  log: Log
  alarms: Alarms
  openCase: CaseOpener
  checkpoint: Checkpoint
  /** Messages a day that nobody asked for, at most; undefined for no ceiling. */
  dailyCeiling: number | undefined
  /** The epoch under which this process owns the account, null while it does not. */
  epoch: () => number | null
  /** Hears how each claimed row ended, after it is committed; `ms` is what the call took. */
  onEnded: (row: Claimed, ending: Ending, ms: number) => void
}

export class AccountLoop {
  readonly #parts: LoopParts
  readonly #recorder: Recorder
  readonly #pace: Pace
  /** Claimed and not yet recorded, by thread. */
  readonly #onTheWay = new Map<string, Claimed>()
  readonly #sends = new Set<Promise<void>>()
  /** Every epoch under which this process has owned the account. */
  readonly #epochs: number[] = []
  /** Threads with more to say than what is on its way. */
  readonly #waitedFor = new Set<string>()
  /** The last claim took as much as it might: there may be more. */
  #full = false
  readonly echoes: Echoes
  #calls = 0
  #turning: Promise<void> | null = null
  #again = false
  #stopped = false
  /** A claim may have committed without our hearing of it. */
  #suspect = false
  #judgedAt = 0
  #restsUntil: Date | null = null
  #cancelTimer: () => void = () => undefined

  constructor(parts: LoopParts) {
    this.#parts = parts
    this.#recorder = new Recorder(parts)
    this.echoes = new Echoes(parts)
    this.#pace = new Pace(() => parts.ids.random())
  }

  /** Looks at the outbox now, or once more when it is looking already. A thread that is busy is looked at afterwards. */
  wake(threadId?: string): void {
    if (this.#stopped) return
    if (threadId !== undefined) {
      this.#waitedFor.add(threadId)
      if (this.#onTheWay.has(threadId)) return
    }
    if (this.#turning) this.#again = true
    else this.#turning = this.#turnUntilIdle()
  }

  /** Claims nothing more; resolves when all that is on its way is recorded, at the latest after `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    const ended = (async () => {
      await this.#turning
      await Promise.all(this.#sends)
      await this.echoes.flush()
    })()
    await Promise.race([ended, new Promise<void>((late) => this.#parts.clock.after(deadlineMs, late))])
  }

  async #turnUntilIdle(): Promise<void> {
    let wait: number
    do {
      this.#again = false
      try {
        wait = await this.#turn()
      } catch (error) {
        this.#parts.log.warn({ err: error, account: this.#parts.gateway.account }, 'outbox not reached')
        this.#suspect = true
        this.#again = false
        wait = pollMs
      }
    } while (this.#wanted())
    this.#turning = null
    this.#cancelTimer()
    if (!this.#stopped) this.#cancelTimer = this.#parts.clock.after(Math.min(wait, pollMs), () => this.wake())
  }

  /** Whether somebody woke the loop while it was looking. */
  #wanted(): boolean {
    return this.#again && !this.#stopped
  }

  /** Claims what may leave now and sets it going. Returns the milliseconds after which to look again. */
  async #turn(): Promise<number> {
    const { gateway, db, content, clock, epoch: currentEpoch } = this.#parts
    const epoch = currentEpoch()
    if (epoch === null || this.#recorder.stuck) return pollMs
    await this.#judge(epoch)
    if (!gateway.isReady() || this.#rests() || this.#calls >= concurrency) return pollMs
    const { pace } = content().settings(deliverySettings)
    const asked = {
      account: gateway.account,
      epoch,
      now: clock.now(),
      busy: [...this.#onTheWay.keys()],
      zone: content().zone,
    }
    const paced = pace.enabled && (pace.inSimulator || !gateway.simulated)
    let only: string | undefined
    if (paced) {
      only = await nextThread(db.pool, asked)
      if (only === undefined) return pollMs
      const wait = this.#pace.wait(only, clock.now(), pace)
      if (wait > 0) return wait
    }
    const limit = paced ? 1 : concurrency - this.#calls
    // This claim sees what was written before it; a thread that is named from here on may hold more than it saw.
    for (const thread of this.#waitedFor) if (!this.#onTheWay.has(thread)) this.#waitedFor.delete(thread)
    const rows = await claim(db.pool, { ...asked, now: clock.now(), only, limit })
    this.#full = rows.length === limit
    for (const row of rows) this.#start(row)
    if (paced && rows.length > 0) this.#again = true
    return pollMs
  }

  #rests(): boolean {
    if (!this.#restsUntil) return false
    if (this.#parts.clock.now() < this.#restsUntil) return true
    this.#restsUntil = null
    this.#parts.alarms.clear(`throttled:${this.#parts.gateway.account}`)
    return false
  }

  /** At a take-over, after a doubtful claim and now and then: what was left in `sending`. */
  async #judge(epoch: number): Promise<void> {
    const { gateway, db, clock, log } = this.#parts
    const now = clock.now()
    const fresh = !this.#epochs.includes(epoch)
    if (!fresh && !this.#suspect && now.getTime() - this.#judgedAt < judgeEveryMs) return
    const ours = fresh ? [...this.#epochs, epoch] : this.#epochs
    const calling = [...this.#onTheWay.values()].map((row) => row.id)
    const unknown = await judgeAbandoned(db.pool, { account: gateway.account, epoch, now, ours, calling })
    if (unknown > 0) log.warn({ account: gateway.account, unknown }, 'sends of an earlier owner are unknown')
    if (fresh) this.#epochs.push(epoch)
    this.#suspect = false
    this.#judgedAt = now.getTime()
  }

  #start(row: Claimed): void {
    this.#onTheWay.set(row.threadId, row)
    this.echoes.expect(row)
    const send = this.#send(row).finally(() => {
      this.#sends.delete(send)
      this.#onTheWay.delete(row.threadId)
      const more = this.#waitedFor.delete(row.threadId) || row.more
      if (more || this.#full) this.wake()
    })
    this.#sends.add(send)
  }

  async #send(row: Claimed): Promise<void> {
    const { content, clock, checkpoint, dailyCeiling, onEnded } = this.#parts
    const settings = content().settings(deliverySettings)
    const verdict = decide(row, clock.now(), { ...settings, dailyCeiling }, checkpoint)
    const started = performance.now()
    const ending = this.echoes.ended(row, await this.#follow(row, verdict, settings))
    const ms = performance.now() - started
    await this.#recorder.record(row, ending)
    onEnded(row, ending, ms)
  }

  async #follow(row: Claimed, verdict: ReturnType<typeof decide>, settings: DeliverySettings): Promise<Ending> {
    if (verdict.kind === 'cancel') return { kind: 'cancelled', reason: verdict.reason, handOver: verdict.handOver }
    if (verdict.kind === 'later') return { kind: 'pending', until: verdict.until, throttledUntil: null }
    this.#pace.started(row.threadId, this.#parts.clock.now())
    this.#calls += 1
    try {
      return await this.#call(row, settings)
    } finally {
      this.#calls -= 1
      if (this.#calls === concurrency - 1) this.wake()
    }
  }

  async #call(row: Claimed, settings: DeliverySettings): Promise<Ending> {
    const { gateway, clock, log, epoch } = this.#parts
    const notCalled = { kind: 'pending', until: null, throttledUntil: null } as const
    const soon = (): Ending => ({ ...notCalled, until: new Date(clock.now().getTime() + retryMs) })
    let file: OutgoingFile | undefined
    if ('mediaId' in row.body) {
      try {
        const media = await loadMedia(this.#parts.db.pool, row.body.mediaId)
        if (!media) return { kind: 'refused', reason: 'media-missing' }
        file = { filename: row.body.filename, bytes: media.bytes }
      } catch (error) {
        log.warn({ err: error, outboxId: row.id }, 'media not read, the send waits')
        return soon()
      }
    }
    // The claim took a moment: without the line or the account no call is made.
    if (!gateway.isReady() || epoch() !== row.epoch) return notCalled
    const outcome = await withinDeadline(
      gateway.send(row.recipient, row.body, settings.deadline, file).catch((error: unknown): SendOutcome => {
        log.error({ err: error, account: row.account }, 'gateway threw from send')
        return { kind: 'unknown', reason: 'gateway-threw' }
      }),
      settings.deadline + graceMs,
      clock,
    )
    if (outcome.kind !== 'refused') return outcome
    if (outcome.throttled) return this.#rest(settings.throttlePause)
    if (!notTried.has(outcome.reason)) return outcome
    return soon()
  }

  /** The platform said «too frequent», so it sent nothing: the row waits and the account rests. */
  #rest(pauseMs: number): Ending {
    const { gateway, clock, alarms } = this.#parts
    const until = new Date(clock.now().getTime() + pauseMs)
    this.#restsUntil = until
    alarms.raise({
      key: `throttled:${gateway.account}`,
      severity: 'warning',
      code: 'throttled',
      account: gateway.account,
      message: 'The platform throttles this account; it rests.',
      details: { until: until.toISOString() },
    })
    return { kind: 'pending', until: null, throttledUntil: until }
  }
}
