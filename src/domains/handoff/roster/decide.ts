/** Who gets a case. Pure. */
import { isOpen, nextOpening, type Timetable } from '../hours/index.ts'
import type { Adviser } from './schema.ts'

/** Where an adviser writes with the bot: her contact, as the account knows it. */
export type Place = { account: string; contactId: string }

/** An adviser as she is at a moment. */
export type Seat = {
  adviser: Adviser
  /** Her WeChat, where she has bound one. */
  place: Place | null
  /** Somewhere a card reaches her: in WeChat, or at the desk. */
  reachable: boolean
  /** She has signed off by hand until she signs on again. */
  away: boolean
  /** Cases that are hers, or offered to her. */
  load: number
  /** When she got her last case; null for never. */
  lastGivenAt: Date | null
}

/** What a case asks of whoever takes it; null where nothing is known. */
export type Wanted = {
  /** Who had this customer last. */
  last: string | null
  skill: string | null
  level: string | null
  region: string | null
  /** The rule of the group in which it arose. */
  group: string | null
  /** Whoever was offered it and did not take it, or gave it away. */
  passedBy: ReadonlySet<string>
}

export function timetableOf({ shifts, daysOff }: Adviser): Timetable {
  return { week: shifts, exceptions: daysOff.map((days) => ({ ...days, spans: [] })) }
}

export function isOnDuty(adviser: Adviser, zone: string, now: Date): boolean {
  return isOpen(timetableOf(adviser), zone, now)
}

/** Whether she may be offered a case at all. */
export function isFree({ adviser, reachable, away, load }: Seat, zone: string, now: Date): boolean {
  return reachable && !away && load < adviser.capacity && isOnDuty(adviser, zone, now)
}

/**
 * Whom a case is offered to, in this order: who had the customer last; then who knows what it is about; an adviser
 * before a manager, who takes what others do not; then who looks after her level, her group, her region; then who has the
 * fewest cases; then who has waited longest. What nobody matches keeps nobody away: a case with the wrong adviser is
 * better than one with none.
 */
export function rank(seats: readonly Seat[], wanted: Wanted, zone: string, now: Date): Seat[] {
  return seats
    .filter((seat) => isFree(seat, zone, now) && !wanted.passedBy.has(seat.adviser.id))
    .map((seat) => ({ seat, keys: keysOf(seat, wanted) }))
    .sort((a, b) => compare(a.keys, b.keys) || (a.seat.adviser.id < b.seat.adviser.id ? -1 : 1))
    .map(({ seat }) => seat)
}

/** Numbers of which the smaller goes first, the weightiest in front. */
function keysOf({ adviser, load, lastGivenAt }: Seat, { last, skill, level, region, group }: Wanted): number[] {
  return [
    Number(adviser.id !== last),
    skill === null ? 0 : Number(!adviser.skills.includes(skill)),
    Number(adviser.role === 'manager'),
    distance(adviser.levels, level),
    distance(adviser.groups, group),
    distance(adviser.regions, region),
    load,
    lastGivenAt?.getTime() ?? Number.NEGATIVE_INFINITY,
  ]
}

/** 0: hers by name. 1: she takes all alike. 2: she looks after others. */
function distance(hers: readonly string[], value: string | null): number {
  if (value !== null && hers.includes(value)) return 0
  return hers.length === 0 ? 1 : 2
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, key] of a.entries()) {
    const other = b[i]!
    if (key !== other) return key < other ? -1 : 1
  }
  return 0
}

/** Whom the managers' matters are told to: those who are on duty, or all where none is. */
export function managersNow(seats: readonly Seat[], zone: string, now: Date): Seat[] {
  const managers = seats.filter(({ adviser }) => adviser.role === 'manager')
  const there = managers.filter(({ adviser, away }) => !away && isOnDuty(adviser, zone, now))
  return there.length > 0 ? there : managers
}

/** When the next of those comes who are not there now; undefined: nobody in the next two months. */
export function nextOnDuty(seats: readonly Seat[], zone: string, now: Date): Date | undefined {
  return seats
    .filter(({ adviser, reachable, away }) => reachable && !away && !isOnDuty(adviser, zone, now))
    .flatMap(({ adviser }) => nextOpening(timetableOf(adviser), zone, now) ?? [])
    .sort((a, b) => a.getTime() - b.getTime())[0]
}
