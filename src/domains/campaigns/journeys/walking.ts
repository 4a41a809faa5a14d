/** Walking: whose time has come does the next steps, in one transaction; each step once, whatever restarts. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { NewEvent } from '../../../kernel/event.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { isMember } from '../../segments/index.ts'
import { calendarOf } from '../calendar/index.ts'
import { compile, type Program, type Question, walk, type Walked } from './decide.ts'
import { cancelled, does } from './doing.ts'
import { type Enrolment, listDue, lockEnrolments, saveStandings, saveVisits } from './repo/enrolments.ts'
import { hasReached, isUnderWay } from './repo/facts.ts'
import type { Lent } from './schema.ts'

/** The slice event with which somebody goes on. */
export const walkOn = 'campaigns.walk'

type WalkOn = { enrolmentId: string; customerId: string }

/** So many are handed to the inbox in one look; whoever is left is looked at in the next. */
const atOnce = 1_000

/** A walk that failed is tried again so much later. */
const againMs = 60 * 60_000

/** Those whose time has come, as events: each moment of each is one event, whoever looks. */
export async function walksDue(db: Queryable, now: Date): Promise<NewEvent[]> {
  return (await listDue(db, now, atOnce)).map(({ id, personId, dueAt }): NewEvent => {
    const payload: WalkOn = { enrolmentId: id, customerId: personId }
    const what = { kind: 'SliceEvent' as const, name: walkOn, lock: [`customer:${personId}`], payload }
    return {
      account: '',
      key: `walk:${id}:${dueAt.getTime()}:${Math.floor((now.getTime() - dueAt.getTime()) / againMs)}`,
      at: now,
      what,
    }
  })
}

export async function onWalk({ event, work, content, ids }: SliceEventSeen, lent: Lent): Promise<Effect[]> {
  const { enrolmentId } = event.what.payload as WalkOn
  const { now } = work
  const enrolment = await work.load(lockEnrolments, enrolmentId)
  // Paused since it was asked for: she is asked for again.
  if (enrolment?.state !== 'active' || enrolment.paused || enrolment.dueAt > now) return []
  const { id, visited, step, dueAt, waitsUntil } = enrolment
  const { acts, visits, then } = await walkThrough(enrolment, { db: work.db, content, now, lent })
  const standing = 'state' in then ? { ...then, step, dueAt, waitsUntil } : { state: 'active', reason: null, ...then }
  work.write(saveStandings, { id, ...standing, now })
  const outcomes = new Map(visits.map((visit) => [visit.step, visit.outcome]))
  const effects: Effect[] = []
  for (const act of acts) {
    if (visited.has(act.step)) continue
    const done = await does(act, enrolment, { event, work, content, ids }, lent)
    effects.push(...done.effects)
    outcomes.set(act.step, done.outcome)
  }
  for (const [at, outcome] of outcomes) work.write(saveVisits, { enrolmentId: id, step: at, outcome, at: now })
  if (standing.state === 'exited') effects.push(...cancelled([...visited], id, standing.reason ?? standing.state))
  return effects
}

type Asking = { db: Queryable; content: Content; now: Date; lent: Lent }

async function walkThrough(enrolment: Enrolment, on: Asking): Promise<Walked> {
  const { frozen, step, waitsUntil, closed, optedOut } = enrolment
  const standing = {
    step,
    waitsUntil,
    closed: closed ?? (optedOut && frozen.purpose === 'marketing' ? 'opted-out' : null),
  }
  const around = { now: on.now, zone: on.content.zone, calendar: calendarOf(on.content) }
  const steps = walk(frozen, programOf(enrolment), standing, around)
  let turn = steps.next()
  while (!turn.done) turn = steps.next(await answer(turn.value, enrolment, on))
  return turn.value
}

/** Compiled once for each version. */
const programs = new Map<string, Program>()
const programsKept = 500

function programOf({ journey, fingerprint, frozen }: Enrolment): Program {
  const key = `${journey} ${fingerprint}`
  const known = programs.get(key)
  if (known) return known
  if (programs.size >= programsKept) programs.clear()
  const program = compile(frozen.steps)
  programs.set(key, program)
  return program
}

/** A segment or a goal that content no longer has holds of nobody. */
async function answer(
  question: Question,
  { personId, enteredAt }: Enrolment,
  { db, content, now, lent }: Asking,
): Promise<boolean> {
  if ('under' in question) return isUnderWay(db, personId, question.under)
  if ('segment' in question) return isMember(db, content, question.segment, personId, now).catch(isUnknown)
  const { did, since } = question
  const kind = lent.goals[did.name]
  return kind ? hasReached(db, personId, { kind, args: did.args }, { now, content, since: since ?? enteredAt }) : false
}

function isUnknown(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'segment-unknown') return false
  throw error
}
