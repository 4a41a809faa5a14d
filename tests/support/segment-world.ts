/** A small shop in memory, for segments to be evaluated over. */
import fc from 'fast-check'

export const now = new Date('2026-11-22T04:00:00Z')
export const zone = 'Asia/Shanghai'
export const day = 86_400_000

/** Times are days before `now`, so that shrinking makes them near. */
export type World = {
  /** Whether the brand keeps personal things only of who has agreed (`consent: ask`). */
  asks: boolean
  customers: {
    staff: boolean
    forgotten: boolean
    /** The customer that she was merged into: one of those before her, who stands for herself. */
    mergedInto: number | null
    firstSeen: number
    lastSeen: number
    optedOut: boolean
    refused: boolean
    noticed: boolean
    consented: boolean
    sensitive: boolean
  }[]
  tags: {
    customer: number
    dimension: string
    value: string
    source: string
    effective: boolean
    until: number | null
  }[]
  orders: {
    customer: number
    daysAgo: number
    cents: number
    status: string
    categories: string[]
    skus: string[]
  }[]
  interactions: { customer: number; kind: string; daysAgo: number }[]
  scores: { customer: number; r: number; f: number; m: number }[]
  stays: { customer: number; rule: string; left: boolean }[]
}

const someone = fc.nat({ max: 11 })
const days = fc.integer({ min: 0, max: 40 })
const score = fc.integer({ min: 1, max: 5 })

export const values: Record<string, string[]> = {
  consumption: ['高', '低'],
  interest: ['护肤', '彩妆', '香水'],
  region: ['华东', '浙江省'],
}
export const categories = ['精华', '防晒', '面霜']
export const kinds = ['question', 'praise']
export const groupRules = ['vip', 'community']

export const tagName = fc
  .constantFrom(...Object.keys(values))
  .chain((dimension) => fc.record({ dimension: fc.constant(dimension), value: fc.constantFrom(...values[dimension]!) }))

export const worlds: fc.Arbitrary<World> = fc.record({
  asks: fc.boolean(),
  customers: fc
    .array(
      fc.record({
        staff: rarely(),
        forgotten: rarely(),
        mergedInto: fc.option(someone, { freq: 3, nil: null }),
        firstSeen: days,
        lastSeen: days,
        optedOut: rarely(),
        refused: rarely(),
        noticed: fc.boolean(),
        consented: fc.boolean(),
        sensitive: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map(withRoots),
  tags: fc.array(
    fc
      .tuple(
        tagName,
        fc.record({
          customer: someone,
          source: fc.constantFrom('rule', 'hand'),
          effective: fc.boolean(),
          until: fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }),
        }),
      )
      .map(([name, rest]) => ({ ...name, ...rest })),
    { maxLength: 40 },
  ),
  orders: fc.array(
    fc.record({
      customer: someone,
      daysAgo: fc.integer({ min: -1, max: 40 }),
      cents: fc.constantFrom(-10_000, -5_050, 0, 1, 5_050, 10_000, 20_000),
      status: fc.constantFrom('paid', 'completed', 'cancelled', 'refunded'),
      categories: fc.subarray(categories),
      skus: fc.subarray(['a', 'b']),
    }),
    { maxLength: 40 },
  ),
  interactions: fc.array(fc.record({ customer: someone, kind: fc.constantFrom(...kinds), daysAgo: days }), {
    maxLength: 20,
  }),
  scores: fc.uniqueArray(fc.record({ customer: someone, r: score, f: score, m: score }), {
    selector: ({ customer }) => customer,
    maxLength: 12,
  }),
  stays: fc.array(fc.record({ customer: someone, rule: fc.constantFrom(...groupRules), left: fc.boolean() }), {
    maxLength: 12,
  }),
})

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat({ max: 5 }).map((n) => n === 5)
}

/** Merged customers point at somebody before them who stands for herself. */
function withRoots(customers: World['customers']): World['customers'] {
  const made: World['customers'] = []
  for (const customer of customers) {
    const { mergedInto } = customer
    const root = mergedInto !== null && mergedInto < made.length && made[mergedInto]!.mergedInto === null
    made.push({ ...customer, mergedInto: root ? mergedInto : null })
  }
  return made
}

export function rootOf(world: World, customer: number): number {
  return world.customers[customer]!.mergedInto ?? customer
}

/** The last of several rows with one key is the one that stands. */
export function tagKey(world: World, { customer, dimension, value, source }: World['tags'][number]): string {
  return [rootOf(world, customer), dimension, value, source].join(' ')
}

/** Who can be in a segment. */
export function personsOf({ customers }: World): number[] {
  return customers.flatMap((one, i) => (one.mergedInto === null && !one.staff && !one.forgotten ? [i] : []))
}
