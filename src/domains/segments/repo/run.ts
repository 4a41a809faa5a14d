/** Asking a compiled segment: how many, who, and how far it overlaps with others. */
import type { ClauseSql } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Normal } from '../decide.ts'
import { compile, type Form, formsOf, type Statement } from './compile.ts'

type On = Pick<ClauseSql, 'now' | 'content'>

/**
 * For the rest of the transaction: plans for the very values (tags differ by a factor of a thousand, and our pool plans
 * for any value), memory for hashing a million people, and cursors that are read to their end.
 */
const planning = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true),
  set_config('cursor_tuple_fraction', '1', true), set_config('jit', 'off', true)`

/** Prepares the transaction for segments. */
export async function prepare(db: Queryable): Promise<void> {
  await db.query(planning)
}

/**
 * In PostgreSQL's units of cost, some 50 ms: a query that costs less is asked as it is. To look for a better form, and to
 * start parallel workers for it, would take longer than it saves.
 */
const cheap = 40_000

/**
 * The query of a rule, in the form that PostgreSQL, which knows the numbers, takes for the cheapest. `values` stand in
 * front, see CompileOptions.
 */
export async function planned(
  db: Queryable,
  rule: Normal,
  on: On,
  values: readonly unknown[] = [],
): Promise<Statement> {
  const { oneByOne, lists } = formsOf(rule, on)
  const costed = async (form: Form) => ({ form, cost: await costOf(db, compile(rule, { ...on, ...form })) })
  let best = lists > 0 || oneByOne ? await costed({}) : { form: {}, cost: 0 }
  if (best.cost > cheap) {
    const beginnings = await Promise.all(Array.from({ length: lists }, (_, from) => costed({ from })))
    best = cheapestOf([best, ...beginnings])
    if (oneByOne) best = cheapestOf([best, await costed({ ...best.form, oneByOne })])
  }
  return compile(rule, { ...on, ...best.form, values })
}

function cheapestOf<T extends { cost: number }>(all: readonly T[]): T {
  return all.reduce((best, one) => (one.cost < best.cost ? one : best))
}

type Plan = { 'QUERY PLAN': { Plan: { 'Total Cost': number } }[] }

async function costOf(db: Queryable, { text, values }: Statement): Promise<number> {
  const { rows } = await db.query<Plan>(`EXPLAIN (FORMAT JSON) ${text}`, values)
  return rows[0]!['QUERY PLAN'][0]!.Plan['Total Cost']
}

export async function countMembers(db: Queryable, rule: Normal, on: On): Promise<number> {
  const { text, values } = await planned(db, rule, on)
  const { rows } = await db.query<{ count: bigint }>(`SELECT count(*) AS count FROM (${text}) s`, values)
  return Number(rows[0]!.count)
}

export async function countPersons(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>(
    'SELECT count(*) AS count FROM customer WHERE merged_into IS NULL AND forgotten_at IS NULL AND NOT staff',
  )
  return Number(rows[0]!.count)
}

/** Puts the members into a table of the transaction's own, for `sampleKept` and `overlapWithKept`; says how many. */
export async function keepMembers(db: Queryable, rule: Normal, on: On): Promise<number> {
  const { text, values } = await planned(db, rule, on)
  await db.query('CREATE TEMPORARY TABLE segment_member (person_id uuid PRIMARY KEY) ON COMMIT DROP')
  const { rowCount } = await db.query(`INSERT INTO segment_member ${text}`, values)
  await db.query('ANALYZE segment_member')
  return rowCount ?? 0
}

/** Some members, the same ones as long as the members are the same, and none preferred. */
export async function sampleKept(db: Queryable, size: number): Promise<string[]> {
  const { rows } = await db.query<{ person_id: string }>(
    'SELECT person_id FROM segment_member ORDER BY md5(person_id::text) LIMIT $1',
    [size],
  )
  return rows.map((row) => row.person_id)
}

/** How many members of this rule are among those kept, and how many it has. */
export async function overlapWithKept(db: Queryable, rule: Normal, on: On): Promise<{ both: number; count: number }> {
  const { text, values } = await planned(db, rule, on)
  const { rows } = await db.query<{ both: bigint; count: bigint }>(
    `SELECT count(k.person_id) AS both, count(*) AS count FROM (${text}) s LEFT JOIN segment_member k USING (person_id)`,
    values,
  )
  return { both: Number(rows[0]!.both), count: Number(rows[0]!.count) }
}

/** The members in chunks, through a cursor of the transaction. */
export async function* streamMembers(
  db: Queryable,
  rule: Normal,
  { size, ...on }: On & { size: number },
): AsyncGenerator<string[]> {
  const { text, values } = await planned(db, rule, on)
  await db.query(`DECLARE segment_members NO SCROLL CURSOR FOR ${text}`, values)
  for (;;) {
    const { rows } = await db.query<{ person_id: string }>(`FETCH ${size} FROM segment_members`)
    if (rows.length === 0) break
    yield rows.map((row) => row.person_id)
  }
  await db.query('CLOSE segment_members')
}
