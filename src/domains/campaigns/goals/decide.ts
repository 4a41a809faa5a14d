/** What can be said of figures that are few: intervals, and what a run has changed. Pure. */

export type Share = { of: number; count: number }
export type Interval = { low: number; high: number }

/** 95 %. */
const z = 1.959_963_985

/**
 * Wilson's interval of a share: between which shares the true one lies, 95 times in 100. Of nobody it is anything.
 * Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
 */
export function wilson({ of, count }: Share): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = count / of
  const middle = share + (z * z) / (2 * of)
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const whole = 1 + (z * z) / of
  return { low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) }
}

/**
 * How much greater the share is than that of the holdout, in points (0.02: two in a hundred), with the interval of the
 * difference by Newcombe's method from the two Wilson intervals. Null without anybody to compare.
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.
 */
export function lift(given: Share, holdout: Share): ({ points: number } & Interval) | null {
  if (given.of === 0 || holdout.of === 0) return null
  const [a, b] = [given.count / given.of, holdout.count / holdout.of]
  const [withIt, without] = [wilson(given), wilson(holdout)]
  const points = a - b
  return {
    points,
    low: points - Math.hypot(a - withIt.low, without.high - b),
    high: points + Math.hypot(withIt.high - a, b - without.low),
  }
}
