/** Waits for what other processes and loops do. Tests never sleep: they say what they wait for. */
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'

export type Patience = {
  /** Milliseconds until it gives up; default 30,000. */
  within?: number
  /** Milliseconds between two looks; default 20. */
  every?: number
  /** What is waited for, in words; default: the text of the condition. */
  what?: string
}

type Truthy<T> = Exclude<T, false | null | undefined | 0 | 0n | ''>

/**
 * Looks again and again until `condition` gives something truthy, and returns that. A condition that throws (an `expect`
 * that fails) counts as not yet; its last error becomes the cause.
 */
export async function until<T>(condition: () => T | Promise<T>, patience: Patience = {}): Promise<Truthy<T>> {
  const { within = 30_000, every = 20, what = String(condition) } = patience
  const deadline = performance.now() + within
  let last: unknown
  let cause: unknown
  do {
    try {
      cause = undefined
      last = await condition()
      if (last) return last as Truthy<T>
    } catch (error) {
      cause = error
    }
    await delay(every)
  } while (performance.now() < deadline)
  const seen = cause instanceof Error ? `it last threw: ${cause.message}` : `it was last ${inspect(last, { depth: 3 })}`
  throw new Error(`Waited ${within} ms in vain until: ${what}\n${seen}`, { cause })
}
