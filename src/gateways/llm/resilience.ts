/** Deadline, retries, circuit breaker and rest around the calls of one model. */
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhenResult,
  type IBackoff,
  isBrokenCircuitError,
  type IRetryBackoffContext,
  retry,
} from 'cockatiel'
import type { Log } from '../../kernel/log.ts'
import { type Failure, failure, isFailure } from './failures.ts'

export type ResilienceSettings = {
  /** How often a call is made again, at most. */
  retries: number
  /** Between tries where the endpoint does not say how long: from `first`, growing, with jitter, to `last`; ms. */
  pause: { first: number; last: number }
  /** After so many failures in a row nobody asks for `halfOpenAfter` ms; then one call tries. */
  breaker: { failures: number; halfOpenAfter: number }
  /** How long a model is left alone after a 429: when it does not say, and at most; ms. */
  rest: { unsaid: number; most: number }
}

export const defaultResilience: ResilienceSettings = {
  retries: 2,
  pause: { first: 250, last: 2_000 },
  breaker: { failures: 5, halfOpenAfter: 15_000 },
  rest: { unsaid: 5_000, most: 3_600_000 },
}

export type Resilience = {
  /**
   * Runs `attempt` until it succeeds, may not be tried again, or has no time left; resolves at the latest after
   * `deadlineMs`, when `signal` has told the attempt to stop. Never rejects.
   */
  run<T extends object>(
    deadlineMs: number,
    attempt: (signal: AbortSignal) => Promise<T | Failure>,
  ): Promise<T | Failure>
  /** Ends what is under way, and takes nothing more. */
  close(): void
}

/** A failure, and in how many ms it is worth another try. */
type Retriable = Failure & { retryIn?: number | undefined }

export function createResilience(settings: ResilienceSettings, log: Log, model: string): Resilience {
  const underWay = new Set<() => void>()
  let closed = false
  let restUntil = 0

  const breaker = circuitBreaker(
    // 429 and 4xx come from an endpoint that lives.
    handleWhenResult((result) => ['unreachable', 'timeout'].includes((result as Partial<Failure>).failed ?? '')),
    {
      halfOpenAfter: settings.breaker.halfOpenAfter,
      breaker: new ConsecutiveBreaker(settings.breaker.failures),
    },
  )
  breaker.onBreak(() => log.warn({ model }, 'The model fails again and again: it is left alone for a while'))
  breaker.onReset(() => log.info({ model }, 'The model answers again'))

  /** One try, unless there is no point in it. */
  const tryOnce = async <T extends object>(attempt: () => Promise<T | Failure>): Promise<T | Failure> => {
    if (closed) return failure('unreachable', 'closed')
    if (performance.now() < restUntil) return failure('throttled', 'resting')
    // While one call tries, cockatiel would let the others wait for it: they have no time for that.
    if (breaker.state === CircuitState.HalfOpen) return failure('unreachable', 'breaker-open')
    try {
      return await breaker.execute(attempt)
    } catch (error) {
      return failure('unreachable', isBrokenCircuitError(error) ? 'breaker-open' : 'unexpected')
    }
  }

  /** Milliseconds until the next try, undefined when there is none. A quarter of the time is kept for the answer. */
  const pauseBefore = (failed: Failure, left: number, deadlineMs: number, backoff: IBackoff<unknown>) => {
    const wait = failed.afterMs ?? backoff.duration
    return failed.again && wait + deadlineMs / 4 <= left ? wait : undefined
  }

  const rest = (afterMs: number = settings.rest.unsaid): void => {
    const ms = Math.min(afterMs, settings.rest.most)
    const until = performance.now() + ms
    if (until <= restUntil) return
    restUntil = until
    log.warn({ model, ms }, 'The model is asked too often: it is left alone')
  }

  return {
    async run(deadlineMs, attempt) {
      if (deadlineMs <= 0) return failure('timeout', 'deadline')
      const ends = performance.now() + deadlineMs
      const { stopped, stop, signal } = stopAfter(deadlineMs)
      underWay.add(stop)
      let backoff: IBackoff<unknown> = new ExponentialBackoff({
        initialDelay: settings.pause.first,
        maxDelay: settings.pause.last,
      }).next()
      // The race stands inside the breaker: a try that never settled would hold it half-open for ever.
      const once = async () => {
        const result = await tryOnce(() => Promise.race([settled(attempt(signal)), stopped]))
        if (!isFailure(result)) return result
        const retryIn = pauseBefore(result, ends - performance.now(), deadlineMs, backoff)
        backoff = backoff.next(undefined)
        return { ...result, retryIn }
      }
      const policy = retry(
        handleWhenResult((result) => (result as Partial<Retriable>).retryIn !== undefined),
        { maxAttempts: settings.retries, backoff: new DelegateBackoff(retryIn) },
      ).dangerouslyUnref()
      const result = await Promise.race([policy.execute(once), stopped])
      stop()
      underWay.delete(stop)
      if (isFailure(result) && result.failed === 'throttled' && result.status === 429) rest(result.afterMs)
      return result
    },
    close() {
      closed = true
      for (const stop of underWay) stop()
    },
  }
}

const retryIn = (context: IRetryBackoffContext<unknown>): number =>
  'value' in context.result ? ((context.result.value as Retriable).retryIn ?? 0) : 0

/** Attempts say what went wrong; one that throws all the same is a mistake of ours, not of the endpoint. */
const settled = <T extends object>(attempt: Promise<T | Failure>): Promise<T | Failure> =>
  attempt.catch(() => failure('refused', 'unexpected'))

/** `stopped` resolves when the time is over, or when `stop` is called; either aborts `signal`. */
function stopAfter(ms: number): { stopped: Promise<Failure>; stop: () => void; signal: AbortSignal } {
  const controller = new AbortController()
  const { promise: stopped, resolve } = Promise.withResolvers<Failure>()
  const end = (result: Failure) => {
    clearTimeout(timer)
    resolve(result)
    controller.abort()
  }
  const timer = setTimeout(() => end(failure('timeout', 'deadline')), Math.min(ms, 2 ** 31 - 1))
  return { stopped, stop: () => end(failure('unreachable', 'closed')), signal: controller.signal }
}
