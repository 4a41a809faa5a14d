/** Segments: who meets a rule, in one query, and why somebody does or does not. */
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import type { Slice } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'
import { clauses } from './clauses/index.ts'
import { explainRule, type Explanation } from './explain.ts'
import { ruleOf, rulesOf, segmentOf } from './lookup.ts'
import type { Statement } from './repo/compile.ts'
import { planned, prepare, streamMembers } from './repo/run.ts'
import { type Clauses, segmentsKind } from './schema.ts'

export type { Explanation, Reason } from './explain.ts'
export { listSegments } from './lookup.ts'
export { listNames } from './repo/person.ts'
export type { Statement } from './repo/compile.ts'
export type { Segment } from './schema.ts'
export { type SegmentCount, type Survey, countSegments, surveySegment } from './survey.ts'

/** The slice, with the clauses that all slices register. Throws when two register one name. */
export function segmentsSlice(others: readonly Slice[]): Slice {
  return { name: 'segments', kinds: [segmentsKind(gather(others))], clauses, rights: 'none' }
}

function gather(others: readonly Slice[]): Clauses {
  const all: Record<string, Clauses[string]> = { ...clauses }
  for (const { name: slice, clauses: own = {} } of others) {
    for (const [name, clause] of Object.entries(own)) {
      if (all[name]) throw new Error(`The clause «${name}» of ${slice} is registered already.`)
      all[name] = clause
    }
  }
  return all
}

/**
 * The segment as one query with the column `person_id`, each person once, to stand within a statement of the caller's:
 * `INSERT INTO … SELECT person_id FROM (${text})`. `values` are those of the statement around it, from `$1` on. It plans
 * the rest of the caller's transaction for its values (custom plans, 64 MB to hash in).
 */
export async function membersQuery(
  db: Queryable,
  content: Content,
  id: string,
  now: Date,
  values: readonly unknown[] = [],
): Promise<Statement> {
  // Together, so that the first question about the plan travels with what it is planned under.
  const [, statement] = await Promise.all([prepare(db), planned(db, ruleOf(content, id), { now, content }, values)])
  return statement
}

/** The ids of everybody in the segment as of one instant, in chunks of at most `size`. Holds one connection meanwhile. */
export async function* membersOf(
  db: Database,
  content: Content,
  id: string,
  now: Date,
  size = 1_000,
): AsyncGenerator<string[]> {
  const rule = ruleOf(content, id)
  const client = await db.pool.connect()
  let failed: Error | undefined
  try {
    await client.query('BEGIN READ ONLY')
    await prepare(client)
    yield* streamMembers(client, rule, { now, content, size })
  } catch (error) {
    failed = error instanceof Error ? error : new Error('the members could not be read')
    throw error
  } finally {
    // Also when whoever reads us stops half-way: the cursor ends with its transaction.
    await client.query('ROLLBACK').catch((lost: unknown) => {
      failed = lost instanceof Error ? lost : new Error('the rollback failed')
    })
    client.release(failed)
  }
}

/** Whether the person is in the segment: asked clause by clause, by key, in a few milliseconds. */
export async function isMember(
  db: Queryable,
  content: Content,
  id: string,
  personId: string,
  now: Date,
): Promise<boolean> {
  return (await explainMember(db, content, id, personId, now))?.holds ?? false
}

/**
 * Why she is in it, or is not. Undefined when there is no such customer. Throws `segment-unknown`. With one connection in
 * place of the pool all clauses are asked in one packet.
 */
export async function explainMember(
  db: Queryable,
  content: Content,
  id: string,
  customerId: string,
  now: Date,
): Promise<Explanation | undefined> {
  return explainRule({ db, content, now, rules: rulesOf(content) }, id, segmentOf(content, id).rule, customerId)
}
