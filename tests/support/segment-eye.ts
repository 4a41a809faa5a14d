/** Segments evaluated over the small shop without any SQL. */
import type { Rule } from '../../src/domains/segments/rule.ts'
import { day, now, rootOf, tagKey, type World } from './segment-world.ts'

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
