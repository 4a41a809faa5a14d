import { beforeEach, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
const minute = 60_000

beforeEach(async () => {
  await stage.empty()
  for (const name of ['a', 'b']) {
    await stage.db.pool.query(
      `INSERT INTO account (name, contact_id, state, heartbeat_at, connected_at) VALUES ($1, $2, 'connected', $3, $3)`,
      [name, `bot-${name}`, stage.now],
    )
  }
})

const beat = (account: string) =>
  stage.db.pool.query('UPDATE account SET heartbeat_at = $2 WHERE name = $1', [account, stage.now])
const move = (order = ['a', 'b']) =>
  stage.db.transaction((tx) =>
    members.moveSpeakers(tx, { now: stage.now, failoverMs: minute, stalenessMs: 10 * minute, order }),
  )
const speaker = async () => (await stage.rows('SELECT speaker FROM room'))[0]?.['speaker']

/** Both accounts see a message; each account's copy has an id of its own unless they are the same. */
async function bothSee(
  text: string,
  ids: Record<string, string>,
  contact = person('c1'),
): Promise<Record<string, bigint>> {
  const inbox: Record<string, bigint> = {}
  for (const [account, id] of Object.entries(ids)) {
    const { copy } = await stage.say(contact, group('r1'), text, { account, id })
    inbox[account] = await store(account, text, id, contact, copy ? 'copy' : 'routed')
  }
  return inbox
}

async function store(
  account: string,
  text: string,
  id: string,
  contact = person('c1'),
  outcome = 'copy',
): Promise<bigint> {
  const [row] = await stage.rows<{ id: bigint }>(
    `INSERT INTO inbox (account, key, kind, at, received_at, what, handled_at, outcome)
     VALUES ($1, $2, 'MessageReceived', $3, $3, $4, $3, $5) RETURNING id`,
    [account, `message:${id}`, stage.now, JSON.stringify(stage.message(contact, group('r1'), text, { id })), outcome],
  )
  if (!row) throw new Error('no row')
  return row.id
}

test('the first account seen in a group speaks there; what the others see is a copy', async () => {
  expect((await stage.say(person('c1'), group('r1'), 'hi', { account: 'a' })).copy).toBe(false)
  const second = await stage.say(person('c2'), group('r1'), 'hi', { account: 'b' })
  expect(second).toMatchObject({ copy: true, thread: { recipient: { account: 'a' } } })
  expect(await stage.rows('SELECT account FROM message')).toEqual([{ account: 'a' }])
})

test('of two accounts that see a new group in the same moment, one speaks', async () => {
  const [one, other] = await Promise.all([
    stage.say(person('c1'), group('r1'), 'hi', { account: 'a' }),
    stage.say(person('c2'), group('r1'), 'hi', { account: 'b' }),
  ])
  expect([one.copy, other.copy].sort()).toEqual([false, true])
  expect(one.thread.recipient.account).toBe(other.thread.recipient.account)
})

test('when the speaker is silent for too long the other account takes over, and not before', async () => {
  await bothSee('hi', { a: 'm1', b: 'm1' })
  await stage.clock.advance(minute)
  await beat('b')
  expect((await move()).moved).toEqual([])
  await stage.clock.advance(1)
  expect((await move()).moved).toMatchObject([{ from: 'a', to: 'b' }])
  expect(await speaker()).toBe('b')
  expect((await move()).moved).toEqual([])
})

test('the speaker that comes back stays silent while the other one is well', async () => {
  await bothSee('hi', { a: 'm1', b: 'm1' })
  await stage.clock.advance(2 * minute)
  await beat('b')
  await move()
  await beat('a')
  await move()
  expect(await speaker()).toBe('b')
  expect((await stage.say(person('c1'), group('r1'), 'again', { account: 'a' })).copy).toBe(true)
})

test('a group that only the dead account is in keeps it', async () => {
  await stage.say(person('c1'), group('r1'), 'hi', { account: 'a' })
  await stage.clock.advance(2 * minute)
  await beat('b')
  expect((await move()).moved).toEqual([])
})

test('with one account nothing is asked of the database', async () => {
  const refuse = { query: () => Promise.reject(new Error('asked')) } as unknown as Parameters<
    typeof members.moveSpeakers
  >[0]
  const failover = { now: stage.now, failoverMs: minute, stalenessMs: minute, order: ['a'] }
  expect(await members.moveSpeakers(refuse, failover)).toEqual({ moved: [], reopened: [] })
})

test('what the old speaker had not begun to say goes out from the new one; what it has begun stays its own', async () => {
  const { thread } = await stage.say(person('c1'), group('r1'), 'hi', { account: 'a' })
  await stage.say(person('c1'), group('r1'), 'hi', { account: 'b' })
  for (const state of ['pending', 'sending', 'unknown', 'sent']) {
    await stage.db.pool.query(
      `INSERT INTO outbox (key, part, parts, account, thread_id, recipient, purpose, priority, body, body_hash, state, created_at)
       VALUES ($1, 0, 1, 'a', $2, $3, 'reply', 1, '{}', '', $1, $4)`,
      [state, thread.id, JSON.stringify(thread.recipient), stage.now],
    )
  }
  await stage.clock.advance(2 * minute)
  await beat('b')
  await move()
  expect(await stage.rows(`SELECT state, account, recipient ->> 'account' AS via FROM outbox ORDER BY id`)).toEqual([
    { state: 'pending', account: 'b', via: 'b' },
    { state: 'sending', account: 'a', via: 'a' },
    { state: 'unknown', account: 'a', via: 'a' },
    { state: 'sent', account: 'a', via: 'a' },
  ])
})

test('what only the new speaker has seen is opened again; what the old one stored is not, whatever its id', async () => {
  await bothSee('same id', { a: 'm1', b: 'm1' })
  await bothSee('other id', { a: 'm2', b: 'm2-as-b-sees-it' })
  const missed = await store('b', 'nobody answered me', 'm3')
  const alike = await store('b', 'other id', 'm4', person('c2'))
  await stage.clock.advance(2 * minute)
  await beat('b')
  expect((await move()).reopened).toEqual([missed, alike])
  expect(await stage.rows('SELECT id FROM inbox WHERE handled_at IS NULL ORDER BY id')).toEqual([
    { id: missed },
    { id: alike },
  ])
})

test('copies that are too old, recalled, or in a group where nobody else speaks now, stay closed', async () => {
  await bothSee('hi', { a: 'm1', b: 'm1' })
  await store('b', 'long ago', 'm2')
  await stage.clock.advance(11 * minute)
  await store('b', 'recalled', 'm3')
  await stage.happen({ kind: 'MessageRecalled', place: group('r1'), messageId: 'm3' }, { account: 'b' })
  await beat('a')
  await beat('b')
  const waiting = await store('b', 'the speaker is well', 'm4')
  expect((await move()).reopened).toEqual([])
  await stage.clock.advance(2 * minute)
  await beat('b')
  expect((await move()).reopened).toEqual([waiting])
})

test('a copy that is committed after the takeover is found by the next look', async () => {
  await bothSee('hi', { a: 'm1', b: 'm1' })
  await stage.clock.advance(2 * minute)
  await beat('b')
  expect((await move()).reopened).toEqual([])
  const late = await store('b', 'in flight when the speaker changed', 'm2')
  expect((await move()).reopened).toEqual([late])
  expect((await move()).reopened).toEqual([])
})

test('before it answers, the new speaker can see that the old one has stored the message meanwhile', async () => {
  const { thread } = await stage.say(person('c1'), group('r1'), 'hi', { account: 'a', id: 'm1' })
  const heard = (text: string, id: string) =>
    stage.within(
      (on) => members.wasHeard(on, thread, stage.event(stage.message(person('c1'), group('r1'), text, { id }), 'b')),
      'b',
    )
  expect(await heard('hi', 'm1-as-b-sees-it')).toBe(true)
  expect(await heard('something else', 'm2')).toBe(false)
})

test('who says the same thing twice in a row has said two things', async () => {
  const { thread } = await stage.say(person('c1'), group('r1'), 'hello?', { account: 'a', id: 'm1' })
  const again = stage.event(stage.message(person('c1'), group('r1'), 'hello?', { id: 'm2' }), 'a')
  expect(await stage.within((on) => members.wasHeard(on, thread, again), 'a')).toBe(false)
})
