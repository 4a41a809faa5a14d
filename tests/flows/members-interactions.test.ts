/** Interactions: kept with the message that shows them, taken back with it, and always where the person is. */
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import type { Contact, Place } from '../../src/kernel/event.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(async () => {
  await stage.empty()
  await db.pool.query('TRUNCATE interaction')
  stage.groups = [{ id: 'g', title: 'G', match: { topics: ['*'] } }]
  stage.interactions = [
    { kind: 'question', title: 'Question', weight: 0.2, asks: true },
    { kind: 'praise', title: 'Praise', words: ['好用'], inQuestions: false, opposite: 'complaint' },
    { kind: 'complaint', title: 'Complaint', weight: 2, words: ['难用'], opposite: 'praise' },
    { kind: 'share', title: 'Share', types: ['link'] },
  ]
})

/** Hears a message as the route does, and observes it. */
async function hear(sender: Contact, place: Place, text: string, more: { id?: string; type?: 'text' | 'link' } = {}) {
  const what = stage.message(sender, place, text, more)
  const event = stage.event(what)
  return stage.within(async (on) => {
    const who = await members.meet(on, sender, event.at)
    const thread = await members.threadOf(on, place, who)
    members.recordMessage(on, event, thread, who)
    members.observeInteractions(on, { event, thread, person: who })
    return who
  })
}

const recall = (messageId: string, place: Place) => stage.happen({ kind: 'MessageRecalled', place, messageId })
const kept = async () =>
  (await stage.rows<{ kind: string }>('SELECT kind FROM interaction ORDER BY id')).map(({ kind }) => kind)
const rights = () => {
  if (members.slice.rights === 'none') throw new TypeError('keeps nothing')
  return members.slice.rights
}

describe('a message that counts', () => {
  test('is kept once with its weight, its time and where it came from', async () => {
    const { customerId } = await hear(person('c1'), direct('c1'), '这个不好用，怎么退？', { id: 'm1' })
    await hear(person('c1'), direct('c1'), '这个不好用，怎么退？', { id: 'm1' })
    const rows = await stage.rows(
      'SELECT customer_id, person_id, kind, at, weight, source FROM interaction ORDER BY id',
    )
    const shared = { customer_id: customerId, person_id: customerId, at: stage.now, source: 'message:main:m1' }
    expect(rows).toEqual([
      { ...shared, kind: 'question', weight: 0.2 },
      { ...shared, kind: 'complaint', weight: 2 },
    ])
  })

  test('is a link as well as words', async () => {
    await hear(person('c1'), direct('c1'), '好用', { type: 'link' })
    expect(await kept()).toEqual(['share'])
  })

  test('counts for nobody but customers, and nothing in groups that nobody asked us to serve', async () => {
    stage.settings['members'] = { staff: { contacts: ['boss'] } }
    stage.groups = []
    await hear(person('boss'), direct('boss'), '好用')
    await hear(person('c1'), group('r1'), '好用')
    expect(await kept()).toEqual([])
  })

  test('counts for nobody who wants no profile', async () => {
    const { customerId } = await hear(person('c1'), direct('c1'), 'hi')
    await stage.db.pool.query('UPDATE customer SET profiling_refused_at = $2 WHERE id = $1', [customerId, stage.now])
    await hear(person('c1'), direct('c1'), '好用')
    expect(await kept()).toEqual([])
  })
})

describe('a recalled message', () => {
  test('counts as nothing any more, and others go on counting', async () => {
    await hear(person('c1'), direct('c1'), '好用', { id: 'm1' })
    await hear(person('c1'), direct('c1'), '难用', { id: 'm2' })
    await recall('m1', direct('c1'))
    expect(await kept()).toEqual(['complaint'])
  })

  test('counts as nothing also when its recall was handled first', async () => {
    await recall('m1', group('r1'))
    await hear(person('c1'), group('r1'), '好用', { id: 'm1' })
    expect(await kept()).toEqual([])
  })
})

describe('who brings somebody in', () => {
  const joins = (members: Contact[], inviter?: Contact) =>
    stage.happen({ kind: 'MemberJoined', roomId: 'r1', topic: 'r1', members, ...(inviter ? { inviter } : {}) })

  test('gets `invited` once for each customer that came', async () => {
    const { customerId } = await hear(person('c1'), direct('c1'), 'hi')
    await joins([person('c2'), person('c3')], person('c1'))
    await joins([person('c2')], person('c1'))
    expect(await stage.rows('SELECT customer_id, kind, weight FROM interaction')).toEqual([
      { customer_id: customerId, kind: 'invited', weight: 2 },
      { customer_id: customerId, kind: 'invited', weight: 2 },
    ])
  })

  test('gets nothing for herself, for staff, or as staff', async () => {
    stage.settings['members'] = { staff: { contacts: ['boss', 'aide'] } }
    await hear(person('c1'), direct('c1'), 'hi')
    await hear(person('boss'), direct('boss'), 'hi')
    await joins([person('c1'), person('aide')], person('c1'))
    await joins([person('c2')], person('boss'))
    expect(await kept()).toEqual([])
  })

  test('gets the weight that content gives', async () => {
    stage.interactions.push({ kind: 'invited', title: 'Invited', weight: 7 })
    await hear(person('c1'), direct('c1'), 'hi')
    await joins([person('c2')], person('c1'))
    expect(await stage.rows('SELECT weight FROM interaction')).toEqual([{ weight: 7 }])
  })
})

test('a slice records a kind of its own by an effect, once for each source', async () => {
  const { customerId } = await hear(person('c1'), direct('c1'), 'hi')
  const record = (source: string) =>
    stage.within((on) =>
      stage.apply(on, [
        {
          kind: 'RecordInteraction',
          customerId: String(customerId),
          interaction: 'checkIn',
          at: stage.now,
          weight: 3,
          source,
          data: { day: 2 },
        },
      ]),
    )
  await record('check-in:1')
  await record('check-in:1')
  await record('check-in:2')
  expect(await stage.rows('SELECT kind, weight, data FROM interaction')).toEqual([
    { kind: 'checkIn', weight: 3, data: { day: 2 } },
    { kind: 'checkIn', weight: 3, data: { day: 2 } },
  ])
})

describe('the rights of a customer', () => {
  test('whatever is linked and unlinked, every interaction belongs to the person behind its customer', async () => {
    const ids: string[] = []
    for (const id of ['a', 'b', 'c', 'd']) {
      ids.push(String((await hear(person(id), direct(id), '好用')).customerId))
    }
    const step = fc.tuple(fc.boolean(), fc.nat(3), fc.nat(3))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        for (const [link, i, j] of steps) {
          const [from = '', into = ''] = [ids[i], ids[j]]
          const ask = link ? rights().onMerge : rights().onUnlink
          await stage.db.transaction((tx) => ask(tx, from, into, stage.now)).catch(() => {})
        }
        const astray = await stage.rows(
          'SELECT i.id FROM interaction i JOIN customer c ON c.id = i.customer_id WHERE c.person_id <> i.person_id',
        )
        expect(astray).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  test('she gets all of them, and none is left when she is forgotten', async () => {
    const a = String((await hear(person('a'), direct('a'), '好用')).customerId)
    const b = String((await hear(person('b'), direct('b'), '难用')).customerId)
    await hear(person('c'), direct('c'), '好用')
    await stage.db.transaction((tx) => rights().onMerge(tx, a, b, stage.now))
    const given = await stage.db.transaction((tx) => rights().exportOf(tx, a))
    expect(given['interactions']).toMatchObject([{ kind: 'praise' }, { kind: 'complaint' }])
    await stage.db.transaction((tx) => rights().forget(tx, a, stage.now))
    expect(await kept()).toEqual(['praise'])
  })
})
