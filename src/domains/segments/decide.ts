/** Rules as logic: without references, without `not` but on clauses, and what their form alone tells. Pure. */
import type { ClauseRule, Rule } from './rule.ts'

export type Rules = ReadonlyMap<string, Rule>

/** A clause that must hold, or must not. */
export type Leaf = { kind: 'leaf'; rule: ClauseRule; negated: boolean }

/**
 * A rule in negation normal form: `all` stands in `any` and the other way round, never in itself. `all` of nothing is
 * everybody, `any` of nothing is nobody, and neither stands within another.
 */
export type Normal = { kind: 'all' | 'any'; of: Normal[] } | Leaf

/** The way from a segment back to itself, or undefined. Ids that do not exist lead nowhere. */
export function circleIn(rules: Rules, id: string): string[] | undefined {
  const seen = new Set<string>()
  const walk = (here: string, way: string[]): string[] | undefined => {
    for (const next of segmentsIn(rules.get(here))) {
      if (next === id) return [...way, id]
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...way, next])
      if (found) return found
    }
    return undefined
  }
  return walk(id, [id])
}

/** Whether the rule names a segment that there is not, itself or by one that it names. There is no circle in it. */
export function isIncomplete(rule: Rule, rules: Rules): boolean {
  return segmentsIn(rule).some((id) => {
    const named = rules.get(id)
    return !named || isIncomplete(named, rules)
  })
}

function segmentsIn(rule: Rule | undefined): string[] {
  switch (rule?.kind) {
    case 'all':
    case 'any':
      return rule.of.flatMap(segmentsIn)
    case 'not':
      return segmentsIn(rule.of)
    case 'segment':
      return [rule.id]
    case 'clause':
    case undefined:
      return []
    default:
      return rule satisfies never
  }
}

/** The rule in normal form, with the segments that it names in their places. There is no circle in it: `check` has seen to that. */
export function normalise(rule: Rule, rules: Rules, negated = false): Normal {
  switch (rule.kind) {
    case 'clause':
      return { kind: 'leaf', rule, negated }
    case 'not':
      return normalise(rule.of, rules, !negated)
    case 'segment': {
      const named = rules.get(rule.id)
      return named ? normalise(named, rules, negated) : junction(negated ? 'all' : 'any', [])
    }
    case 'all':
    case 'any': {
      const kind = (rule.kind === 'all') === negated ? 'any' : 'all'
      return junction(
        kind,
        rule.of.map((one) => normalise(one, rules, negated)),
      )
    }
    default:
      return rule satisfies never
  }
}

export function negate(normal: Normal): Normal {
  if (normal.kind === 'leaf') return { ...normal, negated: !normal.negated }
  return junction(normal.kind === 'all' ? 'any' : 'all', normal.of.map(negate))
}

/** Joins parts: takes up parts of its own kind, drops repetitions and what is always so, sees what contradicts itself. */
export function junction(kind: 'all' | 'any', parts: readonly Normal[]): Normal {
  const flat = new Map<string, Normal>()
  for (const part of parts.flatMap((one) => (one.kind === kind ? one.of : [one]))) {
    // Nobody in an `all`, everybody in an `any`: that settles it.
    if (part.kind !== 'leaf' && part.of.length === 0) return part
    flat.set(keyOf(part), part)
  }
  for (const part of flat.values()) {
    const opposite = negate(part)
    // The opposite of a part may have been taken up piece by piece.
    const pieces = opposite.kind === kind ? opposite.of : [opposite]
    if (pieces.every((piece) => flat.has(keyOf(piece)))) return { kind: kind === 'all' ? 'any' : 'all', of: [] }
  }
  const of = [...flat.values()]
  return of.length === 1 ? of[0]! : { kind, of }
}

/** Equal for rules that are written alike. */
export function keyOf(normal: Normal): string {
  if (normal.kind === 'leaf')
    return `${normal.negated ? '!' : ''}${normal.rule.name}:${JSON.stringify(normal.rule.args)}`
  return `${normal.kind}(${normal.of.map(keyOf).sort().join(' ')})`
}

/** Whom a rule takes in as far as its form tells, whatever is known of anybody. */
export function verdictOf(rule: Rule, rules: Rules): 'everybody' | 'nobody' | 'some' {
  const normal = normalise(rule, rules)
  if (normal.kind === 'leaf' || normal.of.length > 0) return 'some'
  return normal.kind === 'all' ? 'everybody' : 'nobody'
}

/** What makes a rule meaningless, in words, or undefined when it is not the form of a part that does. */
export function contradiction(rule: Rule, rules: Rules): string | undefined {
  switch (rule.kind) {
    case 'all':
    case 'any': {
      if (rule.of.length === 0) return `«${rule.kind}» of nothing`
      const inner = rule.of.map((one) => contradiction(one, rules)).find((words) => words !== undefined)
      return inner ?? (verdictOf(rule, rules) === 'some' ? undefined : `«${rule.kind}» of a rule and its opposite`)
    }
    case 'not':
      return contradiction(rule.of, rules)
    case 'segment':
      return rules.has(rule.id) && verdictOf(rule, rules) !== 'some' ? `the segment ${rule.id} does` : undefined
    case 'clause':
      return undefined
    default:
      return rule satisfies never
  }
}
