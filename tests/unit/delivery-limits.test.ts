import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ceilingOf, limit } from '../../src/delivery/limits/decide.ts'
import { limitsSettings, type LimitFacts, type LimitRules } from '../../src/delivery/limits/schema.ts'
import { Tally } from '../../src/delivery/limits/tally.ts'
import type { Claimed } from '../../src/delivery/schema.ts'

const zone = 'Asia/Shanghai'
const at = (local: string): Date => new Date(`${local}:00+08:00`)
const now = at('2026-03-02T10:00')
const hourMs = 3_600_000
const ago = (hours: number, onTheWay = false) => ({ at: new Date(now.getTime() - hours * hourMs), onTheWay })

const nothing: LimitFacts = {
  optedOutAt: null,
  profilingRefusedAt: null,
  preferences: [],
  hers: [],
  posts: [],
  rivals: 0,
  accountToday: 0,
  firstSeenAt: null,
}

const rules = (settings: object = {}): LimitRules => ({
  limits: limitsSettings.schema.parse(settings),
  groupPostsPerDay: 5,
  dailyCeiling: undefined,
  lessEvery: 7 * 24 * hourMs,
  zone,
})

function row(rest: Partial<Claimed> = {}): Claimed {
  return {
    ...{ id: 1n, key: 'k', part: 0, more: false, account: 'main', epoch: 1, threadId: 't', customerId: 'c' },
    recipient: { kind: 'direct', account: 'main', contactId: 'ann', threadId: 't', customerId: 'c' },
    purpose: 'marketing',
    body: { type: 'text', text: 'news' },
    ...{ rank: 0, offer: null, deferred: null, notAfter: null },
    facts: { silentUntil: null, optedOut: false, forgotten: false, recalled: false },
    ...rest,
  }
}

describe('a message that several rules are against', () => {
  const busy = { ...nothing, hers: [ago(1)], accountToday: 500 }
  it('waits until none of them is, and says the first', () => {
    // Capped until midnight, when the night keeps it; the gap and the ceiling are over by then.
    expect(limit(row(), now, busy, rules())).toEqual({ kind: 'later', until: at('2026-03-03T09:00'), reason: 'capped' })
    const notAfter = at('2026-03-03T08:00')
    expect(limit(row({ notAfter }), now, busy, rules())).toMatchObject({ kind: 'cancel', reason: 'capped' })
  })

  it('is refused at once where she does not want it, also by night', () => {
    const refused = { ...busy, optedOutAt: now }
    expect(limit(row(), at('2026-03-02T23:00'), refused, rules())).toMatchObject({ reason: 'opted-out' })
  })

  it('is cancelled where the hours that she wants are all quiet', () => {
    const nightly = { ...nothing, preferences: [{ hours: { from: '23:00', to: '06:00' } }] }
    expect(limit(row(), now, nightly, rules())).toMatchObject({ kind: 'cancel', reason: 'hours' })
  })

  it('waits a moment while another is on its way to her, whatever that comes to', () => {
    const verdict = limit(row(), now, { ...nothing, hers: [ago(0, true)] }, rules())
    expect(verdict).toEqual({ kind: 'later', until: new Date(now.getTime() + 30_000), reason: 'gap' })
  })
})

it('what waits may go when its moment has come, and not a second before', () => {
  const sent = fc.array(fc.integer({ min: 1, max: 800 }), { maxLength: 9 })
  const settings = fc.record({
    perCustomer: fc.record({
      day: fc.integer({ min: 1, max: 2 }),
      week: fc.integer({ min: 1, max: 4 }),
      month: fc.integer({ min: 1, max: 9 }),
    }),
    gap: fc.constantFrom('0s', '4h', '2d'),
    quiet: fc.constantFrom({ from: '22:00', to: '9:00' }, { from: '09:30', to: '10:30' }, { from: '8:00', to: '8:00' }),
  })
  const zones = fc.constantFrom(undefined, 'Europe/Berlin', 'America/St_Johns', 'No/Where')
  fc.assert(
    fc.property(sent, settings, zones, fc.nat(24 * 60), (hours, given, where, minutes) => {
      const moment = new Date(now.getTime() + minutes * 60_000)
      const hers = hours.toSorted((a, b) => b - a).map((n) => ago(n))
      const asked = row(where === undefined ? {} : { offer: { zone: where } })
      const decideAt = (when: Date) => limit(asked, when, { ...nothing, hers }, rules(given)).kind
      const verdict = limit(asked, moment, { ...nothing, hers }, rules(given))
      if (verdict.kind !== 'later') expect(verdict.kind).toBe('go')
      else {
        expect(verdict.until > moment).toBe(true)
        expect(decideAt(verdict.until)).toBe('go')
        expect(decideAt(new Date(verdict.until.getTime() - 1_000))).toBe('later')
      }
    }),
    { numRuns: 300 },
  )
})

describe('the ceiling of an account', () => {
  const settings = { accountPerDay: 500, warmUp: { days: 14, from: 50 } }
  const onDay = (n: number, dailyCeiling?: number): number =>
    ceilingOf(settings, dailyCeiling, now, new Date(now.getTime() + n * 24 * hourMs), zone)

  it('rises by the same step each day, from the first to the full number', () => {
    expect([0, 1, 7, 13, 14, 400].map((n) => onDay(n))).toEqual([50, 82, 275, 467, 500, 500])
  })
  it('changes at midnight, not by the hour', () => {
    expect(ceilingOf(settings, undefined, now, at('2026-03-02T23:59'), zone)).toBe(50)
    expect(ceilingOf(settings, undefined, now, at('2026-03-03T00:00'), zone)).toBe(82)
  })
  it('is that of accounts.yaml where it says one, and no higher because the account is new', () => {
    expect(onDay(20, 100)).toBe(100)
    expect(onDay(7, 100)).toBe(75)
    expect(onDay(0, 20)).toBe(20)
  })
  it('is the full one of an account that nobody saw begin, and where nothing is warmed up', () => {
    expect(ceilingOf(settings, undefined, null, now, zone)).toBe(500)
    expect(ceilingOf({ ...settings, warmUp: { days: 0, from: 50 } }, undefined, now, now, zone)).toBe(500)
  })
})

it('what an account has said is counted anew for a day, an owner, and near the ceiling', () => {
  const tally = new Tally()
  const today = at('2026-03-02T00:00')
  expect(tally.said(1, today, 1)).toBeUndefined()
  tally.note(1, today, 5, 10)
  expect(tally.said(1, today, 5)).toBe(5)
  expect(tally.said(1, today, 6)).toBeUndefined()
  expect(tally.said(2, today, 1)).toBeUndefined()
  expect(tally.said(1, at('2026-03-03T00:00'), 1)).toBeUndefined()
})
