/** What of an earlier talk a question may lean on. */
import { expect, test } from 'vitest'
import { turnsOf } from '../../src/domains/faq/answers/reading.ts'
import { answersSettings, type Outcome, type Recent } from '../../src/domains/faq/answers/schema.ts'

const now = new Date('2026-03-02T10:00:00+08:00')
const settings = answersSettings.schema.parse({ contextFor: '10m', contextTurns: 2 })
const asked = (question: string, minutes: number, outcome: Outcome = 'voiced', said: string | null = 'A'): Recent => ({
  ...{ question, said, outcome, reading: question, entries: [], state: 'closed', recalled: false },
  askedAt: new Date(now.getTime() - minutes * 60_000),
})
const leansOn = (...recent: Recent[]): string[] => turnsOf(recent, settings, now).map(({ question }) => question)

test('a question leans on what was said lately, the oldest first', () => {
  expect(leansOn(asked('new', 1), asked('older', 10))).toEqual(['older', 'new'])
})

test('a question does not lean on what was said too long ago, or before too many others', () => {
  expect(leansOn(asked('new', 1), asked('old', 11))).toEqual(['new'])
  expect(leansOn(asked('c', 1), asked('b', 2), asked('a', 3))).toEqual(['b', 'c'])
})

test('a question does not lean on refusals, courtesies or what was never answered', () => {
  expect(leansOn(asked('a', 1, 'refused'), asked('b', 2, 'courtesy'), asked('c', 3, 'dropped', null))).toEqual([])
})
