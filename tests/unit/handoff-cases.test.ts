/** What may happen to a case: whatever people do, in whatever order, it has one owner and loses nobody. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  accept,
  type Actor,
  adviserSaid,
  customerSaid,
  offer,
  pass,
  queueOrder,
  release,
  reopen,
  resolve,
  takenBack,
  takeOver,
  transfer,
} from '../../src/domains/handoff/cases/decide.ts'
import type { Case, Step } from '../../src/domains/handoff/cases/schema.ts'

const opened = new Date('2026-11-23T04:00:00Z')
const after = (minutes: number): Date => new Date(opened.getTime() + minutes * 60_000)
const lin: Actor = { id: 'lin', role: 'adviser' }
const su: Actor = { id: 'su', role: 'adviser' }
const boss: Actor = { id: 'boss', role: 'manager' }

const fresh: Case = {
  ...{ id: 'c1', number: 1, key: 'k', state: 'waiting', threadId: 't', customerId: 'p', reason: 'asked', evidence: {} },
  ...{ urgency: 0, owner: null, offeredTo: null, offeredUntil: null, passedBy: [], openedAt: opened, acceptedAt: null },
  ...{ firstResponseAt: null, unansweredSince: opened, lastCustomerAt: opened, lastAdviserAt: null, closedAt: null },
  ...{ resolution: null, reopened: 0 },
}

function done(step: Step): Case {
  if ('refused' in step) throw new Error(`refused: ${step.refused.kind}`)
  return step.case
}
const refusal = (step: Step) => ('refused' in step ? step.refused : undefined)

const offered = done(offer(fresh, 'lin', after(2)))
const owned = done(accept(offered, lin, after(1)))

describe('of two who accept', () => {
  test('the second is told who was first', () => {
    expect(refusal(accept(owned, su, after(1)))).toEqual({ kind: 'owned', by: 'lin' })
  })
  test('the same one twice owns it once', () => {
    expect(refusal(accept(owned, lin, after(1)))).toEqual({ kind: 'already-yours' })
  })
  test('only a manager takes what is offered to another', () => {
    expect(refusal(accept(offered, su, after(1)))).toEqual({ kind: 'offered-to', to: 'lin' })
    expect(done(accept(offered, boss, after(1))).owner).toBe('boss')
  })
  test('what waits anybody may take', () => {
    expect(done(accept(fresh, su, after(1)))).toMatchObject({ state: 'owned', owner: 'su', acceptedAt: after(1) })
  })
})

describe('an offer', () => {
  test('that is not taken goes back to the queue, and remembers who passed', () => {
    expect(done(pass(offered, 'lin', 'expired'))).toMatchObject({
      state: 'waiting',
      offeredTo: null,
      passedBy: ['lin'],
    })
  })
  test('that she has taken meanwhile does not expire', () => {
    expect(refusal(pass(owned, 'lin', 'expired'))).toEqual({ kind: 'not-yours', owner: 'lin' })
  })
  test('of another is none of hers to decline', () => {
    expect(refusal(pass(offered, 'su', 'declined'))).toEqual({ kind: 'not-yours', owner: null })
  })
  test('is made to one at a time', () => {
    expect(refusal(offer(offered, 'su', after(3)))).toEqual({ kind: 'offered-to', to: 'lin' })
    expect(refusal(offer(owned, 'su', after(3)))).toEqual({ kind: 'owned', by: 'lin' })
  })
})

describe('who speaks', () => {
  test('is the owner and nobody else, not even a manager', () => {
    expect(refusal(adviserSaid(owned, su, after(2)))).toEqual({ kind: 'not-yours', owner: 'lin' })
    expect(refusal(adviserSaid(owned, boss, after(2)))).toEqual({ kind: 'not-yours', owner: 'lin' })
    expect(refusal(adviserSaid(offered, lin, after(2)))).toEqual({ kind: 'not-yours', owner: null })
  })
  test('answers everything that was open; the first answer counts once', () => {
    const answered = done(adviserSaid(owned, lin, after(3)))
    expect(answered).toMatchObject({ unansweredSince: null, firstResponseAt: after(3) })
    const again = done(adviserSaid(done(customerSaid(answered, after(4))), lin, after(9)))
    expect(again).toMatchObject({ firstResponseAt: after(3), lastAdviserAt: after(9), unansweredSince: null })
  })
  test('leaves her waiting again when the only answer is taken back, and not when another stands', () => {
    const asked = done(customerSaid(done(adviserSaid(owned, lin, after(2))), after(5)))
    const answered = done(adviserSaid(asked, lin, after(6)))
    expect(takenBack(answered, after(2))).toMatchObject({ unansweredSince: after(5), firstResponseAt: after(2) })
    expect(takenBack(answered, after(7))).toBe(answered)
    expect(takenBack(done(customerSaid(answered, after(9))), after(2))).toMatchObject({ unansweredSince: after(9) })
  })
  test('waits from her oldest open message on', () => {
    const twice = done(customerSaid(done(customerSaid(done(adviserSaid(owned, lin, after(2))), after(5))), after(8)))
    expect(twice).toMatchObject({ unansweredSince: after(5), lastCustomerAt: after(8) })
  })
})

describe('a case changes hands', () => {
  test('from its owner to a colleague at once', () => {
    const given = transfer(owned, lin, 'su', '她要退三件', after(3))
    expect(done(given)).toMatchObject({ state: 'owned', owner: 'su', acceptedAt: after(1) })
    expect('entries' in given && given.entries).toEqual([
      { kind: 'transferred', by: 'lin', to: 'su', note: '她要退三件' },
    ])
  })
  test('not by somebody who does not have it, but for a manager', () => {
    expect(refusal(transfer(owned, su, 'su', '', after(3)))).toEqual({ kind: 'not-yours', owner: 'lin' })
    expect(done(transfer(owned, boss, 'su', '', after(3))).owner).toBe('su')
    expect(refusal(takeOver(owned, su, after(3)))).toEqual({ kind: 'not-yours', owner: 'lin' })
    expect(done(takeOver(owned, boss, after(3))).owner).toBe('boss')
  })
  test('to the queue when its owner leaves, and then not back to her', () => {
    expect(done(release(owned, 'lin'))).toMatchObject({ state: 'waiting', owner: null, passedBy: ['lin'] })
    expect(refusal(release(owned, 'su'))).toEqual({ kind: 'not-yours', owner: 'lin' })
  })
})

describe('the end', () => {
  const closed = done(resolve(owned, { adviser: 'lin' }, 'solved', after(30)))
  test('is its owner’s, a manager’s, the customer’s or the house’s to say', () => {
    expect(closed).toMatchObject({ state: 'closed', resolution: 'solved', closedAt: after(30), owner: 'lin' })
    expect(refusal(resolve(owned, { adviser: 'su' }, 'solved', after(30)))).toEqual({ kind: 'not-yours', owner: 'lin' })
    expect(done(resolve(owned, { adviser: 'boss' }, 'solved', after(30), 'manager')).state).toBe('closed')
    expect(done(resolve(fresh, 'customer', null, after(30))).state).toBe('closed')
    expect(done(resolve(owned, 'house', 'idle', after(30))).state).toBe('closed')
  })
  test('is the end once', () => {
    for (const again of [
      resolve(closed, 'house', null, after(31)),
      accept(closed, su, after(31)),
      adviserSaid(closed, lin, after(31)),
      customerSaid(closed, after(31)),
      offer(closed, 'su', after(33)),
      transfer(closed, boss, 'su', '', after(31)),
    ])
      expect(refusal(again)).toEqual({ kind: 'closed' })
  })
  test('is not the end when she comes back in time', () => {
    const back = done(reopen(closed, after(60), 3_600_000))
    expect(back).toMatchObject({ state: 'waiting', closedAt: null, reopened: 1, unansweredSince: after(60) })
    expect(refusal(reopen(closed, after(91), 3_600_000))).toEqual({ kind: 'closed' })
  })
})

test('the queue has what is urgent first, then what has waited longest', () => {
  const case_ = (number: number, urgency: number, minutes: number): Case => ({
    ...{ ...fresh, number, urgency, openedAt: after(minutes) },
  })
  const queue = [case_(1, 0, 3), case_(2, 50, 9), case_(3, 0, 1), case_(4, 50, 2), case_(5, 0, 3)]
  expect(queue.sort(queueOrder).map(({ number }) => number)).toEqual([4, 2, 3, 1, 5])
})

test('whatever people do, in whatever order, exactly one of queue, offer, owner and end holds', () => {
  const who = fc.constantFrom(lin, su, boss)
  const acts = fc.oneof(
    who.map(
      ({ id }) =>
        (now: Case, at: Date) =>
          offer(now, id, at),
    ),
    who.map(
      ({ id }) =>
        (now: Case) =>
          pass(now, id, 'expired'),
    ),
    who.map((by) => (now: Case, at: Date) => accept(now, by, at)),
    who.map((by) => (now: Case, at: Date) => takeOver(now, by, at)),
    fc.tuple(who, who).map(
      ([by, to]) =>
        (now: Case, at: Date) =>
          transfer(now, by, to.id, '', at),
    ),
    who.map(
      ({ id }) =>
        (now: Case) =>
          release(now, id),
    ),
    who.map((by) => (now: Case, at: Date) => adviserSaid(now, by, at)),
    fc.constant((now: Case, at: Date) => customerSaid(now, at)),
    who.map((by) => (now: Case, at: Date) => resolve(now, { adviser: by.id }, null, at, by.role)),
    fc.constant((now: Case, at: Date) => reopen(now, at, 600_000)),
  )
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 40 }), (all) => {
      let now = fresh
      for (const [minute, act] of all.entries()) {
        const before = now
        const step = act(now, after(minute))
        if ('refused' in step) continue
        now = step.case
        expect(step.entries).toHaveLength(1)
        expect(now.state === 'offered').toBe(now.offeredTo !== null)
        if (now.state === 'waiting') expect(now.owner).toBeNull()
        if (now.state === 'owned') expect(now.owner).not.toBeNull()
        expect(now.state === 'closed').toBe(now.closedAt !== null)
        const spoke = step.entries[0]?.kind === 'adviser-said'
        if (spoke) expect(before.state).toBe('owned')
      }
    }),
    { numRuns: 500 },
  )
})
