/** What the road of a file asks of a kind of file. */
import type { Queryable } from '../../kernel/work.ts'
import type { Cells, Problem } from './cells.ts'
import type { Counts, ImportKind } from './repo/runs.ts'

/** What is particular to a kind of file. `F` are its fields, `R` is what a row of it becomes, `P` what is written. */
export type Importer<F extends string, R, P = R> = {
  kind: ImportKind
  /** The names that the column of a field goes by. */
  columns: Readonly<Record<F, readonly string[]>>
  /** Groups of fields of which a file must have one each. */
  needed: readonly (readonly F[])[]
  /** Everything else that decides how a row is understood: another reading is another run. */
  reading: unknown
  /** What the row says; undefined, or anything, when the cells have told of a problem. */
  read(cells: Cells<F>, source: string): R | undefined
  /** Two rows, one behind the other, that are one: several things of one order. */
  join?: (before: R, next: R) => R | undefined
  /** Makes a record ready to be written, while the batch before is on its way. */
  prepare: (record: R) => P
  /** Writes what a batch says, in the transaction that also moves the run on. */
  write(db: Queryable, records: readonly P[], on: { now: Date; run: string }): Promise<Written>
}

/** How many were added, changed and unchanged, and which rows were refused only now: one problem each. */
export type Written = Omit<Counts, 'rows' | 'refused'> & { problems: Problem[] }
