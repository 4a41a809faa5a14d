/**
 * Plays days through: the real inbox, handler, route, ticks and limits, on a clock that jumps from one thing that happens
 * to the next.
 */
import { deliverySettings, paceAllows, rehearseSends, Tally } from '../../delivery/index.ts'
import { type Drop, listDrops, nextSlotOf, settleRuns } from '../../domains/campaigns/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import type { Log } from '../../kernel/log.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import { createCampaigns } from '../campaigns.ts'
import { lent } from '../slices.ts'
import { openHouse } from '../eval/house.ts'
import { prepareAccounts, nextMoment, renewStatistics } from './moments/repo.ts'
import type { Behaviour } from './behaviour.ts'

export type Playing = {
  db: Database
  content: Content
  secrets: Secrets
  log: Log
  from: Date
  until: Date
  /** Ceilings of accounts.yaml, by account. */
  ceilings: ReadonlyMap<string, number>
  behaviour?: Behaviour | undefined
  /** Hears how far it is, from 0 to 1. */
  progress?: (share: number) => void
}

/** While something waits to be sent time goes on in such steps; an hour is seen in the report. */
const busyStepMs = 15 * 60_000
/** At least so often everything is looked at: for what begins by the passing of time alone. */
const idleStepMs = 60 * 60_000
/** Of the accounts as they are in the snapshot; nobody else owns them there. */
const epoch = 1

/** To the next slot on the dot; otherwise in steps, shorter ones while something leaves or waits for its moment. */
function stepFrom(
  began: number,
  { until, waits, slot, sent }: { until: Date; waits: Date | null; slot: Date | null; sent: number },
): number {
  const waited = waits === null ? idleStepMs : Math.max(busyStepMs, waits.getTime() - began)
  const steps = [sent > 0 ? busyStepMs : idleStepMs, waited, until.getTime() - began]
  if (slot) steps.push(slot.getTime() - began)
  return Math.min(...steps)
}

/** Tells the next slot of any drop; of each it is reckoned anew only once it has come, as years may be gone through for it. */
function slotsAhead(content: Content): (now: Date) => Date | null {
  const ahead = new Map<Drop, Date | null>(listDrops(content).map((drop) => [drop, new Date(0)]))
  return (now) => {
    for (const [drop, slot] of ahead) if (slot && slot <= now) ahead.set(drop, nextSlotOf(drop, content, now))
    const times = [...ahead.values()].flatMap((slot) => slot?.getTime() ?? [])
    return times.length > 0 ? new Date(Math.min(...times)) : null
  }
}

export type Played = { failures: readonly string[] }

export async function play(playing: Playing): Promise<Played> {
  const { db, content, secrets, log, from, until, progress = () => undefined } = playing
  const accounts = await prepareAccounts(db.pool, epoch, from)
  const alarms = { raise: () => undefined, clear: () => undefined, current: () => [], sent: () => Promise.resolve() }
  const house = await openHouse({
    db,
    content: () => content,
    secrets,
    log,
    account: 'rehearsal',
    realm: 'default',
    at: from,
  })
  const { clock, ids } = house
  const engine = createCampaigns({
    db,
    clock,
    ids,
    log,
    alarms,
    lent,
    content: () => content,
    accept: (event) => house.accept(event),
    settleEvery: idleStepMs,
  })
  const settings = content.settings(deliverySettings)
  const tallies = new Map(accounts.map((account) => [account, new Tally()]))
  const nextSlot = slotsAhead(content)
  let sentInAll = 0
  let renewAt = 1
  try {
    for (;;) {
      const began = clock.now().getTime()
      await engine.tick()
      await house.quiet()
      // What the tick has handed over may leave in the same breath; a full chunk asks for the next one by a job.
      await house.finish(0)
      let sent = 0
      for (const account of accounts) {
        const limit = paceAllows(settings, busyStepMs)
        const dailyCeiling = playing.ceilings.get(account)
        sent += await rehearseSends({
          ...{ db, ids, account, epoch, limit, dailyCeiling, now: clock.now(), content: () => content },
          tally: tallies.get(account)!,
        })
      }
      sentInAll += sent
      if (sentInAll >= renewAt) {
        await renewStatistics(db.pool)
        renewAt = 2 * sentInAll
      }
      await playing.behaviour?.react(house)
      progress((began - from.getTime()) / (until.getTime() - from.getTime()))
      const waits = await nextMoment(db.pool, clock.now())
      const step = stepFrom(began, { until, waits, slot: nextSlot(clock.now()), sent })
      if (step <= 0) break
      await house.pass(step)
    }
    await settleRuns(db.pool, clock.now())
    return { failures: house.failures() }
  } finally {
    await engine.stop()
    await house.close()
  }
}
