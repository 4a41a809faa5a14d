/**
 * What may happen to a case, and what becomes of it. Pure: each function takes the case as it is and returns it as it is
 * then, with what happened, or why it may not. A case has one owner; whoever comes second is told who was first.
 */
import type { By, Case, Entry, Refusal, Step } from './schema.ts'

/** Who acts; managers may take and give any case. */
export type Actor = { id: string; role: 'adviser' | 'manager' }

const refuse = (refused: Refusal): Step => ({ refused })

function step(now: Case, ...entries: Entry[]): Step {
  return { case: now, entries }
}

const nobody = { offeredTo: null, offeredUntil: null } as const

/** Offers a case to somebody. What is offered to another is taken from her first (`pass`). */
export function offer(now: Case, to: string, until: Date): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (now.state === 'owned') return refuse({ kind: 'owned', by: now.owner! })
  if (now.state === 'offered') return refuse({ kind: 'offered-to', to: now.offeredTo! })
  return step({ ...now, state: 'offered', offeredTo: to, offeredUntil: until }, { kind: 'offered', to, until })
}

/** She does not take what she was offered, or did not in time, or is not there any more. */
export function pass(now: Case, from: string, why: 'declined' | 'expired' | 'left'): Step {
  if (now.state !== 'offered' || now.offeredTo !== from) return refuse({ kind: 'not-yours', owner: now.owner })
  const passedBy = [...new Set([...now.passedBy, from])]
  return step({ ...now, ...nobody, state: 'waiting', passedBy }, { kind: 'passed', from, why })
}

/** Takes a case that waits, or that is offered to her; a manager also one that is offered to another. */
export function accept(now: Case, by: Actor, at: Date): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (now.state === 'owned')
    return refuse(now.owner === by.id ? { kind: 'already-yours' } : { kind: 'owned', by: now.owner! })
  if (now.state === 'offered' && now.offeredTo !== by.id && by.role !== 'manager') {
    return refuse({ kind: 'offered-to', to: now.offeredTo! })
  }
  return step(ownedBy(now, by.id, at), { kind: 'accepted', by: by.id })
}

/** A manager takes a case from whoever has it. */
export function takeOver(now: Case, by: Actor, at: Date): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (now.owner === by.id) return refuse({ kind: 'already-yours' })
  if (by.role !== 'manager') return refuse({ kind: 'not-yours', owner: now.owner })
  return step(ownedBy(now, by.id, at), { kind: 'taken-over', by: by.id, from: now.owner ?? now.offeredTo })
}

/** Gives a case to a colleague, who owns it from then on: nobody is left alone between two. */
export function transfer(now: Case, by: Actor, to: string, note: string, at: Date): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (now.owner === to) return refuse(to === by.id ? { kind: 'already-yours' } : { kind: 'owned', by: to })
  if (now.owner !== by.id && by.role !== 'manager') return refuse({ kind: 'not-yours', owner: now.owner })
  return step(ownedBy(now, to, at), { kind: 'transferred', by: by.id, to, note })
}

function ownedBy(now: Case, owner: string, at: Date): Case {
  return { ...now, ...nobody, state: 'owned', owner, passedBy: [], acceptedAt: now.acceptedAt ?? at }
}

/** Its owner is not there any more: it waits for another, in front of those that came later. */
export function release(now: Case, from: string): Step {
  if (now.state !== 'owned' || now.owner !== from) return refuse({ kind: 'not-yours', owner: now.owner })
  return step({ ...now, state: 'waiting', owner: null, passedBy: [from] }, { kind: 'released', from, why: 'left' })
}

/** The customer said something; who owns the case is asked for an answer from her oldest open message on. */
export function customerSaid(now: Case, at: Date): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  const unansweredSince = now.unansweredSince ?? at
  return step({ ...now, lastCustomerAt: at, unansweredSince }, { kind: 'customer-said' })
}

/** Only who owns a case speaks to its customer. `sent`: under which key, and which words of hers it repeats. */
export function adviserSaid(now: Case, by: Actor, at: Date, sent: { say?: string; again?: string } = {}): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (now.owner !== by.id) return refuse({ kind: 'not-yours', owner: now.owner })
  const firstResponseAt = now.firstResponseAt ?? at
  return step(
    { ...now, lastAdviserAt: at, unansweredSince: null, firstResponseAt },
    { kind: 'adviser-said', by: by.id, ...sent },
  )
}

/**
 * Words of an adviser are not with the customer (any more). `lastSaid`: when she was told what still stands; what she has
 * said since waits again, and nobody may take the case for answered.
 */
export function takenBack(now: Case, lastSaid: Date | null): Case {
  const { state, unansweredSince, lastCustomerAt } = now
  const isAnswered = lastCustomerAt === null || (lastSaid !== null && lastSaid >= lastCustomerAt)
  if (state !== 'owned' || unansweredSince !== null || isAnswered) return now
  return { ...now, unansweredSince: lastCustomerAt }
}

/** Closes it: its owner, a manager, the customer who needs nobody any more, or the house when nobody says anything. */
export function resolve(now: Case, by: By, code: string | null, at: Date, role?: Actor['role']): Step {
  if (now.state === 'closed') return refuse({ kind: 'closed' })
  if (typeof by === 'object' && now.owner !== by.adviser && role !== 'manager') {
    return refuse({ kind: 'not-yours', owner: now.owner })
  }
  const closed: Case = { ...now, ...nobody, state: 'closed', closedAt: at, resolution: code, unansweredSince: null }
  return step(closed, { kind: 'resolved', by, code })
}

/** She comes back in time: the same case goes on, with the same adviser where she is there (`by` then accepts it). */
export function reopen(now: Case, at: Date, withinMs: number): Step {
  if (now.state !== 'closed' || now.closedAt === null) return refuse({ kind: 'open' })
  if (at.getTime() - now.closedAt.getTime() > withinMs) return refuse({ kind: 'closed' })
  const open: Case = {
    ...{ ...now, ...nobody, state: 'waiting', owner: null, passedBy: [], closedAt: null, resolution: null },
    ...{ lastCustomerAt: at, unansweredSince: at, reopened: now.reopened + 1 },
  }
  return step(open, { kind: 'reopened', for: now.owner })
}

/** The queue: what is urgent first, then what has waited longest. */
export function queueOrder(a: Case, b: Case): number {
  return b.urgency - a.urgency || a.openedAt.getTime() - b.openedAt.getTime() || a.number - b.number
}
