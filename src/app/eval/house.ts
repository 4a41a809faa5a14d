/**
 * The whole bot without a platform, on a clock that stands still: the real inbox, handler, route and tables. Nothing
 * leaves the outbox. One for each case, so that each begins at its own time.
 */
import * as faq from '../../domains/faq/index.ts'
import { concealed } from '../../domains/members/index.ts'
import { createInbox } from '../../kernel/accept.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { reasonOf } from '../../kernel/errors.ts'
import type { NewEvent } from '../../kernel/event.ts'
import { createHandler } from '../../kernel/handle.ts'
import { systemIds } from '../../kernel/ids.ts'
import { virtualJobs } from '../../kernel/jobs.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import { settle, virtualClock } from '../../kernel/virtual-clock.ts'
import { createRoute } from '../route.ts'
import { slices } from '../slices.ts'

export type HouseOptions = {
  db: Database
  content: () => Content
  secrets: Secrets
  log: Log
  /** Our account; whatever is written under it is this house's. */
  account: string
  /** When it begins. */
  at: Date
  /** Whose contacts ours are; by default nobody's but the house's. */
  realm?: string
  /** Undefined: approved answers, word for word. */
  openAsking?: OpenAsking | undefined
}

/** Begins to take questions to a model. */
export type OpenAsking = (on: {
  accounts: readonly string[]
  content: () => Content
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  ids: Ids
}) => { idle(): Promise<void>; stop(): Promise<void> }

export type House = {
  clock: Clock
  ids: Ids
  /** Takes an event in. */
  accept(event: NewEvent): Promise<unknown>
  /** From here on ids and chance depend on `name` and on what comes after this alone, not on what was before. */
  countAnew: (name: string) => void
  /** Resolves once nothing is under way, at this moment of the clock. */
  quiet(): Promise<void>
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  /** Lets time pass until no job waits that is due within `ms`. */
  finish(ms: number): Promise<void>
  /** Events that could not be handled. */
  failures(): readonly string[]
  close(): Promise<void>
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { db, content, secrets, log, account } = options
  const clock = virtualClock(options.at)
  const { ids, countAnew } = repeatable(systemIds(clock), account)
  const jobs = virtualJobs(clock)
  const failures: string[] = []
  const route = createRoute({
    ...{ content, ids, jobs, secrets, slices },
    realmOf: () => options.realm ?? account,
    echoesOf: () => false,
  })
  const onFailed = (_: unknown, error: unknown): number => failures.push(reasonOf(error))
  const handler = createHandler({ db, route, clock, log, onFailed })
  const inbox = createInbox({ db, clock, log, onAccepted: (event) => handler.push(event) })
  const accept = (event: NewEvent) => inbox.accept(concealed(event, secrets))
  const asking = options.openAsking?.({ accounts: [account], content, accept, clock, ids })
  await jobs.start(accept)
  faq.prepare(content())

  async function quiet(): Promise<void> {
    do {
      await settle()
      await inbox.drained()
      await handler.idle()
      await asking?.idle()
      await settle()
    } while (inbox.waiting() > 0 || handler.lag().open > 0)
  }
  const pass = (ms: number): Promise<void> => clock.advance(ms, quiet)

  async function finish(ms: number): Promise<void> {
    const end = clock.now().getTime() + ms
    for (;;) {
      const next = Math.min(...jobs.waiting().map(({ at }) => at.getTime()))
      if (!(next <= end)) return
      await pass(Math.max(0, next - clock.now().getTime()))
    }
  }

  return {
    ...{ clock, ids, accept, countAnew, quiet, pass, finish },
    failures: () => failures,
    async close() {
      await asking?.stop()
      await jobs.stop()
      await quiet()
      await handler.stop()
    },
  }
}

/** Ids and chance that are the same in every run, so that the same wordings are picked. */
function repeatable(ids: Ids, account: string): Pick<House, 'ids' | 'countAnew'> {
  let words = ['eval', account]
  let count = 0
  const next = (): string => ids.derived(...words, String((count += 1)))
  return {
    ids: { ...ids, fresh: next, random: () => Number.parseInt(next().slice(0, 8), 16) / 2 ** 32 },
    countAnew(name) {
      words = ['eval', account, name]
      count = 0
    },
  }
}
