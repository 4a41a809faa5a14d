/** What a tick makes of the clocks, the drops and the runs that wait. Pure. */
import { type Calendar, missedOf, slotsBetween } from '../schedule/index.ts'
import type { Drop } from '../drops/index.ts'
import type { RunReason, RunState } from './schema.ts'

/** Up to when the slots of a drop were looked at. */
export type DropClock = { lookedAt: Date; pausedAt: Date | null }

/** A run that begins to exist. */
export type Beginning = { drop: Drop; slot: Date; state: RunState; reason: RunReason | null }

export type Ticking = {
  now: Date
  zone: string
  calendar: Calendar
  /** Undefined: a drop that is seen for the first time. What was due before it was live is nobody's miss. */
  clockOf(id: string): DropClock | undefined
  isApproved(drop: Drop): boolean
}

/**
 * The runs that begin now. Of the slots since the last look only the newest may still run, and only within the drop's
 * `late`; the others are missed and say so. A clock that was put back finds nothing new, so that no slot runs twice.
 */
export function beginnings(drops: readonly Drop[], on: Ticking): Beginning[] {
  return drops.flatMap((drop) => {
    const clock = on.clockOf(drop.id)
    if (!clock || clock.lookedAt >= on.now) return []
    const slots = slotsBetween(drop.when, {
      zone: on.zone,
      calendar: on.calendar,
      after: clock.lookedAt,
      until: on.now,
    })
    const { run, missed } = missedOf(slots, { now: on.now, late: drop.late })
    const late = missed.map((slot): Beginning => ({ drop, slot, state: 'missed', reason: 'late' }))
    if (!run) return late
    const paused = clock.pausedAt !== null
    const state = paused ? 'missed' : on.isApproved(drop) ? 'freezing' : 'waiting'
    return [...late, { drop, slot: run, state, reason: paused ? 'paused' : null }]
  })
}

/** What becomes of a run that waits for approval. */
export type Next =
  | { kind: 'stays' }
  | { kind: 'begins' }
  /** The drop was edited meanwhile: what is to be approved, and sent, is what it is now. */
  | { kind: 'renewed' }
  | { kind: 'missed'; reason: RunReason }

/** `live`: the drop as it is now, undefined when it was taken out of content. */
export function nextOf(
  run: { slot: Date; fingerprint: string },
  live: { late: number; fingerprint: string; approved: boolean } | undefined,
  now: Date,
): Next {
  if (!live) return { kind: 'missed', reason: 'withdrawn' }
  if (now.getTime() > run.slot.getTime() + live.late) return { kind: 'missed', reason: 'not-approved' }
  if (live.fingerprint !== run.fingerprint) return { kind: 'renewed' }
  return live.approved ? { kind: 'begins' } : { kind: 'stays' }
}
