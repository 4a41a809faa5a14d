/** The one door out: a loop per account, and what looks after rows that nobody moves. */
import type { Database } from '../kernel/db.ts'
import type { Message, Place } from '../kernel/event.ts'
import type { Gateway } from '../kernel/ports.ts'
import type { WayOut } from './apply.ts'
import { waysOut } from './apply.ts'
import { Stops } from './batches/index.ts'
import { limit } from './limits/index.ts'
import { Recalls, type Scheduler } from './recall/index.ts'
import { type Follower, nobodyFollows } from './record/index.ts'
import type { LoopParts } from './loop.ts'
import { AccountLoop } from './loop.ts'
import { deliverySettings } from './schema.ts'
import { expire, giveUpUnknown } from './settle/index.ts'
import { countUnsettled } from './settle/repo.ts'

const lookAfterEveryMs = 5_000

export type DeliveryOptions = Omit<
  LoopParts,
  'gateway' | 'epoch' | 'checkpoint' | 'dailyCeiling' | 'onEnded' | 'follower'
> & {
  db: Database
  gateways: readonly Gateway[]
  /** The epoch under which this process owns the account, null while it does not. */
  epochOf: (account: string) => number | null
  /** The daily ceiling of an account for what nobody asked for, where it has one. */
  dailyCeilingOf?: (account: string) => number | undefined
  /** Quiet hours, caps and all else in limits/, for what nobody asked for; others for tests. */
  checkpoint?: LoopParts['checkpoint']
  /** Hears what became of the sends that it follows. */
  follower?: Follower
  /** Schedules what follows from recalls, in the transaction that ends them. */
  schedule?: Scheduler
  /** For counting: every claimed row, after its ending is committed. */
  onEnded?: LoopParts['onEnded']
}

export type Delivery = {
  /** Something is to be sent, the account became ready, or was taken: look now. Without a name: all accounts. */
  wake(account?: string): void
  /**
   * Whether our own message that an account saw is the echo of a send of this process that is on its way or has just
   * been sent. Then that send knows of it, and the event needs no row of its own; otherwise it goes the road of events.
   */
  recognises(account: string, place: Place, message: Message): boolean
  /** Claims nothing more and waits for what is on its way, `deadlineMs` at most; the rest is found as `unknown` later. */
  stop(deadlineMs: number): Promise<void>
}

export function openDelivery(options: DeliveryOptions): Delivery {
  const { gateways, epochOf, clock, log, db, content, alarms, openCase, follower = nobodyFollows } = options
  const loops = new Map(
    gateways.map((gateway) => [
      gateway.account,
      new AccountLoop({
        ...options,
        gateway,
        epoch: () => epochOf(gateway.account),
        dailyCeiling: options.dailyCeilingOf?.(gateway.account),
        checkpoint: options.checkpoint ?? limit,
        follower,
        onEnded: options.onEnded ?? (() => undefined),
      }),
    ]),
  )
  const schedule = options.schedule ?? (() => Promise.resolve())
  const recalls = gateways.map(
    (gateway) => new Recalls({ gateway, db, clock, log, epoch: () => epochOf(gateway.account), schedule }),
  )
  const recall = (): void => {
    for (const each of recalls) each.wake()
  }
  const stops = new Stops({ db, clock, log, follower })
  let stopped = false
  let lookingAfter: Promise<void> = Promise.resolve()
  let cancelTimer = (): void => undefined

  async function lookAfter(): Promise<void> {
    const now = clock.now()
    try {
      await db.transaction((tx) => expire(tx, now, openCase, follower))
      const { unknownAfter } = content().settings(deliverySettings)
      await db.transaction((tx) => giveUpUnknown(tx, now, unknownAfter, openCase, follower))
      await stops.wake()
      raiseUnknown(await countUnsettled(db.pool))
    } catch (error) {
      log.warn({ err: error }, 'outbox not looked after, trying again')
    }
    if (!stopped) cancelTimer = clock.after(lookAfterEveryMs, startLooking)
  }

  function startLooking(): void {
    lookingAfter = lookAfter()
  }

  function raiseUnknown(unsettled: Map<string, number>): void {
    for (const account of loops.keys()) {
      const key = `unknown-sends:${account}`
      const count = unsettled.get(account)
      if (!count) alarms.clear(key)
      else
        alarms.raise({
          key,
          severity: 'warning',
          code: 'unknown-sends',
          account,
          message: 'Nobody can say whether some messages were sent. See them with: zhanggui outbox --state unknown',
          details: { count },
        })
    }
  }

  function wake(account?: string, threadId?: string): void {
    if (account === undefined) for (const loop of loops.values()) loop.wake()
    else loops.get(account)?.wake(threadId)
  }

  const wayOut: WayOut = {
    reserve: (account, threadId, key) => loops.get(account)?.reserve(threadId, key),
    wake,
    recall,
    release: () => wake(),
    stopBatches: () => void stops.wake(),
  }
  startLooking()
  recall()
  waysOut.add(wayOut)
  wake()
  return {
    wake,
    recognises: (account, place, message) => loops.get(account)?.echoes.recognises(place, message) ?? false,
    async stop(deadlineMs) {
      stopped = true
      waysOut.delete(wayOut)
      cancelTimer()
      const recalled = Promise.all(recalls.map((each) => each.stop()))
      const late = new Promise<void>((resolve) => clock.after(deadlineMs, resolve))
      const sent = [...loops.values()].map((loop) => loop.stop(deadlineMs))
      await Promise.all([lookingAfter, stops.stop(), Promise.race([recalled, late]), ...sent])
    },
  }
}
