/** Segments of the live content by their ids. */
import type { Content } from '../../kernel/content.ts'
import { UsageError } from '../../kernel/errors.ts'
import { clauses } from './clauses/index.ts'
import { type Normal, normalise, type Rules } from './decide.ts'
import { type Segment, segmentsKind } from './schema.ts'

/** Content finds kinds by name; which clauses segments may have was settled when they were read. */
const segments = segmentsKind(clauses)

export function listSegments(content: Content): readonly Segment[] {
  return content.one(segments).segments
}

/** Throws a UsageError `segment-unknown`. */
export function segmentOf(content: Content, id: string): Segment {
  const known = listSegments(content)
  const found = known.find((segment) => segment.id === id)
  if (found) return found
  const names = known.map((segment) => segment.id).join(', ') || 'none'
  throw new UsageError({ code: 'segment-unknown', message: `segments.yaml has no segment «${id}». It has: ${names}.` })
}

/** The segment's rule in normal form. Throws `segment-unknown`. */
export function ruleOf(content: Content, id: string): Normal {
  return normalise(segmentOf(content, id).rule, rulesOf(content))
}

export function rulesOf(content: Content): Rules {
  return new Map(listSegments(content).map((segment) => [segment.id, segment.rule]))
}
