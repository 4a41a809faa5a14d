import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/delivery/decide.ts'
import { hashOfBody, hashOfEcho } from '../../src/delivery/hash.ts'
import { Pace } from '../../src/delivery/pace.ts'
import type { Claimed, Facts } from '../../src/delivery/schema.ts'
import type { Purpose } from '../../src/kernel/effect.ts'

const now = new Date('2026-03-02T10:00:00+08:00')
const minutes = (n: number): Date => new Date(now.getTime() + n * 60_000)

const clear: Facts = {
  silentUntil: null,
  optedOut: false,
  forgotten: false,
  recalled: false,
}

function row(purpose: Purpose, facts: Partial<Facts> = {}, rest: Partial<Claimed> = {}): Claimed {
  return {
    id: 1n,
    key: 'k',
    part: 0,
    more: false,
    account: 'main',
    epoch: 1,
    threadId: 't',
    customerId: 'c',
    recipient: { kind: 'group', account: 'main', roomId: 'r', threadId: 't' },
    purpose,
    body: { type: 'text', text: '你好' },
    rank: 0,
    offer: null,
    deferred: null,
    notAfter: null,
    facts: { ...clear, ...facts },
    ...rest,
  }
}

const verdicts = (facts: Partial<Facts>, rest: Partial<Claimed> = {}): Record<string, string> =>
  Object.fromEntries(
    (['security', 'adviser', 'reply', 'service', 'challenge', 'marketing'] as const).map((purpose) => {
      const verdict = decide(row(purpose, facts, rest), now)
      return [purpose, verdict.kind === 'cancel' ? verdict.reason : verdict.kind]
    }),
  )

describe('what may leave now', () => {
  it('is everything, when nothing is known against it', () => {
    expect(new Set(Object.values(verdicts({})))).toEqual(new Set(['go']))
  })

  it('is not what an opted-out customer did not ask for', () => {
    const go = { security: 'go', adviser: 'go', reply: 'go', service: 'go' }
    expect(verdicts({ optedOut: true })).toEqual({ ...go, challenge: 'opted-out', marketing: 'opted-out' })
  })

  it('is what advisers and security say while a human has the thread, and nothing of ours', () => {
    expect(verdicts({ silentUntil: minutes(1) })).toEqual({
      security: 'go',
      adviser: 'go',
      reply: 'human-owns',
      service: 'human-owns',
      challenge: 'later',
      marketing: 'later',
    })
    expect(new Set(Object.values(verdicts({ silentUntil: minutes(-1) })))).toEqual(new Set(['go']))
  })

  it('is nothing that comes too late, and a human hears of what somebody waits for', () => {
    const late = { notAfter: minutes(-1) }
    expect(new Set(Object.values(verdicts({}, late)))).toEqual(new Set(['expired']))
    const handedOver = (purpose: Purpose): unknown => decide(row(purpose, {}, late), now)
    expect(handedOver('reply')).toMatchObject({ handOver: true })
    expect(handedOver('adviser')).toMatchObject({ handOver: true })
    expect(handedOver('service')).toMatchObject({ handOver: false })
  })

  it('waits for the human a few minutes at a time, and not at all where it would be too late then', () => {
    const owned = { silentUntil: minutes(24 * 60) }
    const waits = { kind: 'later', until: minutes(15), reason: 'human-owns' }
    expect(decide(row('marketing', owned), now)).toEqual(waits)
    expect(decide(row('marketing', owned, { notAfter: minutes(16) }), now)).toEqual(waits)
    const late = decide(row('marketing', owned, { notAfter: minutes(15) }), now)
    expect(late).toEqual({ kind: 'cancel', reason: 'human-owns', handOver: false })
  })

  it('is the acceptance of a friend even where a human types', () => {
    const body = { type: 'acceptFriendship', friendshipId: 'f' } as const
    expect(decide(row('service', { silentUntil: minutes(9) }, { body }), now).kind).toBe('go')
  })
})

describe('an echo', () => {
  it('is known by its words, with or without the mention that the platform writes in front', () => {
    const sent = hashOfBody({ type: 'text', text: '你好 \n再见', mentions: ['a'] })
    expect(hashOfEcho({ type: 'text', text: '@小 安\u2005@小白\u2005你好 \r\n再见' })).toBe(sent)
    expect(hashOfEcho({ type: 'text', text: '@小安 你好 \n再见' })).not.toBe(sent)
    expect(hashOfBody({ type: 'text', text: '@小安\u2005你好 \n再见' })).toBe(sent)
  })

  it('of a file is known by its name, of a link by its title', () => {
    const file = hashOfBody({ type: 'file', mediaId: 'm', filename: 'a.pdf' })
    expect(hashOfEcho({ type: 'file', text: '', details: { filename: 'a.pdf' } })).toBe(file)
    expect(hashOfEcho({ type: 'image', text: '', details: { filename: 'a.pdf' } })).not.toBe(file)
    expect(hashOfEcho({ type: 'image', text: '<xml/>' })).toBeNull()
    const link = hashOfBody({ type: 'link', title: '新品', url: 'https://example.com' })
    expect(hashOfEcho({ type: 'link', text: '', details: { title: '新品', url: 'https://x' } })).toBe(link)
  })
})

describe('the pace', () => {
  it('never lets two sends come closer than the settings say, whatever is asked for', () => {
    const pace = {
      enabled: true,
      inSimulator: false,
      sameTarget: 1_000,
      betweenTargets: [3_000, 5_000] as [number, number],
      perMinute: 10,
    }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
        fc.infiniteStream(fc.nat(999)),
        (threads, dice) => {
          const keeper = new Pace(() => dice.next().value / 1_000)
          let at = now.getTime()
          const sends = threads.map((thread) => {
            at += keeper.wait(thread, new Date(at), pace)
            keeper.started(thread, new Date(at))
            return { thread, at }
          })
          sends.forEach((send, i) => {
            const before = sends[i - 1]
            if (before)
              expect(send.at - before.at).toBeGreaterThanOrEqual(before.thread === send.thread ? 1_000 : 3_000)
            const tenth = sends[i - 10]
            if (tenth) expect(send.at - tenth.at).toBeGreaterThanOrEqual(60_000)
          })
        },
      ),
      { numRuns: 100 },
    )
  })
})
