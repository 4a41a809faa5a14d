import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { faqSlice, lentBy, recall, respond } from '../../src/domains/faq/index.ts'
import { findBurst } from '../../src/domains/faq/repo.ts'
import { type MessageSeen, type OpenQuestion } from '../../src/domains/members/index.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Effect, EffectOf, Recipient } from '../../src/kernel/effect.ts'
import type { Event } from '../../src/kernel/event.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { Transaction, type Work } from '../../src/kernel/work.ts'
import { virtualClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { contentWith } from '../unit/faq-content.ts'
import { shopEntries } from '../unit/faq-shop.ts'

const match = { topics: ['*'], rooms: [] }
const content = contentWith({
  entries: shopEntries,
  groups: {
    groups: [
      { id: 'fans', title: 'Fans', match },
      { id: 'quiet', title: 'Quiet', match, answer: 'off' },
    ],
  },
})
const slice = faqSlice([])
const lent = lentBy([])
const clock = virtualClock()
const ids = systemIds(clock)
let db: Database
let inboxId = 0n

beforeAll(async () => {
  ;({ db } = await testDatabase())
})

/** A customer with a thread of her own, and what happens there. */
async function customer({ rule = null as string | null } = {}) {
  const threadId = randomUUID()
  const customerId = randomUUID()
  const contactId = `contact-${customerId}`
  await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)', [
    customerId,
    clock.now(),
  ])
  await db.pool.query('INSERT INTO thread (id, kind, created_at) VALUES ($1, $2, $3)', [
    threadId,
    rule ? 'group' : 'direct',
    clock.now(),
  ])
  const recipient: Recipient = rule
    ? { kind: 'group', account: 'main', roomId: 'room', threadId }
    : { kind: 'direct', account: 'main', contactId, threadId, customerId }
  const place = rule ? { kind: 'group' as const, roomId: 'room' } : { kind: 'direct' as const, contactId }
  const kind = rule ? ('group' as const) : ('direct' as const)
  const envelope = () => ({ id: (inboxId += 1n), account: 'main', key: '', at: clock.now(), receivedAt: clock.now() })
  let timer: EffectOf<'ScheduleEvent'> | undefined

  const say = async (
    text: string,
    { id = `m-${randomUUID()}`, mentionsSelf = false, question = null as OpenQuestion | null } = {},
  ) => {
    const sender = { id: contactId, name: 'Anna', kind: 'person' as const }
    const message = { id, type: 'text' as const, text, sentAt: clock.now().toISOString(), mentions: [], mentionsSelf }
    const seen: Omit<MessageSeen, 'work'> = {
      event: { ...envelope(), what: { kind: 'MessageReceived', place, sender, message } },
      content,
      ids,
      thread: { id: threadId, kind, groupId: null, rule, topic: null, silentUntil: null, recipient },
      person: { identityId: randomUUID(), customerId, contactId, role: 'customer', name: 'Anna' },
      question,
    }
    const effects = await handled((work) => respond({ ...seen, work }, lent))
    timer = effects?.find((effect) => effect.kind === 'ScheduleEvent') ?? timer
    return effects
  }
  /** Lets the last timer that was set come due now. */
  const ring = async (): Promise<Effect[]> => {
    if (!timer) throw new Error('no timer was set')
    const { name, lock, payload } = JSON.parse(JSON.stringify(timer)) as typeof timer
    const event = { ...envelope(), what: { kind: 'SliceEvent' as const, name, lock, payload } }
    return handled((work) => slice.events![name]!({ event, work, content, ids }))
  }
  const takeBack = (messageId: string): Promise<void> => {
    const event: Event = { ...envelope(), what: { kind: 'MessageRecalled', place, messageId } }
    return handled((work) => recall({ work }, event as never))
  }
  const burst = () => handled((work) => work.load(findBurst, { threadId, customerId }))
  return { threadId, customerId, say, ring, takeBack, burst }
}

function handled<T>(run: (work: Work) => Promise<T>): Promise<T> {
  return db.transaction(async (connection) => {
    const work = new Transaction(connection, clock.now())
    const result = await run(work)
    await work.flush()
    return result
  })
}

function said(effects: Effect[] | undefined): string[] {
  const sent = effects?.filter((effect) => effect.kind === 'SendMessage') ?? []
  return sent.flatMap(({ body }) => body.map((part) => (part.type === 'text' ? part.text : part.type)))
}

describe('a burst', () => {
  test('is kept until its window closes, then read as one question and gone', async () => {
    const anna = await customer()
    expect(said(await anna.say('面膜'))).toEqual([])
    await clock.advance(1_000)
    await anna.say('多久要敷')
    expect((await anna.burst())?.pieces.map(({ text }) => text)).toEqual(['面膜', '多久要敷'])
    await clock.advance(1_500)
    expect(said(await anna.ring())).toEqual(['答案：mask-frequency'])
    expect(await anna.burst()).toBeUndefined()
    expect(await anna.ring()).toEqual([])
  })

  test('ends when a sure question comes, which is answered at once', async () => {
    const anna = await customer()
    await anna.say('在吗')
    expect(said(await anna.say('面膜多久敷一次'))).toEqual(['答案：mask-frequency'])
    expect(await anna.burst()).toBeUndefined()
  })

  test('of two persons in one group is kept apart', async () => {
    const anna = await customer({ rule: 'fans' })
    const berta = await customer({ rule: 'fans' })
    await anna.say('@bot', { mentionsSelf: true })
    expect(await berta.say('面膜多久敷一次')).toBeUndefined()
    expect(said(await anna.say('面膜多久敷一次'))).toEqual(['答案：mask-frequency'])
  })

  test('is not read when a human has taken the thread since', async () => {
    const anna = await customer()
    await anna.say('面膜')
    await db.pool.query('UPDATE thread SET silent_until = $2 WHERE id = $1', [
      anna.threadId,
      new Date(clock.now().getTime() + 60_000),
    ])
    await clock.advance(2_000)
    expect(await anna.ring()).toEqual([])
    expect(await anna.burst()).toBeUndefined()
  })

  test('loses what is recalled, and is met with silence when nothing is left', async () => {
    const anna = await customer()
    await anna.say('明天天气怎么样', { id: 'weather' })
    await anna.say('面膜', { id: 'mask' })
    await anna.takeBack('weather')
    expect((await anna.burst())?.pieces.map(({ text }) => text)).toEqual(['面膜'])
    await anna.takeBack('mask')
    await clock.advance(2_000)
    expect(await anna.ring()).toEqual([])
    expect(await anna.burst()).toBeUndefined()
  })

  test('of many customers is found and saved in one statement each', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => customer()))
    for (const person of people) await person.say('面膜')
    const found = await handled((work) =>
      Promise.all(people.map(({ threadId, customerId }) => work.load(findBurst, { threadId, customerId }))),
    )
    expect(found.map((burst) => burst?.pieces.length)).toEqual([1, 1, 1, 1, 1])
  })
})

test('a group whose rule is off, or that has none any more, is never answered', async () => {
  for (const rule of ['quiet', 'gone']) {
    const anna = await customer({ rule })
    expect(await anna.say('面膜多久敷一次', { mentionsSelf: true })).toBeUndefined()
  }
})

test('the open question of another slice is none of ours', async () => {
  const anna = await customer()
  const question = { kind: 'survey', payload: {}, askedAt: clock.now(), expiresAt: clock.now() }
  expect((await anna.say('面膜多久敷一次', { question }))?.map(({ kind }) => kind)).toEqual(['SendMessage'])
})

test('a customer takes her unread messages along, and they go when she is forgotten', async () => {
  const anna = await customer()
  const berta = await customer()
  await anna.say('面膜')
  await berta.say('精华')
  const rights = slice.rights
  if (rights === 'none') throw new Error('the slice keeps data')
  expect(await rights.exportOf(db.pool as never, anna.customerId)).toMatchObject({
    unreadMessages: [{ pieces: [{ text: '面膜' }] }],
  })
  await handled((work) => rights.forget(work.db, anna.customerId, work.now))
  expect(await anna.burst()).toBeUndefined()
  expect(await berta.burst()).toBeDefined()
})
