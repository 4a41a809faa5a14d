/** The main thread's end of the line to the tagging thread. */
import { Worker } from 'node:worker_threads'
import type { TaggingAnswered, TaggingAnswers, TaggingAsked, TaggingOrder } from '../domains/tags/index.ts'
import { reasonOf, ZhangguiError } from '../kernel/errors.ts'

type Waiting = { resolve: (answer: unknown) => void; reject: (error: Error) => void }

export class TaggingLine {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #ended = false

  constructor(url: string) {
    this.#worker = new Worker(new URL('./tagging-thread.ts', import.meta.url), {
      workerData: { url },
      // What a round reads is dropped with it: room enough that it is never carried over.
      resourceLimits: { maxYoungGenerationSizeMb: 96 },
    })
    // The process ends when its own work does.
    this.#worker.unref()
    this.#worker.on('message', (answered: TaggingAnswered) => this.#hear(answered))
    this.#worker.on('error', (error) => this.#end(reasonOf(error)))
    this.#worker.on('exit', () => this.#end('it was closed'))
  }

  /** The thread is no more: open another one. */
  get ended(): boolean {
    return this.#ended
  }

  /** Throws `tagging` when the order failed or the thread has ended. */
  ask<K extends TaggingOrder['kind']>(order: Extract<TaggingOrder, { kind: K }>): Promise<TaggingAnswers[K]> {
    if (this.#ended) return Promise.reject(failure('the thread has ended', undefined))
    const id = ++this.#asked
    this.#worker.postMessage({ id, order } satisfies TaggingAsked)
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
    })
  }

  async close(): Promise<void> {
    if (this.#ended) return
    await this.ask({ kind: 'close' }).catch(() => undefined)
    await this.#worker.terminate()
  }

  #hear(answered: TaggingAnswered): void {
    const waiting = this.#waiting.get(answered.id)
    this.#waiting.delete(answered.id)
    if ('error' in answered) waiting?.reject(failure(answered.error.message, answered.error.code))
    else waiting?.resolve(answered.answer)
  }

  #end(reason: string): void {
    this.#ended = true
    for (const { reject } of this.#waiting.values()) reject(failure(reason, undefined))
    this.#waiting.clear()
  }
}

function failure(reason: string, cause: unknown): ZhangguiError {
  const message = `The tagging thread could not do what it was told: ${reason}`
  return new ZhangguiError({ code: 'tagging', message, retryable: true, context: { cause } })
}
