/** The rows of a file, understood and gathered into batches. */
import { setImmediate as breath } from 'node:timers/promises'
import { UsageError } from '../../kernel/errors.ts'
import { Cells, type Problem } from './cells.ts'
import { type Columns, findColumns } from './columns.ts'
import { readCsv } from './csv.ts'
import type { FileSeen } from './file.ts'
import type { Importer } from './importer.ts'

export type Header<F extends string> = {
  columns: Columns<F>
  /** Names of columns that nobody reads. */
  ignored: string[]
}

/** Rows that are committed together. */
export type Batch<P> = {
  records: P[]
  /** Rows of the file, the bad ones too. */
  rows: number
  /** Bad rows; each may have several problems. */
  bad: number
  problems: Problem[]
  /** The line before the first of these rows. */
  afterLine: number
  /** Of the file, read since the batch before. */
  bytes: number
}

/** Rows that are read in one go; half a millisecond. */
const inOneGo = 20

/** The columns, by the first row. Throws a UsageError when the file is empty or lacks some. */
export async function headerOf<F extends string, R, P>(
  file: FileSeen,
  importer: Importer<F, R, P>,
): Promise<Header<F>> {
  for await (const { rows } of readCsv(file)) {
    const cells = rows[0]?.cells
    if (!cells) continue
    const columns = findColumns(cells, importer.columns, importer.needed, file.path)
    const read = new Set(Object.values(columns.places))
    return {
      columns,
      ignored: cells.map((name) => name.trim()).filter((name, place) => name !== '' && !read.has(place)),
    }
  }
  throw new UsageError({ code: 'import-empty', message: `${file.path} is empty: its first row must name the columns.` })
}

/**
 * All rows behind the first `skip` ones. A batch ends where a new record begins, so that wherever a run stops, what
 * belongs to one record is committed together.
 */
export async function* batchesOf<F extends string, R, P>(
  file: FileSeen,
  importer: Importer<F, R, P>,
  { columns }: Header<F>,
  { rows: size, skip, run }: { rows: number; skip: number; run: string },
): AsyncGenerator<Batch<P>> {
  const fresh = (afterLine: number): Batch<P> => ({ records: [], rows: 0, bad: 0, problems: [], afterLine, bytes: 0 })
  let batch = fresh(0)
  /** The last good record: the next row may belong to it. */
  let open: R | undefined
  const close = (): void => {
    if (open !== undefined) batch.records.push(importer.prepare(open))
    open = undefined
  }
  let line = 0
  let read = 0
  /** The first row is the header. */
  let left = skip + 1
  for await (const block of readCsv(file)) {
    batch.bytes += block.bytes
    for (const row of block.rows) {
      if (left > 0) {
        left -= 1
        batch.afterLine = line = row.endLine
        continue
      }
      // The batch before is being written meanwhile: PostgreSQL should not wait long to hear what comes next.
      if (++read % inOneGo === 0) await breath()
      const cells = new Cells(row, columns)
      const record = readRow(importer, cells, `import:${run}:${row.line}`)
      const joined = record !== undefined && open !== undefined ? importer.join?.(open, record) : undefined
      if (batch.rows >= size && record !== undefined && joined === undefined) {
        close()
        yield batch
        batch = fresh(line)
      }
      if (joined === undefined && record !== undefined) close()
      open = joined ?? record ?? open
      if (record === undefined) batch.bad += 1
      batch.problems.push(...cells.problems)
      batch.rows += 1
      line = row.endLine
    }
  }
  close()
  if (batch.rows > 0) yield batch
}

/** Undefined for a bad row: its cells say why. */
function readRow<F extends string, R, P>(importer: Importer<F, R, P>, cells: Cells<F>, source: string): R | undefined {
  const record = cells.problems.length === 0 ? importer.read(cells, source) : undefined
  return cells.problems.length === 0 ? record : undefined
}

/** Has the next one made while the last one is used. */
export async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next()
  try {
    for (;;) {
      const result = await next
      if (result.done) return
      next = source.next()
      // Whoever asks for it hears of it; nobody may have by then.
      next.catch(() => undefined)
      yield result.value
    }
  } finally {
    // Thrown above already; or whoever left early wants no more, whether it could be made or not.
    await next.catch(() => undefined)
    await source.return(undefined)
  }
}
