/** Segments as a community manager writes them: rules over what is known of a person. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item, type Pointer } from '../../kernel/content.ts'
import type { SegmentClause } from '../../kernel/slice.ts'
import { circleIn, contradiction, isIncomplete, verdictOf } from './decide.ts'
import { leavesOf, type Rule } from './rule.ts'

export type Segment = { id: string; title: string; rule: Rule }
export type SegmentsFile = { segments: Segment[] }

export type Clauses = Readonly<Record<string, SegmentClause>>

/** Keys of a rule that are no clause of a slice. */
export const ownKeys = ['all', 'any', 'not', 'segment'] as const

/**
 * The kind of segments.yaml with these clauses. Content finds a kind by its name: whoever reads segments may ask with the
 * kind of any clauses, and gets what was read with those of the running program.
 */
export function segmentsKind(clauses: Clauses): ContentKind<SegmentsFile> {
  const Segment = z.strictObject({
    id: z
      .string()
      .max(64)
      .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: new-no-order')
      .describe('Name of the segment: commands, campaigns and other segments refer to it'),
    title: z.string().trim().min(1).describe('What people call it'),
    rule: ruleSchema(clauses).describe('Who is in it'),
  })
  const File = z.strictObject({ segments: z.array(Segment).default([]) })
  return contentKind<SegmentsFile>({
    name: 'segments',
    title: 'Segments',
    sources: [{ form: 'single', path: 'segments.yaml', optional: true }],
    schema: File,
    ids: ({ segments }) => segments.map(({ id }, i) => ({ at: ['segments', i, 'id'], id })),
    references: ({ segments }) =>
      segments.flatMap(({ rule }, i) =>
        referencesOf(rule).map((one) => ({ ...one, at: ['segments', i, 'rule', ...one.at] })),
      ),
    review(items, tell) {
      for (const item of items) reviewRules(item, tell)
    },
  })
}

/** One key says what a rule is; its value is the rest. */
function ruleSchema(clauses: Clauses): z.ZodType<Rule> {
  const Rules = z.array(z.lazy(() => rule))
  const rule: z.ZodType<Rule> = z
    .strictObject({
      all: Rules.optional().describe('Every one of these rules holds'),
      any: Rules.optional().describe('At least one of these rules holds'),
      not: z
        .lazy(() => rule)
        .optional()
        .describe('This rule does not hold'),
      segment: z.string().min(1).optional().describe('The person is in this other segment'),
      ...Object.fromEntries(
        Object.entries(clauses).map(([name, { schema, title }]) => [name, schema.optional().describe(title)]),
      ),
    })
    .refine((written) => keysOf(written).length === 1, {
      when: ({ issues }) => issues.length === 0,
      error: `exactly one of ${[...ownKeys, ...Object.keys(clauses)].join(', ')}; several belong under «all» or «any», each with its own dash`,
    })
    .transform((written) => ruleOf(written, clauses))
  return rule
}

function keysOf(written: Record<string, unknown>): string[] {
  return Object.keys(written).filter((key) => written[key] !== undefined)
}

function ruleOf(written: Record<string, unknown>, clauses: Clauses): Rule {
  const [name = ''] = keysOf(written)
  const value = written[name]
  if (name === 'all' || name === 'any') return { kind: name, of: value as Rule[] }
  if (name === 'not') return { kind: 'not', of: value as Rule }
  if (name === 'segment') return { kind: 'segment', id: value as string }
  return { kind: 'clause', name, clause: clauses[name]!, args: value }
}

/** Everything that a rule names, with the way to it. */
function referencesOf(rule: Rule): { at: Pointer; kind: string; id: string }[] {
  return leavesOf(rule).flatMap(({ leaf, way }) => {
    if (leaf.kind === 'segment') return [{ at: [...way, 'segment'], kind: 'segments', id: leaf.id }]
    return below([...way, leaf.name], leaf.clause.references?.(leaf.args))
  })
}

function complaintsOf(rule: Rule): { at: Pointer; message: string; expected: string }[] {
  return leavesOf(rule).flatMap(({ leaf, way }) =>
    leaf.kind === 'segment' ? [] : below([...way, leaf.name], leaf.clause.complaints?.(leaf.args)),
  )
}

function below<T extends { at: Pointer }>(way: Pointer, found: readonly T[] = []): T[] {
  return found.map((one) => ({ ...one, at: [...way, ...one.at] }))
}

type Tell = Parameters<NonNullable<ContentKind<SegmentsFile>['review']>>[1]

/** What clauses complain of, circles, and rules whose form alone says that they take in nobody or everybody. */
function reviewRules(item: Item<SegmentsFile>, tell: Tell): void {
  const { segments } = item.data
  const rules = new Map(segments.map(({ id, rule }) => [id, rule]))
  const circles = segments.map(({ id }) => circleIn(rules, id))
  for (const [i, { id, rule }] of segments.entries()) {
    const at = ['segments', i, 'rule']
    for (const { at: inner, ...complaint } of complaintsOf(rule)) {
      tell(item, [...at, ...inner], { severity: 'error', ...complaint })
    }
    if (circles[i]) {
      tell(item, at, {
        severity: 'error',
        message: `the segment ${id} leads back to itself: ${circles[i].join(' → ')}`,
        expected: 'segments that build on others, and never on themselves',
      })
    }
    // Rules that lead nowhere or round and round have no form to judge.
    if (circles.some((circle) => circle) || isIncomplete(rule, rules)) continue
    const verdict = verdictOf(rule, rules)
    if (verdict === 'some') continue
    const why = contradiction(rule, rules)
    tell(item, at, {
      severity: 'warning',
      message: `the segment ${id} takes in ${verdict}, whoever they are${why ? `: ${why}` : ''}`,
      expected: 'a rule that some people meet and others do not',
    })
  }
}
