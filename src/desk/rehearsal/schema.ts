/** What a rehearsal shows. Instants are UTC; days and hours are of the brand's zone. All lists are in a fixed order. */

/** What a send comes from: a drop or a journey, by its id. */
export type Source = { kind: 'drop' | 'journey'; id: string; title: string }

export type RunShown = {
  campaign: string
  title: string
  slot: Date
  state: string
  reason: string | null
  audience: number
  /** Recipients by what became of them: sent, holdout, capped, opted-out, waiting, … */
  outcomes: Readonly<Record<string, number>>
  firstAt: Date | null
  lastAt: Date | null
  /** Whether somebody must still approve it in life. */
  needsApproval: boolean
}

export type JourneyShown = {
  id: string
  title: string
  entered: number
  sent: number
  /** Enrolments by how they ended, and `active` for those under way. */
  ended: Readonly<Record<string, number>>
  /** Sends that came to nothing, by reason. */
  notSent: Readonly<Record<string, number>>
}

/** One cell of the calendar. */
export type DayCell = {
  day: string
  source: string
  title: string
  kind: Source['kind']
  sent: number
  persons: number
  firstAt: Date
}

/** Why and how often sends of a source had to wait. */
export type Deferral = { source: string; reason: string; count: number }

/** On one day two sources wanted the same people, and so many of them got only one of the two. */
export type Collision = { day: string; one: string; other: string; both: number; lost: number }

export type AccountShown = {
  account: string
  sent: number
  /** The busiest hours, the busiest first: `2026-12-01 20:00`. */
  busiest: { hour: string; sent: number; full: boolean }[]
  /** So many an hour the pace allows. */
  perHour: number
  /** Sends that left more than a quarter of an hour after they might have, because others were before them. */
  late: number
  /** Sends that were of no use any more when their turn would have come. */
  expired: number
}

export type Sample = { source: string; variant: string; messages: string[] }

export type Rehearsal = {
  from: string
  days: number
  zone: string
  brand: string
  contentVersion: string
  customers: number
  groups: number
  behaviour: { seed: number; replies: number; orders: number; joins: number } | null
  runs: RunShown[]
  journeys: JourneyShown[]
  calendar: DayCell[]
  deferrals: Deferral[]
  collisions: Collision[]
  accounts: AccountShown[]
  samples: Sample[]
  /** What was spared: how many persons get how many marketing messages in these days. */
  perPerson: { messages: number; persons: number }[]
  /** Runs and journeys that would reach nobody. */
  empty: string[]
}

/** One person's days: what she gets, and why not the rest. */
export type PersonLine = {
  at: Date
  source: string
  title: string
  outcome: string
  reason: string | null
  text: string | null
}
export type PersonShown = { customerId: string; lines: PersonLine[] }

/** What goes live changes: a run or a journey that is new, gone, or comes to something else. `before`, `after`: sends. */
export type Difference = {
  kind: Source['kind']
  id: string
  title: string
  slot: Date | null
  what: 'new' | 'gone' | 'changed'
  before: number
  after: number
}
