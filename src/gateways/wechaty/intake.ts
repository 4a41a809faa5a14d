/**
 * From the stream to `accept`: loads what an event only names, and keeps the order in which people spoke.
 *
 * The platform gives a message as an id. Who said it is known when its payload is loaded, so first the payloads come,
 * several at a time, and are let through in the order of arrival; then everything of one lane (one sender, one room)
 * goes one after the other, lanes side by side. At most `concurrency` events are under way between the first call and
 * `accept`'s answer: what arrives faster waits here as a bare id.
 *
 * Nothing that the stream told is given up because a line failed or the database is away: it is tried again, on the
 * next connection if need be. What the platform itself cannot show after some tries is dropped and logged.
 */
import { ZhangguiError } from '../../kernel/errors.ts'
import type { NewEvent } from '../../kernel/event.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock } from '../../kernel/ports.ts'
import { isLineFailure } from './failures.ts'
import type { Payloads } from './payloads.ts'

/** What readings read from: the living connection and who is logged in on it. */
export type Source = { payloads: Payloads; selfId: string }

/** An event whose lane is known and which needs perhaps more to be whole. Null: it is nothing that we keep. */
export type Staged = { lane: string; complete: (source: Source) => Promise<Omit<NewEvent, 'account'> | null> }

/** One thing that the stream told. `what` is for the log: a kind and a platform id. */
export type Reading = { what: string; stage: (source: Source) => Promise<Staged | null> }

export type Intake = {
  push(reading: Reading): void
  /** Reads from here from now on, also what failed before. */
  resume(source: Source): void
  /** Holds what arrives until the next `resume`. */
  pause(): void
  /** Forgets what waits, when it belongs to somebody else's login. */
  discard(): void
  /** Resolves when nothing is waiting or under way; never while paused with something waiting. */
  drained(): Promise<void>
  /** Lets go of what waits and tries nothing again. */
  stop(): void
  /** Events told and not accepted yet. */
  depth(): number
}

export type IntakeOptions = {
  account: string
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  log: Log
  /** Events loaded and accepted side by side. */
  concurrency: number
}

/** How often the platform is asked for something that it says it cannot show, and the pause in between in milliseconds. */
const tries = 3
const pauseBetweenTries = 300
/** Longest pause between two tries to accept. */
const longestWait = 5_000

/** What may be logged of an error: its text may quote what somebody wrote. */
function nameOf(error: unknown): string {
  if (error instanceof ZhangguiError) return error.code
  return error instanceof Error ? error.name : typeof error
}

export function createIntake({ account, accept, clock, log, concurrency }: IntakeOptions): Intake {
  const waiting: Reading[] = []
  const lanes = new Map<string, Promise<void>>()
  let source: Source | null = null
  let resumed = Promise.withResolvers<void>()
  let idle: (() => void)[] = []
  let underway = 0
  let stopped = false
  /** Settles when everything that arrived earlier has entered its lane. */
  let earlier: Promise<void> = Promise.resolve()

  const rest = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))

  /** Runs a read until it succeeds, on whatever connection there is. Null when the platform cannot or we stopped. */
  async function reading<T>(what: string, read: (source: Source) => Promise<T | null>): Promise<T | null> {
    for (let failures = 0; !stopped; ) {
      if (!source) {
        await resumed.promise
        continue
      }
      const used = source
      try {
        return await read(used)
      } catch (error) {
        if (isLineFailure(error)) {
          // The same connection would fail again at once; the supervisor notices a dead one.
          if (source === used) await rest(pauseBetweenTries)
          continue
        }
        failures += 1
        if (failures === tries) {
          log.warn({ account, what, error: nameOf(error) }, 'the platform cannot show an event, dropped')
          return null
        }
        await rest(pauseBetweenTries)
      }
    }
    return null
  }

  async function deliver(event: NewEvent): Promise<void> {
    for (let wait = 100; !stopped; wait = Math.min(wait * 2, longestWait)) {
      try {
        await accept(event)
        return
      } catch (error) {
        const hopeless = error instanceof ZhangguiError && !error.retryable
        const fields = { account, key: event.key, error: nameOf(error) }
        log.error(fields, hopeless ? 'an event cannot be accepted, dropped' : 'an event was not accepted, trying again')
        if (hopeless) return
        await rest(wait)
      }
    }
  }

  async function finish(what: string, { complete }: Staged): Promise<void> {
    const event = await reading(what, complete)
    if (event) await deliver({ account, ...event })
  }

  function enter(what: string, staged: Staged): void {
    const { lane } = staged
    const before = lanes.get(lane)
    const turn = before ? before.then(() => finish(what, staged)) : finish(what, staged)
    lanes.set(lane, turn)
    void turn.finally(() => {
      if (lanes.get(lane) === turn) lanes.delete(lane)
      release()
    })
  }

  function release(): void {
    underway -= 1
    pump()
    if (underway > 0 || waiting.length > 0) return
    for (const done of idle) done()
    idle = []
  }

  function pump(): void {
    while (source && underway < concurrency) {
      const next = waiting.shift()
      if (!next) return
      underway += 1
      const staged = reading(next.what, next.stage)
      earlier = Promise.all([staged, earlier]).then(([ready]) => {
        if (ready) enter(next.what, ready)
        else release()
      })
    }
  }

  function pause(): void {
    if (source) resumed = Promise.withResolvers()
    source = null
  }

  return {
    push(reading) {
      if (stopped) return
      waiting.push(reading)
      pump()
    },
    resume(next) {
      source = next
      resumed.resolve()
      pump()
    },
    pause,
    discard() {
      waiting.length = 0
    },
    drained: () => (underway + waiting.length === 0 ? Promise.resolve() : new Promise((done) => idle.push(done))),
    stop() {
      stopped = true
      waiting.length = 0
      resumed.resolve()
    },
    depth: () => underway + waiting.length,
  }
}
