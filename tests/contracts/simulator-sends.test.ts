import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileBox } from 'file-box'
import { types } from 'wechaty-puppet'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { reasonOf } from '../../src/kernel/errors.ts'
import { readJournal } from '../../src/gateways/simulator/journal.ts'
import { type InProcessSimulator, startSimulator, temporaryHome } from '../support/simulator.ts'
import { type StockClient, stockClient } from '../support/stock-client.ts'
import { until } from '../support/until.ts'

const journalFile = join(mkdtempSync(join(tmpdir(), 'zhanggui-journal-')), 'journal.jsonl')
let simulator: InProcessSimulator
let client: StockClient
const removeHome = temporaryHome()

beforeAll(async () => {
  simulator = await startSimulator({ accounts: ['bot1', 'bot2'], journal: journalFile })
  client = await stockClient(simulator, { account: 'bot1' })
})
afterEach(async () => {
  await simulator.act('clearFaults', {})
  await simulator.act('setManners', { echo: true, dong: true, deaf: false, repeat: 1 })
})
afterAll(removeHome)

const sends = (to: string) => simulator.sends({ to })
const outcome = (call: Promise<unknown>) => call.then(() => 'sent', reasonOf)

test('each send is in the journal file when its call returns', async () => {
  const id = await client.puppet.messageSendText('room-care-1', '@陈晨\u2005好的', ['customer-chen'])
  const line = readFileSync(journalFile, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  expect(JSON.parse(line)).toMatchObject({
    account: 'bot1',
    type: 'text',
    to: 'room-care-1',
    text: '@陈晨\u2005好的',
    mentionIds: ['customer-chen'],
    messageId: id,
  })
  expect(readJournal(journalFile)).toEqual(await simulator.journal())
})

test.each([
  ['photo.jpg', 'image'],
  ['clip.mp4', 'video'],
  ['voice.mp3', 'audio'],
  ['price.pdf', 'attachment'],
])('%s is sent as a message of type %s, whole', async (filename, type) => {
  const bytes = Buffer.alloc(300_000, filename)
  await client.puppet.messageSendFile('customer-sun', FileBox.fromBuffer(bytes, filename))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect((await sends('customer-sun')).at(-1)).toMatchObject({ type, filename, bytes: bytes.length, sha256 })
})

test('links, cards, contacts and forwarded messages are recorded as they came', async () => {
  const link = { title: 't', url: 'https://example.com', description: 'd', thumbnailUrl: 'https://example.com/i.png' }
  await client.puppet.messageSendUrl('customer-liu', link)
  const card = { appid: 'wx1', title: 'c', pagePath: 'p', username: 'gh', thumbUrl: 'u', thumbKey: 'k' }
  await client.puppet.messageSendMiniProgram('customer-liu', card)
  await client.puppet.messageSendContact('customer-liu', 'staff-zhou')
  await client.puppet.messageForward('customer-liu', await simulator.say('customer-lin', '转给她'))
  expect(await sends('customer-liu')).toMatchObject([
    { type: 'url', details: link },
    { type: 'miniProgram', details: card },
    { type: 'contact', details: { contactId: 'staff-zhou' } },
    { type: 'text', text: '转给她' },
  ])
})

test('with echo on the account sees its own send, without it never does', async () => {
  const echoed = await client.puppet.messageSendText('customer-lin', '有回声')
  const echo = await until(() => client.messages.find((message) => message.id === echoed))
  expect(echo.self()).toBe(true)
  expect(echo.listener()?.id).toBe('customer-lin')

  await simulator.act('setManners', { echo: false })
  const silent = await client.puppet.messageSendText('customer-lin', '没有回声')
  const after = await simulator.say('customer-lin', '之后')
  await until(() => client.messages.some((message) => message.id === after))
  expect(client.messages.map((message) => message.id)).not.toContain(silent)
})

test('what a human types on the phone is a message from ourselves that nobody sent', async () => {
  const before = (await simulator.journal()).length
  const { messageId } = await simulator.act('typeOnPhone', { to: 'customer-lin', text: '我来答' })
  const message = await until(() => client.messages.find((each) => each.id === messageId))
  expect(message.self()).toBe(true)
  expect((await simulator.journal()).length).toBe(before)
})

test('the other account in the group sees the same message under the same id', async () => {
  const other = await stockClient(simulator, { account: 'bot2' })
  const asked = await simulator.say('customer-chen', '都看到了吗', { room: 'room-care-1' })
  const answered = await client.puppet.messageSendText('room-care-1', '看到了')
  for (const id of [asked, answered]) await until(() => other.messages.some((message) => message.id === id))
  expect(other.messages.find((message) => message.id === answered)?.self()).toBe(false)
  await other.stop()
})

test('a recall by the bot is told to the others and recorded', async () => {
  const id = (await client.puppet.messageSendText('room-care-1', '说错了')) ?? ''
  expect(await client.puppet.messageRecall(id)).toBe(true)
  expect((await simulator.journal()).at(-1)).toMatchObject({ type: 'recall', to: id })
  await until(() => client.messages.some((m) => m.type() === types.Message.Recalled && m.text() === id))
})

test('a throttled or refused send is not executed', async () => {
  const before = (await simulator.journal()).length
  await simulator.plan('throttle', { times: 1 })
  await simulator.plan('refuse', { times: 1, reason: '你已不是对方好友' })
  expect(await outcome(client.puppet.messageSendText('customer-xu', '一'))).toContain('20001 too frequent')
  expect(await outcome(client.puppet.messageSendText('customer-xu', '二'))).toContain('你已不是对方好友')
  expect((await simulator.journal()).length).toBe(before)
  expect(await outcome(client.puppet.messageSendText('customer-xu', '三'))).toBe('sent')
})

test('a send whose answer is lost was executed', async () => {
  await simulator.plan('never-answer', { times: 1, to: 'customer-wu' })
  let settled = false
  void outcome(client.puppet.messageSendText('customer-wu', '没有回执')).then(() => (settled = true))
  await until(async () => (await sends('customer-wu')).length === 1)
  await client.puppet.messageSendText('customer-xu', '别人照旧')
  expect(settled).toBe(false)
})

test('a send that hangs is executed when it is released', async () => {
  await simulator.plan('hang', { times: 1, to: 'customer-huang' })
  const call = outcome(client.puppet.messageSendText('customer-huang', '等一等'))
  await until(async () => (await simulator.state()).accounts[0]?.held === 1)
  expect(await sends('customer-huang')).toEqual([])
  await simulator.act('release', {})
  expect(await call).toBe('sent')
  expect(await sends('customer-huang')).toHaveLength(1)
})

test('every event can be told more than once, and not at all', async () => {
  await simulator.act('setManners', { repeat: 3 })
  const thrice = await simulator.say('customer-lin', '三遍')
  await until(() => client.messages.filter((message) => message.id === thrice).length === 3)

  await simulator.act('setManners', { repeat: 1, deaf: true })
  const unheard = await simulator.say('customer-lin', '听不见')
  client.bot.ding('deaf')
  await simulator.act('setManners', { deaf: false, dong: false })
  client.bot.ding('no dong')
  const heard = await simulator.say('customer-lin', '听见了')
  await until(() => client.messages.some((message) => message.id === heard))
  expect(client.messages.map((message) => message.id)).not.toContain(unheard)
  expect(client.events.filter(([name]) => name === 'dong')).toEqual([])
})

test('messages come before the login, and another user can log in', async () => {
  const early = await startSimulator({ loggedIn: false })
  const stock = await stockClient(early, { login: false })
  await until(async () => (await early.state()).accounts[0]?.streams === 1)
  const told: string[] = []
  stock.puppet.on('message', ({ messageId }) => {
    told.push(messageId)
  })
  const id = await early.say('customer-lin', '你登录了吗')
  // Wechaty itself cannot make a message of it before the login: only its puppet tells.
  await until(() => told.includes(id))
  expect(stock.events.filter(([name]) => name === 'login')).toEqual([])
  expect(await outcome(stock.puppet.messageSendText('customer-lin', '还没'))).toContain('not logged in')

  await early.act('login', {})
  await until(() => stock.events.some(([name, who]) => name === 'login' && who === 'account-xiaoyu'))
  await early.act('login', { as: 'staff-he' })
  await until(() => stock.events.some(([name, who]) => name === 'login' && who === 'staff-he'))
  expect(stock.events.map(([name]) => name)).toContain('logout')
  await stock.stop()
})

test('the stream can end while calls still work', async () => {
  const cut = await stockClient(simulator, { account: 'bot2' })
  await simulator.act('cutStream', { account: 'bot2' })
  await until(async () => (await simulator.state()).accounts[1]?.streams === 0)
  const before = cut.messages.length
  await simulator.say('customer-lin', '喂', { account: 'bot2' })
  expect(await cut.puppet.messageSendText('customer-lin', '我还能说')).toMatch(/^message-/)
  expect(cut.messages.length).toBe(before)
  await cut.stop()
})

test('a connection that drops after the send leaves the caller without an answer', async () => {
  const dropped = await stockClient(simulator, { account: 'bot2' })
  await simulator.plan('drop-connection', { account: 'bot2', times: 1, to: 'customer-he' })
  expect(await outcome(dropped.puppet.messageSendText('customer-he', '断了'))).toMatch(/^(14|13|1) /)
  expect(await sends('customer-he')).toHaveLength(1)
  // The answer is missing before the server is back, and a stock client that starts in between stays deaf.
  await simulator.act('startServer', { account: 'bot2' })
  await dropped.stop()
  const again = await stockClient(simulator, { account: 'bot2' })
  expect(await outcome(again.puppet.messageSendText('customer-he', '又通了'))).toBe('sent')
  await again.stop()
})

test('fifty dropped connections later the account is still served, on the same port', async () => {
  const endpoint = simulator.endpoint('bot2')
  await Promise.all(Array.from({ length: 50 }, () => simulator.act('dropConnections', { account: 'bot2' })))
  expect(simulator.endpoint('bot2')).toBe(endpoint)
  const after = await stockClient(simulator, { account: 'bot2' })
  const id = await simulator.say('customer-lin', '还在吗', { account: 'bot2' })
  await until(() => after.messages.some((message) => message.id === id))
  await after.stop()
})
