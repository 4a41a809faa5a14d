/**
 * A person's way through a journey: which steps are done now, and where she rests. Pure: what must be known of her is asked
 * for by name, and only when a step needs it.
 */
import type { Calendar } from '../calendar/index.ts'
import { nextSlots } from '../schedule/index.ts'
import type { Condition, FrozenJourney, FrozenStep, Named } from './schema.ts'

/** A step with the one behind it; null: the journey ends. */
type Node = { step: FrozenStep; next: string | null; into: (string | null)[] }
export type Program = { first: string | null; nodes: ReadonlyMap<string, Node> }

/** The steps by their names. Steps lead forward only, so no way through is endless. */
export function compile(steps: readonly FrozenStep[]): Program {
  const nodes = new Map<string, Node>()
  const add = (list: readonly FrozenStep[], after: string | null): string | null => {
    let next = after
    for (const step of list.toReversed()) {
      const into =
        step.kind === 'branch' ? [...step.cases.map((one) => add(one.steps, next)), add(step.otherwise, next)] : []
      nodes.set(step.id, { step, next, into })
      next = step.id
    }
    return next
  }
  return { first: add(steps, null), nodes }
}

/** What a walk asks; it is given whether that is so. `since` null: since she entered. */
export type Question = { segment: string } | { did: Named; since: Date | null } | { under: readonly string[] }

/** What is to be done for a step. */
export type Act =
  | { kind: 'send'; step: string; messages: Extract<FrozenStep, { kind: 'send' }>['messages'] }
  | { kind: 'lent'; step: string; named: Named }
  | { kind: 'start' | 'stop'; step: string; journey: string }

export type Ended = { state: 'done' | 'exited' | 'refused'; reason: string | null }
/** `waitsUntil`: so long at most; she may be given her time before, when something has happened. */
export type Rest = { step: string; dueAt: Date; waitsUntil: Date }
export type Walked = { acts: Act[]; visits: { step: string; outcome: string }[]; then: Ended | Rest }

export type Standing = {
  /** Where she rests; '' before she is let in. */
  step: string
  waitsUntil: Date | null
  /** Why nothing may be done for her at all, where it may not: forgotten, staff, opted-out. */
  closed: string | null
}

export type Around = { now: Date; zone: string; calendar: Calendar }

/** Walks from where she rests, now that her time has come, as far as she can go. */
export function* walk(
  journey: FrozenJourney,
  program: Program,
  standing: Standing,
  around: Around,
): Generator<Question, Walked, boolean> {
  const walked: Omit<Walked, 'then'> = { acts: [], visits: [] }
  const leave = yield* reasonToLeave(journey, standing)
  if (leave) return { ...walked, then: leave }
  let at = standing.step === '' ? program.first : standing.step
  let resting = standing.step !== ''
  /** Set right behind a wait for something she may do: since when that counts. */
  let since: Date | null = null
  while (at !== null) {
    const node = program.nodes.get(at)
    // A step that is gone: never with a frozen journey.
    if (!node) break
    const { step } = node
    if (isWait(step)) {
      const rest = resting ? yield* stillWaits(step, standing, around) : restAt(step, around)
      if (rest) return { ...walked, then: rest }
      since = resting ? begunAt(step, standing) : null
      walked.visits.push({ step: step.id, outcome: 'waited' })
      at = node.next
    } else if (step.kind === 'branch') {
      const taken = yield* choose(
        step.cases.map((one) => one.if),
        since,
      )
      walked.visits.push({ step: step.id, outcome: taken < step.cases.length ? `case-${taken + 1}` : 'else' })
      at = node.into[taken] ?? null
    } else if (step.kind === 'end') {
      walked.visits.push({ step: step.id, outcome: 'ended' })
      at = null
    } else {
      walked.visits.push({ step: step.id, outcome: 'done' })
      walked.acts.push(actOf(step))
      at = node.next
      since = null
    }
    resting = false
  }
  return { ...walked, then: { state: 'done', reason: null } }
}

type Wait = Extract<FrozenStep, { kind: 'wait' | 'waitUntil' | 'waitFor' }>

function isWait(step: FrozenStep): step is Wait {
  return step.kind === 'wait' || step.kind === 'waitUntil' || step.kind === 'waitFor'
}

/** Before she does anything more: what ends her journey, whichever step she is at. */
function* reasonToLeave(
  { entry, exit }: FrozenJourney,
  { step, closed }: Standing,
): Generator<Question, Ended | null, boolean> {
  const state = step === '' ? 'refused' : 'exited'
  if (closed !== null) return { state, reason: closed }
  if (step === '') {
    if (entry.segment !== undefined && !(yield { segment: entry.segment })) return { state, reason: 'entry' }
    if (entry.unless && (yield { under: entry.unless })) return { state, reason: 'entry' }
  }
  if (exit.did && (yield { did: exit.did, since: null })) return { state, reason: 'goal' }
  if (exit.segment !== undefined && (yield { segment: exit.segment })) return { state, reason: 'segment' }
  return null
}

function restAt(step: Wait, around: Around): Rest {
  const until = endOf(step, around)
  return { step: step.id, dueAt: until, waitsUntil: until }
}

function endOf(step: Wait, { now, zone, calendar }: Around): Date {
  if (step.kind === 'wait') return new Date(now.getTime() + step.ms)
  if (step.kind === 'waitFor') return new Date(now.getTime() + step.within)
  const when = { at: [], time: step.time, on: step.on, skip: [] }
  const on = { zone, calendar, after: now }
  // Where nobody has told which days are worked, a day too early is better than never.
  const [slot] = [...nextSlots(when, on, 1), ...nextSlots({ ...when, on: [] }, on, 1)]
  return slot ?? now
}

/** Her time has come; or she was woken, for what ends a wait for something that she may do, or the whole journey. */
function* stillWaits(step: Wait, standing: Standing, { now }: Around): Generator<Question, Rest | null, boolean> {
  const { waitsUntil } = standing
  if (waitsUntil === null || now >= waitsUntil) return null
  if (step.kind === 'waitFor' && (yield { did: step.did, since: begunAt(step, standing) })) return null
  return { step: step.id, dueAt: waitsUntil, waitsUntil }
}

/** When she began to wait for what she may do: what she did before is no answer. */
function begunAt(step: Wait, { waitsUntil }: Standing): Date | null {
  return step.kind === 'waitFor' && waitsUntil !== null ? new Date(waitsUntil.getTime() - step.within) : null
}

/** The first condition that holds, or their number when none does. */
function* choose(conditions: readonly Condition[], since: Date | null): Generator<Question, number, boolean> {
  for (const [i, condition] of conditions.entries()) if (yield* holds(condition, since)) return i
  return conditions.length
}

function* holds(condition: Condition, since: Date | null): Generator<Question, boolean, boolean> {
  if ('not' in condition) return !(yield* holds(condition.not, since))
  return yield 'did' in condition ? { ...condition, since } : condition
}

function actOf(step: Exclude<FrozenStep, Wait | { kind: 'branch' | 'end' }>): Act {
  switch (step.kind) {
    case 'send':
      return { kind: 'send', step: step.id, messages: step.messages }
    case 'lent':
      return { kind: 'lent', step: step.id, named: step.step }
    case 'start':
    case 'stop':
      return { kind: step.kind, step: step.id, journey: step.journey }
    default:
      return step satisfies never
  }
}
