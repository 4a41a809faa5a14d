/** Facts about made-up people, for the tests of tags. */
import { parse } from 'yaml'
import { type Dimension, TagsContent } from '../../src/domains/tags/content.ts'
import { rulesOf as asTagRules, type TagRules } from '../../src/domains/tags/rules.ts'
import type { Facts, InteractionFact, OrderFact, PersonTag } from '../../src/domains/tags/schema.ts'

export const now = new Date('2026-11-22T04:00:00Z')
const dayMs = 86_400_000

export const daysAgo = (days: number, from: Date = now): Date => new Date(from.getTime() - days * dayMs)

export function factsOf(given: Partial<Facts> = {}): Facts {
  return {
    personId: '00000000-0000-7000-8000-000000000001',
    firstSeenAt: daysAgo(200),
    lastSeenAt: daysAgo(1),
    profile: {},
    orders: [],
    interactions: [],
    messages: [],
    referredCents: 0n,
    consent: { profiling: true, sensitive: false },
    current: [],
    ...given,
  }
}

let ids = 0n

/** An order of so many yuan, so many days ago. */
export function order(yuan: number, days: number, given: Partial<OrderFact> = {}): OrderFact {
  const id = ++ids
  return {
    id,
    orderNo: `no-${id}`,
    at: daysAgo(days),
    cents: BigInt(Math.round(yuan * 100)),
    status: 'completed',
    refundOf: null,
    categories: [],
    skus: [],
    province: null,
    city: null,
    area: null,
    ...given,
  }
}

export function interaction(kind: string, days: number): InteractionFact {
  const id = ++ids
  return { id, kind, at: daysAgo(days), weight: 1, source: `event:${id}` }
}

/** Rules as tags.yaml would give them. */
export function rulesOf(yaml: string): TagRules {
  const { rfm, dimensions } = TagsContent.parse(parse(yaml))
  return asTagRules({ zone: 'Asia/Shanghai', consent: 'notice', rfm, dimensions })
}

/** The one dimension of this kind that the rules have. */
export function dimensionOf<K extends Dimension['kind']>(rules: TagRules, kind: K): Extract<Dimension, { kind: K }> {
  const found = rules.dimensions.find((dimension) => dimension.kind === kind)
  if (!found) throw new Error(`no dimension of kind ${kind}`)
  return found as Extract<Dimension, { kind: K }>
}

export function tagged(dimension: string, value: string, given: Partial<PersonTag> = {}): PersonTag {
  return {
    dimension,
    value,
    source: 'rule',
    effective: true,
    strength: 1,
    since: daysAgo(10),
    until: null,
    rule: `${dimension}/${value}`,
    evidence: [],
    ...given,
  }
}
