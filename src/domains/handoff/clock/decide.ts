/**
 * The clock of a case. Pure: from what happened follows when what is to be said next, so that nothing is lost with a
 * process and nothing is said twice. Targets count working hours; whoever writes at night is promised the morning.
 */
import type { Case } from '../cases/schema.ts'
import { addOpenTime, type Timetable } from '../hours/index.ts'
import type { Patience, Stage } from './schema.ts'

/** What of a case promises follow from. */
export type Counted = Pick<
  Case,
  'state' | 'openedAt' | 'firstResponseAt' | 'unansweredSince' | 'lastCustomerAt' | 'lastAdviserAt' | 'reopened'
>

/** A promise that runs: since when, and the target by which it is to be kept. */
type Promised = { what: 'first' | 'next' | 'resolve'; key: string; since: Date; ms: number }

function promisesOf(now: Counted, { first, next, resolve }: Patience): Promised[] {
  const { openedAt, firstResponseAt, unansweredSince, reopened } = now
  const answer: Promised[] =
    firstResponseAt === null
      ? [{ what: 'first', key: 'first', since: openedAt, ms: first }]
      : unansweredSince === null
        ? []
        : [{ what: 'next', key: `next:${unansweredSince.toISOString()}`, since: unansweredSince, ms: next }]
  // Whoever comes back is a new promise; how long the case had been closed does not count.
  const since = reopened > 0 ? (unansweredSince ?? openedAt) : openedAt
  const whole: Promised = { what: 'resolve', key: `resolve:${reopened}`, since, ms: resolve }
  return [...answer, ...(reopened > 0 && unansweredSince === null ? [] : [whole])]
}

/** A promise as people see it: from `warnAt` on it is near, at `due` it breaks. */
export type PromiseShown = { what: 'first' | 'next' | 'resolve'; warnAt: Date; due: Date }

/** The promises that run, whatever has been said of them, the nearest first. */
export function shownPromises(now: Counted, patience: Patience, hours: Timetable, zone: string): PromiseShown[] {
  if (now.state === 'closed') return []
  return promisesOf(now, patience)
    .flatMap(({ what, since, ms }) => {
      const warnAt = addOpenTime(hours, zone, since, ms * patience.warnAfter)
      const due = addOpenTime(hours, zone, since, ms)
      return warnAt && due ? [{ what, warnAt, due }] : []
    })
    .sort((a, b) => a.due.getTime() - b.due.getTime())
}

/** What was said of a case, by key, and when. */
export type Told = ReadonlyMap<string, Date>

/** Under this key it is remembered since when the platform takes nothing for the customer. */
export const goneKey = 'gone'

/** Everything that is still to be said of a case as it is, the earliest first. */
export function stagesOf(now: Counted, patience: Patience, hours: Timetable, zone: string, told: Told): Stage[] {
  if (now.state === 'closed') return []
  const gone = told.get(goneKey)
  if (gone) return goneOf(gone, patience, told)
  const promised = promisesOf(now, patience).flatMap(({ what, key, since, ms }) =>
    (['warning', 'breach'] as const).flatMap((stage): Stage[] => {
      const at = addOpenTime(hours, zone, since, stage === 'warning' ? ms * patience.warnAfter : ms)
      return at ? [{ key: `${key}:${stage}`, what, stage, at }] : []
    }),
  )
  return [...promised, ...idleOf(now, patience, told)]
    .filter(({ key }) => !told.has(key))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** Nobody can keep a promise to her: nothing is said any more, and the case does not stay open for ever. */
function goneOf(gone: Date, { idleAfter, idleCloses }: Patience, told: Told): Stage[] {
  const key = `${goneKey}:${gone.toISOString()}:close`
  if (told.has(key)) return []
  return [{ key, what: 'idle', stage: 'close', at: new Date(gone.getTime() + idleAfter + idleCloses) }]
}

/** Only where we spoke last: a case that waits for us is never closed for being quiet, and none unless she was asked. */
function idleOf({ lastAdviserAt, unansweredSince }: Counted, { idleAfter, idleCloses }: Patience, told: Told): Stage[] {
  if (lastAdviserAt === null || unansweredSince !== null) return []
  const key = `idle:${lastAdviserAt.toISOString()}`
  const asked = told.get(`${key}:ask`)
  return asked
    ? [{ key: `${key}:close`, what: 'idle', stage: 'close', at: new Date(asked.getTime() + idleCloses) }]
    : [{ key: `${key}:ask`, what: 'idle', stage: 'ask', at: new Date(lastAdviserAt.getTime() + idleAfter) }]
}

/**
 * What is due at an instant. Of what was slept through (the process was down) a warning after its breach helps nobody:
 * it counts as told.
 */
export function dueStages(stages: readonly Stage[], now: Date): { say: Stage[]; skip: Stage[] } {
  const due = stages.filter(({ at }) => at <= now)
  const isLate = ({ what, stage }: Stage): boolean =>
    stage === 'warning' && due.some((other) => other.what === what && other.stage === 'breach')
  return { say: due.filter((one) => !isLate(one)), skip: due.filter(isLate) }
}
