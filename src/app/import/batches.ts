/** The rows of a file, understood and gathered into batches. */
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
export type Batch<R> = {
  records: R[]
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

/** The columns, by the first row. Throws a UsageError when the file is empty or lacks some. */
export async function headerOf<F extends string, R>(file: FileSeen, importer: Importer<F, R>): Promise<Header<F>> {
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
export async function* batchesOf<F extends string, R>(
  file: FileSeen,
  importer: Importer<F, R>,
  { columns }: Header<F>,
  { rows: size, skip, run }: { rows: number; skip: number; run: string },
): AsyncGenerator<Batch<R>> {
  const fresh = (afterLine: number): Batch<R> => ({ records: [], rows: 0, bad: 0, problems: [], afterLine, bytes: 0 })
  let batch = fresh(0)
  let line = 0
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
      const cells = new Cells(row, columns)
      const record =
        row.cells && cells.problems.length === 0 ? importer.read(cells, `import:${run}:${row.line}`) : undefined
      const good = record !== undefined && cells.problems.length === 0
      const last = batch.records.at(-1)
      const joined = good && last !== undefined ? importer.join?.(last, record) : undefined
      if (batch.rows >= size && good && joined === undefined) {
        yield batch
        batch = fresh(line)
      }
      if (joined !== undefined) batch.records[batch.records.length - 1] = joined
      else if (good) batch.records.push(record)
      else batch.bad += 1
      batch.problems.push(...cells.problems)
      batch.rows += 1
      line = row.endLine
    }
  }
  if (batch.rows > 0) yield batch
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
    await next.catch(() => undefined)
    await source.return(undefined)
  }
}
