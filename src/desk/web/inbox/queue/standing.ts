/** Where a promise stands at an instant. Pure. */
import type { Promised } from '../../../api.ts'

export type Standing = { is: 'calm' | 'soon' | 'late'; ms: number }

/** `ms`: until it breaks, or since it broke. */
export function standingOf({ warnAt, due }: Promised, now: number): Standing {
  const left = Date.parse(due) - now
  if (left <= 0) return { is: 'late', ms: Math.abs(left) }
  return { is: now >= Date.parse(warnAt) ? 'soon' : 'calm', ms: left }
}

/** A span as people read it: 4:09, 3 hours, 2 days. */
export function spanOf(ms: number): { unit: 'clock'; text: string } | { unit: 'hours' | 'days'; n: number } {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 3_600) {
    return { unit: 'clock', text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` }
  }
  const hours = Math.floor(seconds / 3_600)
  return hours < 48 ? { unit: 'hours', n: hours } : { unit: 'days', n: Math.floor(hours / 24) }
}
