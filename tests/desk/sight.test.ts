/** Who sees what, as a table: the one function that all of the desk asks. */
import { expect, test } from 'vitest'
import { type Sight, sightOf, type Sighted } from '../../src/desk/server/cases/sight.ts'

const lin = { id: 'lin', role: 'adviser' } as const
const boss = { id: 'boss', role: 'manager' } as const
const one = (changes: Partial<Sighted>): Sighted => ({
  ...{ state: 'waiting', owner: null, offeredTo: null, given: [] },
  ...changes,
})

const cases: [what: string, one: Sighted, adviser: Sight][] = [
  ['waits, and was never anybody’s', one({}), 'redacted'],
  ['waits, and was once another’s', one({ given: ['su'] }), 'redacted'],
  ['waits, and was once hers', one({ given: ['su', 'lin'] }), 'whole'],
  ['is offered to her', one({ state: 'offered', offeredTo: 'lin' }), 'whole'],
  ['is offered to another', one({ state: 'offered', offeredTo: 'su', given: ['su'] }), 'none'],
  ['is hers', one({ state: 'owned', owner: 'lin' }), 'whole'],
  ['is another’s', one({ state: 'owned', owner: 'su', given: ['su'] }), 'none'],
  ['is another’s, and was once hers', one({ state: 'owned', owner: 'su', given: ['lin', 'su'] }), 'whole'],
  ['is closed, and was hers', one({ state: 'closed', owner: 'lin' }), 'whole'],
  ['is closed, and was offered to her', one({ state: 'closed', owner: 'su', given: ['lin', 'su'] }), 'whole'],
  ['is closed, and was another’s', one({ state: 'closed', owner: 'su', given: ['su'] }), 'none'],
  ['is closed, and was nobody’s', one({ state: 'closed' }), 'none'],
  [
    'was given to somebody whose name begins like hers',
    one({ state: 'owned', owner: 'lin-2', given: ['lin-2'] }),
    'none',
  ],
]

test.each(cases)('a case that %s', (_, seen, adviser) => {
  expect(sightOf(lin, seen)).toBe(adviser)
  expect(sightOf(boss, seen)).toBe('whole')
})
