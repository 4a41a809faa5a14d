/** Runs of drops: one slot of one drop, and who is to get it. */
import type { FrozenDrop } from '../drops/index.ts'

/**
 * - `waiting`: due, and nobody has approved it yet.
 * - `freezing`: its recipients are being written; nothing has been handed over.
 * - `sending`: handed over piece by piece, until nobody waits.
 * - `done`, `stopped` (by hand), `missed` (never began): over.
 */
export type RunState = 'waiting' | 'freezing' | 'sending' | 'done' | 'stopped' | 'missed'

/** Why a run never began, or ended before its time. */
export type RunReason = 'late' | 'not-approved' | 'paused' | 'withdrawn' | 'audience-failed' | 'by-hand'

export type Run = {
  id: string
  campaign: string
  slot: Date
  state: RunState
  reason: RunReason | null
  contentVersion: string
  fingerprint: string
  drop: FrozenDrop
  createdAt: Date
  frozenAt: Date | null
  endedAt: Date | null
  /** Recipients, holdout included; 0 until they are all written. */
  audience: number
  pausedAt: Date | null
}

/** A recipient on her way into the table. `variant` null: of the holdout. */
export type NewRecipient = { target: string; variant: string | null; dueAt: Date }

/** What the sends of a run have in common in the outbox. */
export function batchOf(runId: string): string {
  return `drop:${runId}`
}

/** The intent: one run says one thing to one recipient, once. */
export function keyOf(runId: string, target: string): string {
  return `drop:${runId}:${target}`
}

/** After this instant the run is of no use to whoever has not got it. */
export function endOf({ slot, drop }: Pick<Run, 'slot' | 'drop'>): Date {
  return new Date(slot.getTime() + drop.expires)
}
