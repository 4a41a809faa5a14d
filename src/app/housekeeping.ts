/** What must be looked at every few seconds: heartbeats, groups whose speaker is gone, the disk. */
import { statfs } from 'node:fs/promises'
import cron from 'node-cron'
import type { ContentStore } from '../content/index.ts'
import * as members from '../domains/members/index.ts'
import type { Env } from '../env.ts'
import { type Database, isConnectionLoss } from '../kernel/db.ts'
import type { Handler } from '../kernel/handle.ts'
import type { Log } from '../kernel/log.ts'
import type { Alarms, Clock } from '../kernel/ports.ts'
import { listAccounts } from './repo.ts'
import type { CaseWatch } from './case-watch.ts'
import type { Line } from './line.ts'
import type { Upkeep } from './upkeep.ts'

export type Housekeeping = { stop(): Promise<void> }

type Options = {
  env: Env
  db: Database
  lines: readonly Line[]
  handler: Handler
  alarms: Alarms
  content: ContentStore
  clock: Clock
  log: Log
  upkeep: Upkeep
  cases: CaseWatch
}

/** When a brand's customers sleep, in its zone. */
const nightly = '10 4 * * *'
const firstDailyMs = 60_000

/** Less free space than this is an alarm: PostgreSQL stops when there is none. */
const freeBytesAtLeast = 500 * 1024 * 1024

export function openHousekeeping(options: Options): Housekeeping {
  const { db, lines, handler, alarms, content, clock, log, upkeep, cases } = options

  const startedAt = clock.now().getTime()

  async function tick(): Promise<void> {
    await lookAtDisk(options)
    try {
      // A line that lost its account to the outage writes no heartbeat, so the question is asked in any case.
      await db.pool.query('SELECT 1')
      await Promise.all(lines.map((line) => line.beat()))
      await failover()
      await cases.look()
      await upkeep.often()
      alarms.clear('database')
    } catch (error) {
      if (!isConnectionLoss(error)) throw error
      alarms.raise({
        key: 'database',
        severity: 'critical',
        code: 'database',
        message: 'The database does not answer; what is heard waits in memory, nothing is sent.',
      })
    }
  }

  /** Law 1: a group whose speaker is gone gets another account of ours, which answers what was missed. */
  async function failover(): Promise<void> {
    const { speakerFailover: failoverMs } = content.current().settings(members.membersSettings)
    const { staleness: stalenessMs } = content.current().settings(members.conversationSettings)
    // Right after a start the others' heartbeats may be old only because the database was away.
    if (clock.now().getTime() - startedAt < failoverMs) return
    const order = (await listAccounts(db)).map(({ name }) => name)
    const { moved, reopened } = await db.transaction((tx) =>
      members.moveSpeakers(tx, { now: clock.now(), failoverMs, stalenessMs, order }),
    )
    for (const move of moved) log.warn({ ...move }, 'another account speaks in the group now')
    if (reopened.length > 0) await handler.reopen(reopened)
  }

  const failed = (error: unknown): void => log.error({ err: error }, 'housekeeping failed')
  // An adviser who is taken from the roster is out at once, and her customers are not left waiting for the next tick.
  const unwatch = content.onChange(() => void cases.look().catch(failed))
  const ticks = cron.schedule('*/5 * * * * *', () => tick().catch(failed), { noOverlap: true, timezone: 'UTC' })
  const night = { noOverlap: true, timezone: content.current().zone }
  const days = cron.schedule(nightly, () => upkeep.daily().catch(failed), night)
  // A process that is never up at night has its day's work done, too.
  const cancelFirst = clock.after(firstDailyMs, () => void upkeep.daily().catch(failed))
  return {
    async stop() {
      cancelFirst()
      unwatch()
      await Promise.all([ticks.stop(), days.stop()])
    },
  }
}

async function lookAtDisk({ env, alarms, log }: Options): Promise<void> {
  try {
    const { bavail, bsize } = await statfs(env.DATA_DIR)
    const free = bavail * bsize
    if (free >= freeBytesAtLeast) alarms.clear('disk')
    else {
      const message = `Only ${Math.round(free / 1024 / 1024)} MB are free where the data lives (${env.DATA_DIR}). Make room before the database stops.`
      alarms.raise({ key: 'disk', severity: 'critical', code: 'disk', message })
    }
  } catch (error) {
    log.debug({ err: error }, 'disk not looked at') // there is no data folder when the database is elsewhere
  }
}
