import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptsFriend, answerInvitation } from '../../src/domains/members/friends/decide.ts'
import { matchesGlob, ruleFor } from '../../src/domains/members/groups/decide.ts'
import { groupRules } from '../../src/domains/members/groups/schema.ts'
import { withoutContacts } from '../../src/domains/members/rights/decide.ts'
import { membersSettings } from '../../src/domains/members/schema.ts'
import { type AccountNow, chooseSpeakers, isGone } from '../../src/domains/members/speaker/decide.ts'
import { reconcileMembers, welcomeAt } from '../../src/domains/members/stays/decide.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 2, 2, 2, 0, second))

describe('topic patterns', () => {
  const cases: [string, string, boolean][] = [
    ['青屿*', '青屿护肤交流群', true],
    ['青屿*', '我爱青屿', false],
    ['*青屿*', '我爱青屿', true],
    ['青屿*群', '青屿 VIP 群', true],
    ['青屿*群', '青屿群', true],
    ['青屿', '青屿群', false],
    ['vip *', 'ＶＩＰ １号', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['.*', 'anything', false],
    ['(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaab', false],
    ['[群]', '群', false],
    ['', '', true],
    ['*', '', true],
    ['**', '群', true],
  ]
  test.each(cases)('%s against %s is %s', (pattern, topic, matches) => {
    expect(matchesGlob(pattern, topic)).toBe(matches)
  })

  test('a pattern says the same as the definition by cases, for any pattern and text', () => {
    const slow = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === ''
      const rest = pattern.slice(1)
      if (pattern.startsWith('*')) return slow(rest, text) || (text !== '' && slow(pattern, text.slice(1)))
      return text.startsWith(pattern.charAt(0)) && slow(rest, text.slice(1))
    }
    const word = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((all) => all.join(''))
    fc.assert(
      fc.property(word('ab.群*'), word('ab.群'), (pattern, text) => matchesGlob(pattern, text) === slow(pattern, text)),
      { numRuns: 2_000 },
    )
  })
})

describe('binding a group to a rule', () => {
  const { groups: rules } = groupRules.schema.parse({
    groups: [
      { id: 'vip', title: 'VIP', match: { topics: ['青屿 VIP*'] } },
      { id: 'all', title: '青屿', match: { topics: ['青屿*'] } },
      { id: 'one', title: '1', match: { rooms: ['r1'] } },
    ],
  })
  const rule = (roomId: string, topic: string, boundTo: string | null = null) =>
    ruleFor(rules, { roomId, topic, boundTo })?.id ?? null

  test('the room id goes before the topic, and the first topic that matches wins', () => {
    expect(rule('r1', '青屿 VIP 1')).toBe('one')
    expect(rule('r2', '青屿 VIP 1')).toBe('vip')
    expect(rule('r2', '青屿 1')).toBe('all')
    expect(rule('r2', '别的群')).toBeNull()
  })

  test('a group stays bound when it is renamed, and is bound anew when its rule has vanished', () => {
    expect(rule('r2', '别的群', 'vip')).toBe('vip')
    expect(rule('r2', '青屿 1', 'gone')).toBe('all')
    expect(rule('r2', '别的群', 'gone')).toBeNull()
  })

  test('a topic that nobody has read yet binds nothing, not even to *', () => {
    const { groups: any } = groupRules.schema.parse({ groups: [{ id: 'any', title: '*', match: { topics: ['*'] } }] })
    expect(ruleFor(any, { roomId: 'r1', topic: '', boundTo: null })).toBeNull()
    expect(ruleFor(any, { roomId: 'r1', topic: 'x', boundTo: null })?.id).toBe('any')
  })

  test('a rule that matches nothing is a warning, a group claimed twice an error', () => {
    const told: string[] = []
    const data = groupRules.schema.parse({
      groups: [
        { id: 'a', title: 'a', match: { rooms: ['r1'] } },
        { id: 'b', title: 'b', match: { rooms: ['r2', 'r1'] } },
        { id: 'c', title: 'c', match: {} },
      ],
    })
    groupRules.review?.([{ data, file: 'groups.yaml', at: [] }], (_, pointer, { severity }) =>
      told.push(`${severity} ${pointer.join('.')}`),
    )
    expect(told).toEqual(['error groups.1.match.rooms.1', 'warning groups.2.match'])
  })
})

describe('member lists', () => {
  const stay = (id: string, joined = 0) => ({ id: `stay-${id}`, identityId: id, joinedAt: at(joined) })

  test('who is in the list without a stay has joined, who has a stay and is not in it has left', () => {
    expect(reconcileMembers([stay('a'), stay('b')], ['b', 'c', 'c'], at(9))).toEqual({
      joined: ['c'],
      left: ['stay-a'],
    })
  })
  test('an empty list is not believed', () => {
    expect(reconcileMembers([stay('a')], [], at(9))).toEqual({ joined: [], left: [] })
  })
  test('who joined after the list was read has not left', () => {
    expect(reconcileMembers([stay('a', 10)], ['b'], at(9)).left).toEqual([])
  })
})

describe('the time of a welcome', () => {
  test('each newcomer moves it by the batch time', () => {
    expect(welcomeAt(at(0), null, 5_000)).toEqual(at(5))
    expect(welcomeAt(at(3), at(0), 5_000)).toEqual(at(8))
  })
  test('the first does not wait longer than four batches, however many follow', () => {
    expect(welcomeAt(at(18), at(0), 5_000)).toEqual(at(20))
    expect(welcomeAt(at(40), at(0), 5_000)).toEqual(at(40))
  })
})

describe('friends and invitations', () => {
  const settings = (given: object) => membersSettings.schema.parse(given)

  test('with keywords, one of them must stand in the greeting, in whatever case and width', () => {
    const keyword = settings({ friendship: { accept: 'keyword', keywords: ['VIP', '青屿'] } })
    expect(acceptsFriend(keyword, 'customer', '你好 ｖｉｐ')).toBe(true)
    expect(acceptsFriend(keyword, 'customer', '你好')).toBe(false)
    expect(acceptsFriend(settings({ friendship: { accept: 'keyword' } }), 'customer', '你好')).toBe(false)
  })
  test('all, none, and never another bot', () => {
    expect(acceptsFriend(settings({}), 'customer', '')).toBe(true)
    expect(acceptsFriend(settings({}), 'bot', '')).toBe(false)
    expect(acceptsFriend(settings({ friendship: { accept: 'none' } }), 'customer', '')).toBe(false)
  })
  test('an invitation is accepted for its inviter or its topic; other bots get no word', () => {
    const given = settings({ invitations: { inviters: ['boss'], topics: ['青屿*'] } })
    expect(answerInvitation(given, { contactId: 'boss', role: 'staff' }, 'x')).toBe('accept')
    expect(answerInvitation(given, { contactId: 'c1', role: 'customer' }, '青屿群')).toBe('accept')
    expect(answerInvitation(given, { contactId: 'c1', role: 'customer' }, 'x')).toBe('refuse')
    expect(answerInvitation(given, { contactId: 'b1', role: 'bot' }, 'x')).toBe('ignore')
  })
})

describe('choosing speakers', () => {
  const account = (name: string, more: Partial<AccountNow> = {}): AccountNow => ({
    name,
    state: 'connected',
    heartbeatAt: at(60),
    connectedAt: at(0),
    deafSince: null,
    ...more,
  })
  const now = at(61)
  const choose = (accounts: AccountNow[], inside = ['a', 'b', 'c'], order = ['a', 'b', 'c']) =>
    chooseSpeakers([{ groupId: 'g', speaker: 'a', inside }], accounts, { now, failoverMs: 30_000, order }).map(
      ({ to }) => to,
    )

  test('a connected speaker that is in the group keeps it', () => {
    expect(choose([account('a'), account('b')])).toEqual([])
  })
  test('a speaker without heartbeat, deaf, logged out, swapped or unknown for too long hands over', () => {
    const gone: Partial<AccountNow>[] = [
      { heartbeatAt: at(20) },
      { deafSince: at(20) },
      { state: 'logged-out', deafSince: at(20) },
      { state: 'offline', heartbeatAt: at(20) },
      { state: 'swapped' },
    ]
    for (const more of gone) expect(choose([account('a', more), account('b')])).toEqual(['b'])
    expect(choose([account('b')])).toEqual(['b'])
  })
  test('a short silence moves nothing', () => {
    expect(isGone(account('a', { deafSince: at(40) }), now, 30_000)).toBe(false)
    expect(isGone(account('a', { state: 'connecting', heartbeatAt: at(40) }), now, 30_000)).toBe(false)
  })
  test('a speaker that has left the group hands over at once', () => {
    expect(choose([account('a'), account('b')], ['b'])).toEqual(['b'])
  })
  test('the first connected account in the given order that is in the group takes over, or nobody', () => {
    const gone = account('a', { heartbeatAt: at(0) })
    expect(choose([gone, account('b'), account('c')], ['a', 'c', 'b'], ['c', 'b', 'a'])).toEqual(['c'])
    expect(choose([gone, account('b', { deafSince: at(59) }), account('c')])).toEqual(['c'])
    expect(choose([gone, account('b')], ['a', 'c'])).toEqual([])
  })
})

describe('an event without a person', () => {
  const hers = new Set(['c1'])
  const contact = (id: string) => ({ id, name: '小雨', kind: 'person' })

  test('what was hers alone keeps its kind only', () => {
    for (const what of [
      { kind: 'MessageReceived', place: { kind: 'group', roomId: 'r' }, sender: contact('c1'), message: { text: 'x' } },
      {
        kind: 'OwnMessageSeen',
        place: { kind: 'direct', contactId: 'c1' },
        sender: contact('us'),
        message: { text: 'x' },
      },
      { kind: 'FriendshipRequested', contact: contact('c1'), hello: 'x' },
      { kind: 'RoomInvited', inviter: contact('c1'), topic: 'x' },
    ]) {
      expect(withoutContacts(what, hers)).toEqual({ kind: what.kind, forgotten: true })
    }
  })
  test('she leaves lists, mentions and the inviter, and others stay', () => {
    const joined = {
      kind: 'MemberJoined',
      roomId: 'r',
      members: [contact('c1'), contact('c2')],
      inviter: contact('c1'),
    }
    expect(withoutContacts(joined, hers)).toEqual({ kind: 'MemberJoined', roomId: 'r', members: [contact('c2')] })
    const mention = { kind: 'MessageReceived', place: {}, sender: contact('c2'), message: { mentions: ['c1', 'us'] } }
    expect(withoutContacts(mention, hers)).toMatchObject({ sender: { id: 'c2' }, message: { mentions: ['us'] } })
  })
  test('an event of somebody else with her name is left alone', () => {
    expect(withoutContacts({ kind: 'MemberJoined', roomId: 'c1', members: [contact('c2')] }, hers)).toBeNull()
    expect(withoutContacts('c1', hers)).toBeNull()
  })
  test('her contact id is nowhere in what is left, whatever the event', () => {
    const id = fc.constantFrom('c1', 'c2', 'c3')
    const someone = id.map(contact)
    const event = fc.record(
      {
        kind: fc.constantFrom(
          'MessageReceived',
          'OwnMessageSeen',
          'MemberJoined',
          'GroupRead',
          'ContactsRead',
          'RoomInvited',
        ),
        place: fc.record({ kind: fc.constant('direct'), contactId: id }),
        sender: someone,
        contact: someone,
        inviter: someone,
        remover: someone,
        changer: someone,
        ownerId: id,
        members: fc.array(someone),
        contacts: fc.array(someone),
        message: fc.record({ mentions: fc.array(id) }),
      },
      { requiredKeys: ['kind'] },
    )
    fc.assert(
      fc.property(event, (what) => !JSON.stringify(withoutContacts(what, hers) ?? what).includes('"c1"')),
      { numRuns: 500 },
    )
  })
})
