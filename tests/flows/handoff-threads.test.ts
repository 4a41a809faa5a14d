import { beforeEach, expect, test } from 'vitest'
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(() => stage.empty())

const thread = (place = direct('c1')) => stage.within((on) => members.threadOf(on, place, null))
const speak = async (place = direct('c1')) =>
  stage.within(async (on) => stage.apply(on, handoff.humanSpoke(on, await members.threadOf(on, place, null))))

test('somebody types on the phone: the thread is hers for as long as content says, and only that thread', async () => {
  stage.settings['handoff'] = { takeover: '20m' }
  await stage.say(person('c1'), direct('c1'), 'hi')
  await speak()
  expect(handoff.owns(await thread(), stage.now)).toBe(true)
  expect(handoff.owns(await thread(direct('c2')), stage.now)).toBe(false)
  expect(handoff.owns(await thread(group('r1')), stage.now)).toBe(false)
  await stage.clock.advance(20 * 60_000 - 1)
  expect(handoff.owns(await thread(), stage.now)).toBe(true)
  await stage.clock.advance(1)
  expect(handoff.owns(await thread(), stage.now)).toBe(false)
})

test('each word of hers begins the time anew; a shorter time does not end a longer one', async () => {
  await speak(group('r1'))
  const first = (await thread(group('r1'))).silentUntil
  await stage.clock.advance(60_000)
  stage.settings['handoff'] = { takeover: '1m' }
  await speak(group('r1'))
  expect((await thread(group('r1'))).silentUntil).toEqual(first)
  stage.settings = {}
  await speak(group('r1'))
  expect((await thread(group('r1'))).silentUntil).toEqual(new Date(stage.now.getTime() + 30 * 60_000))
})

test('what the bot waited to hear in a direct thread is void when a human speaks there', async () => {
  const { person: she, thread: there } = await stage.say(person('c1'), direct('c1'), 'hi')
  const customerId = String(she.customerId)
  const expiresAt = new Date(stage.now.getTime() + 600_000)
  const ask = { kind: 'AskQuestion' as const, threadId: there.id, customerId, question: 'q', payload: null, expiresAt }
  await stage.within((on) => stage.apply(on, [ask]))
  await speak()
  expect(await stage.within((on) => members.questionOf(on, there.id, customerId))).toBeNull()
})

test('one key is one case, asked for by an event or from outside', async () => {
  const open = {
    kind: 'OpenCase' as const,
    threadId: stage.ids.fresh(),
    customerId: null,
    reason: 'late-reply',
    evidence: { a: 1 },
  }
  await stage.within((on) =>
    stage.apply(on, [
      { ...open, key: 'k1' },
      { ...open, key: 'k1' },
      { ...open, key: 'k2' },
    ]),
  )
  await stage.db.transaction((tx) => handoff.openCase(tx, { ...open, key: 'k1' }, stage))
  const cases = await handoff.listCases(db.pool, { open: true })
  expect(cases.map(({ key }) => key).sort()).toEqual(['k1', 'k2'])
  expect(cases[0]).toMatchObject({ reason: 'late-reply', evidence: { a: 1 }, openedAt: stage.now, closedAt: null })
})
