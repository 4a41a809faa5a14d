/** What people do beside asking: they become friends, invite, join, leave, rename, send what nobody can read. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf, type Stage } from './stage.ts'

const room = 'room-care-1'
const picture = { type: 'image', filename: 'face.png', base64: 'iVBORw0KGgo=' } as const
const voice = { type: 'audio', filename: 'voice.sil', base64: 'AiMhU0lMSw==' } as const

async function acts({ simulator }: Stage, type: string): Promise<string[]> {
  return (await simulator.journal()).filter((entry) => entry.type === type).map(({ to }) => to)
}

async function membersOf(stage: Stage, roomId: string): Promise<string[]> {
  const rows = await stage.rows<{ contact_id: string }>(
    `SELECT i.contact_id FROM membership m JOIN room r ON r.id = m.group_id JOIN identity i ON i.id = m.identity_id
     WHERE r.room_id = $1 AND m.left_at IS NULL`,
    [roomId],
  )
  return rows.map(({ contact_id }) => contact_id)
}

/** Waits until the bot has handled what it was told last: a question of somebody else, after all that. */
async function caughtUp(stage: Stage, n: number): Promise<void> {
  await stage.simulator.say('customer-liu', questionOf(n))
  await stage.answered(n)
  await stage.settled()
}

test('a friend request is accepted by rule and greeted once, and others are left to the people with the phone', async () => {
  const stage = await stageOfTest({
    questions: 5,
    settings: { 'members.friendship': { accept: 'keyword', keywords: ['小样'] } },
  })
  const { simulator } = stage
  await stage.start()
  const { friendshipId } = await simulator.act('requestFriendship', { from: 'stranger-tang', hello: '想领小样' })
  await simulator.act('requestFriendship', { from: 'stranger-ma', hello: '在吗' })
  await until(async () => (await simulator.sends({ to: 'stranger-tang' })).length > 0)
  await simulator.act('requestFriendship', { from: 'stranger-tang', hello: '小样小样' })
  await caughtUp(stage, 1)
  expect((await acts(stage, 'acceptFriendship'))[0]).toBe(friendshipId)
  expect(await acts(stage, 'acceptFriendship')).toHaveLength(2)
  expect(await simulator.sends({ to: 'stranger-tang' })).toMatchObject([
    { text: expect.stringContaining('小屿') as string },
  ])
  expect(await simulator.sends({ to: 'stranger-ma' })).toEqual([])
})

test('an invitation is accepted when the inviter is listed or the topic matches, and refused politely and once otherwise', async () => {
  const settings = { 'members.invitations': { inviters: ['customer-chen'], topics: ['青屿*'] } }
  const stage = await stageOfTest({ questions: 5, settings })
  const { simulator } = stage
  await stage.start()
  await simulator.act('addRoom', { id: 'room-gifts', topic: '青屿福利9群', members: ['customer-sun'] })
  await simulator.act('addRoom', { id: 'room-friends', topic: '周末爬山', members: ['customer-chen', 'customer-lin'] })
  const invitations = []
  for (const [inviter, to] of [
    ['customer-sun', 'room-gifts'],
    ['customer-chen', 'room-friends'],
  ] as const) {
    invitations.push((await simulator.act('invite', { inviter, room: to })).invitationId)
  }
  await simulator.act('invite', { inviter: 'customer-lin', room: 'room-friends' })
  await simulator.act('invite', { inviter: 'customer-lin', room: 'room-family' })
  await until(async () => (await acts(stage, 'acceptInvitation')).length === 2)
  await until(async () => (await simulator.sends({ to: 'customer-lin' })).length > 0)
  await caughtUp(stage, 1)
  expect((await acts(stage, 'acceptInvitation')).sort()).toEqual(invitations.sort())
  // Whoever was there before us is known at once, not only after the next login.
  await until(async () => (await membersOf(stage, 'room-friends')).includes('customer-chen'))
  const [refusal, ...more] = await simulator.sends({ to: 'customer-lin' })
  expect(more).toEqual([])
  expect(refusal?.text).toContain('周末爬山')
})

test('newcomers are welcomed in one message, each once per group, also across a restart and after coming back', async () => {
  const stage = await stageOfTest({ questions: 10, settings: { 'members.welcomeBatch': '1s' } })
  const { simulator, rows } = stage
  const bot = await stage.start()
  const join = (...contacts: string[]): Promise<unknown> =>
    simulator.act('join', { room, contacts, inviter: 'staff-he' })
  const welcomes = async (): Promise<string[][]> =>
    (await simulator.sends({ to: room })).map((entry) => entry.mentionIds ?? [])
  await join('stranger-tang')
  await join('stranger-ma')
  await until(async () => (await welcomes()).length > 0)
  await stage.settled()
  expect((await welcomes()).map((ids) => ids.sort())).toEqual([['stranger-ma', 'stranger-tang']])

  await simulator.act('leave', { room, contacts: ['stranger-tang'] })
  const staysOfTang = (open: boolean): Promise<unknown[]> =>
    rows(`SELECT 1 FROM membership m JOIN identity i ON i.id = m.identity_id
      WHERE i.contact_id = 'stranger-tang' AND m.left_at IS ${open ? '' : 'NOT'} NULL`)
  await until(async () => (await staysOfTang(false)).length === 1)
  await join('stranger-tang')
  await until(async () => (await staysOfTang(true)).length === 1)
  await bot.stop()
  const next = await stage.start()
  await until(() => next.said('groups and contacts read back'))
  await simulator.act('leave', { room, contacts: ['stranger-tang'] })
  await until(async () => (await staysOfTang(false)).length === 2)
  await join('stranger-tang')
  await join('customer-huang')
  await until(async () => (await welcomes()).length === 2)
  await caughtUp(stage, 1)
  expect((await welcomes())[1]).toEqual(['customer-huang'])
  await simulator.act('join', { room: 'room-vip-1', contacts: ['stranger-tang'], inviter: 'staff-zhou' })
  await until(async () => (await simulator.sends({ to: 'room-vip-1' })).length === 1)
})

test('a group that is renamed stays bound to its rule, and one that was never bound is left alone', async () => {
  const stage = await stageOfTest({ questions: 5 })
  const { simulator, rows } = stage
  const bot = await stage.start()
  await until(() => bot.said('groups and contacts read back'))
  await simulator.act('rename', { room, topic: '随便聊聊' })
  await until(async () => (await rows(`SELECT 1 FROM room WHERE topic = '随便聊聊'`)).length === 1)
  await simulator.act('addRoom', { id: 'room-hike', topic: '周末爬山', members: ['customer-chen'] })
  await simulator.act('join', { room: 'room-hike', contacts: ['main'], inviter: 'customer-chen' })
  await simulator.say('customer-chen', questionOf(2), { room: 'room-hike', mention: ['main'] })
  await simulator.say('customer-chen', questionOf(1), { room, mention: ['main'] })
  await stage.answered(1)
  await caughtUp(stage, 3)
  expect(await rows(`SELECT rule FROM room WHERE room_id = '${room}'`)).toEqual([{ rule: 'community' }])
  expect(await simulator.sends({ to: 'room-hike' })).toEqual([])
})

test('a coworker, an official account and who mentions nobody in a group are heard and never answered', async () => {
  const stage = await stageOfTest({ questions: 8 })
  const { simulator, rows } = stage
  await stage.start()
  await simulator.say('staff-zhou', questionOf(1))
  await simulator.say('staff-he', questionOf(2), { room, mention: ['main'] })
  await simulator.say('official-qingyu', questionOf(3))
  await simulator.say('customer-lin', questionOf(4), { room })
  await simulator.say('customer-lin', questionOf(5), { room, mention: ['staff-zhou'] })
  await caughtUp(stage, 6)
  expect(await simulator.sends()).toHaveLength(1)
  expect(await rows(`SELECT 1 FROM message WHERE direction = 'in' AND text LIKE '%口诀%'`)).toHaveLength(6)
})

test('a voice message or picture gets one polite line in a direct message and none in a group', async () => {
  const stage = await stageOfTest({ questions: 5, settings: { 'faq.burstWindow': '1s' } })
  const { simulator, rows } = stage
  await stage.start()
  await simulator.say('customer-lin', voice)
  await simulator.say('customer-lin', picture)
  await simulator.say('customer-chen', picture, { room })
  // With a question beside it, the question is what counts.
  await simulator.say('customer-zhao', picture)
  await simulator.say('customer-zhao', questionOf(2))
  await until(async () => (await simulator.sends({ to: 'customer-lin' })).length > 0)
  await stage.answered(2)
  await caughtUp(stage, 1)
  expect(await simulator.sends({ to: 'customer-lin' })).toMatchObject([
    { text: expect.stringMatching(/打几个字/) as string },
  ])
  expect(await simulator.sends({ to: 'customer-zhao' })).toHaveLength(1)
  expect(await simulator.sends({ to: room })).toEqual([])
  const kept = await rows<{ type: string }>(`SELECT type FROM message WHERE direction = 'in' AND type <> 'text'`)
  expect(kept.map(({ type }) => type).sort()).toEqual(['audio', 'image', 'image', 'image'])
})
