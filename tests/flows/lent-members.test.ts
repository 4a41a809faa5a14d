/** What members lends to journeys: who came, whose day it is, who fell silent; and what campaigns may aim at. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type ShopTold, slice, tellOf } from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { dayMs, due, joins, reached } from './lent-stage.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(async () => {
  await stage.empty()
  await db.pool.query('TRUNCATE interaction')
  stage.groups = [
    { id: 'care', title: '护肤', match: { topics: ['青屿*'] } },
    { id: 'vip', title: '会员', match: { topics: ['会员*'] } },
  ]
})
const { triggers = {}, goals = {} } = slice
const { birthday, date, silent } = triggers

type Columns = { profile?: object; lastSeen?: Date; mergedInto?: string; staff?: boolean }
async function customer({ profile = {}, lastSeen = new Date(0), mergedInto, staff = false }: Columns): Promise<string> {
  const id = randomUUID()
  await db.pool.query(
    `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, merged_into, profile, staff)
     VALUES ($1, coalesce($4::uuid, $1), $2, $3, $4, $5, $6)`,
    [id, new Date(0), lastSeen, mergedInto ?? null, JSON.stringify(profile), staff],
  )
  return id
}
const at = (text: string): Date => new Date(`${text}+08:00`)
const window = (after: string, until: string) => ({ after: at(after), until: at(until) })
const causes = (found: { cause: string }[]): string[] => found.map(({ cause }) => cause)

describe('who came', () => {
  const self = person('bot', '小屿', { kind: 'self' })
  const join = (roomId: string, ...ids: string[]) =>
    stage.happen({ kind: 'MemberJoined', roomId, members: ids.map((id) => person(id)) })
  beforeEach(async () => {
    for (const [roomId, topic] of [
      ['r1', '青屿护肤群'],
      ['r2', '会员群'],
      ['r3', '闲聊'],
    ] as const) {
      await stage.happen({ kind: 'GroupRead', roomId, topic, members: [self, person('old')] })
    }
  })

  test('a join that was seen is announced once, however often it is told', async () => {
    await join('r1', 'c1', 'c2')
    await stage.happen({ kind: 'MemberJoined', roomId: 'r1', members: [person('c1')] }, { account: 'second' })
    const rows = await stage.rows(
      `SELECT m.id, m.customer_id, m.group_id, t.id AS thread FROM membership m JOIN identity i ON i.id = m.identity_id
       JOIN thread t ON t.group_id = m.group_id WHERE i.contact_id IN ('c1', 'c2') ORDER BY i.contact_id`,
    )
    expect(stage.announced).toEqual(
      rows.map((row) => ({
        ...{ kind: 'Announce', trigger: 'joinedGroup', cause: `stay:${String(row['id'])}` },
        ...{ customerId: row['customer_id'], at: stage.now },
        data: { groupId: row['group_id'], rule: 'care', threadId: row['thread'] },
      })),
    )
  })

  test('nobody is who stood in the list, is one of us or a bot, or came where no rule asks us to be', async () => {
    stage.settings = { members: { staff: { contacts: ['lin'] } } }
    await join('r1', 'old', 'lin')
    await stage.happen({ kind: 'MemberJoined', roomId: 'r1', members: [person('robot', '', { kind: 'bot' })] })
    await join('r3', 'c1')
    await stage.happen({ kind: 'MemberJoined', roomId: 'r4', members: [self, person('c2')] })
    expect(stage.announced.map(({ cause }) => cause)).toHaveLength(1)
    // The one is whom the list had told of a moment before the platform's own news did.
    const [row] = await stage.rows(
      `SELECT m.id FROM membership m JOIN identity i ON i.id = m.identity_id JOIN room r ON r.id = m.group_id
       WHERE i.contact_id = 'old' AND r.room_id = 'r1'`,
    )
    expect(stage.announced[0]?.cause).toBe(`stay:${String(row?.['id'])}`)
  })

  test('whoever comes again comes anew', async () => {
    await join('r1', 'c1')
    await stage.happen({ kind: 'MemberLeft', roomId: 'r1', members: [person('c1')] })
    await stage.clock.advance(60_000)
    await join('r1', 'c1')
    expect(new Set(stage.announced.map(({ cause }) => cause)).size).toBe(2)
  })

  test('a rule narrows to its groups', () => {
    const { joinedGroup } = triggers
    if (joinedGroup?.on !== 'announced') throw new TypeError('not announced')
    const matches = (written: object, rule: string): boolean =>
      joinedGroup.matches(joinedGroup.schema.parse(written), { rule }, stage.content)
    expect(matches({}, 'care')).toBe(true)
    expect(matches({ rules: 'vip' }, 'care')).toBe(false)
    expect(matches({ rules: ['vip', 'care'] }, 'care')).toBe(true)
    expect(joinedGroup.references?.(joinedGroup.schema.parse({ rules: 'vip' }))).toEqual([
      { at: ['rules'], kind: 'groups', id: 'vip' },
    ])
  })

  test('a new friend is announced under the same cause every time, also late; a coworker is not', async () => {
    stage.settings = { members: { staff: { contacts: ['lin'] } } }
    const befriend = (id: string, when = stage.now) =>
      stage.happen({ kind: 'FriendshipConfirmed', contact: person(id) }, { at: when })
    await befriend('c1')
    await befriend('c1', new Date(stage.now.getTime() - dayMs))
    await befriend('lin')
    const [row] = await stage.rows(`SELECT customer_id FROM identity WHERE contact_id = 'c1'`)
    expect(stage.announced).toMatchObject(
      [0, 1].map(() => ({
        ...{ trigger: 'addedBot', cause: 'friend:main:c1', customerId: row?.['customer_id'] },
        data: { account: 'main' },
      })),
    )
  })

  test('goals: joins that were seen, of some groups or of all that have a rule', async () => {
    const before = new Date(stage.now.getTime() - 1)
    await join('r1', 'c1')
    await join('r2', 'c1')
    await join('r3', 'c1')
    const joined = (written: object, after = before) =>
      reached(db.pool, goals['joined'], written, { after, until: stage.now })
    expect(await joined({})).toHaveLength(2)
    expect(await joined({ rules: 'vip' })).toHaveLength(1)
    expect(await joined({ rules: 'vip' }, stage.now)).toEqual([])
  })
})

describe('birthdays', () => {
  const day = (written: object, after: string, until: string) => due(db.pool, birthday, written, window(after, until))

  test('come at the given time of the brand’s day, in one window of those that join', async () => {
    const she = await customer({ profile: { birthday: '1990-12-05' } })
    await customer({ profile: { birthday: '1990-12-06' } })
    await customer({ profile: { birthday: '十二月五日' } })
    await customer({ profile: {} })
    const found = [{ person: she, cause: 'birthday:2026', at: at('2026-12-05T09:30') }]
    const nine = { at: '09:30' }
    expect(await day(nine, '2026-12-05T09:29', '2026-12-05T09:30')).toEqual(found)
    expect(await day(nine, '2026-12-05T09:30', '2026-12-06T09:29')).toEqual([])
    expect(await day(nine, '2026-12-04T10:00', '2026-12-05T10:00')).toEqual(found)
    expect(await day(nine, '2026-12-01T00:00', '2026-12-05T09:29')).toEqual([])
  })

  test('so many days before, also over the end of a year', async () => {
    const she = await customer({ profile: { birthday: '1990-01-02' } })
    const found = [{ person: she, cause: 'birthday:2027', at: at('2026-12-30T10:00') }]
    expect(await day({ before: '3d' }, '2026-12-30T00:00', '2026-12-31T00:00')).toEqual(found)
    expect(() => birthday?.schema.parse({ before: '36h' })).toThrow(/whole days/)
  })

  test('of 29 February come on the 28th in common years, and on the day in others', async () => {
    const she = await customer({ profile: { birthday: '2000-02-29' } })
    const found = async (year: number): Promise<unknown> =>
      (await day({}, `${year}-02-27T12:00`, `${year}-03-02T12:00`)).map((one) => [one.person, one.at.toISOString()])
    expect(await found(2027)).toEqual([[she, '2027-02-28T02:00:00.000Z']])
    expect(await found(2028)).toEqual([[she, '2028-02-29T02:00:00.000Z']])
  })

  test('of who was merged is the person’s: her own word goes before what the other row said', async () => {
    const she = await customer({ profile: { birthday: '1990-12-05' } })
    await customer({ profile: { birthday: '1991-12-05' }, mergedInto: she, lastSeen: at('2026-01-01T00:00') })
    await customer({ profile: { birthday: '1991-12-06' }, mergedInto: she })
    const other = await customer({})
    await customer({ profile: { birthday: '1991-12-06' }, mergedInto: other })
    expect(await day({}, '2026-12-05T00:00', '2026-12-07T00:00')).toMatchObject([
      { person: she, at: at('2026-12-05T10:00') },
      { person: other, at: at('2026-12-06T10:00') },
    ])
  })

  test('windows that join find everybody once a year', async () => {
    const days = fc.integer({ min: 0, max: 366 })
    const property = fc.asyncProperty(
      fc.array(days, { maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 366 * 24 * 60 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 40 }),
      async (born, cuts, before) => {
        await db.pool.query('TRUNCATE customer CASCADE')
        // 1988 was a leap year: every day of the calendar is somebody's.
        const start = Date.UTC(1988, 0, 1)
        for (const n of born)
          await customer({ profile: { birthday: new Date(start + n * dayMs).toISOString().slice(0, 10) } })
        const after = at('2026-12-10T10:00')
        const until = at('2027-12-10T10:00')
        const edges = cuts.map((minutes) => new Date(after.getTime() + minutes * 60_000))
        const found = await joins(db.pool, birthday, { before: `${before}d` }, { after, until, cuts: edges })
        expect(found).toHaveLength(born.length)
      },
    )
    await fc.assert(property, { numRuns: 15 })
  })
})

test('a day in the profile comes once, so many days after or before it', async () => {
  const she = await customer({ profile: { memberSince: '2026-11-01' } })
  const found = (written: object, after: string, until: string) => due(db.pool, date, written, window(after, until))
  const field = 'memberSince'
  expect(await found({ field, after: '30d' }, '2026-12-01T09:59', '2026-12-01T10:00')).toEqual([
    { person: she, cause: 'date:memberSince:2026-11-01', at: at('2026-12-01T10:00') },
  ])
  expect(causes(await found({ field }, '2026-10-31T12:00', '2026-11-01T12:00'))).toEqual([
    'date:memberSince:2026-11-01',
  ])
  expect(await found({ field, before: '1d', at: '20:00' }, '2026-10-31T00:00', '2026-11-01T00:00')).toHaveLength(1)
  expect(await found({ field }, '2027-10-31T12:00', '2027-11-01T12:00')).toEqual([])
  expect(() => date?.schema.parse({ field, before: '1d', after: '1d' })).toThrow(/not both/)
})

describe('silence', () => {
  const after30 = (after: string, until: string) => due(db.pool, silent, { days: 30 }, window(after, until))

  test('begins so many days after the last sign, to the minute', async () => {
    const she = await customer({ lastSeen: at('2026-11-01T23:15') })
    await customer({})
    const found = [{ person: she, cause: 'silent:2026-11-01', at: at('2026-12-01T23:15') }]
    expect(await after30('2026-12-01T23:14', '2026-12-01T23:15')).toEqual(found)
    expect(await after30('2026-12-01T23:15', '2026-12-02T23:15')).toEqual([])
    expect(await after30('2026-12-01T00:00', '2026-12-01T23:14')).toEqual([])
    // Who was never heard of does not fall silent, however far back one looks.
    expect(await due(db.pool, silent, { days: 1 }, { after: new Date(-dayMs), until: new Date(2 * dayMs) })).toEqual([])
  })

  test('of who was merged is that of the last of her customers', async () => {
    const she = await customer({ lastSeen: at('2026-11-01T12:00') })
    await customer({ lastSeen: at('2026-11-03T12:00'), mergedInto: she })
    const other = await customer({ lastSeen: at('2026-11-03T13:00') })
    await customer({ lastSeen: at('2026-11-01T12:00'), mergedInto: other })
    expect(await after30('2026-12-01T00:00', '2026-12-02T00:00')).toEqual([])
    expect(await after30('2026-12-02T00:00', '2026-12-04T00:00')).toMatchObject([{ person: she }, { person: other }])
  })

  test('windows that join find everybody once', async () => {
    const minutes = fc.integer({ min: 1, max: 5_000 })
    const people = fc.array(fc.record({ seen: minutes, merged: fc.option(fc.nat(4)) }), { minLength: 1, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(people, fc.array(minutes, { maxLength: 5 }), async (list, cuts) => {
        await db.pool.query('TRUNCATE customer CASCADE')
        const start = at('2026-10-01T00:00').getTime()
        const ids: string[] = []
        const last = new Map<string, number>()
        for (const { seen, merged } of list) {
          const into = merged === null ? undefined : ids[merged]
          const id = await customer({ lastSeen: new Date(start + seen * 60_000), ...(into && { mergedInto: into }) })
          if (into === undefined) ids.push(id)
          last.set(into ?? id, Math.max(last.get(into ?? id) ?? 0, seen))
        }
        const later = start + 7 * dayMs
        const edges = cuts.map((n) => new Date(later + n * 60_000))
        const range = { after: new Date(later), until: new Date(later + 5_000 * 60_000), cuts: edges }
        const found = await joins(db.pool, silent, { days: 7 }, range)
        expect(new Map(found.map((one) => [one.person, (one.at.getTime() - later) / 60_000]))).toEqual(last)
      }),
      { numRuns: 25 },
    )
  })
})

test('goals: a message of hers in any thread, and what she did that counts', async () => {
  const said = await stage.say(person('c1'), direct('c1'), '好的')
  await stage.say(person('c1'), group('r1'), '收到')
  await stage.say(person('lin', '林悦', { kind: 'staff' }), direct('lin'), '好的')
  const all = { after: new Date(stage.now.getTime() - 1), until: stage.now }
  const she = said.person.customerId
  expect(await reached(db.pool, goals['reply'], {}, all)).toEqual([
    { person: she, at: stage.now },
    { person: she, at: stage.now },
  ])
  expect(await reached(db.pool, goals['reply'], {}, { after: stage.now, until: stage.now })).toEqual([])
  await db.pool.query(
    `INSERT INTO interaction (customer_id, person_id, kind, at, weight, source) VALUES ($1, $1, 'praise', $2, 1, 'test:1')`,
    [she, stage.now],
  )
  expect(await reached(db.pool, goals['interaction'], { kind: ['praise', 'shared'] }, all)).toHaveLength(1)
  expect(await reached(db.pool, goals['interaction'], { kind: 'shared' }, all)).toEqual([])
})

describe('what the shop’s programs tell', () => {
  const told: ShopTold = {
    ...{ customerId: randomUUID(), personId: randomUUID(), kind: 'weather', at: at('2026-12-01T08:00') },
    ...{ source: 'event:abc:0', data: { kind: 'hers', sky: 'rain', degrees: 3 } },
  }

  test('is announced with the kind that it was let in as', async () => {
    const { name, lock, payload } = tellOf(told, stage.now)
    expect(lock).toEqual([`customer:${told.personId}`])
    await stage.happen({ kind: 'SliceEvent', name, lock, payload: JSON.parse(JSON.stringify(payload)) })
    expect(stage.announced).toEqual([
      {
        ...{ kind: 'Announce', trigger: 'event', cause: 'event:abc:0', customerId: told.customerId, at: told.at },
        data: { kind: 'weather', sky: 'rain', degrees: 3, daysAgo: expect.any(Number) as number },
      },
    ])
  })

  test('is what a journey waits for when its kind and every field agree', () => {
    const { event } = triggers
    if (event?.on !== 'announced') throw new TypeError('not announced')
    const matches = (written: object, daysAgo = 0): boolean => {
      const data = { kind: 'weather', sky: 'rain', degrees: 3, daysAgo }
      return event.matches(event.schema.parse(written), data, stage.content)
    }
    expect(matches({ kind: 'weather' })).toBe(true)
    expect(matches({ kind: 'weather', where: { sky: ['snow', 'rain'], degrees: 3 } })).toBe(true)
    expect(matches({ kind: 'weather', where: { sky: 'rain', degrees: 4 } })).toBe(false)
    expect(matches({ kind: 'weather', where: { wind: 'strong' } })).toBe(false)
    expect(matches({ kind: 'nearby' })).toBe(false)
    // Yesterday's rain wets nobody today.
    expect(matches({ kind: 'weather', days: 0 }, 1)).toBe(false)
    expect(matches({ kind: 'weather' }, 3)).toBe(false)
  })
})
