/** A small shop in memory, the same shop as rows, and segments evaluated over it without any SQL. */
import fc from 'fast-check'
import type { Rule } from '../../src/domains/segments/rule.ts'
import type { Queryable } from '../../src/kernel/work.ts'

export const now = new Date('2026-11-22T04:00:00Z')
export const zone = 'Asia/Shanghai'
const day = 86_400_000

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
const categories = ['精华', '防晒', '面霜']
const kinds = ['question', 'praise']
const groupRules = ['vip', 'community']

const tagName = fc
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

export function idOf(customer: number): string {
  return `00000000-0000-7000-8000-${String(customer).padStart(12, '0')}`
}

/** Puts the world into an empty or earlier used database. */
export async function writeWorld(db: Queryable, world: World): Promise<void> {
  await db.query(
    'TRUNCATE customer, identity, customer_tag, orders, interaction, customer_rfm, membership, room, tag RESTART IDENTITY CASCADE',
  )
  const rows = rowsOf(world)
  for (const [table, list] of Object.entries(rows)) {
    await db.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(list),
    ])
  }
}

function rowsOf(world: World): Record<string, object[]> {
  const here = <T extends { customer: number }>(rows: T[]) =>
    rows.filter(({ customer }) => customer < world.customers.length)
  const names = [...new Set(world.tags.map(({ dimension, value }) => `${dimension}/${value}`))]
  const tagRows = new Map(here(world.tags).map((tag) => [tagKey(world, tag), tag]))
  return {
    customer: world.customers.map((one, i) => ({
      id: idOf(i),
      person_id: idOf(one.mergedInto ?? i),
      merged_into: one.mergedInto === null ? null : idOf(one.mergedInto),
      first_seen_at: ago(one.firstSeen),
      last_seen_at: ago(one.lastSeen),
      staff: one.staff,
      forgotten_at: one.forgotten ? ago(1) : null,
      opted_out_at: one.optedOut ? ago(1) : null,
      profiling_refused_at: one.refused ? ago(1) : null,
      noticed_at: one.noticed ? ago(2) : null,
      consented_at: one.consented ? ago(1) : null,
      sensitive_consent_at: one.sensitive ? ago(1) : null,
      profile: {},
      preferences: {},
    })),
    tag: names.map((name, i) => ({ id: i + 1, dimension: name.split('/')[0], value: name.split('/')[1] })),
    customer_tag: [...tagRows.values()].map((tag) => ({
      person_id: idOf(rootOf(world, tag.customer)),
      customer_id: idOf(tag.customer),
      tag_id: names.indexOf(`${tag.dimension}/${tag.value}`) + 1,
      source: tag.source,
      effective: tag.effective,
      strength: 1,
      since: ago(10),
      until: tag.until === null ? null : ago(-tag.until),
      rule: tag.dimension,
      evidence: [{ kind: 'message', ref: 'm1', at: ago(10) }],
    })),
    orders: here(world.orders).map((order, i) => ({
      id: i + 1,
      shop: 'main',
      order_no: String(i),
      customer_id: idOf(order.customer),
      person_id: idOf(rootOf(world, order.customer)),
      ordered_at: ago(order.daysAgo),
      amount: order.cents / 100,
      status: order.status,
      skus: order.skus,
      categories: order.categories,
      items: [],
      source: 'test',
      created_at: ago(0),
      updated_at: ago(0),
    })),
    interaction: here(world.interactions).map((one, i) => ({
      id: i + 1,
      customer_id: idOf(one.customer),
      person_id: idOf(rootOf(world, one.customer)),
      kind: one.kind,
      at: ago(one.daysAgo),
      weight: 1,
      source: `event:${i}`,
    })),
    customer_rfm: here(world.scores)
      .filter(({ customer }) => rootOf(world, customer) === customer)
      .map(({ customer, r, f, m }) => ({
        person_id: idOf(customer),
        frequency: 1,
        monetary: 1,
        r,
        f,
        m,
        computed_at: ago(0),
      })),
    room: groupRules.map((rule, i) => ({
      id: idOf(100 + i),
      realm: 'default',
      room_id: rule,
      topic: rule,
      rule,
      first_seen_at: ago(30),
    })),
    membership: here(world.stays).map(({ customer, rule, left }, i) => ({
      id: idOf(200 + i),
      group_id: idOf(100 + groupRules.indexOf(rule)),
      identity_id: idOf(300 + customer),
      customer_id: idOf(customer),
      joined_at: ago(20),
      left_at: left ? ago(3) : null,
      join_seen: true,
      leave_seen: true,
      welcome_due: false,
    })),
  }
}

function ago(daysAgo: number): string {
  return new Date(now.getTime() - daysAgo * day).toISOString()
}

function rootOf(world: World, customer: number): number {
  return world.customers[customer]!.mergedInto ?? customer
}

/** The last of several rows with one key is the one that stands. */
function tagKey(world: World, { customer, dimension, value, source }: World['tags'][number]): string {
  return [rootOf(world, customer), dimension, value, source].join(' ')
}

/** Who can be in a segment. */
export function personsOf({ customers }: World): number[] {
  return customers.flatMap((one, i) => (one.mergedInto === null && !one.staff && !one.forgotten ? [i] : []))
}

/** Whether a rule holds of a person: by looking at everything, with no cleverness at all. */
export function holdsOf(
  world: World,
  rule: Rule,
  person: number,
  rules: ReadonlyMap<string, Rule> = new Map(),
): boolean {
  switch (rule.kind) {
    case 'all':
      return rule.of.every((one) => holdsOf(world, one, person, rules))
    case 'any':
      return rule.of.some((one) => holdsOf(world, one, person, rules))
    case 'not':
      return !holdsOf(world, rule.of, person, rules)
    case 'segment': {
      const named = rules.get(rule.id)
      return named !== undefined && holdsOf(world, named, person, rules)
    }
    case 'clause':
      return naive[rule.name]!(world, person, rule.args as never)
    default:
      return rule satisfies never
  }
}

type Range = { min?: number; max?: number }
const within = ({ min = -Infinity, max = Infinity }: Range, value: number): boolean => value >= min && value <= max
const recent = (daysAgo: number, ms: number | undefined): boolean => ms === undefined || daysAgo * day <= ms
const hers = <T extends { customer: number }>(world: World, rows: T[], person: number): T[] =>
  rows.filter(({ customer }) => customer < world.customers.length && rootOf(world, customer) === person)
const selves = (world: World, person: number) => world.customers.filter((_, i) => rootOf(world, i) === person)

function has(world: World, person: number, dimension: string, wanted: string[]): boolean {
  const last = new Map(hers(world, world.tags, person).map((tag) => [tagKey(world, tag), tag]))
  return [...last.values()].some(
    (tag) =>
      tag.dimension === dimension &&
      wanted.includes(tag.value) &&
      tag.effective &&
      (tag.until === null || tag.until > 0),
  )
}

const startOfDay = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)

const naive: Record<string, (world: World, person: number, args: never) => boolean> = {
  tag: (world, person, args: Record<string, string[]>) =>
    Object.entries(args).every(([dimension, wanted]) => has(world, person, dimension, wanted)),
  region: (world, person, places: string[]) => has(world, person, 'region', places),
  rfm(world, person, args: Record<'r' | 'f' | 'm' | 'total', Range | undefined>) {
    const found = world.scores.find(({ customer }) => customer === person)
    if (!found) return false
    const total = found.r + found.f + found.m
    return within(args.r ?? {}, found.r) && within(args.total ?? {}, total)
  },
  group: (world, person, wanted: string[]) =>
    hers(world, world.stays, person).some(({ rule, left }) => wanted.includes(rule) && !left),
  joined(world, person, args: { after?: string; before?: string; within?: number }) {
    const first = Math.max(...selves(world, person).map(({ firstSeen }) => firstSeen))
    const at = now.getTime() - first * day
    return (
      (args.after === undefined || at >= startOfDay(args.after)) &&
      (args.before === undefined || at < startOfDay(args.before)) &&
      recent(first, args.within)
    )
  },
  active(world, person, args: { within?: number; notWithin?: number }) {
    const last = Math.min(...selves(world, person).map(({ lastSeen }) => lastSeen))
    return recent(last, args.within) && (args.notWithin === undefined || !recent(last, args.notWithin))
  },
  orders(world, person, args: OrdersArgs) {
    const rows = hers(world, world.orders, person).filter(
      (order) =>
        order.status !== 'cancelled' &&
        order.daysAgo >= 0 &&
        recent(order.daysAgo, args.within) &&
        (!args.category || order.categories.some((one) => args.category!.includes(one))) &&
        (!args.product || order.skus.some((one) => args.product!.includes(one))),
    )
    const count = rows.filter(({ cents, status }) => cents > 0 && status !== 'refunded').length
    const cents = rows.reduce((sum, order) => sum + order.cents, 0)
    if (!args.count && !args.spend) return count >= 1
    const { min = -Infinity, max = Infinity } = args.spend ?? {}
    return within(args.count ?? {}, count) && cents >= min * 100 && cents <= max * 100
  },
  interaction(world, person, args: { kind: string[]; within?: number; count?: Range }) {
    const rows = hers(world, world.interactions, person)
    const count = rows.filter((one) => args.kind.includes(one.kind) && recent(one.daysAgo, args.within)).length
    return within(args.count ?? { min: 1 }, count)
  },
  consent(world, person, consent: 'marketing' | 'profiling' | 'sensitive') {
    const all = selves(world, person)
    if (consent === 'marketing') return all.every(({ optedOut }) => !optedOut)
    const agreed = (to: 'consented' | 'sensitive'): boolean => {
      const told = all.filter((one) => one.noticed || one[to])
      return told.length > 0 && told.every((one) => one[to])
    }
    const profiling = all.every(({ refused }) => !refused) && (!world.asks || agreed('consented'))
    return consent === 'profiling' ? profiling : profiling && agreed('sensitive')
  },
}

type OrdersArgs = { within?: number; count?: Range; spend?: Range; category?: string[]; product?: string[] }
