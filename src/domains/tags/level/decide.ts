import { decimalOf } from '../../orders/index.ts'
import { type Purchases, purchasesWithin } from '../purchases.ts'
import type { Evidence, Facts, Rfm, WantedTag } from '../schema.ts'
import type { Bar, LevelDimension } from './schema.ts'

/** What bars are held against. */
type Measure = Purchases & { rfm: Rfm }

/** How many orders stand as evidence. */
const shown = 3

/**
 * Exactly one level. The highest whose bar is reached; but the level that she has is kept until she is clearly below its
 * bar. So a measure that wobbles around a bar changes the level at most once, and one that only rises never lowers it.
 */
export function wanted(facts: Facts, dimension: LevelDimension, rfm: Rfm, now: Date): WantedTag[] {
  const from = new Date(now.getTime() - dimension.window)
  const measure: Measure = { ...purchasesWithin(facts.orders, from, now), rfm }
  const reached = dimension.levels.findIndex(({ when }) => reaches(measure, when, 0))
  const has = facts.current.find((tag) => tag.dimension === dimension.id && tag.source === 'rule')
  const held = dimension.levels.findIndex(({ id }) => id === has?.value)
  const isHeld = held !== -1 && held < reached && reaches(measure, dimension.levels[held]?.when, dimension.hysteresis)
  const level = dimension.levels[isHeld ? held : reached]
  if (!level) return []
  return [
    {
      dimension: dimension.id,
      value: level.id,
      source: 'rule',
      // A level that she would not reach today is a weaker word.
      strength: isHeld ? 0.7 : 1,
      until: null,
      rule: `${dimension.id}/${level.id}`,
      evidence: evidenceOf(measure, level.when, facts),
    },
  ]
}

function reaches(measure: Measure, bars: readonly Bar[] | undefined, slack: number): boolean {
  return bars === undefined || bars.some((bar) => isOver(measure, bar, slack))
}

/**
 * With slack 0.15 a spend of 85 % of the bar is enough. Scores are whole numbers: with any slack one less is enough, but
 * never the worst score, which everybody has.
 */
function isOver({ cents, count, rfm }: Measure, bar: Bar, slack: number): boolean {
  const score = (value: number, least: number | undefined, worst: number): boolean => {
    if (least === undefined) return true
    return value >= (slack > 0 ? Math.max(least - 1, Math.min(least, worst + 1)) : least)
  }
  return (
    (bar.spend === undefined || Number(cents) >= Math.round(bar.spend * 100) * (1 - slack)) &&
    (bar.orders === undefined || count >= bar.orders * (1 - slack)) &&
    score(rfm.r, bar.r, 1) &&
    score(rfm.f, bar.f, 1) &&
    score(rfm.m, bar.m, 1) &&
    score(rfm.r + rfm.f + rfm.m, bar.total, 3)
  )
}

function evidenceOf({ cents, kept, rfm }: Measure, bars: readonly Bar[] | undefined, facts: Facts): Evidence[] {
  const orders = kept.slice(0, shown).map(
    (order, place): Evidence => ({
      kind: 'order',
      ref: order.orderNo,
      at: order.at.toISOString(),
      note: place === 0 ? `${decimalOf(order.cents)} of ${decimalOf(cents)} in ${kept.length}` : decimalOf(order.cents),
    }),
  )
  const looksAtScores = bars?.some(({ r, f, m, total }) => (r ?? f ?? m ?? total) !== undefined) ?? false
  return looksAtScores ? [...orders, scoresAsEvidence(rfm, facts)] : orders
}

/**
 * The scores of RFM as evidence; dated by the last thing that she did, or since when we know her, if she did nothing: both
 * stay the same from round to round.
 */
export function scoresAsEvidence({ lastAt, r, f, m }: Rfm, { firstSeenAt }: Pick<Facts, 'firstSeenAt'>): Evidence {
  return { kind: 'rfm', ref: `r${r} f${f} m${m}`, at: (lastAt ?? firstSeenAt).toISOString() }
}
