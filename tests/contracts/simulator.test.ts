import { types } from 'wechaty-puppet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MessageContentInput } from '../../src/gateways/simulator/messages.ts'
import { type InProcessSimulator, startSimulator, temporaryHome } from '../support/simulator.ts'
import { type StockClient, stockClient } from '../support/stock-client.ts'
import { until } from '../support/until.ts'

let simulator: InProcessSimulator
let client: StockClient
const removeHome = temporaryHome()

beforeAll(async () => {
  simulator = await startSimulator()
  client = await stockClient(simulator)
})
afterAll(removeHome)

/** Waits until the client was given that message. */
const arrived = (id: string) =>
  until(() => client.messages.find((message) => message.id === id), { what: `message ${id}` })
const happened = (name: string, ...details: unknown[]) =>
  until(() => client.events.some((event) => event[0] === name && details.every((d, i) => matches(event[i + 1], d))), {
    what: `event ${name} ${JSON.stringify(details)}`,
  })
const matches = (seen: unknown, wanted: unknown) => JSON.stringify(seen) === JSON.stringify(wanted)

test('a direct message tells who says what to whom and when', async () => {
  const before = Date.now()
  const message = await arrived(await simulator.say('customer-lin', '你好'))
  expect(message.type()).toBe(types.Message.Text)
  expect(message.text()).toBe('你好')
  expect(message.talker().id).toBe('customer-lin')
  expect(message.listener()?.id).toBe('account-xiaoyu')
  expect(message.room()).toBeUndefined()
  expect(message.self()).toBe(false)
  expect(message.date().getTime()).toBeGreaterThanOrEqual(before)
})

test('a mention in a group carries the id and the name', async () => {
  const id = await simulator.say('customer-chen', '面膜怎么用？', { room: 'room-care-1', mention: ['main'] })
  const message = await arrived(id)
  expect(message.room()?.id).toBe('room-care-1')
  expect(await message.mentionSelf()).toBe(true)
  expect(message.text()).toBe('@小屿\u2005面膜怎么用？')
  expect(await message.mentionText()).toBe('面膜怎么用？')
})

test('a mention may come in the text only', async () => {
  const options = { room: 'room-care-1', mention: ['main'], mentionIds: false }
  const message = await arrived(await simulator.say('customer-chen', '在吗', options))
  expect(await message.mentionSelf()).toBe(false)
  expect(message.text()).toBe('@小屿\u2005在吗')
})

test('a quotation is text, as in WeChat', async () => {
  const quote = await simulator.say('customer-zhao', '多久发货', { room: 'room-care-1' })
  const message = await arrived(await simulator.say('customer-sun', '我也想知道', { room: 'room-care-1', quote }))
  expect(message.text()).toBe('「赵磊：多久发货」\n- - - - - - - - - - - - - - -\n我也想知道')
})

test('a recall is a message of type recalled that leads to what was recalled', async () => {
  const id = await simulator.say('customer-lin', '发错了')
  await arrived(id)
  const { messageId } = await simulator.act('recall', { messageId: id })
  const recall = await arrived(messageId)
  expect(recall.type()).toBe(types.Message.Recalled)
  expect(recall.text()).toBe(id)
  expect((await recall.toRecalled())?.text()).toBe('发错了')
})

const file = { filename: 'a.png', base64: Buffer.from('not really a picture').toString('base64') }

test.each<[MessageContentInput['type'], MessageContentInput]>([
  ['image', { type: 'image', ...file }],
  ['audio', { type: 'audio', ...file, filename: 'a.mp3' }],
  ['video', { type: 'video', ...file, filename: 'a.mp4' }],
  ['attachment', { type: 'attachment', ...file, filename: 'a.pdf' }],
  ['emoticon', { type: 'emoticon', ...file, filename: 'a.gif' }],
])('a message of type %s brings its file', async (_, content) => {
  const message = await arrived(await simulator.say('customer-lin', content))
  expect(types.Message[message.type()].toLowerCase()).toBe(content.type)
  const box = await message.toFileBox()
  expect((await box.toBuffer()).toString()).toBe('not really a picture')
  expect(box.name).toBe('filename' in content ? content.filename : '')
})

test('a picture can be had in its sizes', async () => {
  const message = await arrived(await simulator.say('customer-lin', { type: 'image', ...file }))
  expect((await (await message.toImage().thumbnail()).toBuffer()).toString()).toBe('not really a picture')
})

test('a link, a mini program and a contact card bring what they show', async () => {
  const link = {
    title: '夏日清单',
    url: 'https://example.com/a',
    description: '防晒',
    thumbnailUrl: 'https://example.com/t',
  }
  const url = await arrived(await simulator.say('customer-lin', { type: 'url', ...link }))
  expect(await url.toUrlLink()).toMatchObject({ payload: link })

  const card = { appid: 'wx1', title: '商城', pagePath: 'pages/index', username: 'gh_1' }
  const program = await arrived(await simulator.say('customer-lin', { type: 'miniProgram', ...card }))
  expect((await program.toMiniProgram()).payload).toMatchObject(card)

  const person = await arrived(await simulator.say('customer-lin', { type: 'contact', contactId: 'customer-xu' }))
  expect((await person.toContact()).id).toBe('customer-xu')
})

test.each<MessageContentInput['type']>(['chatHistory', 'groupNote', 'transfer', 'redEnvelope', 'post', 'unknown'])(
  'a message of type %s arrives with its text',
  async (type) => {
    const id = await simulator.say('customer-lin', { type, text: 'x' } as MessageContentInput)
    const message = await arrived(id)
    expect(types.Message[message.type()].toLowerCase()).toBe(type.toLowerCase())
    expect(message.text()).toBe('x')
  },
)

test('a location arrives, but the stock wire loses where it is', async () => {
  const place = { latitude: 30.2, longitude: 120.1, name: '西湖', address: '杭州' }
  const message = await arrived(await simulator.say('customer-lin', { type: 'location', ...place }))
  expect(message.type()).toBe(types.Message.Location)
  expect(await client.puppet.messageLocation(message.id)).toMatchObject({ latitude: 0, longitude: 0 })
})

test('a message can be a day old, and can be told again', async () => {
  const id = await simulator.say('customer-lin', '昨天的话', { ageMs: 86_400_000 })
  const message = await arrived(id)
  expect(Date.now() - message.date().getTime()).toBeGreaterThanOrEqual(86_400_000)
  await simulator.act('tellAgain', { messageId: id, times: 2 })
  await until(() => client.messages.filter((each) => each.id === id).length === 3)
})

test('contacts show every field, friends are listed and aliases kept', async () => {
  const lin = await client.bot.Contact.find({ id: 'customer-lin' })
  expect(lin?.payload).toMatchObject({
    name: '林小雨',
    city: '杭州',
    province: '浙江',
    phone: ['13800000001'],
    friend: true,
  })
  const zhou = await client.bot.Contact.find({ id: 'staff-zhou' })
  expect(zhou?.payload).toMatchObject({ coworker: true, corporation: '青屿', title: '护肤顾问' })
  const official = await client.bot.Contact.find({ id: 'official-qingyu' })
  expect(official?.type()).toBe(types.Contact.Official)

  const listed = (await client.bot.Contact.findAll()).map((contact) => contact.id)
  expect(listed).toContain('customer-wang-2')
  expect(listed).not.toContain('stranger-tang')

  await lin?.alias('林姐')
  expect(await lin?.alias()).toBe('林姐')
  expect(await lin?.tags()).toEqual([])
})

test('rooms show their topic, owner and members', async () => {
  const rooms = await client.bot.Room.findAll()
  expect(rooms.map((room) => room.id).sort()).toEqual(['room-care-1', 'room-vip-1'])
  const room = rooms.find((each) => each.id === 'room-vip-1')
  expect(await room?.topic()).toBe('青屿 · VIP会员群')
  expect(room?.owner()?.id).toBe('staff-zhou')
  expect((await room?.memberAll())?.map((member) => member.id)).toContain('customer-xu')
})

test('joins and leaves are told, and the member list follows', async () => {
  await simulator.act('join', { room: 'room-vip-1', contacts: ['customer-he', 'customer-liu'], inviter: 'staff-he' })
  await happened('join', 'room-vip-1', ['customer-he', 'customer-liu'], 'staff-he')
  const room = await client.bot.Room.find({ id: 'room-vip-1' })
  expect((await room?.memberAll())?.map((member) => member.id)).toEqual(
    expect.arrayContaining(['customer-he', 'customer-liu']),
  )

  await simulator.act('leave', { room: 'room-vip-1', contacts: ['customer-he'] })
  await happened('leave', 'room-vip-1', ['customer-he'])
  expect((await client.puppet.roomPayload('room-vip-1')).memberIdList).not.toContain('customer-he')
})

test('a new topic is told with the old one', async () => {
  await simulator.act('rename', { room: 'room-vip-1', topic: '青屿 · 贵宾群', changer: 'staff-zhou' })
  await happened('topic', 'room-vip-1', '青屿 · VIP会员群', '青屿 · 贵宾群', 'staff-zhou')
  expect((await client.puppet.roomPayload('room-vip-1')).topic).toBe('青屿 · 贵宾群')
})

test('a friend request can be read and accepted', async () => {
  await simulator.act('requestFriendship', { from: 'stranger-tang', hello: '我是唐糖' })
  const [, friendship] = await until(() => client.events.find(([name]) => name === 'friendship'))
  const request = friendship as InstanceType<typeof client.bot.Friendship>
  expect(request.type()).toBe(types.Friendship.Receive)
  expect(request.hello()).toBe('我是唐糖')
  expect(request.contact().id).toBe('stranger-tang')
  await request.accept()
  expect((await simulator.journal()).at(-1)).toMatchObject({ type: 'acceptFriendship', to: request.id })
  await until(() => client.events.filter(([name]) => name === 'friendship').length === 2)
  expect(await client.puppet.contactList()).toContain('stranger-tang')
})

test('an invitation can be read and accepted', async () => {
  await simulator.act('invite', { inviter: 'staff-he', room: 'room-family' })
  const [, seen] = await until(() => client.events.find(([name]) => name === 'invitation'))
  const invitation = seen as InstanceType<typeof client.bot.RoomInvitation>
  expect(await invitation.topic()).toBe('何川和朋友们')
  expect((await invitation.inviter()).id).toBe('staff-he')
  await invitation.accept()
  await happened('join', 'room-family', ['account-xiaoyu'], 'staff-he')
  expect(await client.puppet.roomList()).toContain('room-family')
})

test('a ding comes back as a dong', async () => {
  client.bot.ding('are you there')
  await happened('dong', 'are you there')
})
