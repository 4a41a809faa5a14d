import { purchasesWithin } from '../purchases.ts'
import type { Evidence, Facts, InteractionFact, OrderFact, WantedTag } from '../schema.ts'
import type { LoyaltyDimension } from './schema.ts'

type Step = 'low' | 'middle' | 'high'
type Bars = { middle: number; high: number }

/** Orders and interactions that stand as evidence, each. */
const shown = 2

/** Exactly one kind of loyalty. */
export function wanted(facts: Facts, dimension: LoyaltyDimension, now: Date, zone: string): WantedTag[] {
  const from = new Date(now.getTime() - dimension.window)
  const { kept } = purchasesWithin(facts.orders, from, now)
  const felt = facts.interactions.filter(
    ({ kind, at }) => at > from && at <= now && Object.hasOwn(dimension.attitude.points, kind),
  )
  const behaviour = stepOf(behaviourOf(kept, dimension, zone), dimension.behaviour)
  const attitude = stepOf(attitudeOf(felt, dimension), dimension.attitude)
  const kind = dimension.kinds.find(
    ({ when }) => (when?.behaviour?.includes(behaviour) ?? true) && (when?.attitude?.includes(attitude) ?? true),
  )
  if (!kind) return []
  return [
    {
      dimension: dimension.id,
      value: kind.id,
      source: 'rule',
      strength: 1,
      until: null,
      rule: `${dimension.id}/${kind.id}`,
      evidence: evidenceOf(kept, felt, { behaviour, attitude }),
    },
  ]
}

function behaviourOf(kept: readonly OrderFact[], { behaviour }: LoyaltyDimension, zone: string): number {
  const months = new Set(kept.map(({ at }) => monthOf(at, zone)))
  return kept.length * behaviour.order + months.size * behaviour.month
}

function attitudeOf(felt: readonly InteractionFact[], { attitude }: LoyaltyDimension): number {
  const times = new Map<string, number>()
  for (const { kind } of felt) times.set(kind, (times.get(kind) ?? 0) + 1)
  let sum = 0
  for (const [kind, count] of times) {
    const points = (attitude.points[kind] ?? 0) * count
    sum += Math.max(-attitude.most, Math.min(attitude.most, points))
  }
  return sum
}

function stepOf(points: number, { middle, high }: Bars): Step {
  return points >= high ? 'high' : points >= middle ? 'middle' : 'low'
}

function evidenceOf(
  kept: readonly OrderFact[],
  felt: readonly InteractionFact[],
  steps: { behaviour: Step; attitude: Step },
): Evidence[] {
  const newest = [...felt].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
  return [
    ...kept.slice(0, shown).map(
      ({ orderNo, at }): Evidence => ({
        kind: 'order',
        ref: orderNo,
        at: at.toISOString(),
        note: `behaviour ${steps.behaviour}, ${kept.length} orders`,
      }),
    ),
    ...newest.slice(0, shown).map(
      ({ id, kind, at }): Evidence => ({
        kind: 'interaction',
        ref: String(id),
        at: at.toISOString(),
        note: `attitude ${steps.attitude}: ${kind}`,
      }),
    ),
  ]
}

const hourMs = 3_600_000
/** Months by zone and hour, since a formatter takes a microsecond or two: an hour lies in one month in every zone. */
const months = new Map<string, { format: Intl.DateTimeFormat; byHour: Map<number, string> }>()

/** The calendar month of an instant in a zone, in words that only need to differ. */
function monthOf(at: Date, zone: string): string {
  let known = months.get(zone)
  if (!known) {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric' })
    months.set(zone, (known = { format, byHour: new Map() }))
  }
  const hour = Math.floor(at.getTime() / hourMs)
  let month = known.byHour.get(hour)
  if (month === undefined) known.byHour.set(hour, (month = known.format.format(at)))
  return month
}
