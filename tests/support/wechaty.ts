/** The gateway of one account on the wire of a simulator, and everything that it told. */
import {
  createWechatyGateway,
  type Login,
  type WechatyGateway,
  type WechatySettings,
} from '../../src/gateways/wechaty/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Recipient } from '../../src/kernel/effect.ts'
import type { Happening, HappeningOf, NewEvent } from '../../src/kernel/event.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { afterFile } from './after-file.ts'
import type { SimulatorClient } from './simulator.ts'
import { until } from './until.ts'

export type GatewayUnderTest = {
  gateway: WechatyGateway
  /** What was accepted, in order; a key that comes again is left out, as the inbox does. */
  accepted: NewEvent[]
  logins: Login[]
  logouts: string[]
  deaf: { since: Date; reason: string }[]
  heardAgain: { since: Date; deafMs: number }[]
  connections: number
  readBacks: number
  of<K extends Happening['kind']>(kind: K): HappeningOf<K>[]
  /** The texts that were received, in order. */
  texts(): string[]
}

type Options = {
  account?: string
  settings?: Partial<WechatySettings>
  accept?: (event: NewEvent) => Promise<unknown>
  judge?: (login: Login) => 'serve' | 'freeze'
  /** Wait until it is ready; default true. */
  ready?: boolean
}

/** Impatient enough for tests, and never so impatient that a busy machine looks deaf. */
export const quick: Partial<WechatySettings> = {
  pingEvery: 300,
  pingTimeout: 2_000,
  firstPause: 50,
  lastPause: 500,
  closeTimeout: 2_000,
  readBack: { concurrency: 4, pause: 0, page: 100 },
}

export async function gatewayOn(simulator: SimulatorClient, options: Options = {}): Promise<GatewayUnderTest> {
  const seen = new Set<string>()
  const told: Omit<GatewayUnderTest, 'gateway'> = {
    accepted: [],
    logins: [],
    logouts: [],
    deaf: [],
    heardAgain: [],
    connections: 0,
    readBacks: 0,
    of: <K extends Happening['kind']>(kind: K) =>
      told.accepted.flatMap(({ what }) => (what.kind === kind ? [what as HappeningOf<K>] : [])),
    texts: () => told.of('MessageReceived').map(({ message }) => message.text),
  }
  const gateway = createWechatyGateway({
    account: {
      name: options.account ?? 'main',
      token: simulator.token,
      endpoint: simulator.endpoint(options.account),
      tls: false,
      echoes: true,
    },
    async accept(event) {
      await options.accept?.(event)
      if (seen.has(event.key)) return
      seen.add(event.key)
      told.accepted.push(event)
    },
    clock: systemClock,
    ids: systemIds(systemClock),
    log: silentLog,
    settings: { ...quick, ...options.settings },
    reports: {
      connected: () => (told.connections += 1),
      deaf: (since, reason) => told.deaf.push({ since, reason }),
      heardAgain: (since, deafMs) => told.heardAgain.push({ since, deafMs }),
      async loggedIn(login) {
        told.logins.push(login)
        return options.judge?.(login) ?? 'serve'
      },
      loggedOut: (contactId) => told.logouts.push(contactId),
      scan: () => {},
      readBack: () => (told.readBacks += 1),
    },
  })
  afterFile.add(() => gateway.stop(5_000))
  gateway.start()
  if (options.ready !== false) await until(() => gateway.isReady())
  return Object.assign(told, { gateway })
}

export function direct(contactId: string): Recipient {
  return { kind: 'direct', account: 'main', contactId, threadId: `thread-${contactId}`, customerId: null }
}

export function group(roomId: string): Recipient {
  return { kind: 'group', account: 'main', roomId, threadId: `thread-${roomId}` }
}
