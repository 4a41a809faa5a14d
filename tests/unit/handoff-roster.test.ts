/** Who is offered a case. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextOnDuty, rank, type Seat, type Wanted } from '../../src/domains/handoff/roster/decide.ts'
import { Adviser } from '../../src/domains/handoff/roster/schema.ts'

const zone = 'Asia/Shanghai'
const noon = new Date('2026-11-23T12:00:00+08:00')
const nothing: Wanted = { last: null, skill: null, level: null, region: null, group: null, passedBy: new Set() }

function seat(id: string, more: Partial<Omit<Seat, 'adviser'>> & { adviser?: object } = {}): Seat {
  const { adviser, ...rest } = more
  const shifts = [{ days: 'daily', time: '9:00-18:00' }]
  return {
    ...{ place: null, reachable: true, away: false, load: 0, lastGivenAt: null, ...rest },
    adviser: Adviser.parse({ id, name: id, shifts, ...adviser }),
  }
}

const order = (seats: Seat[], wanted: Partial<Wanted> = {}, now = noon): string[] =>
  rank(seats, { ...nothing, ...wanted }, zone, now).map(({ adviser }) => adviser.id)

test('who had the customer last comes first, however much she has to do', () => {
  const seats = [seat('skilled', { adviser: { skills: ['returns'] } }), seat('last', { load: 7 })]
  expect(order(seats, { last: 'last', skill: 'returns' })).toEqual(['last', 'skilled'])
})

test('skill goes before level, level before group, group before region, region before how busy she is', () => {
  const seats = [
    seat('idle'),
    seat('region', { load: 1, adviser: { regions: ['east'] } }),
    seat('group', { load: 2, adviser: { groups: ['vip'] } }),
    seat('level', { load: 3, adviser: { levels: ['gold'] } }),
    seat('skill', { load: 4, adviser: { skills: ['returns'] } }),
  ]
  const wanted = { skill: 'returns', level: 'gold', group: 'vip', region: 'east' }
  expect(order(seats, wanted)).toEqual(['skill', 'level', 'group', 'region', 'idle'])
})

test('who looks after others is asked after those who take all alike, and before nobody', () => {
  const seats = [seat('others', { adviser: { levels: ['silver'] } }), seat('all', { load: 5 })]
  expect(order(seats, { level: 'gold' })).toEqual(['all', 'others'])
})

test('a manager is asked when no adviser is left, or when nobody else knows what it is about', () => {
  const seats = [
    seat('manager', { adviser: { role: 'manager', skills: ['complaints'] } }),
    seat('busy', { load: 7, adviser: { levels: ['silver'] } }),
  ]
  expect(order(seats, { level: 'gold' })).toEqual(['busy', 'manager'])
  expect(order(seats, { skill: 'complaints' })).toEqual(['manager', 'busy'])
})

test('of equals the one with fewer cases, then the one who has waited longest, then who never had one', () => {
  const given = (minute: number) => new Date(noon.getTime() - minute * 60_000)
  const seats = [
    seat('busy', { load: 2 }),
    seat('recent', { load: 1, lastGivenAt: given(1) }),
    seat('long-ago', { load: 1, lastGivenAt: given(90) }),
    seat('never', { load: 1 }),
  ]
  expect(order(seats)).toEqual(['never', 'long-ago', 'recent', 'busy'])
})

test.each([
  ['is off duty', { adviser: { shifts: [{ days: 'daily', time: '18:00-22:00' }] } }],
  ['has the day off', { adviser: { daysOff: ['2026-11-23'] } }],
  ['has no shifts', { adviser: { shifts: [] } }],
  ['is full', { load: 8 }],
  ['has signed off', { away: true }],
  ['cannot be reached', { reachable: false }],
])('who %s is not asked', (_, more) => {
  expect(order([seat('she', more)])).toEqual([])
})

test('who has passed a case on does not get it again, also when she had the customer last', () => {
  expect(order([seat('a'), seat('b')], { last: 'a', passedBy: new Set(['a']) })).toEqual(['b'])
})

test('nobody on duty: the first who comes is named, not one who has signed off', () => {
  const evening = new Date('2026-11-23T20:00:00+08:00')
  const seats = [
    seat('early', { away: true, adviser: { shifts: [{ days: 'daily', time: '6:00-9:00' }] } }),
    seat('morning'),
    seat('noon', { adviser: { shifts: [{ days: 'daily', time: '12:00-15:00' }] } }),
  ]
  expect(nextOnDuty(seats, zone, evening)).toEqual(new Date('2026-11-24T09:00:00+08:00'))
  expect(nextOnDuty([], zone, evening)).toBeUndefined()
})

test('the order does not depend on the order in which they are listed', () => {
  const anySeat = fc.record({
    id: fc.integer({ min: 0, max: 999 }),
    load: fc.integer({ min: 0, max: 9 }),
    skills: fc.subarray(['returns', 'skin']),
    levels: fc.subarray(['gold', 'silver']),
    last: fc.option(fc.date({ min: new Date('2026-01-01'), max: noon, noInvalidDate: true })),
  })
  const seats = fc
    .uniqueArray(anySeat, { selector: ({ id }) => id, maxLength: 12 })
    .map((all) => all.map(({ id, load, last, ...adviser }) => seat(`a${id}`, { load, lastGivenAt: last, adviser })))
  fc.assert(
    fc.property(
      seats.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      fc.constantFrom('returns', 'skin', null),
      fc.constantFrom('gold', null),
      ([listed, shuffled], skill, level) => {
        expect(order(shuffled, { skill, level })).toEqual(order(listed, { skill, level }))
        expect(new Set(order(listed)).size).toBe(listed.filter(({ load }) => load < 8).length)
      },
    ),
  )
})
