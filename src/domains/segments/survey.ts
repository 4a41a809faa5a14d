/** What a segment looks like among the customers that there are: how many, some of them, and what it overlaps with. */
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import type { Queryable } from '../../kernel/work.ts'
import { listSegments, ruleOf, segmentOf } from './lookup.ts'
import { countMembers, countPersons, keepMembers, overlapWithKept, prepare, sampleKept } from './repo/run.ts'

export type SegmentCount = {
  id: string
  title: string
  count: number
  /** How long the counting took, in milliseconds. */
  ms: number
  warning: Warning | null
}

/** Nobody or everybody is in it: most likely not what was meant. */
export type Warning = 'empty' | 'everybody'

export type Survey = SegmentCount & {
  /** Everybody who can be in a segment. */
  persons: number
  /** Ids of some members, the same ones as long as the members are the same. */
  sample: string[]
  /** How many members are in each other segment, and how many that has; the largest overlap first. */
  overlap: { id: string; title: string; both: number; count: number }[]
}

/** Every segment of content with its count, in their order there. */
export async function countSegments(db: Database, content: Content, now: Date): Promise<SegmentCount[]> {
  return db.transaction(async (tx) => {
    await prepare(tx)
    const persons = await countPersons(tx)
    const counts: SegmentCount[] = []
    for (const { id, title } of listSegments(content)) {
      const { result: count, ms } = await timed(() => countMembers(tx, ruleOf(content, id), { now, content }))
      counts.push({ id, title, count, ms, warning: warningOf(count, persons) })
    }
    return counts
  })
}

/** One segment looked at closely. Throws `segment-unknown`. */
export async function surveySegment(
  db: Database,
  content: Content,
  { id, now, size = 10 }: { id: string; now: Date; size?: number },
): Promise<Survey> {
  const { title } = segmentOf(content, id)
  return db.transaction(async (tx) => {
    await prepare(tx)
    const persons = await countPersons(tx)
    const { result: count, ms } = await timed(() => keepMembers(tx, ruleOf(content, id), { now, content }))
    const sample = await sampleKept(tx, size)
    const overlap = await overlapsOf(tx, content, id, now)
    return { id, title, count, ms, warning: warningOf(count, persons), persons, sample, overlap }
  })
}

async function overlapsOf(tx: Queryable, content: Content, id: string, now: Date): Promise<Survey['overlap']> {
  const overlap: Survey['overlap'] = []
  for (const other of listSegments(content)) {
    if (other.id === id) continue
    const found = await overlapWithKept(tx, ruleOf(content, other.id), { now, content })
    overlap.push({ id: other.id, title: other.title, ...found })
  }
  return overlap.sort((a, b) => b.both - a.both)
}

function warningOf(count: number, persons: number): Warning | null {
  // Of an empty shop nothing can be told.
  if (persons === 0) return null
  if (count === 0) return 'empty'
  return count === persons ? 'everybody' : null
}

async function timed<T>(run: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now()
  const result = await run()
  return { result, ms: performance.now() - started }
}
