/** From the tags that she has and the tags that rules want to the least that must be written. */
import { type Dimension, valuesOf } from '../content.ts'
import { mannerOf, type TagRules } from '../rules.ts'
import type { Evidence, PersonTag, WantedTag } from '../schema.ts'

/** Why a tag ended, as its history says. */
export type EndReason = 'replaced' | 'expired' | 'evidence-gone' | 'rule-gone' | 'removed' | 'refused'

export type Difference = {
  /** Rows that are new or different; whatever stood under their key is overwritten. */
  put: PersonTag[]
  /** Rows that end, each with its reason. Without one it goes without a trace: nothing of it may be kept. */
  ended: { tag: PersonTag; reason: EndReason | null }[]
  /** Whether other tags hold than before; otherwise only strength or evidence differ. */
  changed: boolean
}

/** Strengths that decay all the time are written when they have moved by so much. */
const noticeable = 0.05
const hourMs = 3_600_000

export type Settling = {
  rules: TagRules
  consent: { profiling: boolean; sensitive: boolean }
  now: Date
}

/** `since` stays while the value does. Settling what was settled changes nothing. */
export function settle(current: readonly PersonTag[], wanted: readonly WantedTag[], on: Settling): Difference {
  const dimensions = dimensionsOf(on.rules)
  const after: PersonTag[] = current.filter(
    (tag) => tag.source !== 'rule' && isAllowed(tag, dimensions, on) && !hasExpired(tag, on.now),
  )
  const kept = new Set(after)
  for (const tag of wanted) {
    // A rule that wants a value twice wants it once: two rows under one key would keep everybody's round from being written.
    if (!isAllowed(tag, dimensions, on) || find(after, tag)) continue
    const had = find(current, tag)
    if (had) kept.add(had)
    after.push({ ...tag, since: had?.since ?? on.now, effective: true })
  }
  const settled = withEffect(after, dimensions)
  const put = settled.filter((tag) => !isSame(find(current, tag), tag))
  const ended = current
    .filter((tag) => !kept.has(tag))
    .map((tag) => ({ tag, reason: whyEnded(tag, wanted, { ...on, dimension: dimensions.get(tag.dimension) }) }))
  const changed = ended.length > 0 || put.some((tag) => find(current, tag)?.effective !== tag.effective)
  return { put, ended, changed }
}

type Named = Pick<PersonTag, 'dimension' | 'value' | 'source'>

/** A person has so few tags that looking through them is the fastest. */
function find(tags: readonly PersonTag[], { dimension, value, source }: Named): PersonTag | undefined {
  return tags.find((tag) => tag.value === value && tag.dimension === dimension && tag.source === source)
}

const byId = new WeakMap<TagRules, ReadonlyMap<string, Dimension>>()

function dimensionsOf(rules: TagRules): ReadonlyMap<string, Dimension> {
  let found = byId.get(rules)
  if (!found) byId.set(rules, (found = new Map(rules.dimensions.map((dimension) => [dimension.id, dimension]))))
  return found
}

function hasExpired({ until }: PersonTag, now: Date): boolean {
  return until !== null && until <= now
}

function isAllowed(tag: Named, dimensions: ReadonlyMap<string, Dimension>, { consent }: Settling): boolean {
  if (!consent.profiling) return false
  const dimension = dimensions.get(tag.dimension)
  // What a person has set stays where content no longer speaks of it, without effect: a slip there must not destroy it.
  if (!dimension) return tag.source === 'hand'
  if (dimension.sensitive && !consent.sensitive) return false
  return tag.source !== 'model' || isDeclared(tag.value, dimension)
}

function isDeclared(value: string, dimension: Dimension): boolean {
  return dimension.kind === 'region' || valuesOf(dimension).some(({ id }) => id === value)
}

function whyEnded(
  tag: PersonTag,
  wanted: readonly WantedTag[],
  { dimension, consent, now }: Settling & { dimension: Dimension | undefined },
): EndReason | null {
  if (dimension?.sensitive && !consent.sensitive) return null
  if (!consent.profiling) return 'refused'
  if (!dimension || !isDeclared(tag.value, dimension)) return 'rule-gone'
  if (tag.source !== 'rule') return 'expired'
  if (mannerOf(dimension) !== 'all' && wanted.some((other) => other.dimension === tag.dimension)) return 'replaced'
  return hasExpired(tag, now) ? 'expired' : 'evidence-gone'
}

const rank = { hand: 0, rule: 1, model: 2 } as const

/**
 * A hand wins over rules, rules over the model: in the dimension, or, where every value holds by itself, in the value. Of
 * two hands, such as those of two customers who became one, the later wins.
 */
function withEffect(tags: readonly PersonTag[], dimensions: ReadonlyMap<string, Dimension>): PersonTag[] {
  const best = new Map<string, PersonTag>()
  const fieldOf = ({ dimension, value }: PersonTag): string | null => {
    const declared = dimensions.get(dimension)
    if (!declared) return null
    return mannerOf(declared) === 'all' ? `${dimension}\n${value}` : dimension
  }
  for (const tag of tags) {
    const field = fieldOf(tag)
    if (field === null) continue
    const other = best.get(field)
    if (!other || goesBefore(tag, other)) best.set(field, tag)
  }
  return tags.map((tag) => {
    const winner = best.get(fieldOf(tag) ?? '')
    const effective = winner?.source === tag.source && !goesBefore(winner, tag)
    return effective === tag.effective ? tag : { ...tag, effective }
  })
}

/** Values of one rule, or set by one hand at once, stand side by side: a city and its province. */
function goesBefore(tag: PersonTag, other: PersonTag): boolean {
  if (tag.source !== other.source) return rank[tag.source] < rank[other.source]
  return tag.source === 'hand' && tag.since > other.since
}

function isSame(had: PersonTag | undefined, tag: PersonTag): boolean {
  if (had === tag) return true
  return (
    had?.effective === tag.effective &&
    had.rule === tag.rule &&
    Math.abs(had.strength - tag.strength) < noticeable &&
    isSameTime(had.until, tag.until) &&
    isSameEvidence(had.evidence, tag.evidence)
  )
}

function isSameTime(a: Date | null, b: Date | null): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a.getTime() - b.getTime()) < hourMs
}

function isSameEvidence(a: readonly Evidence[], b: readonly Evidence[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, place) => {
      const other = b[place]
      return one.kind === other?.kind && one.ref === other.ref && one.at === other.at && one.note === other.note
    })
  )
}
