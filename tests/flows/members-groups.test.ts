import { beforeEach, describe, expect, test } from 'vitest'
import type { Contact } from '../../src/kernel/event.ts'
import { testDatabase } from '../support/database.ts'
import { group, person, sent, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(async () => {
  await stage.empty()
  stage.groups = [{ id: 'care', title: '护肤', match: { topics: ['青屿*'] } }]
})

const self = person('bot', '小屿', { kind: 'self' })
const read = (members: Contact[], topic = '青屿护肤群', roomId = 'r1', account = 'main') =>
  stage.happen({ kind: 'GroupRead', roomId, topic, members: [self, ...members] }, { account })
const join = (...members: Contact[]) => stage.happen({ kind: 'MemberJoined', roomId: 'r1', members })
const leave = (...members: Contact[]) => stage.happen({ kind: 'MemberLeft', roomId: 'r1', members })
const stays = () =>
  stage.rows(
    `SELECT i.contact_id AS who, m.joined_at AS joined, m.left_at AS left, m.join_seen, m.leave_seen, m.welcome_due,
       m.welcomed_at IS NOT NULL AS welcomed
     FROM membership m JOIN identity i ON i.id = m.identity_id WHERE i.role <> 'self' ORDER BY m.joined_at, i.contact_id`,
  )

describe('binding', () => {
  test('a group is bound when its topic is read, and stays bound when it is renamed', async () => {
    expect((await stage.say(person('c1'), group('r1'), 'hi')).thread).toMatchObject({ rule: null, topic: null })
    await read([])
    await stage.happen({ kind: 'TopicChanged', roomId: 'r1', topic: '不相干' })
    expect((await stage.say(person('c1'), group('r1'), 'hi')).thread).toMatchObject({ rule: 'care', topic: '不相干' })
  })

  test('a rule that vanished lets go of its groups; those that match another one follow it', async () => {
    await read([])
    stage.groups = []
    expect((await stage.say(person('c1'), group('r1'), 'hi')).thread.rule).toBeNull()
    stage.groups = [{ id: 'new', title: '新', match: { rooms: ['r1'] } }]
    expect((await stage.say(person('c1'), group('r1'), 'hi')).thread.rule).toBe('new')
    expect(await stage.rows('SELECT rule FROM room')).toEqual([{ rule: 'new' }])
  })

  test('the topic beside the first message or join binds a group that was never read back, and renames none', async () => {
    const said = await stage.say(person('c1'), { kind: 'group', roomId: 'r9', topic: '青屿护肤9群' }, 'hi')
    expect(said.thread.rule).not.toBeNull()
    const later = await stage.say(person('c1'), { kind: 'group', roomId: 'r9', topic: '从前的名字' }, 'hi')
    expect(later.thread).toMatchObject({ rule: said.thread.rule, topic: '青屿护肤9群' })
  })

  test('people who speak in a new group at the same moment make one group and one thread', async () => {
    const said = await Promise.all(['c1', 'c2', 'c3'].map((id) => stage.say(person(id), group('r9'), 'hi')))
    expect(new Set(said.map(({ thread }) => thread.id)).size).toBe(1)
    expect(await stage.rows('SELECT count(*)::int FROM thread')).toEqual([{ count: 1 }])
  })
})

describe('welcomes', () => {
  beforeEach(() => read([person('old')]))

  test('who joins within the batch time is welcomed in one message that mentions all by id', async () => {
    await join(person('c1', '小雨'))
    await stage.clock.advance(2_000)
    const [timer] = await join(person('c2', '小雨'))
    expect(timer).toMatchObject({ kind: 'ScheduleEvent', key: expect.stringMatching(/^welcome:/), lock: ['room:r1'] })
    const welcomes = sent(await stage.due(timer))
    expect(welcomes).toHaveLength(1)
    expect(welcomes[0]).toMatchObject({
      purpose: 'service',
      to: { kind: 'group', roomId: 'r1', account: 'main' },
      body: [{ type: 'text', text: 'members.welcome 小雨和小雨 | 青屿护肤群', mentions: ['c1', 'c2'] }],
      notAfter: new Date(stage.now.getTime() + 600_000),
    })
  })

  test('once per person per group, over all stays', async () => {
    const [timer] = await join(person('c1'))
    await stage.due(timer)
    await leave(person('c1'))
    await stage.clock.advance(60_000)
    expect(await join(person('c1'))).toEqual([])
    expect(await stays()).toMatchObject([
      { who: 'c1', welcomed: true, left: expect.any(Date) },
      { who: 'old' },
      { who: 'c1', welcomed: false, left: null, welcome_due: false },
    ])
  })

  test('who left before the welcome is not named, and is when she comes back', async () => {
    const [timer] = await join(person('c1'))
    await leave(person('c1'))
    expect(await stage.due(timer)).toEqual([])
    const [again] = await join(person('c1'))
    expect(sent(await stage.due(again))).toHaveLength(1)
  })

  test('a join that is told twice, or by two accounts, is one stay and one welcome', async () => {
    const [timer] = await join(person('c1'))
    expect(await join(person('c1'))).toEqual([])
    expect(
      await stage.happen({ kind: 'MemberJoined', roomId: 'r1', members: [person('c1')] }, { account: 'second' }),
    ).toEqual([])
    expect(sent(await stage.due(timer))).toHaveLength(1)
    expect(await stays()).toHaveLength(2)
  })

  test('who is read in the member list before her join is told is welcomed all the same, once', async () => {
    await read([person('old'), person('c1', '小雨')])
    await join(person('c1', '小雨'))
    await join(person('c1', '小雨'))
    expect((await stays()).filter(({ who }) => who === 'c1')).toMatchObject([{ join_seen: true, welcome_due: true }])
  })

  test('the welcome goes out from the account that speaks there, whoever saw the join', async () => {
    const joined = { kind: 'MemberJoined' as const, roomId: 'r1', members: [person('c1')] }
    const [timer] = await stage.happen(joined, { account: 'second' })
    expect(sent(await stage.due(timer))[0]?.to.account).toBe('main')
  })

  test('nobody is welcomed when the bot itself has just come in, nor for having been there before', async () => {
    const members = [self, person('c1')]
    expect(await stage.happen({ kind: 'MemberJoined', roomId: 'r2', members })).toEqual([])
    await read([person('c1'), person('c2')], '青屿二群', 'r2')
    const [timer] = await stage.happen({ kind: 'MemberJoined', roomId: 'r2', members: [person('c3')] })
    expect(sent(await stage.due(timer))[0]?.body).toMatchObject([{ mentions: ['c3'] }])
  })

  test('staff and bots are not welcomed', async () => {
    expect(await join(person('s1', 's', { kind: 'staff' }), person('b1', 'b', { kind: 'bot' }))).toEqual([])
  })

  test('a group whose rule says no, and one without a rule, welcomes nobody', async () => {
    stage.groups = [{ id: 'care', title: '护肤', match: { topics: ['青屿*'] }, welcome: false }]
    expect(await join(person('c1'))).toEqual([])
    await read([], '别的群', 'r2')
    expect(await stage.happen({ kind: 'MemberJoined', roomId: 'r2', members: [person('c1')] })).toEqual([])
  })

  test('a join that is told late is no reason to welcome, nor is a welcome that comes late', async () => {
    const at = new Date(stage.now.getTime() - 3_600_000)
    expect(await stage.happen({ kind: 'MemberJoined', roomId: 'r1', members: [person('c1')] }, { at })).toEqual([])
    const [timer] = await join(person('c2'))
    await stage.clock.advance(3_600_000)
    expect(await stage.due(timer)).toEqual([])
    expect(await stays()).not.toContainEqual(expect.objectContaining({ welcome_due: true }))
  })

  test('while a human speaks for the account there, the bot does not welcome, also not afterwards', async () => {
    const [timer] = await join(person('c1'))
    await stage.db.pool.query(`UPDATE thread SET silent_until = $1`, [new Date(stage.now.getTime() + 1_800_000)])
    expect(await stage.due(timer)).toEqual([])
    await stage.clock.advance(1_800_000)
    const [next] = await join(person('c2'))
    expect(sent(await stage.due(next))[0]?.body).toMatchObject([{ mentions: ['c2'] }])
  })

  test('a group that people join all the time is welcomed all the same', async () => {
    const started = stage.now.getTime()
    let [timer] = await join(person('c0'))
    for (let i = 1; timer?.kind === 'ScheduleEvent' && timer.at > stage.now; i++) {
      await stage.clock.advance(4_000)
      ;[timer] = await join(person(`c${i}`))
    }
    expect(sent(await stage.due(timer))[0]?.body).toMatchObject([{ mentions: ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'] }])
    expect(stage.now.getTime() - started).toBe(20_000)
  })
})

describe('reading back', () => {
  test('missed joins and leaves are recorded with the time of the reading, and marked; nobody is welcomed', async () => {
    const first = stage.now
    await read([person('c1'), person('c2')])
    await stage.clock.advance(60_000)
    const second = stage.now
    expect(await read([person('c2'), person('c3')])).toEqual([])
    expect(await stays()).toEqual([
      {
        who: 'c1',
        joined: first,
        left: second,
        join_seen: false,
        leave_seen: false,
        welcome_due: false,
        welcomed: false,
      },
      { who: 'c2', joined: first, left: null, join_seen: false, leave_seen: true, welcome_due: false, welcomed: false },
      {
        who: 'c3',
        joined: second,
        left: null,
        join_seen: false,
        leave_seen: true,
        welcome_due: false,
        welcomed: false,
      },
    ])
    expect(await read([person('c2'), person('c3')])).toEqual([])
    expect(await stays()).toHaveLength(3)
  })

  test('standing in a list is no sign of life', async () => {
    const start = stage.now
    await read([person('c1')])
    await stage.clock.advance(600_000)
    await read([person('c1', 'new name')])
    expect(await stage.rows(`SELECT name, last_seen_at FROM identity WHERE contact_id = 'c1'`)).toEqual([
      { name: 'new name', last_seen_at: start },
    ])
  })

  test('a group that is not in the list was left; an empty list is not believed; a reading brings the account back', async () => {
    await read([])
    await read([], '青屿二群', 'r2')
    const inside = async () =>
      (
        await stage.rows(
          'SELECT r.room_id FROM group_account a JOIN room r ON r.id = a.group_id WHERE a.left_at IS NULL ORDER BY 1',
        )
      ).map((row) => row['room_id'])
    await stage.happen({ kind: 'GroupListRead', roomIds: [] })
    expect(await inside()).toEqual(['r1', 'r2'])
    await stage.happen({ kind: 'GroupListRead', roomIds: ['r2'] })
    expect(await inside()).toEqual(['r2'])
    await stage.say(person('c1'), group('r1'), 'an old message, seen again')
    expect(await inside()).toEqual(['r2'])
    await read([])
    expect(await inside()).toEqual(['r1', 'r2'])
  })

  test('when our own account leaves or is removed, it is out of the group', async () => {
    await read([])
    await leave(self)
    expect(await stage.rows('SELECT account, left_at FROM group_account')).toEqual([
      { account: 'main', left_at: stage.now },
    ])
    await join(self)
    expect(await stage.rows('SELECT account, left_at FROM group_account')).toEqual([{ account: 'main', left_at: null }])
  })

  test('a list of 500 members is taken in', async () => {
    await read(Array.from({ length: 500 }, (_, i) => person(`c${i}`)))
    expect(await stays()).toHaveLength(500)
  })

  test('everybody in the contact list is a friend of the account, since it was read', async () => {
    const since = stage.now
    await stage.happen({ kind: 'ContactsRead', contacts: [person('c1'), self] })
    await stage.clock.advance(60_000)
    await stage.happen({ kind: 'ContactsRead', contacts: [person('c1'), self] })
    expect(await stage.rows('SELECT contact_id, friend_of FROM identity ORDER BY contact_id')).toEqual([
      { contact_id: 'bot', friend_of: {} },
      { contact_id: 'c1', friend_of: { main: since.toISOString() } },
    ])
  })
})

describe('friends and invitations', () => {
  test('a friend request is accepted by rule', async () => {
    const request = {
      kind: 'FriendshipRequested' as const,
      friendshipId: 'f1',
      contact: person('c1'),
      hello: '我是青屿会员',
    }
    expect(sent(await stage.happen(request))).toMatchObject([
      {
        body: [{ type: 'acceptFriendship', friendshipId: 'f1' }],
        purpose: 'service',
        to: { kind: 'direct', contactId: 'c1' },
      },
    ])
    stage.settings['members'] = { friendship: { accept: 'keyword', keywords: ['VIP'] } }
    expect(await stage.happen(request)).toEqual([])
  })

  test('a new friend is greeted under a key that is the same every time, and remembered', async () => {
    const confirmed = { kind: 'FriendshipConfirmed' as const, contact: person('c1', '小雨') }
    const [first] = sent(await stage.happen(confirmed))
    const [second] = sent(await stage.happen(confirmed))
    expect(first).toMatchObject({
      key: 'greet:main:c1',
      body: [{ text: 'members.greet-friend 小雨' }],
      purpose: 'service',
    })
    expect(second?.key).toBe(first?.key)
    expect(await stage.rows('SELECT friend_of FROM identity')).toEqual([
      { friend_of: { main: stage.now.toISOString() } },
    ])
  })

  test('an old confirmation and a coworker are not greeted', async () => {
    const at = new Date(stage.now.getTime() - 86_400_000)
    expect(await stage.happen({ kind: 'FriendshipConfirmed', contact: person('c1') }, { at })).toEqual([])
    const contact = person('s1', 's', { kind: 'staff' })
    expect(await stage.happen({ kind: 'FriendshipConfirmed', contact })).toEqual([])
  })

  test('an invitation is accepted for its inviter or topic, and refused in a direct message otherwise, once', async () => {
    stage.settings['members'] = { invitations: { inviters: ['boss'], topics: ['青屿*'] } }
    const invite = (inviter: string, topic: string) =>
      stage.happen({ kind: 'RoomInvited', invitationId: stage.name('i'), inviter: person(inviter, '小雨'), topic })
    expect(sent(await invite('boss', '别的群'))).toMatchObject([{ body: [{ type: 'acceptInvitation' }] }])
    expect(sent(await invite('c1', '青屿三群'))).toMatchObject([{ body: [{ type: 'acceptInvitation' }] }])
    const refusals = [...sent(await invite('c2', '甲')), ...sent(await invite('c2', '乙'))]
    expect(refusals[0]).toMatchObject({
      to: { kind: 'direct', contactId: 'c2' },
      body: [{ text: 'members.refuse-invitation 小雨 | 甲' }],
    })
    expect(new Set(refusals.map(({ key }) => key)).size).toBe(1)
  })
})
