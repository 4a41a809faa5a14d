import { beforeEach, describe, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import type { Effect } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(() => stage.empty())

const recall = (messageId: string, place = group('r1'), account = 'main') =>
  stage.happen({ kind: 'MessageRecalled', place, messageId }, { account })

describe('threads', () => {
  test('a direct thread belongs to one account and one contact, and names the customer', async () => {
    const first = await stage.say(person('c1'), direct('c1'), 'hi')
    const second = await stage.say(person('c1'), direct('c1'), 'hi', { account: 'second' })
    expect(second.thread.id).not.toBe(first.thread.id)
    expect(first.thread).toMatchObject({
      kind: 'direct',
      rule: null,
      recipient: { kind: 'direct', account: 'main', contactId: 'c1', customerId: first.person.customerId },
    })
    expect(await stage.rows('SELECT customer_id FROM thread')).toEqual(
      Array.from({ length: 2 }, () => ({ customer_id: first.person.customerId })),
    )
  })

  test('a thread that began before anybody knew the customer learns who she is', async () => {
    const before = await stage.within((on) => members.threadOf(on, direct('c1'), null))
    expect(before.recipient).toMatchObject({ customerId: null })
    const { person: she } = await stage.say(person('c1'), direct('c1'), 'hi')
    const after = await stage.within((on) => members.threadOf(on, direct('c1'), null))
    expect(after.recipient).toMatchObject({ customerId: she.customerId })
  })
})

describe('messages', () => {
  test('everything that could be read is kept, once per account and platform id', async () => {
    const more = {
      id: 'm1',
      type: 'link' as const,
      mentionsSelf: true,
      quoted: { name: 'x', text: 'y' },
      details: { url: 'u' },
    }
    const { person: she, thread } = await stage.say(person('c1'), direct('c1'), 'look', more)
    await stage.say(person('c1'), direct('c1'), 'again', { id: 'm1' })
    expect(await stage.rows('SELECT * FROM message')).toMatchObject([
      {
        thread_id: thread.id,
        platform_id: 'm1',
        direction: 'in',
        identity_id: she.identityId,
        customer_id: she.customerId,
        type: 'link',
        text: 'look',
        mentions_us: true,
        quoted: { name: 'x', text: 'y' },
        details: { url: 'u' },
        recalled_at: null,
      },
    ])
  })

  test('what a human types on the phone is kept as such, with the customer who reads it', async () => {
    const { person: she, thread } = await stage.say(person('c1'), direct('c1'), 'hi')
    const us = person('bot', 'bot', { kind: 'self' })
    const what = { ...stage.message(us, direct('c1'), 'I am a human'), kind: 'OwnMessageSeen' as const }
    await stage.within(async (on) =>
      members.recordMessage(on, stage.event(what), thread, await members.meet(on, us, stage.now)),
    )
    expect(
      await stage.rows(`SELECT direction, identity_id, customer_id FROM message WHERE text = 'I am a human'`),
    ).toEqual([{ direction: 'human', identity_id: null, customer_id: she.customerId }])
  })

  test('a recalled message is marked, for the account that saw it', async () => {
    await stage.say(person('c1'), group('r1'), 'oops', { id: 'm1' })
    await recall('m1')
    await recall('m1')
    expect(await stage.rows('SELECT text, recalled_at FROM message')).toEqual([
      { text: 'oops', recalled_at: stage.now },
    ])
  })

  test('a recall that is handled before its message leaves a mark that the message does not wipe out', async () => {
    await recall('m1')
    await stage.say(person('c1'), group('r1'), 'oops', { id: 'm1' })
    expect(await stage.rows('SELECT text, recalled_at FROM message')).toEqual([{ text: '', recalled_at: stage.now }])
  })
})

describe('open questions', () => {
  const ask = (threadId: string, customerId: string, question: string, minutes = 10): Effect => ({
    kind: 'AskQuestion',
    threadId,
    customerId,
    question,
    payload: { options: ['a', 'b'] },
    expiresAt: new Date(stage.now.getTime() + minutes * 60_000),
  })
  const apply = (...effects: Effect[]) => stage.within((on) => stage.apply(on, effects))
  const open = (threadId: string, customerId: string | null) =>
    stage.within((on) => members.questionOf(on, threadId, customerId))

  test('there is never more than one per thread and customer: the newest', async () => {
    const { thread, person: she } = await stage.say(person('c1', '小雨'), group('r1'), 'hi')
    const { person: other } = await stage.say(person('c2', '小雨'), group('r1'), 'hi')
    const customerId = String(she.customerId)
    await apply(ask(thread.id, customerId, 'first'))
    await apply(ask(thread.id, customerId, 'second'), ask(thread.id, String(other.customerId), 'hers'))
    expect(await open(thread.id, customerId)).toMatchObject({ kind: 'second', payload: { options: ['a', 'b'] } })
    expect(await open(thread.id, other.customerId)).toMatchObject({ kind: 'hers' })
    expect(await open(thread.id, null)).toBeNull()
  })

  test('it expires, and is closed', async () => {
    const { thread, person: she } = await stage.say(person('c1'), direct('c1'), 'hi')
    const customerId = String(she.customerId)
    await apply(ask(thread.id, customerId, 'q'))
    await stage.clock.advance(600_000)
    expect(await open(thread.id, customerId)).toBeNull()
    await apply(ask(thread.id, customerId, 'q'))
    await apply({ kind: 'CloseQuestion', threadId: thread.id, customerId })
    expect(await open(thread.id, customerId)).toBeNull()
  })

  test('an answer that leads to the next question closes one and asks the other', async () => {
    const { thread, person: she } = await stage.say(person('c1'), direct('c1'), 'hi')
    const customerId = String(she.customerId)
    await apply(ask(thread.id, customerId, 'next'), { kind: 'CloseQuestion', threadId: thread.id, customerId })
    expect(await open(thread.id, customerId)).toMatchObject({ kind: 'next' })
  })
})
