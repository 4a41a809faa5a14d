/**
 * Conditions on what is counted and summed over a person's rows: orders, interactions. Clauses over the same rows share
 * one pass over them.
 */
import type { PersonMeasure } from '../../../kernel/slice.ts'
import { keyOf, type Leaf } from '../decide.ts'

export type Measured = { leaf: Leaf; per: PersonMeasure }

/** Clauses over the same rows. */
type Group = Pick<PersonMeasure, 'from' | 'where' | 'person'> & { name: string; members: Map<string, Measured> }

/**
 * Gathers clauses by the rows that they are about. Each group becomes a materialised common table expression: within a
 * join PostgreSQL would let every parallel worker go through all the rows for itself.
 */
export class Measures {
  readonly #groups = new Map<string, Group>()
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  add(measured: Measured): void {
    const { from, where, person } = measured.per
    const key = rowsKey(measured.per)
    const name = `${this.#prefix}_${this.#groups.size}`
    const group = this.#groups.get(key) ?? { from, where, person, name, members: new Map() }
    this.#groups.set(key, group)
    group.members.set(keyOf(measured.leaf), measured)
  }

  has({ per }: Measured): boolean {
    return this.#groups.has(rowsKey(per))
  }

  /** For clauses that need rows to hold, anywhere in a rule: the tables, and the query of who meets one of them. */
  listing(): { tables: string[]; listed: (measured: Measured) => string } {
    const tables = [...this.#groups.values()].map((group) => {
      const [only] = group.members.values()
      return group.members.size === 1 ? table(group, new Map(), holds(only!, group)) : table(group, columnsOf(group))
    })
    return {
      tables,
      listed: (measured) => {
        const group = this.#groups.get(rowsKey(measured.per))!
        const whole = `SELECT person_id FROM ${group.name}`
        return group.members.size === 1 ? whole : `${whole} WHERE ${holds(measured, group, columnsOf(group))}`
      },
    }
  }

  /** For clauses that must all hold: the tables, and the conditions on a person's id. */
  forAll(id: string): { tables: string[]; conditions: string[] } {
    const made = [...this.#groups.values()].map((group) => {
      const members = [...group.members.values()]
      const all = members.map((one) => holds(one, group)).join(' AND ')
      const listed = `SELECT person_id FROM ${group.name}`
      return members.some(failsForNone)
        ? { table: table(group, new Map(), all), condition: `${id} IN (${listed})` }
        : { table: table(group, new Map(), `NOT (${all})`), condition: outside(id, listed) }
    })
    return { tables: made.map((one) => one.table), conditions: made.map(({ condition }) => condition) }
  }

  /** The same, computed for each person that the other conditions leave. */
  forEach(id: string): { joins: string[]; conditions: string[] } {
    const groups = [...this.#groups.values()]
    return {
      joins: groups.map((group) => {
        const columns = [...columnsOf(group)].map(([sql, name]) => `${sql} AS ${name}`).join(', ')
        const rows = `${group.from} WHERE ${group.person} = ${id} AND ${rowsOf(group)}`
        return `\nCROSS JOIN LATERAL (SELECT ${columns} FROM ${rows}) ${group.name}`
      }),
      conditions: groups.flatMap((group) =>
        [...group.members.values()].map((one) => holds(one, group, columnsOf(group, `${group.name}.`))),
      ),
    }
  }
}

/** PostgreSQL makes an anti-join of this, as it does not of NOT IN. */
export function outside(id: string, set: string): string {
  return `NOT EXISTS (SELECT FROM (${set}) x WHERE x.person_id = ${id})`
}

/** Whether the clause, or its opposite where that is meant, needs rows to hold. */
export function failsForNone({ leaf, per }: Measured): boolean {
  return per.holdsForNone === leaf.negated
}

function rowsKey({ from, where, person }: PersonMeasure): string {
  return JSON.stringify([from, where, person])
}

/** Whether all clauses narrow the rows alike: then the rows are narrowed, else each aggregate is. */
function commonOnly({ members }: Group): string | undefined {
  const [first, ...others] = [...members.values()].map(({ per }) => per.only)
  return others.every((only) => only === first) ? first : undefined
}

function rowsOf(group: Group): string {
  const narrow = [...group.members.values()].map(({ per }) => per.only)
  if (narrow.includes(undefined)) return group.where
  return `${group.where} AND (${[...new Set(narrow)].join(' OR ')})`
}

function table(group: Group, columns: ReadonlyMap<string, string>, having?: string): string {
  const selected = [`${group.person} AS person_id`, ...[...columns].map(([sql, name]) => `${sql} AS ${name}`)]
  const rows = `${group.from} WHERE ${rowsOf(group)} GROUP BY ${group.person}`
  const end = having === undefined ? '' : ` HAVING ${having}`
  return `${group.name} AS MATERIALIZED (SELECT ${selected.join(', ')} FROM ${rows}${end})`
}

/** The aggregates of all clauses, each once, with a name for its column. */
function columnsOf(group: Group, prefix = ''): Map<string, string> {
  const aggregates = [...group.members.values()].flatMap(({ per }) =>
    Object.keys(per.measures).map((name) => aggregateOf(per, name, group)),
  )
  return new Map([...new Set(aggregates)].map((sql, i) => [sql, `${prefix}m${i}`]))
}

function aggregateOf(per: PersonMeasure, name: string, group: Group): string {
  const filter = per.only === undefined || per.only === commonOnly(group) ? '' : ` FILTER (WHERE ${per.only})`
  return `coalesce(${per.measures[name] ?? ''}${filter}, 0)`
}

/** The condition of a clause, or its opposite, over the aggregates themselves or over the columns that hold them. */
function holds({ leaf, per }: Measured, group: Group, columns?: ReadonlyMap<string, string>): string {
  const condition = per.holds((name) => {
    const sql = aggregateOf(per, name, group)
    return columns?.get(sql) ?? sql
  })
  return leaf.negated ? `NOT (${condition})` : `(${condition})`
}
