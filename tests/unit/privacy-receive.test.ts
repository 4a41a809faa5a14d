import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayReceive, type Offer, permits, Preferences } from '../../src/domains/members/index.ts'

const zone = 'Asia/Shanghai'
/** A local time of the week that begins on Monday, 2 March 2026. */
const at = (local: string) => new Date(`${local}:00+08:00`)
const monday10 = at('2026-03-02T10:00')
const nothing = { optedOutAt: null, profilingRefusedAt: null }
const ask = (preferences: Preferences[], offer: Partial<Offer> = {}, consent: Partial<typeof nothing> = {}) =>
  mayReceive({ ...nothing, ...consent }, preferences, { purpose: 'marketing', at: monday10, zone, ...offer })
const yes = { answer: 'yes' }

describe('who has said nothing', () => {
  test('gets everything at any time', () => expect(ask([], { at: at('2026-03-02T03:00') })).toEqual(yes))
})

describe('an opt-out', () => {
  const out = { optedOutAt: monday10 } as never
  test.each(['marketing', 'challenge'] as const)('stops %s', (purpose) =>
    expect(ask([], { purpose }, out)).toEqual({ answer: 'no', reason: 'opted-out' }),
  )
  test.each(['security', 'adviser', 'reply', 'service'] as const)('lets %s pass, at night too', (purpose) =>
    expect(ask([{ hours: { from: '09:00', to: '10:00' } }], { purpose, at: at('2026-03-02T03:00') }, out)).toEqual(yes),
  )
})

test('who wants nothing personal gets what everybody gets, and nothing that was chosen for her', () => {
  const refused = { profilingRefusedAt: monday10 } as never
  expect(ask([], {}, refused)).toEqual(yes)
  expect(ask([], { personal: true }, refused)).toEqual({ answer: 'no', reason: 'profiling-refused' })
  expect(ask([], { personal: true })).toEqual(yes)
})

describe('topics', () => {
  const care: Preferences[] = [{ topics: ['护肤'] }]
  test('one that she chose comes', () => expect(ask(care, { topic: '护肤' })).toEqual(yes))
  test('another does not', () => expect(ask(care, { topic: '新品' })).toEqual({ answer: 'no', reason: 'topic' }))
  test('one that says nothing of its topic does not', () =>
    expect(ask(care)).toEqual({ answer: 'no', reason: 'topic' }))
  test('reminders of a challenge that she joined come', () => expect(ask(care, { purpose: 'challenge' })).toEqual(yes))
  test('two contacts of hers with different choices: only what both want', () =>
    expect(ask([{ topics: ['护肤'] }, { topics: ['新品'] }], { topic: '护肤' })).toMatchObject({ answer: 'no' }))
})

describe('less', () => {
  const lessEvery = 7 * 86_400_000
  const ago = (ms: number) => ({ lastAt: new Date(monday10.getTime() - ms), lessEvery })
  test('one a week comes', () => expect(ask([{ less: true }], ago(lessEvery))).toEqual(yes))
  test('a second one does not', () =>
    expect(ask([{ less: true }], ago(lessEvery - 1))).toEqual({ answer: 'no', reason: 'less' }))
  test('the first one comes', () => expect(ask([{ less: true }], { lastAt: null, lessEvery })).toEqual(yes))
  test('who has not said so gets both', () => expect(ask([{}], ago(1))).toEqual(yes))
})

describe('hours and days', () => {
  const day: Preferences[] = [{ hours: { from: '09:00', to: '19:00' } }]
  test.each([
    ['before they begin it waits for them', '2026-03-02T08:59', '2026-03-02T09:00'],
    ['they begin with their first minute', '2026-03-02T09:00', '2026-03-02T09:00'],
    ['they last to the minute before their end', '2026-03-02T18:59', '2026-03-02T18:59'],
    ['at their end it waits for the next day', '2026-03-02T19:00', '2026-03-03T09:00'],
    ['at midnight it waits for the morning', '2026-03-03T00:00', '2026-03-03T09:00'],
  ])('%s', (_, asked, meant) => {
    const expected = asked === meant ? yes : { answer: 'later', at: at(meant) }
    expect(ask(day, { at: at(asked) })).toEqual(expected)
    expect(ask(day, { at: at(asked), purpose: 'challenge' })).toEqual(expected)
  })

  test('over midnight', () => {
    const night: Preferences[] = [{ hours: { from: '22:00', to: '06:00' } }]
    expect(ask(night, { at: at('2026-03-02T23:30') })).toEqual(yes)
    expect(ask(night, { at: at('2026-03-02T05:59') })).toEqual(yes)
    expect(ask(night, { at: at('2026-03-02T06:00') })).toEqual({ answer: 'later', at: at('2026-03-02T22:00') })
  })

  test('only at the weekend: what comes on a Monday waits until Saturday, within the hours', () => {
    const weekend: Preferences[] = [{ days: [6, 7] }]
    expect(ask(weekend)).toEqual({ answer: 'later', at: at('2026-03-07T00:00') })
    expect(ask([...weekend, ...day])).toEqual({ answer: 'later', at: at('2026-03-07T09:00') })
    expect(ask([...weekend, ...day], { at: at('2026-03-08T18:59') })).toEqual(yes)
    expect(ask([...weekend, ...day], { at: at('2026-03-08T19:00') })).toEqual({
      answer: 'later',
      at: at('2026-03-14T09:00'),
    })
  })

  test('where no moment suits all of her contacts, nothing comes', () => {
    const other: Preferences[] = [{ hours: { from: '20:00', to: '21:00' } }]
    expect(ask([...day, ...other])).toEqual({ answer: 'no', reason: 'hours' })
    expect(ask([{ days: [1] }, { days: [2] }])).toEqual({ answer: 'no', reason: 'hours' })
  })

  test('in a zone whose clocks change the local time counts', () => {
    const berlin = { zone: 'Europe/Berlin', at: new Date('2026-03-28T20:00:00Z') }
    expect(ask(day, berlin)).toEqual({ answer: 'later', at: new Date('2026-03-29T07:00:00Z') })
  })

  test('later is never before now, always suits, and no earlier minute does', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 30)).map(([h, m]) => clock(h, m))
    const preference: fc.Arbitrary<Preferences> = fc.record(
      {
        hours: fc.record({ from: time, to: time }),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    const moments = fc.integer({ min: 0, max: 10 * 48 }).map((half) => new Date(monday10.getTime() + half * 1_800_000))
    fc.assert(
      fc.property(fc.array(preference, { maxLength: 3 }), moments, (preferences, now) => {
        const answer = ask(preferences, { at: now })
        const halves = Array.from({ length: 8 * 48 }, (_, i) => new Date(now.getTime() + i * 1_800_000))
        const first = halves.find((half) => preferences.every((one) => suits(one, half)))
        if (first === undefined) expect(answer).toEqual({ answer: 'no', reason: 'hours' })
        else expect(answer).toEqual(first.getTime() === now.getTime() ? yes : { answer: 'later', at: first })
      }),
    )
  })
})

const clock = (hours: number, minutes: number) =>
  `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`

/** The definition, without looking ahead: Shanghai is UTC+8 all year. */
function suits({ hours, days }: Preferences, moment: Date): boolean {
  const local = new Date(moment.getTime() + 8 * 3_600_000)
  const time = clock(local.getUTCHours(), local.getUTCMinutes())
  if (days && !days.includes(local.getUTCDay() || 7)) return false
  if (!hours || hours.from === hours.to) return true
  const { from, to } = hours
  return from < to ? time >= from && time < to : time >= from || time < to
}

test('what stands in the database and is no preference is none', () => {
  expect(Preferences.parse({ less: 'yes', topics: 3, hours: { from: '25:00', to: '1' }, days: [9], x: 1 })).toEqual({})
})

describe('what may be kept', () => {
  const none = { profilingRefusedAt: null, consentedAt: null, sensitiveConsentAt: null }
  test.each([
    ['notice', none, true, false],
    ['ask', none, false, false],
    ['ask', { ...none, consentedAt: monday10 }, true, false],
    ['notice', { ...none, sensitiveConsentAt: monday10 }, true, true],
    ['ask', { ...none, sensitiveConsentAt: monday10 }, false, false],
    ['notice', { consentedAt: monday10, sensitiveConsentAt: monday10, profilingRefusedAt: monday10 }, false, false],
  ] as const)('%s, %o: personal %s, sensitive %s', (consent, given, profiling, sensitive) =>
    expect(permits(given, { consent })).toEqual({ profiling, sensitive }),
  )
})
