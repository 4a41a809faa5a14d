/** Rules of segments as people might write them. */
import fc from 'fast-check'
import { categories, groupRules, kinds, tagName, values } from './segment-world.ts'

/** A rule as it would stand in segments.yaml. */
export const writtenRules: fc.Arbitrary<unknown> = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    clause(),
    fc.record({ all: fc.array(tie('rule'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('rule'), { maxLength: 3 }) }),
    fc.record({ not: tie('rule') }),
  ),
})).rule

function clause(): fc.Arbitrary<unknown> {
  const within = fc.constantFrom('5d', '10d', '30d')
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const range = (low: number, high: number) =>
    fc
      .tuple(maybe(fc.integer({ min: low, max: high })), maybe(fc.integer({ min: low, max: high })))
      .filter(([a, b]) => a !== undefined || b !== undefined)
      .map(([a, b]) => (a !== undefined && b !== undefined && a > b ? { min: b, max: a } : { min: a, max: b }))
  const tag = tagName.map(({ dimension, value }) => ({ [dimension]: value }))
  const several = fc.subarray(values['interest']!, { minLength: 1 }).map((interest) => ({ interest }))
  const day = fc.constantFrom('2026-11-01', '2026-11-12', '2026-11-22')
  return fc.oneof(
    fc
      .oneof(
        tag,
        several,
        fc.tuple(tag, several).map(([a, b]) => ({ ...a, ...b })),
      )
      .map((args) => ({ tag: args })),
    fc.constantFrom('华东', ['华东', '浙江省']).map((region) => ({ region })),
    fc.record({ r: maybe(range(1, 5)), total: range(3, 15) }).map((rfm) => ({ rfm })),
    fc.constantFrom(...groupRules).map((group) => ({ group })),
    fc
      .record({ after: maybe(day), before: maybe(day), within: maybe(within) })
      .filter(hasAny)
      .map((joined) => ({ joined })),
    fc
      .record({ within: maybe(within), notWithin: maybe(within) })
      .filter(hasAny)
      .map((active) => ({ active })),
    fc
      .record({
        within: maybe(within),
        count: maybe(range(0, 3)),
        spend: maybe(range(-100, 300)),
        category: maybe(fc.subarray(categories, { minLength: 1 })),
        product: maybe(fc.constantFrom('a', 'b')),
      })
      .map((orders) => ({ orders })),
    fc
      .record({ kind: fc.constantFrom(...kinds, kinds), within: maybe(within), count: maybe(range(0, 2)) })
      .map((interaction) => ({ interaction })),
    fc.constantFrom('marketing', 'profiling', 'sensitive').map((consent) => ({ consent })),
  )
}

function hasAny(record: object): boolean {
  return Object.values(record).some((value) => value !== undefined)
}
