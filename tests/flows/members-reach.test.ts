/** Where a person can be written to directly, and why not. */
import { beforeEach, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(() => stage.empty())

const befriend = async (contactId: string, account = 'main'): Promise<string> => {
  await stage.happen({ kind: 'FriendshipConfirmed', contact: person(contactId) }, { account })
  return idOf(contactId)
}

async function idOf(contactId: string): Promise<string> {
  const [row] = await stage.rows<{ customer_id: string }>('SELECT customer_id FROM identity WHERE contact_id = $1', [
    contactId,
  ])
  return row!.customer_id
}

const places = (ids: string[], account?: string) => stage.within((on) => members.directPlaces(on, ids, { account }))

const placeOf = async (id: string, account?: string) => (await places([id], account)).get(id)

test('a friend is written to in her direct thread, which is made where there is none', async () => {
  const id = await befriend('c1')
  await stage.rows('DELETE FROM thread')
  const place = await placeOf(id)
  expect(place).toMatchObject({ kind: 'direct', account: 'main', contactId: 'c1', customerId: id })
  expect(await stage.rows('SELECT id, account, contact_id, customer_id FROM thread')).toEqual([
    { id: (place as members.DirectPlace).threadId, account: 'main', contact_id: 'c1', customer_id: id },
  ])
  expect(await placeOf(id)).toEqual(place)
})

test('an account that is ours no more does not speak, though she knew it best', async () => {
  await befriend('c1')
  const id = await befriend('c1', 'retired')
  await stage.say(person('c1'), direct('c1'), 'hello', { account: 'retired' })
  const among = async (...names: string[]) =>
    (await stage.within((on) => members.directPlaces(on, [id], { among: new Set(names) }))).get(id)
  expect(await among('main', 'retired')).toMatchObject({ account: 'retired' })
  expect(await among('main')).toMatchObject({ account: 'main' })
  expect(await among('other')).toBe('stranger')
})

test('of several accounts the one of the last contact speaks, unless another one is asked for', async () => {
  const id = await befriend('c1')
  await befriend('c1', 'second')
  await stage.say(person('c1'), direct('c1'), 'hello', { account: 'second' })
  expect(await placeOf(id)).toMatchObject({ account: 'second' })
  await stage.clock.advance(60_000)
  await stage.say(person('c1'), direct('c1'), 'hello again')
  expect(await placeOf(id)).toMatchObject({ account: 'main' })
  expect(await placeOf(id, 'second')).toMatchObject({ account: 'second' })
  expect(await placeOf(id, 'third')).toBe('stranger')
})

test('who is in nobody’s contact list is a stranger, who was never met has no identity', async () => {
  await stage.say(person('c1'), group('r1'), 'hello')
  const id = await idOf('c1')
  const nobody = '00000000-0000-7000-8000-000000000001'
  expect(await places([id, nobody])).toEqual(
    new Map([
      [id, 'stranger'],
      [nobody, 'no-identity'],
    ]),
  )
})

test('our own people and the deleted are written to by nobody', async () => {
  const [staff, gone] = [await befriend('c1'), await befriend('c2')]
  await stage.rows('UPDATE customer SET staff = true WHERE id = $1', [staff])
  await stage.rows('UPDATE customer SET forgotten_at = now() WHERE id = $1', [gone])
  expect(await places([staff, gone])).toEqual(
    new Map([
      [staff, 'staff'],
      [gone, 'forgotten'],
    ]),
  )
})

test('two customers who are one person are reached by what either is known as', async () => {
  const [one, other] = [await befriend('c1'), await befriend('c2')]
  await stage.rows('UPDATE customer SET person_id = $2, merged_into = $2 WHERE id = $1', [one, other])
  await stage.say(person('c1'), direct('c1'), 'hello')
  expect(await placeOf(other)).toMatchObject({ contactId: 'c1', customerId: one })
})

test('a thousand persons take no more statements than one', async () => {
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1) ids.push(await befriend(`c${n}`))
  const counted = (many: string[]): Promise<number> =>
    stage.within(async (on) => {
      let statements = 0
      const query = on.work.db.query.bind(on.work.db) as (...given: unknown[]) => unknown
      const counting = { query: (...given: unknown[]) => ((statements += 1), query(...given)) }
      const work = Object.assign(Object.create(on.work) as typeof on.work, { db: counting, write: () => undefined })
      await members.directPlaces({ work, ids: on.ids }, many)
      return statements
    })
  expect(await counted(ids)).toBe(await counted(ids.slice(0, 1)))
})
