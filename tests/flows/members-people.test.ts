import { beforeEach, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import { markDue } from '../../src/domains/tags/index.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(() => stage.empty())

const meet = (contact: Parameters<typeof person>[0] | ReturnType<typeof person>, account = 'main') =>
  stage.within((on) => members.meet(on, typeof contact === 'string' ? person(contact) : contact, stage.now), account)

test('an unknown person becomes a customer on first sight, and stays the same one', async () => {
  const first = await meet('c1')
  await stage.clock.advance(5_000)
  const again = await meet('c1')
  expect(first).toMatchObject({ contactId: 'c1', role: 'customer' })
  expect(first.customerId).not.toBeNull()
  expect(again).toEqual(first)
  expect(await stage.rows('SELECT id FROM customer')).toEqual([{ id: first.customerId }])
})

test('two people with one name never mix, however their messages interleave', async () => {
  const said = new Map<string, string[]>([
    ['c1', []],
    ['c2', []],
  ])
  for (let i = 0; i < 20; i++) {
    const id = i % 2 === 0 ? 'c1' : 'c2'
    await stage.say(person(id, '小雨'), i % 3 === 0 ? group('r1') : direct(id), `${id} says ${i}`)
    said.get(id)?.push(`${id} says ${i}`)
  }
  for (const [contactId, texts] of said) {
    const rows = await stage.rows(
      `SELECT m.text FROM message m JOIN identity i ON i.id = m.identity_id AND i.customer_id = m.customer_id
       WHERE i.contact_id = $1`,
      [contactId],
    )
    expect(rows.map((row) => row['text']).sort()).toEqual(texts.sort())
  }
})

test('one contact id in two realms is two people', async () => {
  stage.realms = { other: 'elsewhere' }
  const here = await meet('c1')
  const there = await meet('c1', 'other')
  expect(there.customerId).not.toBe(here.customerId)
})

test('many strangers who speak at once are met in one statement each', async () => {
  const people = await stage.within((on) =>
    Promise.all(Array.from({ length: 30 }, (_, i) => members.meet(on, person(`c${i}`), stage.now))),
  )
  expect(new Set(people.map((met) => met.customerId)).size).toBe(30)
})

test('a new name, alias and profile are kept; an unreadable contact takes nothing away', async () => {
  await meet(person('c1', '小雨', { alias: 'A', profile: { city: '杭州', province: '上海' } }))
  await meet(person('c1', '小雨伞', { profile: { city: '上海' } }))
  await meet(person('c1', '', { kind: 'unknown' }))
  expect(await stage.rows('SELECT name, alias, profile, role FROM identity')).toEqual([
    { name: '小雨伞', alias: 'A', profile: { city: '上海', province: '上海' }, role: 'customer' },
  ])
})

test('the time of the last sign of life is written once a minute at most, and never goes back', async () => {
  const start = stage.now
  const lastSeen = async () =>
    (
      await stage.rows(
        'SELECT i.last_seen_at, c.last_seen_at AS customer FROM identity i JOIN customer c ON c.id = i.customer_id',
      )
    )[0]
  await meet('c1')
  await stage.clock.advance(59_000)
  await meet('c1')
  expect(await lastSeen()).toEqual({ last_seen_at: start, customer: start })
  await stage.clock.advance(1_000)
  await meet('c1')
  const later = stage.now
  await stage.within((on) => members.meet(on, person('c1'), start))
  expect(await lastSeen()).toEqual({ last_seen_at: later, customer: later })
})

test('coworkers, listed staff, people of listed corporations, bots and our own accounts are never customers', async () => {
  await stage.db.pool.query(
    `INSERT INTO account (name, contact_id) VALUES ('main', 'bot-main'), ('second', 'bot-second')`,
  )
  stage.settings['members'] = { staff: { contacts: ['adviser'], corporations: ['青屿'] }, bots: ['helper'] }
  const cases: [ReturnType<typeof person>, string][] = [
    [person('coworker', 'x', { kind: 'staff' }), 'staff'],
    [person('adviser'), 'staff'],
    [person('insider', 'x', { profile: { corporation: '青屿' } }), 'staff'],
    [person('helper'), 'bot'],
    [person('news', 'x', { kind: 'bot' }), 'bot'],
    [person('bot-main', 'x', { kind: 'self' }), 'self'],
    [person('bot-second'), 'self'],
  ]
  for (const [contact, role] of cases) {
    expect(await meet(contact)).toMatchObject({ role, customerId: null })
  }
  expect(await stage.rows('SELECT FROM customer')).toEqual([])
})

test('a customer who turns out to be staff keeps her row and gives no new facts; a mistake can be put right', async () => {
  const before = await stage.say(person('c1'), direct('c1'), 'hello')
  stage.settings['members'] = { staff: { contacts: ['c1'] } }
  const after = await stage.say(person('c1'), direct('c1'), 'later: I work here')
  expect(after.person).toMatchObject({ role: 'staff', customerId: null })
  expect(await stage.rows('SELECT customer_id FROM message ORDER BY text')).toEqual([
    { customer_id: before.person.customerId },
    { customer_id: null },
  ])
  expect(await stage.rows('SELECT id FROM customer')).toEqual([{ id: before.person.customerId }])
  stage.settings = {}
  expect((await meet('c1')).customerId).toBe(before.person.customerId)
})

test('when a customer becomes staff, or a customer again, her tags are decided at the next tagging', async () => {
  stage.roleChanged = markDue
  const due = () => stage.rows('SELECT person_id, priority FROM tag_due')
  const { customerId } = await meet('c1')
  await meet(person('c1', 'another name'))
  expect(await due()).toEqual([])
  for (const contact of [person('c1', 'x', { kind: 'staff' }), person('c1')]) {
    await meet(contact)
    expect(await due()).toEqual([{ person_id: customerId, priority: 0 }])
    await stage.db.pool.query('TRUNCATE tag_due')
  }
})

test('who is first met as staff and then serves nobody becomes a customer', async () => {
  await meet(person('c1', 'x', { kind: 'staff' }))
  const now = await meet('c1')
  expect(now.role).toBe('customer')
  expect(await stage.rows('SELECT customer_id FROM identity')).toEqual([{ customer_id: now.customerId }])
})
