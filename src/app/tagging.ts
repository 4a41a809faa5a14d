/**
 * Tagging in the background. A thread of its own does the work; this loop says when: at once for whom something happened
 * to, at a share of the time for everybody else, so that replies are never slowed by much.
 */
import {
  type TaggingAnswers,
  type TaggingLane,
  type TaggingOrder,
  type TagRun,
  tagRulesOf,
} from '../domains/tags/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Ids } from '../kernel/ports.ts'
import { TaggingLine } from './tagging-line.ts'

export type TaggingOptions = {
  /** Of the database. */
  url: string
  content: { current(): Content; onChange(listener: (content: Content) => void): () => void }
  clock: Clock
  ids: Ids
  log: Log
}

export type Tagging = {
  /** There are persons to look at: the loop does not wait for its next turn. */
  wake(): void
  progress(): Promise<TaggingAnswers['progress']>
  /** Ends after the round that is under way. */
  stop(): Promise<void>
}

/** Between two looks at an empty queue. A message's tags are brought up to date within this and a round. */
const idleMs = 1_000
/** Between two looks at what time alone has changed. */
const sweepMs = 10 * 60_000
/** Between two lines of the log about a run over the base. */
const tellMs = 5_000
/** After a failure, such as a database that is away. */
const retryMs = 5_000

/** People in a round. Short rounds leave gaps for others. */
const people = { urgent: 100, others: 250 }
/** The share of the time that rounds may take: little of it while people talk, since they wait for replies, too. */
const share = { urgent: 0.1, others: 0.5 }

export function openTagging(options: TaggingOptions): Tagging {
  const loop = new Loop(options)
  void loop.run()
  return { wake: () => loop.wake(), progress: () => loop.ask({ kind: 'progress' }), stop: () => loop.stop() }
}

class Loop {
  readonly #on: TaggingOptions
  readonly #unlisten: () => void
  #thread: TaggingLine | undefined
  #rules: string | undefined
  #stopped = false
  #wake: () => void = () => undefined
  readonly #ended = Promise.withResolvers<void>()
  /** In milliseconds of the clock. */
  #urgentFrom = 0
  #sweepFrom = 0
  #toldAt = 0

  constructor(options: TaggingOptions) {
    this.#on = options
    this.#unlisten = options.content.onChange(() => this.wake())
  }

  wake(): void {
    this.#wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#unlisten()
    this.wake()
    await this.#ended.promise
  }

  async ask<K extends TaggingOrder['kind']>(order: Extract<TaggingOrder, { kind: K }>): Promise<TaggingAnswers[K]> {
    this.#thread ??= new TaggingLine(this.#on.url)
    return this.#thread.ask(order)
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#adopt()
        await this.#sweep()
        await this.#rest(await this.#round())
      } catch (error) {
        this.#on.log.warn({ err: error }, 'tags cannot be brought up to date')
        if (this.#thread?.ended) this.#thread = undefined
        await this.#rest(retryMs)
      }
    }
    await this.#thread?.close()
    this.#ended.resolve()
  }

  /** Gives the thread the rules of the live content; when they are others than last time, everybody is due. */
  async #adopt(): Promise<void> {
    const { content, clock, log } = this.#on
    const rules = tagRulesOf(content.current())
    if (this.#thread && this.#rules === rules.hash) return
    const run = await this.ask({ kind: 'rules', rules, now: clock.now() })
    this.#rules = rules.hash
    if (run) log.info({ people: run.people }, 'the rules of tags have changed: tagging everybody again')
  }

  async #sweep(): Promise<void> {
    const now = this.#on.clock.now()
    if (now.getTime() < this.#sweepFrom) return
    await this.ask({ kind: 'sweep', now })
    this.#sweepFrom = now.getTime() + sweepMs
  }

  /**
   * Rounds for those to whom something just happened, for other news, and for who waits for a run over the base; returns for
   * how many milliseconds to rest.
   */
  async #round(): Promise<number> {
    const { clock } = this.#on
    if (clock.now().getTime() >= this.#urgentFrom) {
      const { busyMs } = await this.#take('now', people.urgent)
      // Who talks without end is looked at again and again: that must not take the time of all others.
      this.#urgentFrom = clock.now().getTime() + Math.max(idleMs, busyMs * (1 / share.urgent - 1))
    }
    for (const lane of ['soon', 'base'] as const) {
      const { taken, busyMs, finished } = await this.#take(lane, people.others)
      if (finished) this.#tellEnd(finished)
      if (taken === 0) continue
      await this.#tell()
      return busyMs * (1 / share.others - 1)
    }
    // Nobody else waits: until it is the turn of those who talk.
    return this.#urgentFrom - clock.now().getTime()
  }

  async #take(lane: TaggingLane, limit: number): Promise<TaggingAnswers['round']> {
    const { clock, ids, log } = this.#on
    const round = await this.ask({ kind: 'round', claimId: ids.fresh(), lane, limit, now: clock.now() })
    for (const failed of round.failed) log.error(failed, 'the tags of a person could not be decided')
    return round
  }

  #tellEnd({ people, changed, startedAt, finishedAt }: TagRun): void {
    const seconds = Math.round(((finishedAt ?? startedAt).getTime() - startedAt.getTime()) / 1_000)
    this.#on.log.info({ people, changed, seconds }, 'everybody has the tags of the changed rules')
  }

  /** While the base is tagged again, says now and then how far it has come. */
  async #tell(): Promise<void> {
    const now = this.#on.clock.now().getTime()
    if (now - this.#toldAt < tellMs) return
    this.#toldAt = now
    const { run } = await this.ask({ kind: 'progress' })
    if (!run || run.finishedAt) return
    const { done, people, changed } = run
    this.#on.log.info({ done, people, changed }, 'tagging everybody again')
  }

  async #rest(ms: number): Promise<void> {
    if (this.#stopped || ms <= 0) return
    await new Promise<void>((resolve) => {
      const cancel = this.#on.clock.after(ms, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
