/** Whether the bot may speak in a group unasked, from the rows of a real database. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { findAnswered, listTalk, mayJoin, type SpokenBy, type Utterance } from '../../src/domains/faq/overhear/index.ts'
import { Transaction } from '../../src/kernel/work.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const askedAt = new Date('2026-03-02T10:00:00Z')
const after = (seconds: number): Date => new Date(askedAt.getTime() + seconds * 1_000)
const quietMs = 60_000
const when = { askerId: 'her', askedAt, now: after(20), quietMs }

const said = (speakerId: string | null, seconds: number, by: SpokenBy = 'customer'): Utterance => ({
  speakerId,
  by,
  at: after(seconds),
})

describe('the bot may answer a question that named nobody', () => {
  test.each<[string, boolean, Utterance[]]>([
    ['when nobody else has spoken', true, []],
    ['when she has gone on herself', true, [said('her', 0), said('her', 5)]],
    ['when others talked and she only asks', true, [said('b', -30), said('c', -20)]],
    ['when she talked with others longer ago', true, [said('b', -90), said('her', -80)]],
    ['when she has just talked with the bot', true, [said('her', -30), said(null, -25, 'us')]],
    ['not when another customer has spoken since', false, [said('b', 5)]],
    ['not when one of ours has', false, [said('s', 5, 'staff')]],
    ['not when somebody typed on our phone', false, [said(null, 5, 'human')]],
    ['not when we have', false, [said(null, 5, 'us')]],
    ['not when somebody spoke whom nobody knows', false, [said(null, 5, 'unknown')]],
    ['not when somebody spoke in the same moment', false, [said('b', 0)]],
    ['not when she was talking with somebody', false, [said('b', -30), said('her', -20)]],
    ['not when one of ours was there', false, [said('s', -30, 'staff')]],
    ['not when somebody had just typed on our phone', false, [said(null, -30, 'human')]],
  ])('%s', (_, may, messages) => {
    expect(mayJoin(messages, when)).toBe(may)
  })

  const by = fc.constantFrom<SpokenBy>('customer', 'staff', 'bot', 'human', 'us', 'unknown')
  const utterance = fc.record({
    speakerId: fc.constantFrom('her', 'b', 'c', null),
    by,
    at: fc.integer({ min: -120, max: 40 }).map(after),
  })

  test('another message of somebody else never turns no into yes, and one since the question always means no', () => {
    fc.assert(
      fc.property(fc.array(utterance), utterance, (messages, more) => {
        const isHers = more.by === 'customer' && more.speakerId === 'her'
        const longer = mayJoin([...messages, more], when)
        if (longer) expect(mayJoin(messages, when)).toBe(true)
        if (!isHers && more.at >= askedAt) expect(longer).toBe(false)
      }),
    )
  })

  test('the order of the messages makes no difference, nor does what is older than the time that counts', () => {
    const shuffled = fc
      .array(utterance)
      .chain((messages) =>
        fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
      )
    fc.assert(
      fc.property(shuffled, ([messages, mixed]) => {
        expect(mayJoin(mixed, when)).toBe(mayJoin(messages, when))
        expect(
          mayJoin(
            messages.filter(({ at }) => at >= after(-60)),
            when,
          ),
        ).toBe(mayJoin(messages, when))
      }),
    )
  })
})

const [group, other] = [randomUUID(), randomUUID()]
const customer = randomUUID()

async function identity(role: string, customerId: string | null = null): Promise<string> {
  const id = randomUUID()
  if (customerId) {
    await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)', [
      customerId,
      askedAt,
    ])
  }
  await db.pool.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, first_seen_at, last_seen_at)
     VALUES ($1, 'default', $5, $2, $3, '', $4, $4)`,
    [id, customerId, role, askedAt, id],
  )
  return id
}

type Row = { direction?: string; identityId?: string | null; customerId?: string | null; type?: string }

async function message(threadId: string, seconds: number, row: Row = {}): Promise<void> {
  const { direction = 'in', identityId = null, customerId = null, type = 'text' } = row
  await db.pool.query(
    `INSERT INTO message (id, thread_id, account, direction, identity_id, customer_id, type, text, sent_at)
     VALUES ($1, $2, 'main', $3, $4, $5, $6, '', $7)`,
    [randomUUID(), threadId, direction, identityId, customerId, type, after(seconds)],
  )
}

async function exchange(threadId: string, seconds: number, outcome: string, entries: string[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO exchange (id, thread_id, customer_id, account, inbox_id, talk, question, messages, context, state,
       content_version, asked_at, deadline_at, closed_at, outcome, entries)
     VALUES ($1, $2, $3, 'main', 1, '{}', '', '{}', '{}', 'closed', 'v', $4, $4, $5, $6, $7)`,
    [randomUUID(), threadId, randomUUID(), after(seconds - 8), after(seconds), outcome, entries],
  )
}

const newestFirst = (talk: readonly Utterance[] = []) => talk.toSorted((a, b) => b.at.getTime() - a.at.getTime())
const work = () => new Transaction(db.pool, after(20))

test('who spoke since an instant is read for several groups at once', async () => {
  const hers = await identity('customer', customer)
  const staff = await identity('staff')
  const ours = await identity('self')
  await message(group, -70, { identityId: staff })
  await message(group, -10, { identityId: hers, customerId: customer })
  await message(group, -9, { identityId: staff })
  await message(group, -8, { direction: 'out' })
  await message(group, -7, { direction: 'human' })
  await message(group, -6, { identityId: ours })
  await message(group, -5, { type: 'unknown' })
  await message(group, 30, { identityId: hers, customerId: customer })
  await message(other, 1, { direction: 'out' })
  const transaction = work()
  const since = after(-60)
  const [talk, elsewhere, nowhere] = await Promise.all(
    [group, other, randomUUID()].map((threadId) => transaction.load(listTalk, { threadId, since })),
  )
  expect(newestFirst(talk)).toEqual([
    said(customer, 30),
    said(ours, -6, 'us'),
    said(null, -7, 'human'),
    said(null, -8, 'us'),
    said(staff, -9, 'staff'),
    said(customer, -10),
  ])
  expect(elsewhere).toEqual([said(null, 1, 'us')])
  expect(nowhere).toBeUndefined()
})

test('of a crowd only the newest messages are read', async () => {
  const crowd = randomUUID()
  for (let i = 0; i < 60; i++) await message(crowd, i, { direction: 'out' })
  const talk = await work().load(listTalk, { threadId: crowd, since: after(-60) })
  expect(talk).toHaveLength(50)
  expect(newestFirst(talk)[0]?.at).toEqual(after(59))
})

test('what was answered in a group is found for everybody in it, by the time of the answer', async () => {
  await exchange(group, -200, 'voiced', ['old'])
  await exchange(group, -20, 'voiced', ['mask', 'cream'])
  await exchange(group, -15, 'cached', ['toner'])
  await exchange(group, -10, 'offered', ['offered'])
  await exchange(group, -5, 'unknown', ['unknown'])
  await exchange(group, -60, 'verbatim', ['in time'])
  await exchange(other, -5, 'fact', ['parcel'])
  const transaction = work()
  const since = after(-60)
  expect(await transaction.load(findAnswered, { threadId: group, since })).toEqual(
    new Set(['mask', 'cream', 'toner', 'in time']),
  )
  expect(await transaction.load(findAnswered, { threadId: other, since })).toEqual(new Set(['parcel']))
})

test('rows are found by their index, also when the statement was planned on empty tables', async () => {
  const { db: empty } = await testDatabase()
  const texts: string[] = []
  const spy = { query: (config: pg.QueryConfig) => (texts.push(config.text), Promise.resolve({ rows: [] })) }
  for (const query of [listTalk, findAnswered]) await query.run(spy as never, [{ threadId: group, since: askedAt }])
  for (const text of texts) {
    const { rows } = await empty.pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan')
  }
  expect(texts).toHaveLength(2)
})
