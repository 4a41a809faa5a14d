/**
 * One account's way out: claims what may leave, or takes it from the express lane (express/), calls the gateway, hands the
 * outcome to the recorder.
 *
 * `sending` is committed before the call (law 2). A thread has one send or place on its way at a time, so its messages
 * keep their order whatever the concurrency. The loop is woken by commits, by ended sends and by a slow poll (for rows
 * whose hour comes, and for those that another process wrote); it never waits for a batch to fill.
 */
import type { Content } from '../kernel/content.ts'
import type { Alarms, Ids } from '../kernel/ports.ts'
import type { CallParts } from './call.ts'
import { call, notCalled } from './call.ts'
import { decide } from './decide.ts'
import { Echoes } from './echoes.ts'
import { Reservations } from './express/index.ts'
import { admit, asksLimits, type Checkpoint, Tally } from './limits/index.ts'
import { Pace } from './pace.ts'
import type { CaseOpener, Follower } from './record/index.ts'
import { Recorder, tellFollower } from './record/index.ts'
import { judgeAbandoned } from './record/repo.ts'
import { Rest } from './rest.ts'
import { claim, nextThread } from './repo.ts'
import type { Claimed, DeliverySettings, Ending, Reservation } from './schema.ts'
import { deliverySettings } from './schema.ts'

/** Sends on their way at once where no pace is kept: half of them leave the wire idle while a claim and the limits are asked. */
export const concurrency = 32
const pollMs = 1_000
const judgeEveryMs = 10_000

export type LoopParts = CallParts & {
  content: () => Content
  ids: Ids
  alarms: Alarms
  openCase: CaseOpener
  /** Hears what became of the sends that it follows. */
  follower: Follower
  /** Decides about what nobody asked for, with what limits know. */
  checkpoint: Checkpoint
  /** Messages a day that nobody asked for, at most, where accounts.yaml says so. */
  dailyCeiling: number | undefined
  /** Hears how each claimed row ended, after it is committed; `ms` is what the call took. */
  onEnded: (row: Claimed, ending: Ending, ms: number) => void
}

export class AccountLoop {
  readonly #parts: LoopParts
  readonly #recorder: Recorder
  readonly #pace: Pace
  readonly #rest: Rest
  readonly #tally = new Tally()
  /** In `sending` and not yet recorded, by id. */
  readonly #onTheWay = new Map<bigint, Claimed>()
  readonly #reserved = new Reservations({
    start: (row) => this.#start(row),
    giveUp: (threadId, lost) => {
      this.#suspect ||= lost
      this.wake(threadId)
    },
  })
  readonly #sends = new Set<Promise<void>>()
  /** Every epoch under which this process has owned the account. */
  readonly #epochs: number[] = []
  /** Threads with more to say than what is on its way. */
  readonly #waitedFor = new Set<string>()
  /** The last look at the outbox took as much as it might: there may be more. */
  #full = false
  readonly echoes: Echoes
  #calls = 0
  #turning: Promise<void> | null = null
  #again = false
  #stopped = false
  /** `sending` may have been committed without our hearing of it. */
  #suspect = false
  #judging = false
  #judgedAt = 0
  #cancelTimer: () => void = () => undefined

  constructor(parts: LoopParts) {
    this.#parts = parts
    this.#recorder = new Recorder(parts)
    this.#rest = new Rest(parts.gateway.account, parts)
    this.echoes = new Echoes(parts)
    this.#pace = new Pace(() => parts.ids.random())
  }

  /** Looks at the outbox now, or once more when it is looking already. A thread that is busy is looked at afterwards. */
  wake(threadId?: string): void {
    if (this.#stopped) return
    if (threadId !== undefined) {
      this.#waitedFor.add(threadId)
      if (this.#isBusy(threadId)) return
    }
    if (this.#turning) this.#again = true
    else this.#turning = this.#turnUntilIdle()
  }

  /**
   * Keeps a place for a reply, so that its transaction may write it as `sending`; undefined when it is to wait for a claim:
   * where it could not leave at once, where anything waits that would be overtaken, and while it is open what rows in
   * `sending` mean.
   */
  reserve(threadId: string, key: string): Reservation | undefined {
    const epoch = this.#parts.epoch()
    if (epoch === null || !this.#epochs.includes(epoch) || this.#stopped || this.#recorder.stuck) return undefined
    // The judge knows the places that were kept when it began, and would take a later one's row for abandoned.
    if (this.#judging || this.#suspect) return undefined
    if (!this.#parts.gateway.isReady() || this.#rest.isOn() || this.#isPaced()) return undefined
    if (this.#full || !this.#hasRoom() || this.#isBusy(threadId) || this.#waitedFor.has(threadId)) return undefined
    return this.#reserved.keep(threadId, key, epoch)
  }

  /** Claims nothing more; resolves when all that is on its way is recorded, at the latest after `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    const ended = (async () => {
      await this.#turning
      await this.#reserved.ended()
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
    // It may have been told to stop while it judged.
    if (this.#stopped || !gateway.isReady() || this.#rest.isOn()) return pollMs
    if (!this.#hasRoom()) {
      this.#full = true
      return pollMs
    }
    const { pace } = content().settings(deliverySettings)
    const asked = {
      account: gateway.account,
      epoch,
      now: clock.now(),
      busy: [...[...this.#onTheWay.values()].map((row) => row.threadId), ...this.#reserved.threads],
    }
    const paced = this.#isPaced()
    let only: string | undefined
    if (paced) {
      only = await nextThread(db.pool, asked)
      if (only === undefined) return pollMs
      const wait = this.#pace.wait(only, clock.now(), pace)
      if (wait > 0) return wait
    }
    const limit = paced ? 1 : concurrency - this.#calls - this.#reserved.size
    // This claim sees what was written before it; a thread that is named from here on may hold more than it saw.
    for (const thread of this.#waitedFor) if (!this.#isBusy(thread)) this.#waitedFor.delete(thread)
    const now = clock.now()
    const rows = await claim(db.pool, { ...asked, now, only, limit })
    this.#full = rows.length === limit
    const unasked = rows.filter((row) => asksLimits(row, now))
    for (const row of rows) if (!unasked.includes(row)) this.#start(row)
    if (unasked.length > 0) await this.#admit(unasked, now)
    if (paced && rows.length > 0) this.#again = true
    return pollMs
  }

  /** By the moment of the claim, which is what the limits count. Should it fail, the judge finds rows nobody calls for. */
  async #admit(unasked: readonly Claimed[], now: Date): Promise<void> {
    const { free, ended } = await admit({ ...this.#parts, tally: this.#tally }, unasked, now)
    for (const row of free) this.#start(row)
    for (const { row, ending } of ended) this.#parts.onEnded(row, ending, 0)
    // Nothing of these ends later, to look again then.
    if (ended.some(({ row }) => row.more) || (this.#full && ended.length > 0)) this.#again = true
  }

  #isBusy(threadId: string): boolean {
    return this.#reserved.has(threadId) || [...this.#onTheWay.values()].some((row) => row.threadId === threadId)
  }

  #hasRoom(): boolean {
    return this.#calls + this.#reserved.size < concurrency
  }

  #isPaced(): boolean {
    const { gateway, content } = this.#parts
    const { pace } = content().settings(deliverySettings)
    return pace.enabled && (pace.inSimulator || !gateway.simulated)
  }

  /** At a take-over, after a doubtful claim and now and then: what was left in `sending`. */
  async #judge(epoch: number): Promise<void> {
    const { gateway, db, clock, log } = this.#parts
    const now = clock.now()
    const fresh = !this.#epochs.includes(epoch)
    if (!fresh && !this.#suspect && now.getTime() - this.#judgedAt < judgeEveryMs) return
    const ours = fresh ? [...this.#epochs, epoch] : this.#epochs
    const [calling, reserved] = [[...this.#onTheWay.keys()], this.#reserved.keys]
    this.#suspect = false
    this.#judging = true
    const judged = db.transaction(async (tx) => {
      const keys = await judgeAbandoned(tx, { account: gateway.account, epoch, now, ours, calling, reserved })
      await tellFollower(tx, this.#parts.follower, keys, now)
      return keys
    })
    const { length: unknown } = await judged.finally(() => (this.#judging = false))
    if (unknown > 0) log.warn({ account: gateway.account, unknown }, 'sends of an earlier owner are unknown')
    if (fresh) this.#epochs.push(epoch)
    this.#judgedAt = now.getTime()
  }

  #start(row: Claimed): void {
    // A claim takes a moment: meanwhile the express lane may have filled its thread or its place.
    const free = !this.#isBusy(row.threadId) && this.#hasRoom()
    this.#onTheWay.set(row.id, row)
    this.echoes.expect(row)
    const send = this.#send(row, free).finally(() => {
      this.#sends.delete(send)
      this.#onTheWay.delete(row.id)
      if (row.more || !free || this.#waitedFor.has(row.threadId)) this.wake(row.threadId)
      else if (this.#full) this.wake()
    })
    this.#sends.add(send)
  }

  async #send(row: Claimed, free: boolean): Promise<void> {
    const { content, clock, onEnded } = this.#parts
    const settings = content().settings(deliverySettings)
    const verdict = decide(row, clock.now())
    const started = performance.now()
    const ending = this.echoes.ended(row, free ? await this.#follow(row, verdict, settings) : notCalled)
    const ms = performance.now() - started
    await this.#recorder.record(row, ending)
    onEnded(row, ending, ms)
  }

  async #follow(row: Claimed, verdict: ReturnType<typeof decide>, settings: DeliverySettings): Promise<Ending> {
    if (verdict.kind === 'cancel') return { kind: 'cancelled', reason: verdict.reason, handOver: verdict.handOver }
    if (verdict.kind === 'later')
      return { kind: 'pending', until: verdict.until, throttledUntil: null, deferred: verdict.reason }
    // Another send may have been throttled while this one was committed.
    if (this.#rest.isOn()) return notCalled
    this.#pace.started(row.threadId, this.#parts.clock.now())
    this.#calls += 1
    try {
      const ending = await call(this.#parts, row, settings)
      return ending === 'throttled' ? this.#rest.begin(settings.throttlePause) : ending
    } finally {
      this.#calls -= 1
      if (this.#full) this.wake()
    }
  }
}
