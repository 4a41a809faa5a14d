/** A stock Wechaty bot on the wire of a simulator, as any user of Wechaty has it, that remembers what it is told. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Contact, type Message, WechatyBuilder, type Wechaty } from 'wechaty'
import { PuppetService } from 'wechaty-puppet-service'
import { silenceWechaty } from '../../src/gateways/simulator/server.ts'
import { afterFile } from './after-file.ts'
import type { SimulatorClient } from './simulator.ts'
import { until } from './until.ts'

export type StockClient = {
  bot: Wechaty
  puppet: PuppetService
  messages: Message[]
  /** Events other than messages: name, then what came with it. */
  events: [name: string, ...details: unknown[]][]
  stop(): Promise<void>
}

/**
 * The cache on disk is left out: a second client of one account in one process finds it locked by the first, and dies of
 * an error that nobody can catch.
 */
class UncachedPuppetService extends PuppetService {
  protected override hookPayloadStore(): void {}
}

let built = 0

/** Connects and waits for the login, unless `login` is false. */
export async function stockClient(
  simulator: SimulatorClient,
  { account, login = true }: { account?: string; login?: boolean } = {},
): Promise<StockClient> {
  silenceWechaty()
  built += 1
  const puppet = new UncachedPuppetService({
    endpoint: simulator.endpoint(account),
    token: simulator.token,
    tls: { disable: true },
  })
  const bot = WechatyBuilder.build({ name: `stock-${built}`, puppet })
  const messages: Message[] = []
  const events: StockClient['events'] = []
  bot.on('message', (message) => {
    messages.push(message)
  })
  bot.on('login', (user) => {
    events.push(['login', user.id])
  })
  bot.on('logout', (user) => {
    events.push(['logout', user.id])
  })
  bot.on('dong', (data) => {
    events.push(['dong', data])
  })
  bot.on('error', (error) => {
    events.push(['error', error.message])
  })
  bot.on('room-join', (room, members, inviter) => {
    events.push(['join', room.id, ids(members), inviter.id])
  })
  bot.on('room-leave', (room, members, remover) => {
    events.push(['leave', room.id, ids(members), remover?.id])
  })
  bot.on('room-topic', (room, topic, before, changer) => {
    events.push(['topic', room.id, before, topic, changer.id])
  })
  bot.on('friendship', (friendship) => {
    events.push(['friendship', friendship])
  })
  bot.on('room-invite', (invitation) => {
    events.push(['invitation', invitation])
  })
  // The stock client waits for ever for a server that is gone.
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= Promise.race([bot.stop(), delay(2_000, undefined, { ref: false })]))
  const client = { bot, puppet, messages, events, stop }
  afterFile.add(stop)
  await bot.start()
  if (login) await until(() => events.some(([name]) => name === 'login'))
  return client
}

function ids(contacts: Contact[]): string[] {
  return contacts.map((contact) => contact.id)
}
