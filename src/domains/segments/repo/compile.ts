/**
 * A rule as one SQL query of person ids. Values go in as parameters; nothing of content stands in the text.
 *
 * What must hold of everybody becomes semi-joins and anti-joins, which PostgreSQL orders and hashes as it likes. An
 * alternative is one semi-join with the union of its parts, never `OR` between sub-selects: those PostgreSQL asks row by
 * row, and reads in full for each row once they no longer fit into its memory.
 */
import type { ClauseSql, PersonSet } from '../../../kernel/slice.ts'
import { Binding } from '../clauses/parts.ts'
import { keyOf, type Leaf, negate, type Normal } from '../decide.ts'
import { failsForNone, type Measured, Measures, outside } from './measures.ts'

export type Statement = { text: string; values: unknown[] }

/** Forms of one query, of which PostgreSQL knows best which is the fastest for the numbers at hand. */
export type Form = {
  /** Count and sum rows only of those persons whom the other clauses leave, one by one. */
  oneByOne?: boolean
  /** Begin with this one of the rule's lists and look each of its people up, where else they are picked out of everybody. */
  from?: number
}

export type CompileOptions = Form &
  Pick<ClauseSql, 'now' | 'content'> & {
    /** Values that the statement around it binds: `$1` and on. */
    values?: readonly unknown[]
  }

/** Who can be in a segment at all: not merged into somebody, not deleted, not staff. */
const person = 'c.merged_into IS NULL AND c.forgotten_at IS NULL AND NOT c.staff'

/** The ids of everybody whom the rule takes in, each once, in the column `person_id`, in no order. */
export function compile(rule: Normal, { values, oneByOne = false, from, ...on }: CompileOptions): Statement {
  const binding = new Binding(values)
  const text = new Compiler({ ...on, bind: binding.bind }, rule).query({
    oneByOne,
    ...(from !== undefined && { from }),
  })
  return { text, values: binding.values }
}

/** What forms there are: whether `oneByOne` makes a difference, and how many lists the query may begin with. */
export function formsOf(rule: Normal, on: Pick<ClauseSql, 'now' | 'content'>): { oneByOne: boolean; lists: number } {
  return new Compiler({ ...on, bind: new Binding().bind }, rule).forms()
}

class Compiler {
  readonly #on: ClauseSql
  readonly #sets = new Map<string, PersonSet>()
  readonly #parts: Normal[]
  /** What is counted and summed within alternatives, for everybody. */
  readonly #inner = new Measures('measured')
  #listed: (measured: Measured) => string = () => ''

  constructor(on: ClauseSql, rule: Normal) {
    this.#on = on
    this.#parts = partsOf(rule)
  }

  forms(): { oneByOne: boolean; lists: number } {
    return { oneByOne: this.#parts.some((part) => this.#measured(part)), lists: this.#lists().length }
  }

  query({ oneByOne, from }: Form): string {
    const outer = new Measures('every')
    const rest: Normal[] = []
    // First all that is asked about rows is gathered: what several ask about the same rows is then said once.
    for (const part of this.#parts) if (!this.#measured(part)) this.#gather(part)
    for (const part of this.#parts) {
      const measured = this.#measured(part)
      if (measured && (oneByOne || !this.#inner.has(measured))) outer.add(measured)
      else {
        this.#gather(part)
        rest.push(part)
      }
    }
    const inner = this.#inner.listing()
    this.#listed = inner.listed
    const each = oneByOne ? { tables: [], ...outer.forEach('c.id') } : { joins: [], ...outer.forAll('c.id') }
    const first = from === undefined ? undefined : this.#lists()[from]
    const others = rest.filter((part) => part !== first).map((part) => this.#condition(part, 'c.id'))
    const tables = [...inner.tables, ...each.tables]
    return [
      ...(tables.length > 0 ? [`WITH ${tables.join(',\n  ')}`] : []),
      // A list may name somebody twice; with everybody to begin with, each is there once.
      first ? `SELECT DISTINCT c.id AS person_id FROM (${this.#setSql(first)}) l` : 'SELECT c.id AS person_id',
      `${first ? 'JOIN customer c ON c.id = l.person_id' : 'FROM customer c'}${each.joins.join('')}`,
      `WHERE ${[...new Set([person, ...others, ...each.conditions])].join('\n  AND ')}`,
    ].join('\n')
  }

  /** The parts that are lists of people and not conditions on everybody's row. */
  #lists(): Normal[] {
    return this.#parts.filter((part) => !this.#measured(part) && !this.#isOnRow(part) && this.#isSet(part))
  }

  /** The set of a clause, asked for once. */
  #set(leaf: Leaf): PersonSet {
    const key = keyOf({ ...leaf, negated: false })
    const known = this.#sets.get(key)
    if (known) return known
    const set = setOf(leaf, this.#on)
    this.#sets.set(key, set)
    return set
  }

  #measured(part: Normal): Measured | undefined {
    if (part.kind !== 'leaf') return undefined
    const set = this.#set(part)
    return 'per' in set ? { leaf: part, per: set.per } : undefined
  }

  #gather(part: Normal): void {
    const measured = this.#measured(part)
    // Of a clause and its opposite only that one is ever listed which needs rows to hold.
    if (measured) this.#inner.add(failsForNone(measured) ? measured : opposite(measured))
    else if (part.kind !== 'leaf') for (const one of part.of) this.#gather(one)
  }

  /** A condition on a person's id. A clause on the person's row (`where`) may stand only where that row is `c`. */
  #condition(part: Normal, id: string): string {
    switch (part.kind) {
      case 'all':
        return part.of.map((one) => this.#condition(one, id)).join(' AND ')
      case 'any':
        if (part.of.length === 0) return 'false'
        if (id === 'c.id' && part.of.every((one) => this.#isOnRow(one)))
          return `(${part.of.map((one) => this.#condition(one, id)).join(' OR ')})`
        if (part.of.every((one) => this.#isSet(one))) return `${id} IN (${this.#setSql(part)})`
        // «A or not B» is everybody but those in B and not in A: no need to enumerate who is not in B.
        return outside(id, this.#setSql(negate(part)))
      case 'leaf':
        return this.#leafCondition(part, id)
      default:
        return part satisfies never
    }
  }

  #leafCondition(leaf: Leaf, id: string): string {
    const set = this.#set(leaf)
    if ('where' in set) return leaf.negated ? `(${set.where}) IS NOT TRUE` : `(${set.where})`
    return this.#isSet(leaf) ? `${id} IN (${this.#setSql(leaf)})` : outside(id, this.#setSql(negate(leaf)))
  }

  /** Whether the part itself can be listed without starting from everybody. */
  #isSet(part: Normal): boolean {
    if (part.kind !== 'leaf') {
      const sets = part.of.map((one) => this.#isSet(one))
      return part.kind === 'all' ? sets.includes(true) : sets.length > 0 && !sets.includes(false)
    }
    const set = this.#set(part)
    if ('where' in set) return true
    if ('in' in set) return !part.negated
    if ('notIn' in set) return part.negated
    return failsForNone({ leaf: part, per: set.per })
  }

  #isOnRow(part: Normal): boolean {
    return part.kind === 'leaf' && 'where' in this.#set(part)
  }

  /** A query of the ids in a part for which `#isSet` holds. It may list who is no person; the outermost join sorts that out. */
  #setSql(part: Normal): string {
    switch (part.kind) {
      case 'any': {
        const onRow = part.of.filter((one) => this.#isOnRow(one))
        const others = part.of.filter((one) => !this.#isOnRow(one)).map((one) => this.#setSql(one))
        const rows = onRow.map((one) => this.#condition(one, 'c.id'))
        return [...others, ...(rows.length > 0 ? [onRowSql(`(${rows.join(' OR ')})`)] : [])].join('\n    UNION ALL ')
      }
      case 'all': {
        if (part.of.some((one) => this.#isOnRow(one))) return onRowSql(this.#condition(part, 'c.id'))
        const first =
          part.of.find((one) => one.kind === 'leaf' && this.#isSet(one)) ?? part.of.find((one) => this.#isSet(one))!
        const rest = part.of.filter((one) => one !== first).map((one) => this.#condition(one, 's.person_id'))
        return `SELECT s.person_id FROM (${this.#setSql(first)}) s WHERE ${rest.join(' AND ')}`
      }
      case 'leaf': {
        const set = this.#set(part)
        if ('where' in set) return onRowSql(this.#condition(part, 'c.id'))
        if ('per' in set) return this.#listed({ leaf: part, per: set.per })
        return 'in' in set ? set.in : set.notIn
      }
      default:
        return part satisfies never
    }
  }
}

function opposite({ leaf, per }: Measured): Measured {
  return { leaf: { ...leaf, negated: !leaf.negated }, per }
}

function setOf(leaf: Leaf, on: ClauseSql): PersonSet {
  return leaf.rule.clause.persons(leaf.rule.args, on)
}

function partsOf(rule: Normal): Normal[] {
  return rule.kind === 'all' ? rule.of : [rule]
}

function onRowSql(condition: string): string {
  return `SELECT c.id AS person_id FROM customer c WHERE ${person} AND ${condition}`
}
