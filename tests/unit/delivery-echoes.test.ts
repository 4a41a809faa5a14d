import { beforeEach, describe, expect, test } from 'vitest'
import { Echoes } from '../../src/delivery/echoes.ts'
import type { Claimed } from '../../src/delivery/schema.ts'
import type { Message, Place } from '../../src/kernel/event.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { virtualClock } from '../support/clock.ts'

const clock = virtualClock()
let marked: unknown[]
const pool = {
  query: (statement: { values: unknown[] }) => {
    marked.push(statement.values[0])
    return Promise.resolve({ rows: [] })
  },
}

function open(echoes = true): Echoes {
  const gateway = { account: 'main', echoes, isReady: () => true, send: () => Promise.reject(new Error('unused')) }
  return new Echoes({ gateway, db: { pool } as never, clock, log: silentLog })
}

function row(id: bigint, text: string, contactId = 'ann'): Claimed {
  return {
    id,
    key: `k${id}`,
    part: 0,
    more: false,
    account: 'main',
    epoch: 1,
    threadId: `t-${contactId}`,
    customerId: null,
    recipient: { kind: 'direct', account: 'main', contactId, threadId: `t-${contactId}`, customerId: null },
    purpose: 'reply',
    body: { type: 'text', text },
    rank: 0,
    offer: null,
    deferred: null,
    notAfter: null,
    facts: {
      silentUntil: null,
      optedOut: false,
      forgotten: false,
      recalled: false,
    },
  }
}

const at = (contactId: string): Place => ({ kind: 'direct', contactId })
const said = (id: string, text: string): Message => ({
  id,
  type: 'text',
  text,
  sentAt: clock.now().toISOString(),
  mentions: [],
  mentionsSelf: false,
})

beforeEach(() => {
  marked = []
})

describe('an echo of a send that this process remembers', () => {
  test('is recognised once, at its target and with its words', () => {
    const echoes = open()
    echoes.expect(row(1n, '你好'))
    expect(echoes.recognises(at('bob'), said('m1', '你好'))).toBe(false)
    expect(echoes.recognises(at('ann'), said('m1', '您好'))).toBe(false)
    expect(echoes.recognises(at('ann'), said('m1', '你好'))).toBe(true)
    expect(echoes.recognises(at('ann'), said('m2', '你好'))).toBe(false)
  })

  test('settles a call whose answer was lost, and is marked in the row', async () => {
    const echoes = open()
    const sending = row(1n, '你好')
    echoes.expect(sending)
    echoes.recognises(at('ann'), said('m1', '你好'))
    expect(echoes.ended(sending, { kind: 'unknown', reason: 'deadline' })).toEqual({ kind: 'sent', messageId: 'm1' })
    await clock.advance(1_000)
    expect(marked).toEqual([[1n]])
  })

  test('that comes after the answer is marked too', async () => {
    const echoes = open()
    const sending = row(1n, '你好')
    echoes.expect(sending)
    expect(echoes.ended(sending, { kind: 'sent', messageId: 'm1' })).toEqual({ kind: 'sent', messageId: 'm1' })
    expect(echoes.recognises(at('ann'), said('m1', '你好'))).toBe(true)
    await clock.advance(1_000)
    expect(marked).toEqual([[1n]])
  })

  test('belongs to the oldest of two sends of the same words', () => {
    const echoes = open()
    const [first, second] = [row(1n, '你好'), row(2n, '你好')]
    echoes.expect(first)
    echoes.expect(second)
    echoes.recognises(at('ann'), said('m1', '你好'))
    expect(echoes.ended(second, { kind: 'unknown', reason: 'deadline' }).kind).toBe('unknown')
    expect(echoes.ended(first, { kind: 'unknown', reason: 'deadline' }).kind).toBe('sent')
  })
})

describe('a message of our own account', () => {
  test('is no echo of what was refused, cancelled or is unknown: the database knows more', () => {
    const echoes = open()
    for (const ending of [
      { kind: 'refused', reason: 'no' },
      { kind: 'unknown', reason: 'deadline' },
      { kind: 'cancelled', reason: 'expired', handOver: false },
    ] as const) {
      const sending = row(1n, '你好')
      echoes.expect(sending)
      expect(echoes.ended(sending, ending)).toEqual(ending)
      expect(echoes.recognises(at('ann'), said('m1', '你好'))).toBe(false)
    }
  })

  test('is no echo of a send long past: a human may say the same', async () => {
    const echoes = open()
    const sending = row(1n, '你好')
    echoes.expect(sending)
    echoes.ended(sending, { kind: 'sent', messageId: 'm1' })
    await clock.advance(31_000)
    echoes.expect(row(2n, '再见'))
    expect(echoes.recognises(at('ann'), said('m9', '你好'))).toBe(false)
  })

  test('is never an echo where the account declares none', () => {
    const echoes = open(false)
    echoes.expect(row(1n, '你好'))
    expect(echoes.recognises(at('ann'), said('m1', '你好'))).toBe(false)
  })
})
