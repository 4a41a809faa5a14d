import { expect, test } from 'vitest'
import type { Line } from '../../src/desk/api.ts'
import { type Outgoing, stillOutgoing } from '../../src/desk/web/inbox/conversation/outgoing.ts'
import { groupsOf, unreadOf } from '../../src/desk/web/inbox/queue/groups.ts'
import { spanOf, standingOf } from '../../src/desk/web/inbox/queue/standing.ts'
import { patchQueue } from '../../src/desk/web/live/patch.ts'
import { at, began, detailOf, lines, me, team } from '../support/desk-fixtures.ts'

const queue = { cases: lines, team, cursor: '1', now: at(0) }
const numbers = (cases: { number: number }[]): number[] => cases.map(({ number }) => number)
const [offered, mine] = lines as [(typeof lines)[0], (typeof lines)[0]]

test('what waits for her comes first, and each case stands in one group', () => {
  const groups = groupsOf(lines, me).map(({ name, cases }) => [name, numbers(cases)])
  expect(groups).toEqual([
    ['offered', [128]],
    ['mine', [121, 117]],
    ['waiting', [126]],
    ['others', [119]],
    ['closed', [111]],
  ])
})

test('the title counts what is hers or offered to her, and nothing of colleagues', () => {
  expect(unreadOf(lines, me)).toBe(5)
  expect(unreadOf([{ ...offered, unread: 0 }], me)).toBe(1)
  expect(unreadOf([{ ...mine, owner: 'su-su' }], me)).toBe(0)
})

test('a case that went to somebody else leaves the page of whoever may read it no longer', () => {
  const gone = { ...mine, readable: false, state: 'owned' as const, owner: 'su-su' }
  expect(numbers(patchQueue(queue, gone, me.id).cases)).not.toContain(121)
  const waiting = { ...gone, state: 'waiting' as const, owner: null }
  expect(numbers(patchQueue(queue, waiting, me.id).cases)).toContain(121)
})

test('a line that changes takes its place by urgency and then by age', () => {
  const risen = { ...lines[2]!, urgency: 99 }
  expect(numbers(patchQueue(queue, risen, me.id).cases).slice(0, 2)).toEqual([117, 128])
  const closed = { ...offered, state: 'closed' as const, closedAt: at(0) }
  expect(numbers(patchQueue(queue, closed, me.id).cases).slice(-2)).toEqual([128, 111])
})

test('a promise is calm, then near, then late, to the millisecond', () => {
  const promised = { what: 'first' as const, warnAt: at(1), due: at(2) }
  expect(standingOf(promised, began + 59_999).is).toBe('calm')
  expect(standingOf(promised, began + 60_000).is).toBe('soon')
  expect(standingOf(promised, began + 120_000)).toEqual({ is: 'late', ms: 0 })
  expect(spanOf(249_999)).toEqual({ unit: 'clock', text: '4:09' })
  expect(spanOf(3 * 3_600_000)).toEqual({ unit: 'hours', n: 3 })
})

test('what she sends is shown once: as going until its line is there, and twice when she said it twice', () => {
  const { conversation } = detailOf(mine)
  const known = conversation.map(({ id }) => id)
  const going = (key: string): Outgoing => ({
    ...{ key, number: 121, saying: { kind: 'text', text: '好的' }, state: 'sending', why: null, known },
  })
  const said = (id: string): Line => ({ ...conversation[3]!, id, text: '林悦：好的' })
  const left = (more: Line[]): string[] =>
    stillOutgoing([going('a'), going('b')], [...conversation, ...more]).map(({ key }) => key)
  expect(left([])).toEqual(['a', 'b'])
  expect(left([said('new-1')])).toEqual(['b'])
  expect(left([said('new-1'), said('new-2')])).toEqual([])
  const failed = { ...going('a'), state: 'failed' as const }
  expect(stillOutgoing([failed], [...conversation, said('new-1')])).toEqual([failed])
})
