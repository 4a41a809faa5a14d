/** Who is not there any more, and what follows for her cases; why cases wait; what is kept for the FAQ. */
import { describe, expect, test } from 'vitest'
import { type Held, isForsaken } from '../../src/domains/handoff/absence/decide.ts'
import { lastPair } from '../../src/domains/handoff/acts/pair.ts'
import { whyWaiting } from '../../src/domains/handoff/neglect/decide.ts'
import { Adviser, managersNow, type Seat } from '../../src/domains/handoff/roster/index.ts'

const zone = 'Asia/Shanghai'
/** Of one day, in the brand's zone. */
const at = (time: string): Date => new Date(`2026-11-23T${time}:00+08:00`)
const seat = (id: string, more: Partial<Seat> & { role?: 'adviser' | 'manager' } = {}): Seat => {
  const { role = 'adviser', ...rest } = more
  const adviser = Adviser.parse({ id, name: id, role, capacity: 2, shifts: [{ days: 'daily', time: '9:00-18:00' }] })
  const place = { account: 'main', contactId: id }
  return { adviser, place, reachable: true, away: false, load: 0, lastGivenAt: null, ...rest }
}
const held: Held = { caseId: 'c', owner: 'lin', offeredTo: null, waits: true, lastThereAt: at('17:50') }
const lin = [seat('lin')]

describe('a case of hers', () => {
  test('is hers while she is on duty', () => {
    expect(isForsaken(held, lin, zone, at('17:59'))).toBe(false)
  })
  test('goes on when her shift has ended and the customer waits, and stays where she waits for nothing', () => {
    expect(isForsaken(held, lin, zone, at('18:00'))).toBe(true)
    expect(isForsaken({ ...held, waits: false }, lin, zone, at('18:00'))).toBe(false)
  })
  test('stays with who goes on working when her shift is over', () => {
    expect(isForsaken({ ...held, lastThereAt: at('18:05') }, lin, zone, at('18:30'))).toBe(false)
  })
  test('goes on at once when the roster does not have her any more, whoever waits', () => {
    expect(isForsaken({ ...held, waits: false }, [], zone, at('12:00'))).toBe(true)
  })
  test('stays with who has only signed off', () => {
    expect(isForsaken(held, [seat('lin', { away: true })], zone, at('12:00'))).toBe(false)
  })
})

test('what is offered goes on from whoever signs off, ends her shift or leaves', () => {
  const offered: Held = { ...held, owner: null, offeredTo: 'lin', lastThereAt: null }
  expect(isForsaken(offered, lin, zone, at('12:00'))).toBe(false)
  expect(isForsaken(offered, [seat('lin', { away: true })], zone, at('12:00'))).toBe(true)
  expect(isForsaken(offered, lin, zone, at('18:00'))).toBe(true)
  expect(isForsaken(offered, [], zone, at('12:00'))).toBe(true)
})

test.each<[string, Seat[], string]>([
  ['nobody', [], '12:00'],
  ['unbound', [seat('lin', { reachable: false })], '12:00'],
  ['off-duty', lin, '20:00'],
  ['off-duty', [seat('lin', { away: true })], '12:00'],
  ['full', [seat('lin', { load: 2 }), seat('su', { reachable: false })], '12:00'],
  ['passed', lin, '12:00'],
])('cases wait: %s', (why, seats, time) => {
  expect(whyWaiting(seats, zone, at(time))).toBe(why)
})

test('the managers’ matters go to those on duty, or to all where none is', () => {
  const [a, b] = [seat('a', { role: 'manager' }), seat('b', { role: 'manager', away: true })]
  expect(managersNow([a, b, ...lin], zone, at('12:00'))).toEqual([a])
  expect(managersNow([a, b, ...lin], zone, at('20:00'))).toEqual([a, b])
})

describe('question and answer for the FAQ', () => {
  const line = (who: 'customer' | 'bot', text: string) => ({
    ...{ who, type: 'text', text, at: at('12:00'), recalled: false },
  })
  const signatures = [{ before: '', after: '（林悦）' }]
  test('are her last words that were answered, and the words behind them without the name', () => {
    const lines = [
      line('customer', '在吗'),
      line('bot', '在的（林悦）'),
      line('customer', '孕妇'),
      line('customer', '能用这个面霜吗'),
      line('bot', '还在的，顾问这会儿有点忙'),
      line('bot', '可以的（林悦）'),
      line('bot', '先试耳后（林悦）'),
      line('customer', '好的'),
    ]
    expect(lastPair(lines, signatures)).toEqual({ question: '孕妇 能用这个面霜吗', answer: '可以的\n先试耳后' })
  })
  test('are none where only the house has spoken, or nothing was asked', () => {
    expect(lastPair([line('customer', '在吗'), line('bot', '顾问马上来')], signatures)).toBeUndefined()
    expect(lastPair([line('bot', '在的（林悦）')], signatures)).toBeUndefined()
  })
})
