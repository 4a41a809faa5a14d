/**
 * Things to do later: a port with two implementations (law 9). In life graphile-worker keeps them in PostgreSQL, added
 * in the caller's transaction; tests and rehearsals use the virtual queue. A job that is due is accepted as the slice
 * event that it names, under a key of its own: run twice, it is still handled once.
 */
import { Logger, run, runMigrations } from 'graphile-worker'
import type pg from 'pg'
import { z } from 'zod'
import type { ScheduleEvent } from './effect.ts'
import type { NewEvent } from './event.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'
import type { BatchWrite, Queryable } from './work.ts'

type Accept = (event: NewEvent) => Promise<unknown>

export type Jobs = {
  /** Schedules in the caller's transaction. A key that waits already is moved. */
  schedule: BatchWrite<ScheduleEvent>
  /** Takes a waiting job away, in the caller's transaction; nothing happens when there is none. */
  cancel(db: Queryable, key: string): Promise<void>
  /**
   * Takes away every waiting job that is about this person alone, in the caller's transaction: it is to be handled under
   * the lock of a contact of hers, or its payload names her as its `customerId` or `contactId`.
   */
  forget(db: Queryable, whom: { customerIds: readonly string[]; contactIds: readonly string[] }): Promise<void>
  /** Begins to run what is due. */
  start(accept: Accept): Promise<void>
  stop(): Promise<void>
}

const Payload = z.object({
  name: z.string(),
  account: z.string(),
  lock: z.array(z.string()),
  payload: z.unknown(),
})

/** How often due jobs are looked for; it bounds how late a timer may be. */
const pollMs = 250

/**
 * A job holds its lock while it hands an event to the inbox, which takes moments. graphile-worker believes a lock for four
 * hours: so long what a killed process had taken would wait. A slow one that loses its lock does no harm, as the event of
 * a job that runs twice is handled once. The time is PostgreSQL's, as that of the lock is.
 */
const freeAbandoned = `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL
  WHERE locked_at < now() - interval '10 seconds'`
const freeEveryMs = 5_000

/** Its own lines say when tasks begin and end; what matters of that we log ourselves. */
const quiet = new Logger(() => () => undefined)

/** Brings graphile-worker's own schema up to date. */
export async function migrateJobs(connectionString: string): Promise<void> {
  await runMigrations({ connectionString, logger: quiet })
}

export function durableJobs({ pool, clock, log }: { pool: pg.Pool; clock: Clock; log: Log }): Jobs {
  let runner: Awaited<ReturnType<typeof run>> | undefined
  let stopFreeing = (): void => undefined

  function freeNow(): void {
    const freed = pool.query(freeAbandoned).catch((error: unknown) => log.warn({ err: error }, 'jobs not looked after'))
    let stopped = false
    let cancelTimer = (): void => undefined
    stopFreeing = () => {
      stopped = true
      cancelTimer()
    }
    void freed.then(() => {
      if (!stopped) cancelTimer = clock.after(freeEveryMs, freeNow)
    })
  }

  return {
    schedule: {
      name: 'jobs',
      order: 60,
      async run(db, rows) {
        // The last wish for a key counts; add_job would take them in any order.
        const wishes = [...new Map(rows.map((row) => [row.key, row])).values()]
        await db.query({
          name: 'jobs-schedule',
          text: `SELECT graphile_worker.add_job('slice-event', payload, run_at => at, job_key => key, max_attempts => 25)
                 FROM unnest($1::json[], $2::timestamptz[], $3::text[]) AS wish (payload, at, key)`,
          values: [
            wishes.map(({ name, account, lock, payload }) => JSON.stringify({ name, account, lock, payload })),
            wishes.map(({ at }) => at),
            wishes.map(({ key }) => key),
          ],
        })
      },
    },
    async cancel(db, key) {
      await db.query('SELECT graphile_worker.remove_job($1)', [key])
    },
    async forget(db, { customerIds, contactIds }) {
      await db.query(
        `SELECT graphile_worker.remove_job(key) FROM graphile_worker._private_jobs
         WHERE key IS NOT NULL AND ((payload -> 'lock')::jsonb ?| $1::text[]
           OR payload #>> '{payload,customerId}' = ANY($2::text[]) OR payload #>> '{payload,contactId}' = ANY($3::text[]))`,
        [contactIds.map((id) => `contact:${id}`), customerIds, contactIds],
      )
    },
    async start(accept) {
      freeNow()
      runner = await run({
        pgPool: pool,
        concurrency: 4,
        pollInterval: pollMs,
        noHandleSignals: true,
        parsedCronItems: [],
        logger: quiet,
        taskList: {
          async 'slice-event'(input, { job }) {
            const { name, account, lock, payload } = Payload.parse(input)
            const what = { kind: 'SliceEvent' as const, name, lock, payload }
            await accept({ account, key: `job:${job.id}`, at: clock.now(), what })
          },
        },
      })
      runner.events.on('job:error', ({ error, job }) =>
        log.warn({ err: error, job: job.id }, 'job will be tried again'),
      )
    },
    async stop() {
      stopFreeing()
      await runner?.stop()
      runner = undefined
    },
  }
}

/** Jobs in memory on a virtual clock, for tests and rehearsals. */
export function virtualJobs(clock: Clock): Jobs & { waiting(): ScheduleEvent[] } {
  const waiting = new Map<string, { wish: ScheduleEvent; cancel: () => void }>()
  let accept: Accept | undefined
  let count = 0
  const add = (wish: ScheduleEvent): void => {
    waiting.get(wish.key)?.cancel()
    const due = (): void => {
      waiting.delete(wish.key)
      count += 1
      const what = { kind: 'SliceEvent' as const, name: wish.name, lock: wish.lock, payload: wish.payload }
      void accept?.({ account: wish.account, key: `job:${count}`, at: clock.now(), what })
    }
    waiting.set(wish.key, { wish, cancel: clock.after(Math.max(0, wish.at.getTime() - clock.now().getTime()), due) })
  }
  return {
    schedule: {
      name: 'jobs',
      order: 60,
      run(_, rows) {
        for (const row of rows) add(row)
        return Promise.resolve()
      },
    },
    cancel(_, key) {
      waiting.get(key)?.cancel()
      waiting.delete(key)
      return Promise.resolve()
    },
    forget(_, { customerIds, contactIds }) {
      for (const [key, { wish, cancel }] of waiting) {
        const about = (wish.payload ?? {}) as { customerId?: string; contactId?: string }
        const hers = contactIds.some((id) => about.contactId === id || wish.lock.includes(`contact:${id}`))
        if (!hers && !customerIds.some((id) => about.customerId === id)) continue
        cancel()
        waiting.delete(key)
      }
      return Promise.resolve()
    },
    start(given) {
      accept = given
      return Promise.resolve()
    },
    stop() {
      for (const { cancel } of waiting.values()) cancel()
      return Promise.resolve()
    },
    waiting: () => [...waiting.values()].map(({ wish }) => wish),
  }
}
