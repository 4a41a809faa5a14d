/**
 * Conditions on what is counted and summed over a person's rows: orders, interactions. Clauses over the same rows share
 * one pass over them.
 */
import type { PersonMeasure } from '../../../kernel/slice.ts'
import { keyOf, type Leaf } from '../decide.ts'

export type Measured = { leaf: Leaf; per: PersonMeasure }

/** Clauses over the same rows. */
type Group = Pick<PersonMeasure, 'from' | 'where' | 'person'> & { members: Map<string, Measured> }

/** Gathers clauses by the rows that they are about. */
export class Measures {
  readonly #groups = new Map<string, Group>()

  add(measured: Measured): void {
    const { from, where, person } = measured.per
    const group = this.#groups.get(rowsKey(measured.per)) ?? { from, where, person, members: new Map() }
    this.#groups.set(rowsKey(measured.per), group)
    group.members.set(keyOf({ ...measured.leaf, negated: false }), measured)
  }

  has({ per }: Measured): boolean {
    return this.#groups.has(rowsKey(per))
  }

  /** Common table expressions for the rows that several clauses ask about, to be put before the query. */
  shared(): string {
    const tables = [...this.#groups.values()].flatMap((group, i) =>
      group.members.size < 2 ? [] : [`measured_${i} AS MATERIALIZED (${grouped(group, columnsOf(group))})`],
    )
    return tables.length === 0 ? '' : `WITH ${tables.join(',\n  ')}\n`
  }

  /** Of those who have such rows, who meets the condition of a clause that was added. */
  listed(measured: Measured): string {
    const i = [...this.#groups.keys()].indexOf(rowsKey(measured.per))
    const group = [...this.#groups.values()][i]!
    if (group.members.size < 2) return grouped(group, new Map(), holds(measured, group))
    return `SELECT person_id FROM measured_${i} WHERE ${holds(measured, group, columnsOf(group))}`
  }

  /** What a person's id must meet for all clauses that were added, as conditions over one pass for everybody. */
  forAll(id: string): string[] {
    return [...this.#groups.values()].map((group) => {
      const members = [...group.members.values()]
      const all = members.map((one) => holds(one, group)).join(' AND ')
      if (members.some(failsForNone)) return `${id} IN (${grouped(group, new Map(), all)})`
      return `NOT EXISTS (SELECT FROM (${grouped(group, new Map(), `NOT (${all})`)}) x WHERE x.person_id = ${id})`
    })
  }

  /** The same, computed for each person that the other conditions leave. */
  forEach(id: string): { joins: string[]; conditions: string[] } {
    const groups = [...this.#groups.values()]
    return {
      joins: groups.map((group, i) => {
        const columns = [...columnsOf(group)].map(([sql, name]) => `${sql} AS ${name}`).join(', ')
        const rows = `${group.from} WHERE ${group.person} = ${id} AND ${rowsOf(group)}`
        return `\nCROSS JOIN LATERAL (SELECT ${columns} FROM ${rows}) each_${i}`
      }),
      conditions: groups.flatMap((group, i) =>
        [...group.members.values()].map((one) => holds(one, group, columnsOf(group, `each_${i}.`))),
      ),
    }
  }
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

function grouped(group: Group, columns: ReadonlyMap<string, string>, having?: string): string {
  const selected = [`${group.person} AS person_id`, ...[...columns].map(([sql, name]) => `${sql} AS ${name}`)]
  const end = having === undefined ? '' : ` HAVING ${having}`
  return `SELECT ${selected.join(', ')} FROM ${group.from} WHERE ${rowsOf(group)} GROUP BY ${group.person}${end}`
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
