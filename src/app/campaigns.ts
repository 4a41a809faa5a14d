/** What makes campaigns move: a tick every few seconds, in every process; what they do together is done once. */
import cron from 'node-cron'
import * as campaigns from '../domains/campaigns/index.ts'
import type { Content } from '../kernel/content.ts'
import { type Database, isConnectionLoss } from '../kernel/db.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { NewEvent } from '../kernel/event.ts'
import type { Log } from '../kernel/log.ts'
import type { Alarms, Clock, Ids } from '../kernel/ports.ts'

export type CampaignParts = {
  db: Database
  content: () => Content
  clock: Clock
  ids: Ids
  log: Log
  alarms: Alarms
  accept: (event: NewEvent) => Promise<unknown>
  /** What the slices lend to journeys. */
  lent: campaigns.Lent
  /** How often it is noted what became of sends, in milliseconds; by default at every tick. */
  settleEvery?: number
}

export type Campaigns = {
  /** One look at everything; resolves when what is due has begun, or is in the inbox. */
  tick(): Promise<void>
  stop(): Promise<void>
}

/** Ticks of one stretch of this length are one: of several processes that hand a run over the first one does. */
const stretchMs = 5_000

/** The engine, without a clock that drives it: tests and rehearsals tick themselves. */
export function createCampaigns(parts: CampaignParts): Campaigns {
  const { db, content, clock, ids, accept, settleEvery = 0 } = parts
  let settledAt = Number.NEGATIVE_INFINITY
  let freezing: Promise<void> | undefined

  async function tick(): Promise<void> {
    const now = clock.now()
    await db.transaction((tx) => campaigns.tickDrops(tx, { content: content(), now, ids }))
    // Not waited for: a million recipients take half a minute, and others are due meanwhile.
    const frozen = (freezing ??= freezeAll(parts).finally(() => (freezing = undefined)))
    await handOver()
    await campaigns.enterDue(db, content(), parts.lent, now)
    await campaigns.wakeWaiting(db, content(), parts.lent, now)
    for (const event of await campaigns.walksDue(db.pool, now)) await accept(event)
    if (now.getTime() - settledAt >= settleEvery) {
      settledAt = now.getTime()
      await campaigns.settleRuns(db.pool, now)
    }
    // What a tick begins it also hands over, where that takes no time.
    await Promise.race([frozen.then(handOver), new Promise<void>((late) => clock.after(stretchMs, late))])
  }

  async function handOver(): Promise<void> {
    const now = clock.now()
    const stretch = Math.floor(now.getTime() / stretchMs)
    for (const runId of await campaigns.listDueRuns(db.pool, now)) {
      const what = { kind: 'SliceEvent' as const, name: campaigns.handOver, lock: [`run:${runId}`], payload: { runId } }
      await accept({ account: '', key: `hand-over:${runId}:${stretch}`, at: now, what })
    }
  }

  return {
    tick,
    async stop() {
      await freezing
    },
  }
}

/** One run after the other: each fills the database as fast as it takes rows. */
async function freezeAll({ db, content, clock, ids, log, alarms }: CampaignParts): Promise<void> {
  for (const run of await campaigns.listOpenRuns(db.pool)) {
    if (run.state !== 'freezing') continue
    const key = `audience:${run.campaign}`
    try {
      const frozen = await campaigns.freeze({ db, content: content(), clock, ids }, run)
      if (frozen) log.info({ campaign: run.campaign, run: run.id }, 'audience frozen')
      alarms.clear(key)
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      log.error({ err: error, campaign: run.campaign, run: run.id }, 'audience not frozen')
      const message = `The audience of the campaign «${run.campaign}» cannot be read: ${reasonOf(error)}. It is tried again.`
      alarms.raise({ key, severity: 'warning', code: 'campaign-audience', message })
      await giveUp(db, run, clock.now(), content())
    }
  }
}

/** A run whose audience cannot be read while it may still begin is missed. */
async function giveUp(db: Database, run: campaigns.Run, now: Date, content: Content): Promise<void> {
  const late = (await campaigns.listStandings(db.pool, content)).find(({ drop }) => drop.id === run.campaign)?.drop.late
  if (now.getTime() <= run.slot.getTime() + (late ?? 0)) return
  await campaigns.moveRun(db.pool, run, 'missed', { now, reason: 'audience-failed' })
}

/** The engine in life. */
export function openCampaigns(parts: CampaignParts): Campaigns {
  const engine = createCampaigns(parts)
  let ticking: Promise<void> = Promise.resolve()
  const failed = (error: unknown): void => {
    if (isConnectionLoss(error)) parts.log.warn({ err: error }, 'campaigns wait for the database')
    else parts.log.error({ err: error }, 'the tick of campaigns failed, trying again')
  }
  const task = cron.schedule('*/5 * * * * *', () => (ticking = engine.tick().catch(failed)), {
    noOverlap: true,
    timezone: 'UTC',
  })
  return {
    tick: () => engine.tick(),
    async stop() {
      await task.stop()
      await ticking
      await engine.stop().catch(failed)
    },
  }
}
