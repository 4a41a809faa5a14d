/**
 * One account in this process: who owns it, how its line is, what the world should know of it. Turns what the gateway
 * reports into the account's row, deaf periods, alarms and log lines.
 */
import { createWechatyGateway, type WechatyGateway } from '../gateways/wechaty/index.ts'
import type { Database } from '../kernel/db.ts'
import { inWords } from '../kernel/duration.ts'
import type { NewEvent } from '../kernel/event.ts'
import type { Lease } from '../kernel/lease.ts'
import type { Log } from '../kernel/log.ts'
import type { Alarms, Clock, Ids } from '../kernel/ports.ts'
import type { AccountConfig } from './accounts.ts'
import { type AccountState, beat, closeDeafPeriods, isUnbound, openDeafPeriod, recordLogin } from './repo.ts'

export type Line = {
  config: AccountConfig
  gateway: WechatyGateway
  lease: Lease
  state(): AccountState
  deafSince(): Date | null
  /** Writes state and heartbeat, and looks whether a person has accepted another user; called every few seconds. */
  beat(): Promise<void>
}

export type LineOptions = {
  config: AccountConfig
  lease: Lease
  db: Database
  clock: Clock
  ids: Ids
  log: Log
  alarms: Alarms
  accept: (event: NewEvent) => Promise<unknown>
  /** The line can send from now on. */
  onReady: () => void
  /** Its groups and people are known from now on. */
  onReadBack: () => void
}

export function openLine({
  config,
  lease,
  db,
  clock,
  ids,
  log,
  alarms,
  accept,
  onReady,
  onReadBack,
}: LineOptions): Line {
  const account = config.name
  let state: AccountState = 'connecting'
  let deafSince: Date | null = null

  /** What is told of an account must not stop it from working; the next heartbeat says the state again. */
  const note = (writing: Promise<unknown>): void => {
    writing.catch((error: unknown) => log.warn({ err: error, account }, 'account state not stored'))
  }

  const gateway = createWechatyGateway({
    account: config,
    accept,
    clock,
    ids,
    log,
    reports: {
      connected() {
        if (state === 'offline') state = 'connecting'
      },
      deaf(since, reason) {
        deafSince = since
        state = 'offline'
        note(openDeafPeriod(db, account, since, reason))
        alarms.raise({
          key: `deaf:${account}`,
          severity: 'critical',
          code: 'deaf',
          account,
          message: `The account hears nothing since ${since.toISOString()} (${reason}). The connection is being rebuilt; look at the puppet service if this lasts.`,
        })
      },
      heardAgain(since, deafMs) {
        deafSince = null
        state = 'connecting'
        log.warn({ account, since: since.toISOString(), deafMs }, `heard nothing for ${inWords(deafMs)}`)
        note(closeDeafPeriods(db, account, clock.now()))
        alarms.clear(`deaf:${account}`)
      },
      async loggedIn({ contactId, name }) {
        const seen = await recordLogin(db, account, { id: contactId, name }, clock.now())
        if (seen.kind === 'swapped') {
          state = 'swapped'
          alarms.raise({
            key: `account-swapped:${account}`,
            severity: 'critical',
            code: 'account-swapped',
            account,
            message: `Another WeChat user is logged in than before: nothing is sent or answered. Log the right one in, or accept the new one with: zhanggui status --unbind ${account}`,
          })
          return 'freeze'
        }
        await closeDeafPeriods(db, account, clock.now())
        // Only now: whoever is told «connected» may count on what is said next being taken in.
        state = 'connected'
        alarms.clear(`account-swapped:${account}`)
        alarms.clear(`logged-out:${account}`)
        log.info({ account, first: seen.kind === 'first' }, 'logged in')
        setImmediate(onReady)
        return 'serve'
      },
      loggedOut() {
        state = 'logged-out'
        note(openDeafPeriod(db, account, clock.now(), 'logged-out'))
        alarms.raise({
          key: `logged-out:${account}`,
          severity: 'critical',
          code: 'logged-out',
          account,
          message: 'The account is logged out: nothing is heard or sent. Log it in again on the phone.',
        })
      },
      scan() {
        log.warn({ account }, 'the account waits for its QR code to be scanned')
      },
      readBack(result, ms) {
        log.info({ account, ...result, ms }, 'groups and contacts read back')
        onReadBack()
      },
    },
  })

  return {
    config,
    gateway,
    lease,
    state: () => state,
    deafSince: () => deafSince,
    async beat() {
      if (lease.epoch() === null) return
      await beat(db, account, state, clock.now())
      if (state === 'swapped' && (await isUnbound(db, account))) gateway.reconsider()
    },
  }
}
