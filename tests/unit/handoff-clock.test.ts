/** What is said of a case when, in working hours, and never twice. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueStages, stagesOf } from '../../src/domains/handoff/clock/decide.ts'
import type { Patience } from '../../src/domains/handoff/clock/schema.ts'
import { ShiftWritten, type Timetable } from '../../src/domains/handoff/hours/schema.ts'

const zone = 'Asia/Shanghai'
const hours: Timetable = { week: [ShiftWritten.parse({ days: 'daily', time: '9:00-22:00' })], exceptions: [] }
const minute = 60_000
const patience: Patience = {
  ...{ first: 10 * minute, next: 20 * minute, resolve: 600 * minute },
  ...{ warnAfter: 0.5, idleAfter: 120 * minute, idleCloses: 60 * minute },
}
const at = (written: string): Date => new Date(`2026-11-${written}+08:00`)
type Counted = Parameters<typeof stagesOf>[0]
/** Until when she is promised an answer. */
const answerBy = (now: Counted): Date | undefined =>
  stagesOf(now, patience, hours, zone, new Map()).find(
    ({ what, stage }) => /first|next/u.test(what) && stage === 'breach',
  )?.at
const opened = (written: string): Counted => ({
  ...{ state: 'waiting', openedAt: at(written), unansweredSince: at(written), lastCustomerAt: at(written) },
  ...{ firstResponseAt: null, lastAdviserAt: null, reopened: 0 },
})
const stages = (now: Counted, told: [string, Date][] = []) =>
  stagesOf(now, patience, hours, zone, new Map(told)).map((one) => [`${one.what} ${one.stage}`, one.at])

test('by day a first answer is promised for ten minutes on, and warned of after five', () => {
  expect(stages(opened('23T12:00')).slice(0, 2)).toEqual([
    ['first warning', at('23T12:05')],
    ['first breach', at('23T12:10')],
  ])
})

test('by night it is promised for the morning', () => {
  expect(answerBy(opened('23T23:30'))).toEqual(at('24T09:10'))
  expect(answerBy(opened('23T21:55'))).toEqual(at('24T09:05'))
})

describe('once a human has spoken', () => {
  const spoken: Counted = {
    ...opened('23T12:00'),
    ...{ state: 'owned', firstResponseAt: at('23T12:03'), lastAdviserAt: at('23T12:03'), unansweredSince: null },
  }
  test('nothing is due but the end, and asking whether that was all', () => {
    expect(answerBy(spoken)).toBeUndefined()
    expect(stages(spoken)).toEqual([
      ['idle ask', at('23T14:03')],
      ['resolve warning', at('23T17:00')],
      ['resolve breach', at('23T22:00')],
    ])
  })
  test('her next message is a promise of its own, and a case that waits for us is not idle', () => {
    const asks: Counted = { ...spoken, unansweredSince: at('23T13:00'), lastCustomerAt: at('23T13:05') }
    expect(answerBy(asks)).toEqual(at('23T13:20'))
    expect(stages(asks).map(([name]) => name)).toEqual([
      'next warning',
      'next breach',
      'resolve warning',
      'resolve breach',
    ])
  })
})

test('a closed case promises nothing', () => {
  expect(stages({ ...opened('23T12:00'), state: 'closed' })).toEqual([])
})

test('of what a process slept through only the breach is said, and not the warning before it', () => {
  const all = stagesOf(opened('23T12:00'), patience, hours, zone, new Map())
  const { say, skip } = dueStages(all, at('23T12:30'))
  expect(say.map(({ key }) => key)).toEqual(['first:breach'])
  expect(skip.map(({ key }) => key)).toEqual(['first:warning'])
})

test('a quiet case is closed an hour after she was asked whether that was all, however late she was asked', () => {
  const spoken: Counted = {
    ...opened('23T12:00'),
    ...{ state: 'owned', firstResponseAt: at('23T12:03'), lastAdviserAt: at('23T12:03'), unansweredSince: null },
  }
  const asked: [string, Date] = [`idle:${at('23T12:03').toISOString()}:ask`, at('23T15:30')]
  expect(stages(spoken, [asked])[0]).toEqual(['idle close', at('23T16:30')])
  const answers: Counted = { ...spoken, unansweredSince: at('23T16:00'), lastCustomerAt: at('23T16:00') }
  expect(stages(answers, [asked]).map(([name]) => name)).not.toContain('idle close')
})

test('whenever the clock is looked at, each thing is said once and none is left out', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(instants, (minutes) => {
      const now = opened('23T12:00')
      const told = new Map<string, Date>()
      const said: string[] = []
      for (const passed of [...minutes, 5_000, 5_001].sort((a, b) => a - b)) {
        const instant = new Date(now.openedAt.getTime() + passed * minute)
        const { say, skip } = dueStages(stagesOf(now, patience, hours, zone, told), instant)
        for (const one of say) {
          expect(one.at <= instant).toBe(true)
          said.push(one.key)
        }
        for (const { key } of [...say, ...skip]) told.set(key, instant)
      }
      expect(new Set(said).size).toBe(said.length)
      expect(said).toContain('first:breach')
      expect(said).toContain('resolve:0:breach')
    }),
  )
})

test('for a customer who cannot be reached nothing is due but the end, and none of it is said to her', () => {
  const waits = { ...opened('23T12:00'), state: 'owned' as const, firstResponseAt: at('23T12:03') }
  expect(stages(waits, [['gone', at('23T12:30')]])).toEqual([['idle close', at('23T15:30')]])
})
