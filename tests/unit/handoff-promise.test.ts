import { expect, test } from 'vitest'
import { quietOf } from '../../src/domains/handoff/groups/decide.ts'
import { spokenTime, spokenWait } from '../../src/domains/handoff/promise/decide.ts'

const zone = 'Asia/Shanghai'
const now = new Date('2026-11-23T10:00:00+08:00')
const at = (text: string): Date => new Date(`2026-11-${text}:00+08:00`)

test('what is due soon is told in minutes, never fewer than there are', () => {
  expect(spokenWait(at('23T10:05'), zone, now).minutes).toBe(5)
  expect(spokenWait(new Date(at('23T10:05').getTime() + 1), zone, now).minutes).toBe(6)
  expect(spokenWait(now, zone, now).minutes).toBe(1)
})

test('what is due behind a night is told as a time that is not before it', () => {
  expect(spokenWait(at('24T09:03'), zone, now)).toEqual({
    ...{ minutes: null, day: 'tomorrow', date: '2026-11-24', time: '9:03' },
  })
  expect(spokenWait(new Date('2026-11-24T09:03:20+08:00'), zone, now)).toMatchObject({ time: '9:04' })
})

test('a day is today, tomorrow, or its date, in the brand’s zone', () => {
  expect(spokenTime(at('23T23:59'), zone, now)).toEqual({ day: 'today', date: '2026-11-23', time: '23:59' })
  expect(spokenTime(at('24T00:10'), zone, now)).toMatchObject({ day: 'tomorrow', time: '0:10' })
  expect(spokenTime(at('25T09:00'), zone, now)).toMatchObject({ day: 'later', date: '2026-11-25' })
})

const aside = { caseId: 'c', threadId: 'here', reason: 'asked', openedAt: at('23T09:00') }
const hour = 3_600_000

test('in groups the bot is quiet for whom a human has, wherever her case arose and however long it takes', () => {
  expect(quietOf({ ...aside, state: 'owned' }, true, hour, at('25T09:00'))).toEqual({ everywhere: true })
  expect(quietOf({ ...aside, state: 'owned' }, false, hour, now)).toEqual({ everywhere: true })
})

test.each(['waiting', 'offered'] as const)(
  'while a case is %s it is quiet where the case arose, for a time',
  (state) => {
    expect(quietOf({ ...aside, state }, true, 2 * hour, now)).toEqual({ threadId: 'here' })
    expect(quietOf({ ...aside, state }, true, hour, now)).toBeUndefined()
    // Of a case that she does not know of she would only see that nobody answers.
    expect(quietOf({ ...aside, state }, false, 2 * hour, now)).toBeUndefined()
  },
)
