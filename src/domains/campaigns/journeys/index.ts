/** Journeys: entered, walked step by step, left. */
import { writeAudit } from '../../../kernel/audit.ts'
import type { Content } from '../../../kernel/content.ts'
import type { EffectOf } from '../../../kernel/effect.ts'
import { UsageError } from '../../../kernel/errors.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { journeysOf } from './kind.ts'
import { countEnrolments, countSends } from './repo/counts.ts'
import { stopEnrolments } from './repo/enrolments.ts'
import { listPausedJourneys, setJourneyPaused } from './repo/versions.ts'
import { batchOf, type Journey } from './schema.ts'

export { enterDue, onAnnounced } from './entering.ts'
export { journeysKind, journeysOf } from './kind.ts'
export { exportEnrolments, forgetEnrolments, mergeEnrolments, unlinkEnrolments } from './repo/rights.ts'
export { sweepVisits } from './repo/sweep.ts'
export type { FrozenStep, Journey, Lent } from './schema.ts'
export { wakeWaiting } from './waking.ts'
export { onWalk, walkOn, walksDue } from './walking.ts'

export type JourneyStanding = {
  id: string
  title: string
  paused: boolean
  active: number
  done: number
  /** Left before its end, by reason; `refused` never came in. */
  left: Readonly<Record<string, number>>
  /** Messages of those whose steps are kept: `sent` was handed over to delivery; others by why nobody could be written to. */
  messages: Readonly<Record<string, number>>
}

/** The journeys of content with their people. */
export async function listJourneys(db: Queryable, content: Content): Promise<JourneyStanding[]> {
  const [counts, sends, paused] = await Promise.all([countEnrolments(db), countSends(db), listPausedJourneys(db)])
  return journeysOf(content).map(({ id, title }) => {
    const mine = counts.filter(({ journey }) => journey === id)
    const of = (state: string): number =>
      mine.filter((one) => one.state === state).reduce((sum, { count }) => sum + count, 0)
    const left = Object.fromEntries(
      mine.flatMap(({ state, reason, count }) =>
        state === 'active' || state === 'done' ? [] : [[reason ?? state, count]],
      ),
    )
    const messages = Object.fromEntries(
      sends.flatMap(({ journey, outcome, count }) => (journey === id ? [[outcome, count]] : [])),
    )
    return { id, title, paused: paused.has(id), active: of('active'), done: of('done'), left, messages }
  })
}

/** The journey of live content. Throws a UsageError `journey-unknown`. */
export function journeyOf(content: Content, id: string): Journey {
  const journeys = journeysOf(content)
  const found = journeys.find((journey) => journey.id === id)
  if (found) return found
  const names = journeys.map((journey) => journey.id).join(', ') || 'none'
  throw new UsageError({ code: 'journey-unknown', message: `There is no journey «${id}». There is: ${names}.` })
}

type Acting = { db: Queryable; content: Content; by: string; now: Date }

/**
 * Nobody enters, nobody goes on and nothing of it is sent until it is resumed; what a pause makes late is done then. The
 * effect is for delivery, in the same transaction.
 */
export async function pauseJourney(
  { db, content, by, now }: Acting,
  id: string,
  paused: boolean,
): Promise<EffectOf<'HoldSends' | 'ReleaseSends'>> {
  await setJourneyPaused(db, journeyOf(content, id).id, paused ? now : null, now)
  await writeAudit(db, { at: now, by, action: paused ? 'journey-paused' : 'journey-resumed', subject: `journey:${id}` })
  return { kind: paused ? 'HoldSends' : 'ReleaseSends', batch: batchOf(id) }
}

/**
 * Everybody leaves it now, and what waits to be sent is not: the effect says so to delivery, in the same transaction. Says
 * how many left. Also of a journey that is gone from content.
 */
export async function stopJourney(
  { db, by, now }: Omit<Acting, 'content'>,
  id: string,
): Promise<{ people: number; effect: EffectOf<'StopSends'> }> {
  const people = (await stopEnrolments(db, { journey: id, reason: 'stopped', now })).length
  await writeAudit(db, { at: now, by, action: 'journey-stopped', subject: `journey:${id}`, details: { people } })
  return { people, effect: { kind: 'StopSends', batch: batchOf(id), reason: 'stopped' } }
}

/** The kinds of the shop's own events that journeys wait for: whoever names another has misspelt it. */
export function shopEventsOf(content: Content): string[] {
  const named = journeysOf(content).flatMap(({ triggers }) =>
    triggers.flatMap(({ name, args }) => (name === 'event' ? [(args as { kind: string }).kind] : [])),
  )
  return [...new Set(named)].sort()
}
