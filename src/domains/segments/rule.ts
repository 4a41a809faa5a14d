/** Rules as they are written. */
import type { Pointer } from '../../kernel/content.ts'
import type { SegmentClause } from '../../kernel/slice.ts'

export type ClauseRule = { kind: 'clause'; name: string; clause: SegmentClause; args: unknown }

/** A rule as it is written. Clauses carry what they mean, so that nobody needs a register to read a rule. */
export type Rule =
  | { kind: 'all' | 'any'; of: Rule[] }
  | { kind: 'not'; of: Rule }
  | { kind: 'segment'; id: string }
  | ClauseRule

/** Clauses and named segments, with the way to each. */
export function leavesOf(
  rule: Rule,
  way: Pointer = [],
): { leaf: Extract<Rule, { kind: 'segment' | 'clause' }>; way: Pointer }[] {
  switch (rule.kind) {
    case 'all':
    case 'any':
      return rule.of.flatMap((one, i) => leavesOf(one, [...way, rule.kind, i]))
    case 'not':
      return leavesOf(rule.of, [...way, 'not'])
    case 'segment':
    case 'clause':
      return [{ leaf: rule, way }]
    default:
      return rule satisfies never
  }
}
