import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Body } from '../../src/kernel/effect.ts'
import { startSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'
import { direct, gatewayOn, group } from '../support/wechaty.ts'

const simulator = await startSimulator()
const bot = await gatewayOn(simulator)
const lin = direct('customer-lin')
const room = 'room-care-1'
const text = (words: string, mentions?: string[]): Body => ({
  type: 'text',
  text: words,
  ...(mentions ? { mentions } : {}),
})
const send = (body: Body, to = lin, deadlineMs = 5_000) => bot.gateway.send(to, body, deadlineMs)
const lastSend = async () => (await simulator.sends()).at(-1)

test('a text is sent once and its platform id comes back', async () => {
  const outcome = await send(text('您好 🌸'))
  const entry = await lastSend()
  expect(entry).toMatchObject({ type: 'text', to: 'customer-lin', text: '您好 🌸' })
  expect(outcome).toEqual({ kind: 'sent', messageId: entry?.messageId })
})

test('a mention goes out as id and as name, and the echo comes back without it', async () => {
  const outcome = await send(text('请看这里', ['customer-lin', 'customer-sun']), group(room))
  expect(await lastSend()).toMatchObject({
    to: room,
    text: '@林小雨\u2005@孙悦🌸\u2005请看这里',
    mentionIds: ['customer-lin', 'customer-sun'],
  })
  const echo = await until(() =>
    bot.of('OwnMessageSeen').find(({ message }) => outcome.kind === 'sent' && message.id === outcome.messageId),
  )
  expect(echo.message.text).toBe('请看这里')
  expect(echo.place).toMatchObject({ kind: 'group', roomId: room })
})

test.each([
  ['image', 'a.png', 1_000],
  ['file', '手册.pdf', 300_000],
  ['video', 'v.mp4', 6_000_000],
] as const)('an %s of %s arrives whole, and once', async (type, filename, size) => {
  const bytes = Buffer.alloc(size, filename)
  const before = (await simulator.sends()).length
  const outcome = await bot.gateway.send(lin, { type, mediaId: 'm', filename }, 10_000, { filename, bytes })
  expect(outcome.kind).toBe('sent')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await lastSend()).toMatchObject({ filename, bytes: size, sha256 })
  expect(await simulator.sends()).toHaveLength(before + 1)
})

test('links and mini-programs arrive with their fields', async () => {
  const link = {
    title: '新品',
    url: 'https://example.com/',
    description: '上架了',
    thumbnailUrl: 'https://example.com/t',
  }
  expect((await send({ type: 'link', ...link })).kind).toBe('sent')
  expect(await lastSend()).toMatchObject({ type: 'url', details: link })
  const card = { appid: 'wx1', title: '商城', pagePath: 'pages/1', username: 'gh_1' }
  expect((await send({ type: 'miniProgram', ...card })).kind).toBe('sent')
  expect(await lastSend()).toMatchObject({ type: 'miniProgram', details: card })
})

test('a send that the platform throttles is refused, and says so', async () => {
  await simulator.plan('throttle', { times: 1 })
  expect(await send(text('一'))).toEqual({ kind: 'refused', reason: 'throttled', throttled: true })
})

test('a send that the platform refuses is refused, with its words', async () => {
  await simulator.plan('refuse', { times: 1, reason: 'not a friend' })
  const outcome = await send(text('二'))
  expect(outcome).toMatchObject({ kind: 'refused', throttled: false })
  expect(outcome.kind === 'refused' && outcome.reason).toContain('not a friend')
})

test('a vendor that ran into a timeout of its own leaves the send unknown', async () => {
  await simulator.plan('refuse', { times: 1, reason: 'TimeoutPromise: timed out after 15000 ms' })
  expect((await send(text('三'))).kind).toBe('unknown')
})

test('a send that hangs is unknown at its deadline, also when it is executed later, and also a file', async () => {
  await simulator.plan('hang', { times: 1 })
  const started = performance.now()
  expect(await send(text('四'), lin, 400)).toEqual({ kind: 'unknown', reason: 'grpc-4' })
  expect(performance.now() - started).toBeLessThan(15_000)
  await simulator.plan('hang', { times: 1 })
  const file = { filename: 'b.png', bytes: Buffer.from('b') }
  const before = (await simulator.sends()).length
  const body = { type: 'image', mediaId: 'm', filename: 'b.png' } as const
  expect((await bot.gateway.send(lin, body, 400, file)).kind).toBe('unknown')
  await simulator.act('release', {})
  // The text and the file, each once: the stock client would send the file a second time by another way.
  await until(async () => (await simulator.sends()).length === before + 2)
  await bot.gateway.send(lin, text('五'), 5_000)
  expect(await simulator.sends()).toHaveLength(before + 3)
})

test('a send whose answer is lost with the connection is unknown, and not sent again', async () => {
  const before = (await simulator.sends()).length
  await simulator.plan('drop-connection', { times: 1 })
  const filename = 'c.png'
  const body = { type: 'image', mediaId: 'm', filename } as const
  const outcome = await bot.gateway.send(lin, body, 5_000, { filename, bytes: Buffer.from('c') })
  expect(outcome.kind).toBe('unknown')
  await until(() => bot.gateway.isReady())
  expect(await simulator.sends()).toHaveLength(before + 1)
})

test('while the line is down a send is refused before anything goes out', async () => {
  await simulator.act('stopServer', {})
  await until(() => !bot.gateway.isReady())
  expect(await send(text('六'))).toEqual({ kind: 'refused', reason: 'not-connected', throttled: false })
  await simulator.act('startServer', {})
  await until(() => bot.gateway.isReady())
  expect((await send(text('七'))).kind).toBe('sent')
})
