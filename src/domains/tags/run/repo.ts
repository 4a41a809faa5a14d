/** Runs over the whole base: when the rules change everybody is tagged again, once, whichever process sees it first. */
import type { Queryable } from '../../../kernel/work.ts'
import type { TaggingDatabase } from '../connection/repo.ts'
import { markEverybody } from '../due/repo.ts'
import { computeBars } from '../rfm/repo.ts'
import { changedDimensions, type TagRules } from '../rules.ts'

export type TagRun = {
  id: bigint
  startedAt: Date
  finishedAt: Date | null
  /** Marked when it began. */
  people: bigint
  done: bigint
  /** Of those done, whose tags are others now. */
  changed: bigint
}

/** Any number; one process at a time looks whether the rules have changed. */
const runLock = 7_204_113

const columns = `id, started_at AS "startedAt", finished_at AS "finishedAt", people, done, changed`
const newest = 'ORDER BY started_at DESC, id DESC LIMIT 1'

/**
 * Begins a run when the rules are not those of the last one, or goes on with one whose marking was cut short. Going back to
 * earlier rules is a change too. Returns the run, or null when nothing has changed.
 */
export async function beginRun(
  db: TaggingDatabase,
  rules: TagRules,
  now: Date,
): Promise<{ id: bigint; people: number } | null> {
  const run = await db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [runLock])
    const last = await findLast(tx)
    if (last?.rules === rules.hash) return last.marked ? null : last
    // Later than the last one also where two clocks differ: the newest run is the one that holds.
    const { rows } = await tx.query<{ id: bigint; dimensions: string[] }>(
      `INSERT INTO tag_run (rules, dimensions, parts, started_at, people)
       SELECT $1, $3, $4, greatest($2::timestamptz, (SELECT max(started_at) + interval '1 ms' FROM tag_run)), 0
       ON CONFLICT (rules) DO UPDATE SET started_at = excluded.started_at, finished_at = NULL, marked_at = NULL,
         dimensions = excluded.dimensions, parts = excluded.parts, people = 0, done = 0, changed = 0
       RETURNING id, dimensions`,
      [rules.hash, now, scopeOf(last, rules), rules.parts],
    )
    return rows[0]!
  })
  if (run === null) return null
  const { id } = run
  // What all dimensions depend on is another now, and the fifths of the base may be: nobody is scored by old ones.
  if (run.dimensions.length === 0) await computeBars(db, rules.rfm, now)
  // Not in one transaction: it would hold a lock on everybody whom a message may want to mark.
  const people = await markEverybody(db.pool, id, now)
  await db.pool.query('UPDATE tag_run SET people = $2, marked_at = $3 WHERE id = $1', [id, people, now])
  return { id, people }
}

type Last = {
  id: bigint
  rules: string
  marked: boolean
  finished: boolean
  dimensions: string[]
  parts: TagRules['parts']
}

async function findLast(db: Queryable): Promise<Last | undefined> {
  const { rows } = await db.query<Last>(
    `SELECT id, rules, marked_at IS NOT NULL AS marked, finished_at IS NOT NULL AS finished, dimensions, parts
     FROM tag_run ${newest}`,
  )
  return rows[0]
}

/** The dimensions of a new run; none named: all. Who waits for an unfinished one still wants what that was about. */
function scopeOf(last: Last | undefined, rules: TagRules): string[] {
  const changed = last && changedDimensions(last.parts, rules)
  if (!last || !changed) return []
  if (last.finished) return changed
  return last.dimensions.length === 0 ? [] : [...new Set([...last.dimensions, ...changed])]
}

/** Counts persons of runs as done, in the transaction that writes their tags. */
export async function countDone(
  db: Queryable,
  runs: ReadonlyMap<bigint, { done: number; changed: number }>,
): Promise<void> {
  for (const [id, { done, changed }] of runs) {
    await db.query({
      name: 'tags-run-done',
      text: 'UPDATE tag_run SET done = done + $2, changed = changed + $3 WHERE id = $1',
      values: [id, done, changed],
    })
  }
}

/** Ends the run that holds once nobody waits for it; returns it when this call has ended it. */
export async function finishRun(db: Queryable, now: Date): Promise<TagRun | null> {
  const { rows } = await db.query<TagRun>(
    `UPDATE tag_run r SET finished_at = $1
     WHERE id = (SELECT id FROM tag_run ${newest}) AND finished_at IS NULL AND marked_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM tag_due WHERE run_id = r.id) AND NOT EXISTS (SELECT FROM tag_claim WHERE run_id = r.id)
     RETURNING ${columns}`,
    [now],
  )
  return rows[0] ?? null
}

/** The run that holds, and who waits, by priority. */
export async function tagProgress(
  db: Queryable,
): Promise<{ run: TagRun | null; waiting: number; waitingForRun: number }> {
  const { rows } = await db.query<TagRun>(`SELECT ${columns} FROM tag_run ${newest}`)
  const { rows: waiting } = await db.query<{ all: number; run: number }>(
    `SELECT count(*)::int AS all, count(run_id)::int AS run FROM (
       SELECT run_id FROM tag_due UNION ALL SELECT run_id FROM tag_claim, unnest(people)) AS person`,
  )
  return { run: rows[0] ?? null, waiting: waiting[0]?.all ?? 0, waitingForRun: waiting[0]?.run ?? 0 }
}
