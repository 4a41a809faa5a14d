/**
 * RFM in the extended form: R from the last order or interaction of any kind, F from orders and weighted interactions,
 * M from net spend and a share of the spend of those she brought in. Scores run from 1 (worst) to 5 (best).
 *
 * Fifths of the base follow the textbook as the R package `rfm` has it (rsquaredacademy/rfm 0.3.0, R/utils.R and
 * R/rfm-table-transaction.R, after Blattberg, Kim and Neslin, Database Marketing, 2008, chapter 12): quantiles of type 7
 * (R's default: linear between the two nearest of n sorted values, at (n − 1)·k/5), one step of the measure added to
 * each, half-open intervals [lower, upper), recency the other way round. There the step is 1, since its data are whole
 * numbers; here it is the next value that the measure can take: a day, a thousandth, a cent. So whoever stands on a
 * quantile belongs to the step below it, and people who are alike are never ranked above nobody:
 *
 * - distinct values: each fifth of a base of 5·k people has exactly k;
 * - all equal: R 5, F 1, M 1; most equal (nobody buys): they have 1, the few others share the upper scores;
 * - fewer than five people: there are no fifths, the fixed bars of content hold;
 * - never seen buying or speaking: R 1, and no part in the fifths of recency.
 */
import type { Facts, Rfm, RfmBars } from '../schema.ts'
import type { RfmSettings } from './schema.ts'

const dayMs = 86_400_000

/** What the scores are made of, in whole steps: days, thousandths of F, cents. */
export type Measures = { lastAt: Date | null; days: number | null; thousandths: number; cents: bigint }

/** What happened after it counts; null: everything. */
export function countedFrom(settings: RfmSettings, now: Date): Date | null {
  return settings.window === undefined ? null : new Date(now.getTime() - settings.window)
}

/**
 * The measures of one person. A cancelled order is none; a refund is a negative amount that M alone counts. What lies
 * after `now` or before the window does not count, neither in `facts.referredCents` (`findReferredCents`). The same in SQL
 * for the whole base: `measureBase` in repo.ts; a test keeps them equal.
 */
export function measuresOf(facts: Facts, settings: RfmSettings, now: Date): Measures {
  const from = countedFrom(settings, now)
  const counts = ({ at }: { at: Date }): boolean => at <= now && (from === null || at > from)
  const orders = facts.orders.filter((order) => order.status !== 'cancelled' && counts(order))
  const placed = orders.filter(({ cents }) => cents >= 0n)
  const said = facts.interactions.filter(counts)
  const lastAt = latest([...placed, ...said])
  return {
    lastAt,
    days: lastAt && Math.floor((now.getTime() - lastAt.getTime()) / dayMs),
    thousandths: said.reduce(
      (sum, { kind, weight }) => sum + thousandthsOf(settings.frequency.interactions[kind] ?? weight),
      placed.length * thousandthsOf(settings.frequency.order),
    ),
    cents: orders.reduce((sum, { cents }) => sum + cents, referredShare(facts.referredCents, settings)),
  }
}

/** Weights are stored as four-byte floats: half a thousandth up, as the SQL has it. */
export function thousandthsOf(weight: number): number {
  return Math.floor(weight * 1_000 + 0.5)
}

/** Her share, to the nearest cent; who brought in only refunds owes nothing. */
function referredShare(cents: bigint, { monetary }: RfmSettings): bigint {
  return cents > 0n ? (cents * BigInt(thousandthsOf(monetary.referred)) + 500n) / 1_000n : 0n
}

function latest(happened: readonly { at: Date }[]): Date | null {
  let last: Date | null = null
  for (const { at } of happened) if (last === null || at > last) last = at
  return last
}

/** The bars that hold: those of the base, where content wants them and there are some, else those of content. */
export function barsInForce(settings: RfmSettings, ofBase: RfmBars | null): RfmBars {
  return settings.scores === 'quintiles' && ofBase ? ofBase : settings.bars
}

/** The scores of one person at `now`; `ofBase` are the latest bars of the base (`latestBars`), null when there are none. */
export function scoreOf(facts: Facts, settings: RfmSettings, ofBase: RfmBars | null, now: Date): Rfm {
  const measures = measuresOf(facts, settings, now)
  return {
    lastAt: measures.lastAt,
    frequency: measures.thousandths / 1_000,
    monetary: Number(measures.cents) / 100,
    ...scoresOf(measures, stepsOf(barsInForce(settings, ofBase))),
  }
}

/** Bars in the whole steps that measures have. */
export type BarSteps = { days: number[]; thousandths: number[]; cents: bigint[] }

export function stepsOf(bars: RfmBars): BarSteps {
  return {
    days: bars.recencyDays,
    thousandths: bars.frequency.map(thousandthsOf),
    cents: bars.monetary.map((amount) => BigInt(Math.round(amount * 100))),
  }
}

export function scoresOf(measures: Measures, bars: BarSteps): Pick<Rfm, 'r' | 'f' | 'm'> {
  return {
    r: measures.days === null ? 1 : 5 - reached(measures.days, bars.days),
    f: 1 + reached(measures.thousandths, bars.thousandths),
    m: 1 + reached(measures.cents, bars.cents),
  }
}

/** How many of the rising bars the value has reached, 0 to 4: intervals are half-open, [lower, upper). */
export function reached<T extends number | bigint>(value: T, bars: readonly T[]): number {
  let above = 0
  for (const bar of bars) if (value >= bar) above += 1
  return above
}

/**
 * Four bars from four quantiles of type 7, in steps: the least whole number above each. Quantiles come from interpolation
 * between whole numbers in fifths, so that a fifth is as exact as they can be; what a float lost on the way is put back.
 */
export function barsAbove(quantiles: readonly number[]): number[] {
  return quantiles.map((quantile) => Math.floor(Math.round(quantile * 5) / 5) + 1)
}
