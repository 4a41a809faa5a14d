/**
 * Asks the model, outside of every transaction: an exchange comes in after the commit that made it durable, its outcome
 * goes out as an event that is handled like any other, under the lock of the person who asked.
 */
import * as faq from '../domains/faq/index.ts'
import type { Env } from '../env.ts'
import { openLlm } from '../gateways/llm/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { NewEvent } from '../kernel/event.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Embedder, Ids, Model } from '../kernel/ports.ts'
import { sweepOverdue, timeout } from './overdue.ts'
import { openVectors } from './vectors.ts'

type Options = {
  db: Database
  model: Model
  embedder?: Embedder | undefined
  content: () => Content
  /** On whose behalf questions are asked: the accounts that this process owns. */
  accounts: readonly string[]
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  ids: Ids
  log: Log
  proposable: (content: Content) => Readonly<Record<string, readonly string[]>>
}

export type Asking = {
  /** Resolves once nothing is on its way to the model. */
  idle(): Promise<void>
  /** Takes no more questions. What is still on its way after `deadlineMs` is overdue for the next process. */
  stop(deadlineMs?: number): Promise<void>
}

/** Asks the model that the environment names; undefined where it names none, and every answer is an approved one. */
export function openAnswers(env: Env, options: Omit<Options, 'model' | 'embedder'>): Asking | undefined {
  if (env.OPENAI_API_KEY === undefined) return undefined
  const { model, embedder, close } = openLlm({
    apiKey: env.OPENAI_API_KEY,
    baseUrl: env.OPENAI_BASE_URL,
    model: env.OPENAI_MODEL,
    embeddingModel: env.OPENAI_EMBEDDING_MODEL,
    log: options.log,
    clock: options.clock,
  })
  const asking = openAsking({ ...options, model, embedder })
  return {
    ...asking,
    async stop(deadlineMs) {
      await asking.stop(deadlineMs)
      close()
    },
  }
}

export function openAsking(options: Options): Asking {
  const { db, content, accounts, clock, log, embedder } = options
  const vectorsOf = embedder && openVectors({ db, embedder, clock, log })
  // Whoever asks first finds them ready.
  vectorsOf?.(content())
  /** What waits for its turn, and what is being asked, by exchange and attempt. */
  const waiting: faq.Exchange[] = []
  const drafts: faq.DraftRequest[] = []
  const open = new Set<string>()
  let running = 0
  let drafting = 0
  let stopped = false
  const listeners: (() => void)[] = []

  const asker: faq.Asker = {
    serves: (account) => !stopped && accounts.includes(account),
    ask(exchange) {
      open.add(keyOf(exchange))
      // What is asked once more has waited already, and its deadline is the nearest.
      if (exchange.attempt > 1) waiting.unshift(exchange)
      else waiting.push(exchange)
      next()
    },
    draft(request) {
      open.add(faq.draftKeyOf(request))
      drafts.push(request)
      next()
    },
  }

  /** Questions of customers first; drafts never take more than half of the places, so that no rush of cases is in their way. */
  function next(): void {
    const { inFlight } = content().settings(faq.answersSettings)
    const mostDrafts = Math.max(1, Math.floor(inFlight / 2))
    while (!stopped && running < inFlight && waiting.length > 0) {
      const exchange = waiting.shift()!
      run(askFor(exchange), keyOf(exchange))
    }
    while (!stopped && running < inFlight && drafting < mostDrafts && drafts.length > 0) {
      const request = drafts.shift()!
      drafting += 1
      run(
        draftFor(request).finally(() => (drafting -= 1)),
        faq.draftKeyOf(request),
      )
    }
  }

  function run(asked: Promise<void>, key: string): void {
    running += 1
    void asked.finally(() => {
      running -= 1
      open.delete(key)
      next()
      if (open.size === 0) for (const listener of listeners.splice(0)) listener()
    })
  }

  async function draftFor(request: faq.DraftRequest): Promise<void> {
    try {
      const left = request.deadlineAt.getTime() - clock.now().getTime()
      // Whoever wanted them has asked for approved ones by now.
      if (left <= 0) return
      const payload = await faq.draftFor(request, left, options)
      const what = { kind: 'SliceEvent' as const, name: faq.drafted, lock: [...request.lock], payload }
      const key = faq.draftKeyOf(request)
      await options.accept({ account: '', key, at: clock.now(), what })
    } catch (error) {
      log.error({ err: error, case: request.caseId }, 'drafts could not be brought back')
    }
  }

  async function askFor(exchange: faq.Exchange): Promise<void> {
    try {
      const left = exchange.deadlineAt.getTime() - clock.now().getTime()
      const { outcome, ...told } =
        left > 0 ? await faq.askFor(exchange, left, { ...options, vectorsOf }) : { outcome: timeout, promptHash: null }
      await bringBack(exchange, { outcome, ...told })
    } catch (error) {
      // It stays open, and is closed as overdue.
      log.error({ err: error, exchange: exchange.id }, 'a question could not be taken to the model')
    }
  }

  async function bringBack(
    { id, attempt, account, talk }: faq.Exchange,
    told: Omit<faq.ModelAnswered, 'exchange' | 'attempt'>,
  ): Promise<void> {
    const payload: faq.ModelAnswered = { exchange: id, attempt, ...told }
    const what = { kind: 'SliceEvent' as const, name: faq.modelAnswered, lock: [`contact:${talk.contactId}`], payload }
    await options.accept({ account, key: `exchange:${id}:${attempt}`, at: clock.now(), what })
  }

  const idle = (): Promise<void> =>
    open.size === 0 ? Promise.resolve() : new Promise((resolve) => listeners.push(resolve))

  faq.askers.add(asker)
  const stopSweeping = sweepOverdue(options, (exchange) => open.has(keyOf(exchange)))
  return {
    idle,
    async stop(deadlineMs = 0) {
      faq.askers.delete(asker)
      stopSweeping()
      await Promise.race([idle(), new Promise<void>((late) => clock.after(deadlineMs, late))])
      stopped = true
    },
  }
}

function keyOf({ id, attempt }: Pick<faq.Exchange, 'id' | 'attempt'>): string {
  return `${id} ${attempt}`
}
