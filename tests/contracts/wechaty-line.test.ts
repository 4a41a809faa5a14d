import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PuppetServer } from 'wechaty-puppet-service'
import { SimulatorPuppet } from '../../src/gateways/simulator/puppet.ts'
import { freePort } from '../../src/gateways/simulator/server.ts'
import { type Connection, openConnection } from '../../src/gateways/wechaty/connection.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { SimulatorProcess, startSimulator, temporaryHome } from '../support/simulator.ts'
import { until } from '../support/until.ts'
import { direct, gatewayOn, group, quick } from '../support/wechaty.ts'

const deafEars = {
  up: () => {},
  login: () => {},
  logout: () => {},
  scan: () => {},
  message: () => {},
  friendship: () => {},
  invitation: () => {},
  joined: () => {},
  left: () => {},
  topic: () => {},
  dirty: () => {},
}

const processListeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)

test('after the server is killed and started again the bot hears and speaks again, and says how long it was deaf', async () => {
  const simulator = await SimulatorProcess.start()
  const bot = await gatewayOn(simulator)
  await until(() => bot.readBacks === 1)
  await simulator.kill9()
  await until(() => bot.deaf.length === 1)
  expect(bot.gateway.isReady()).toBe(false)
  await simulator.restart()
  await until(() => bot.gateway.isReady(), { within: 30_000 })
  await until(() => bot.heardAgain.length === 1)
  const [period] = bot.heardAgain
  expect(period?.since).toEqual(bot.deaf[0]?.since)
  expect(period?.deafMs).toBeGreaterThan(0)
  await simulator.say('customer-lin', '还在吗')
  await until(() => bot.texts().includes('还在吗'))
  expect((await bot.gateway.send(direct('customer-lin'), { type: 'text', text: '在' }, 5_000)).kind).toBe('sent')
  await until(() => bot.readBacks === 2)
})

test('a stream that is cut while the process lives is noticed, and the fresh one hears', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator)
  await simulator.act('cutStream', {})
  await until(() => bot.heardAgain.length === 1)
  expect(bot.deaf[0]?.reason).toContain('stream')
  await until(() => bot.gateway.isReady())
  await simulator.say('customer-lin', '一')
  await until(() => bot.texts().includes('一'))
})

test('a stream that stays open and says nothing is noticed by the ping', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator, { settings: { pingTimeout: 400 } })
  await simulator.act('setManners', { deaf: true })
  await until(() => bot.deaf.length === 1)
  expect(bot.deaf[0]?.reason).toBe('ping-unanswered')
  await simulator.act('setManners', { deaf: false })
  await until(() => bot.heardAgain.length === 1)
  await until(() => bot.gateway.isReady())
})

test('a stream that the server holds on to for somebody who is gone is taken away', async () => {
  const simulator = await startSimulator()
  const address = { token: simulator.token, endpoint: simulator.endpoint(), tls: false }
  const gone = openConnection(address, systemClock, deafEars)
  await gone.start()
  const bot = await gatewayOn(simulator, { ready: false, settings: { pingTimeout: 400 } })
  await until(() => bot.deaf.length === 1)
  await until(() => bot.connections === 1)
  await gone.close(1_000)
})

test('a server that is frozen is noticed, and heard again when it goes on', async () => {
  const simulator = await SimulatorProcess.start()
  const bot = await gatewayOn(simulator, { settings: { pingTimeout: 500, startTimeout: 1_000, closeTimeout: 300 } })
  simulator.freeze()
  await until(() => bot.deaf.length === 1)
  simulator.resume()
  await until(() => bot.heardAgain.length >= 1, { within: 30_000 })
  await until(() => bot.gateway.isReady())
  await simulator.say('customer-lin', '醒了吗')
  await until(() => bot.texts().includes('醒了吗'))
}, 40_000)

test('fifty dropped connections leave no listeners behind and one live stream', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator, { settings: { firstPause: 1, lastPause: 5 } })
  await until(() => bot.connections === 1)
  const before = processListeners()
  for (let drop = 1; drop <= 50; drop++) {
    await simulator.act('cutStream', {})
    await until(() => bot.connections > drop && bot.gateway.isReady(), { every: 2, what: `connection ${drop + 1}` })
  }
  expect(processListeners()).toBe(before)
  expect(simulator.simulator.server().streams).toBe(1)
  await simulator.say('customer-lin', '听见')
  await until(() => bot.texts().length === 1)
}, 60_000)

test('each attempt holds as many listeners as the first, and lets go of all but its guards against errors', async () => {
  const simulator = await startSimulator()
  const address = { token: simulator.token, endpoint: simulator.endpoint(), tls: false }
  const counts: number[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const connection: Connection = openConnection(address, systemClock, deafEars)
    await connection.start()
    expect(await connection.ping('x', 5_000)).toBe('heard')
    counts.push(connection.listeners())
    await connection.close(5_000)
    expect(connection.listeners()).toBe(2)
  }
  expect(new Set(counts).size).toBe(1)
})

test('a bot started before anybody is logged in waits, and serves from the login on', async () => {
  const simulator = await startSimulator({ loggedIn: false })
  const bot = await gatewayOn(simulator, { ready: false })
  await until(() => bot.connections === 1)
  expect(bot.gateway.isReady()).toBe(false)
  await simulator.act('burst', { from: 'customer-lin', texts: ['早', '有人吗'] })
  await until(() => bot.gateway.depth() === 2)
  expect(bot.texts()).toEqual([])
  await simulator.act('login', {})
  await until(() => bot.gateway.isReady())
  await until(() => bot.texts().length === 2)
  expect(bot.texts()).toEqual(['早', '有人吗'])
  expect(bot.logins).toEqual([{ contactId: 'account-xiaoyu', name: '小屿', previous: null }])
  expect(bot.deaf).toEqual([])
})

test('when another user logs in it is reported, and nothing of theirs is read or sent', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator, {
    judge: ({ contactId }) => (contactId === 'account-xiaoyu' ? 'serve' : 'freeze'),
  })
  await simulator.act('login', { as: 'staff-he' })
  await until(() => bot.logins.length === 2)
  expect(bot.logouts).toEqual(['account-xiaoyu'])
  expect(bot.logins[1]).toEqual({ contactId: 'staff-he', name: '何川', previous: 'account-xiaoyu' })
  await simulator.say('customer-lin', '私事')
  await simulator.act('typeOnPhone', { to: 'customer-lin', text: '私事' })
  expect(bot.gateway.isReady()).toBe(false)
  expect(await bot.gateway.send(direct('customer-lin'), { type: 'text', text: '一' }, 1_000)).toMatchObject({
    kind: 'refused',
  })
  // Still logged in: the stock client would have answered the logout with one of its own.
  expect((await simulator.state()).accounts[0]).toMatchObject({ contactId: 'staff-he', loggedIn: true })
  await simulator.act('login', { as: 'account-xiaoyu' })
  await until(() => bot.gateway.isReady())
  await simulator.say('customer-lin', '公事')
  await until(() => bot.texts().length === 1)
  expect(bot.texts()).toEqual(['公事'])
  expect(bot.deaf).toEqual([])
})

test('a server with TLS lets the bot in by its token alone, and a wrong token is told as such', async () => {
  const { simulator } = await startSimulator()
  const token = 'insecure_tls'
  const endpoint = `127.0.0.1:${await freePort()}`
  const puppet = new SimulatorPuppet(simulator.account(), systemClock)
  const server = new PuppetServer({ endpoint, token, puppet })
  await puppet.start()
  await server.start()
  const connect = async (as: string) => {
    const connection: Connection = openConnection({ token: as, endpoint, tls: true }, systemClock, deafEars)
    const started = await connection.start().then(
      () => 'started',
      () => connection.line.refusal,
    )
    await connection.close(1_000)
    return started
  }
  expect(await connect(token)).toBe('started')
  expect(await connect('insecure_wrong')).toBe(16)
  await server.stop()
  await puppet.stop()
})

test('an error that the platform reports rebuilds nothing', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator)
  await simulator.plan('refuse', { times: 3 })
  for (let time = 0; time < 3; time++) {
    await bot.gateway.send(group('room-care-1'), { type: 'text', text: '一' }, 1_000)
  }
  await simulator.act('join', { room: 'room-care-1', contacts: ['customer-xu'] })
  await until(() => bot.of('MemberJoined').length === 1)
  expect(bot.connections).toBe(1)
  expect(bot.deaf).toEqual([])
})

test('nothing of anybody is written under the home folder', async () => {
  const undo = temporaryHome()
  const home = process.env.HOME ?? ''
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator)
  await simulator.say('customer-lin', '一', { room: 'room-care-1', mention: ['main'] })
  await until(() => bot.texts().length === 1 && bot.readBacks === 1)
  expect(existsSync(join(home, '.wechaty'))).toBe(false)
  await bot.gateway.stop(5_000)
  undo()
})

test('stopping takes what is under way with it, and is over at its deadline', async () => {
  const simulator = await startSimulator()
  const bot = await gatewayOn(simulator, { settings: quick })
  await simulator.act('burst', { from: 'customer-lin', texts: ['一', '二', '三'] })
  await until(() => bot.gateway.depth() > 0 || bot.texts().length > 0)
  const from = performance.now()
  await bot.gateway.stop(4_000)
  expect(performance.now() - from).toBeLessThan(15_000)
  expect(bot.texts()).toEqual(['一', '二', '三'])
  await until(() => simulator.simulator.server().streams === 0)
})
