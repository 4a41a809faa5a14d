/** From the facts about one person to the tags that rules want her to have now. */
import * as interest from './interest/decide.ts'
import * as level from './level/decide.ts'
import * as lifecycle from './lifecycle/decide.ts'
import * as loyalty from './loyalty/decide.ts'
import * as region from './region/decide.ts'
import { barsInForce, scoreOf } from './rfm/decide.ts'
import { type TagRules, windowsOf } from './rules.ts'
import type { Facts, Rfm, RfmBars, WantedTag } from './schema.ts'
import * as value from './value/decide.ts'

export type Decided = {
  wanted: WantedTag[]
  rfm: Rfm
  /** When something may change though nothing happens: a tag expires, a fact leaves a window, a recency is passed. */
  lookAt: Date | null
}

const dayMs = 86_400_000

/**
 * A pure function: the same facts give the same tags, whatever the order of the lists. Dimensions that content calls
 * sensitive have none without her agreement. Null for who has not let us keep tags at all. Where `rules` are for some
 * dimensions only, her scores are given as they are stored.
 */
export function decide(
  facts: Facts,
  rules: TagRules,
  bars: RfmBars | null,
  now: Date,
  rfm: Rfm = scoreOf(facts, rules.rfm, bars, now),
): Decided | null {
  if (!facts.consent.profiling) return null
  const wanted: WantedTag[] = []
  const stages: WantedTag[] = []
  const allowed = rules.dimensions.filter(({ sensitive }) => !sensitive || facts.consent.sensitive)
  // Groups of value look at the stage of the lifecycle, wherever it stands in content.
  for (const dimension of allowed) {
    if (dimension.kind === 'lifecycle') stages.push(...lifecycle.wanted(facts, dimension, now))
  }
  for (const dimension of allowed) {
    switch (dimension.kind) {
      case 'level':
        wanted.push(...level.wanted(facts, dimension, rfm, now))
        break
      case 'valueGroup':
        wanted.push(...value.wanted(facts, dimension, rfm, stages))
        break
      case 'loyalty':
        wanted.push(...loyalty.wanted(facts, dimension, now, rules.zone))
        break
      case 'interest':
        wanted.push(...interest.wanted(facts, dimension, now, rules.zone))
        break
      case 'region':
        wanted.push(...region.wanted(facts, dimension, now, rules.zone))
        break
      case 'lifecycle':
      case 'byHand':
        break
      default:
        return dimension satisfies never
    }
  }
  wanted.push(...stages)
  return { wanted, rfm, lookAt: nextLook(facts, wanted, rfm, { rules, bars, now }) }
}

function nextLook(
  { orders, interactions, current }: Facts,
  wanted: readonly WantedTag[],
  { lastAt }: Rfm,
  { rules, bars, now }: { rules: TagRules; bars: RfmBars | null; now: Date },
): Date | null {
  let next = Number.POSITIVE_INFINITY
  const look = (at: number): void => {
    if (at > now.getTime() && at < next) next = at
  }
  for (const { until } of wanted) if (until) look(until.getTime())
  for (const { until, source } of current) if (until && source !== 'rule') look(until.getTime())
  for (const window of windowsOf(rules)) {
    for (const { at } of orders) look(at.getTime() + window)
    for (const { at } of interactions) look(at.getTime() + window)
  }
  if (lastAt && !rules.only)
    for (const days of barsInForce(rules.rfm, bars).recencyDays) look(lastAt.getTime() + days * dayMs)
  return Number.isFinite(next) ? new Date(next) : null
}
