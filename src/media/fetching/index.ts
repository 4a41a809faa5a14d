/**
 * Files of messages, got from the platform when somebody needs them: `FetchMedia` is a row until its file is kept or
 * cannot be had, and then the slice event that was asked for. No network call inside a transaction.
 *
 * A process that dies in between leaves the row: the file is fetched again, and the event is known by its key.
 */
import type { NewEvent } from '../../kernel/event.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, FetchOutcome, Gateway } from '../../kernel/ports.ts'
import type { Slice } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'
import { mimeOf, storeMedia } from '../index.ts'
import { dropWanted, forgetFiles, listFiles, listWanted, putOff, type Wanted, wantFiles } from './repo.ts'
import type { Fetched } from './schema.ts'

/** Files under way at once for an account; a large one must not keep all others waiting. */
const atOnce = 3
const deadlineMs = 120_000
const retryMs = 2_000
const pollMs = 1_000

/** Woken by commits; a slow poll finds what another process wrote. */
const sleepers = new Set<() => void>()

export const slice: Slice = {
  name: 'media',
  applies: {
    FetchMedia(effect, { work }) {
      work.write(wantFiles, { ...effect, askedAt: work.now })
      work.afterCommit(() => {
        for (const wake of sleepers) wake()
      })
    },
  },
  rights: {
    // Files are found by messages, which members move.
    onMerge: async () => undefined,
    onUnlink: async () => undefined,
    forget: (db, customerId) => forgetFiles(db, customerId),
    async exportOf(db, customerId) {
      return { files: await listFiles(db, customerId) }
    },
  },
}

type FetchingOptions = {
  db: Queryable
  gateways: readonly Gateway[]
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  log: Log
}

/** Fetches for as long as the process runs. `stop` lets go of what is under way: it is fetched again. */
export function openFetching(options: FetchingOptions): { stop(): void } {
  const stops = options.gateways.map((gateway) => follow(gateway, options))
  return {
    stop() {
      for (const stop of stops) stop()
    },
  }
}

function follow(gateway: Gateway, on: FetchingOptions): () => void {
  const { db, clock, log } = on
  const busy = new Set<string>()
  let stopped = false
  let looking = false
  let again = false
  let cancelTimer = clock.after(pollMs, wake)

  function wake(): void {
    again = true
    if (!looking && !stopped) void look()
  }

  async function look(): Promise<void> {
    looking = true
    cancelTimer()
    while (again && !stopped) {
      again = false
      try {
        await begin()
      } catch (error) {
        log.warn({ err: error, account: gateway.account }, 'files that are wanted cannot be read')
      }
    }
    looking = false
    if (!stopped) cancelTimer = clock.after(pollMs, wake)
  }

  async function begin(): Promise<void> {
    if (!gateway.isReady() || busy.size >= atOnce) return
    const asked = { account: gateway.account, busy: [...busy], now: clock.now(), limit: atOnce - busy.size }
    for (const wanted of await listWanted(db, asked)) {
      busy.add(wanted.key)
      void fetchOne(wanted, gateway, on).finally(() => {
        busy.delete(wanted.key)
        wake()
      })
    }
  }

  sleepers.add(wake)
  return () => {
    stopped = true
    sleepers.delete(wake)
    cancelTimer()
  }
}

/** Never rejects: what fails on our side is tried again. */
async function fetchOne(wanted: Wanted, gateway: Gateway, { db, accept, clock, log }: FetchingOptions): Promise<void> {
  const { key, account, messageId, maxBytes, then } = wanted
  try {
    const outcome = (await gateway.fetchFile?.(messageId, maxBytes, deadlineMs)) ?? { kind: 'gone' }
    const now = clock.now()
    if (outcome.kind === 'unreachable' && now < wanted.giveUpAt) {
      await putOff(db, key, new Date(now.getTime() + retryMs))
      return
    }
    const payload = { ...then.payload, fetched: await keep(outcome, wanted, db, now) }
    const what = { kind: 'SliceEvent' as const, name: then.name, lock: then.lock, payload }
    await accept({ account, key: `media:${key}`, at: now, what })
    await dropWanted(db, key)
  } catch (error) {
    log.warn({ err: error, account }, 'a file was not kept, trying again')
    await new Promise<void>((rested) => clock.after(retryMs, rested))
  }
}

async function keep(outcome: FetchOutcome, { keepUntil }: Wanted, db: Queryable, now: Date): Promise<Fetched> {
  if (outcome.kind === 'too-large') return { kind: 'too-large' }
  if (outcome.kind !== 'fetched') return { kind: 'lost' }
  const { bytes, filename } = outcome.file
  const mime = mimeOf(bytes)
  return { kind: 'kept', mediaId: await storeMedia(db, bytes, mime, now, keepUntil), filename, mime }
}
