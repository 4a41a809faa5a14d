import { expect, test } from 'vitest'
import type { Happening } from '../../src/kernel/event.ts'
import { startSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'
import { gatewayOn } from '../support/wechaty.ts'

const simulator = await startSimulator()
const bot = await gatewayOn(simulator)
const room = 'room-care-1'

const received = (id: string) =>
  until(() => bot.of('MessageReceived').find(({ message }) => message.id === id), { what: `message ${id}` })

const first = <K extends Happening['kind']>(kind: K) => until(() => bot.of(kind)[0], { what: kind })

test('a text in a direct message arrives with who said it, where and when', async () => {
  const id = await simulator.say('customer-lin', '面膜每天都能敷吗？')
  const { place, sender, message } = await received(id)
  expect(place).toEqual({ kind: 'direct', contactId: 'customer-lin' })
  expect(sender).toMatchObject({
    id: 'customer-lin',
    name: '林小雨',
    kind: 'person',
    profile: { gender: 'female', province: '浙江', city: '杭州', phone: ['13800000001'] },
  })
  expect(message).toMatchObject({ id, type: 'text', text: '面膜每天都能敷吗？', mentions: [], mentionsSelf: false })
  expect(Math.abs(Date.now() - new Date(message.sentAt).getTime())).toBeLessThan(5_000)
})

test('a mention of us is seen by its id and left out of the text, a mention of somebody else stays', async () => {
  const ours = await received(await simulator.say('customer-lin', '几点发货', { room, mention: ['main'] }))
  expect(ours.place).toMatchObject({ kind: 'group', roomId: room })
  expect(ours.message).toMatchObject({ text: '几点发货', mentionsSelf: true, mentions: ['account-xiaoyu'] })
  const others = await received(await simulator.say('customer-lin', '你好', { room, mention: ['customer-chen'] }))
  expect(others.message).toMatchObject({ text: '@陈晨\u2005你好', mentionsSelf: false })
})

test('a mention of us is seen by the name alone where the platform gives no ids', async () => {
  const ours = await simulator.say('customer-lin', '在吗', { room, mention: ['main'], mentionIds: false })
  expect((await received(ours)).message).toMatchObject({ text: '在吗', mentionsSelf: true, mentions: [] })
})

test('a quotation is taken apart', async () => {
  const first = await simulator.say('customer-chen', '今天好热', { room })
  const reply = await simulator.say('customer-lin', '是啊', { room, quote: first })
  expect((await received(reply)).message).toMatchObject({ text: '是啊', quoted: { name: '陈晨', text: '今天好热' } })
})

test('every other type arrives with what can be read of it', async () => {
  const say = async (content: Parameters<typeof simulator.say>[1]) =>
    (await received(await simulator.say('customer-lin', content))).message
  const base64 = Buffer.from('x').toString('base64')
  expect(await say({ type: 'url', title: '新品', url: 'https://example.com/a', description: '上架' })).toMatchObject({
    type: 'link',
    details: { title: '新品', url: 'https://example.com/a', description: '上架' },
  })
  expect(await say({ type: 'miniProgram', appid: 'wx1', title: '商城', pagePath: 'p/1' })).toMatchObject({
    type: 'miniProgram',
    details: { appid: 'wx1', title: '商城', pagePath: 'p/1' },
  })
  expect(
    await say({ type: 'location', latitude: 30.5, longitude: 120.25, name: '西湖', address: '杭州' }),
  ).toMatchObject({ type: 'location', details: { latitude: 30.5, longitude: 120.25, name: '西湖', address: '杭州' } })
  expect(await say({ type: 'contact', contactId: 'customer-chen' })).toMatchObject({
    type: 'contactCard',
    details: { contactId: 'customer-chen', name: '陈晨' },
  })
  expect(await say({ type: 'attachment', filename: '订单.pdf', base64 })).toMatchObject({
    type: 'file',
    details: { filename: '订单.pdf' },
  })
  expect(await say({ type: 'image', filename: 'a.png', base64 })).toMatchObject({ type: 'image', text: '' })
  for (const type of ['audio', 'video', 'emoticon'] as const) {
    expect((await say({ type, filename: 'a', base64 })).type).toBe(type)
  }
  for (const type of ['chatHistory', 'groupNote', 'transfer', 'redEnvelope', 'post', 'unknown'] as const) {
    expect((await say({ type, text: '<msg>x</msg>' })).type).toBe(type)
  }
})

test('a recalled message is told by the id of what was recalled', async () => {
  const id = await simulator.say('customer-lin', '说错了')
  await received(id)
  await simulator.act('recall', { messageId: id })
  const recall = await until(() => bot.accepted.find(({ key }) => key === `recall:${id}`))
  expect(recall.what).toEqual({
    kind: 'MessageRecalled',
    place: { kind: 'direct', contactId: 'customer-lin' },
    messageId: id,
  })
})

test('what is typed on our phone is our own message, in the thread of whom it was typed to', async () => {
  const { messageId } = await simulator.act('typeOnPhone', { to: 'customer-chen', text: '我来处理' })
  const own = await until(() => bot.of('OwnMessageSeen').find(({ message }) => message.id === messageId))
  expect(own.place).toEqual({ kind: 'direct', contactId: 'customer-chen' })
  expect(own.sender.kind).toBe('self')
})

test('coworkers are staff, official accounts are bots', async () => {
  const staff = await received(await simulator.say('staff-zhou', '大家好', { room }))
  expect(staff.sender.kind).toBe('staff')
  const official = await received(await simulator.say('official-qingyu', '推送'))
  expect(official.sender.kind).toBe('bot')
})

test('joining, leaving and renaming arrive with the people that they are about', async () => {
  await simulator.act('join', { room, contacts: ['customer-xu', 'customer-wu'], inviter: 'staff-he' })
  const joined = await first('MemberJoined')
  expect(joined).toMatchObject({ roomId: room, inviter: { id: 'staff-he', kind: 'staff' } })
  expect(joined.members.map(({ name }) => name)).toEqual(['徐静', '吴桐'])
  await simulator.act('leave', { room, contacts: ['customer-wu'] })
  const left = await first('MemberLeft')
  expect(left).toMatchObject({ members: [{ id: 'customer-wu' }], remover: { id: 'customer-wu' } })
  await simulator.act('rename', { room, topic: '青屿 · 新群名', changer: 'staff-he' })
  const renamed = await first('TopicChanged')
  expect(renamed).toMatchObject({ roomId: room, topic: '青屿 · 新群名', changer: { id: 'staff-he' } })
})

test('a friendship request, its acceptance and an invitation arrive, and both can be accepted', async () => {
  const { friendshipId } = await simulator.act('requestFriendship', { from: 'stranger-tang', hello: '想咨询' })
  const request = await first('FriendshipRequested')
  expect(request).toMatchObject({ friendshipId, contact: { id: 'stranger-tang', name: '唐糖' }, hello: '想咨询' })
  const to = { kind: 'direct', account: 'main', contactId: 'stranger-tang', threadId: 't', customerId: null } as const
  expect(await bot.gateway.send(to, { type: 'acceptFriendship', friendshipId }, 5_000)).toEqual({
    kind: 'sent',
    messageId: null,
  })
  const confirmed = await first('FriendshipConfirmed')
  expect(confirmed.contact.id).toBe('stranger-tang')

  await simulator.act('addRoom', { id: 'room-new', topic: '别的群', members: ['customer-lin'] })
  const { invitationId } = await simulator.act('invite', { inviter: 'customer-lin', room: 'room-new' })
  const invited = await first('RoomInvited')
  expect(invited).toMatchObject({ invitationId, inviter: { id: 'customer-lin' }, topic: '别的群' })
  const accepted = await bot.gateway.send(to, { type: 'acceptInvitation', invitationId }, 5_000)
  expect(accepted.kind).toBe('sent')
})

test('what the platform repeats has the same key, whatever it is', async () => {
  const other = await startSimulator({ manners: { repeat: 3 } })
  const keys: string[] = []
  const repeated = await gatewayOn(other, { accept: async ({ key }) => keys.push(key) })
  await other.say('customer-lin', '一')
  await other.act('join', { room, contacts: ['customer-xu'] })
  await other.act('leave', { room, contacts: ['customer-xu'] })
  await other.act('rename', { room, topic: '改名' })
  const told = () => keys.filter((key) => !key.startsWith('read:'))
  await until(() => told().length === 12)
  expect(new Set(told()).size).toBe(4)
  expect(repeated.accepted.filter(({ key }) => !key.startsWith('read:'))).toHaveLength(4)
})

test('a hundred messages of ten people arrive once each, and in the order in which each spoke', async () => {
  const people = ['lin', 'chen', 'zhao', 'sun', 'liu', 'huang', 'xu', 'wu', 'he', 'wang-1'].map((p) => `customer-${p}`)
  const before = bot.of('MessageReceived').length
  for (let round = 0; round < 10; round++) {
    await Promise.all(people.map((from) => simulator.say(from, `${from} ${round}`)))
  }
  const since = () => bot.of('MessageReceived').slice(before)
  await until(() => since().length === 100)
  const arrived = since()
  for (const from of people) {
    const texts = arrived.filter(({ sender }) => sender.id === from).map(({ message }) => message.text)
    expect(texts).toEqual(Array.from({ length: 10 }, (_, round) => `${from} ${round}`))
  }
})

test('groups, members and contacts are read back after the login', async () => {
  await until(() => bot.readBacks === 1)
  const [list] = bot.of('GroupListRead')
  expect(list?.roomIds).toContain(room)
  const read = bot.of('GroupRead').find(({ roomId }) => roomId === room)
  expect(read).toMatchObject({ topic: '青屿 · 护肤交流1群', ownerId: 'staff-he' })
  expect(read?.members.find(({ id }) => id === 'customer-sun')?.name).toBe('孙悦🌸')
  const friends = bot.of('ContactsRead').flatMap(({ contacts }) => contacts)
  expect(friends.map(({ id }) => id)).toContain('customer-lin')
  expect(friends.map(({ id }) => id)).not.toContain('stranger-ma')
})

test('messages that cannot be stored for a while are offered again, in order', async () => {
  const other = await startSimulator()
  let down = true
  const patient = await gatewayOn(other, {
    accept: async ({ what }) => {
      if (down && what.kind === 'MessageReceived') throw new Error('the database is away')
    },
  })
  await other.act('burst', { from: 'customer-lin', texts: ['一', '二', '三'] })
  await until(() => patient.gateway.depth() === 3)
  down = false
  await until(() => patient.texts().length === 3)
  expect(patient.texts()).toEqual(['一', '二', '三'])
})
