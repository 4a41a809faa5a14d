/** Reports: what a run came to, by variant, against those who were left out on purpose. */
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import type { GoalKind } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { membersQuery } from '../../segments/index.ts'
import type { Run } from '../runs/schema.ts'
import { type Interval, lift, type Share, wilson } from './decide.ts'
import {
  countClicked,
  countCohort,
  countOptedOut,
  countReached,
  countStates,
  findReport,
  type Reached,
} from './repo.ts'

export type Goals = Readonly<Record<string, GoalKind>>

/** How long after a message an answer, an opt-out or, where the drop says nothing, its goal is put down to it. */
const withinMs = 3 * 24 * 60 * 60_000

/** One row of a report. `variant` null: the holdout, who got nothing. */
export type VariantReport = {
  variant: string | null
  recipients: number
  sent: number
  unknown: number
  /** Waits to be handed over, or in the outbox; by what puts it off where something does. */
  waiting: number
  deferred: Readonly<Record<string, number>>
  /** Not sent, by reason: opted-out, capped, quiet, no-identity, … */
  notSent: Readonly<Record<string, number>>
  replied: number
  clicked: number
  optedOut: number
  /** Who reached the goal, of those who can be compared; null without a goal. */
  goal: (Share & Interval) | null
  /** In points over the holdout, with its interval; null without a holdout or a goal. */
  lift: ({ points: number } & Interval) | null
}

export type RunReport = {
  run: Pick<
    Run,
    'id' | 'campaign' | 'slot' | 'state' | 'reason' | 'contentVersion' | 'frozenAt' | 'endedAt' | 'audience'
  >
  title: string
  goal: string | null
  variants: VariantReport[]
  /** Segments that were asked for: how many of the recipients are in each now, and how many of those got it. */
  cohorts: { segment: string; recipients: number; sent: number }[]
}

type Counting = { content: Content; now: Date; goals: Goals }

/** As it is counted now; of a run that is too old for that, as it was kept. */
export async function reportOf(
  db: Database,
  run: Run,
  on: Counting & { segments?: readonly string[] },
): Promise<RunReport> {
  const { id, campaign, slot, state, reason, contentVersion, frozenAt, endedAt, audience, drop } = run
  return {
    run: { id, campaign, slot, state, reason, contentVersion, frozenAt, endedAt, audience },
    title: drop.title,
    goal: drop.goal?.kind ?? null,
    variants: (await findReport<VariantReport>(db.pool, id)) ?? (await variantsOf(db.pool, run, on)),
    cohorts: await cohortsOf(db, run, on),
  }
}

/** The goal kind `reply` is the one with which answers are counted, where a slice lends it. */
export async function variantsOf(db: Queryable, run: Run, on: Counting): Promise<VariantReport[]> {
  const { drop } = run
  const kind = drop.goal && on.goals[drop.goal.kind]
  const goal = drop.goal && kind ? { kind, args: drop.goal.args, within: drop.goal.within } : null
  const reply = on.goals['reply'] && {
    kind: on.goals['reply'],
    args: on.goals['reply'].schema.parse({}),
    within: withinMs,
  }
  const [states, reached, replied, clicked, optedOut] = await Promise.all([
    countStates(db, run.id),
    countReached(db, run, goal, on),
    countReached(db, run, reply ?? null, on),
    countClicked(db, run.id),
    countOptedOut(db, run.id, withinMs),
  ])
  const holdout = reached.find(({ variant }) => variant === null)
  const ids = [...new Set(states.map(({ variant }) => variant))]
  return ids.map((variant): VariantReport => {
    const mine = states.filter((one) => one.variant === variant)
    const inState = (state: string): typeof mine => mine.filter((one) => one.state === state)
    const found = reached.find((one) => one.variant === variant)
    return {
      variant,
      recipients: sum(mine),
      sent: sum(inState('sent')),
      unknown: sum(inState('unknown')),
      waiting: sum(inState('waiting')) + sum(inState('queued')),
      deferred: byReason(inState('queued')),
      notSent: byReason(inState('not-sent')),
      replied: replied.find((one) => one.variant === variant)?.count ?? 0,
      clicked: clicked.get(variant ?? '') ?? 0,
      optedOut: optedOut.get(variant ?? '') ?? 0,
      goal: goal && found ? { ...shareOf(found), ...wilson(found) } : null,
      lift: goal && found && holdout && variant !== null ? lift(found, holdout) : null,
    }
  })
}

function cohortsOf(
  db: Database,
  run: Run,
  { content, now, segments = [] }: { content: Content; now: Date; segments?: readonly string[] },
): Promise<RunReport['cohorts']> {
  return db.transaction(async (tx: Queryable) => {
    const cohorts: RunReport['cohorts'] = []
    for (const segment of segments) {
      const persons = await membersQuery(tx, content, segment, now, [run.id])
      cohorts.push({ segment, ...(await countCohort(tx, persons)) })
    }
    return cohorts
  })
}

function shareOf({ of, count }: Reached): Share {
  return { of, count }
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0)
}

function byReason(rows: readonly { reason: string | null; count: number }[]): Record<string, number> {
  const reasons: Record<string, number> = {}
  for (const { reason, count } of rows) if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + count
  return reasons
}
