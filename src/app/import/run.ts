/**
 * The road of a file: read, understood, committed in batches, each together with how far the run has come. So a run that
 * was killed goes on behind the last batch that was committed, and nothing is done twice.
 */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type Database, isContention } from '../../kernel/db.ts'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import { ahead, type Batch, batchesOf, headerOf } from './batches.ts'
import type { Problem } from './cells.ts'
import { type Encoding, examine } from './file.ts'
import type { Importer } from './importer.ts'
import { ProblemsFile } from './problems.ts'
import { advanceRun, auditImport, type Counts, finishRun, type ImportKind, openRun } from './repo/runs.ts'

export type Importing = {
  db: Database
  clock: Clock
  ids: Ids
  /** Who asks for it, for the audit: `cli:<user>`. */
  by: string
  path: string
  encoding?: Encoding | undefined
  /** Default: the file's own name with `.problems.csv`. */
  problemsPath?: string | undefined
  /** Rows of a batch. */
  batchRows?: number | undefined
  onBytes?: ((bytes: number, of: number) => void) | undefined
  /** Run between two batches. */
  between?: () => Promise<void>
}

/** `rows` and `refused` count rows; `added`, `changed` and `unchanged` orders or customers. */
export type ImportSummary = Counts & {
  kind: ImportKind
  file: string
  run: string
  encoding: Encoding
  /** Rows that an earlier run of this file had done before it was broken off. */
  before: number
  /** The file was imported already; nothing was done now. */
  already: boolean
  /** Columns of the file that nobody reads. */
  ignored: string[]
  /** The first problems of this run; all are in `problemsFile`. */
  problems: Problem[]
  problemsFile: string | null
}

const defaultRows = 4_000
const shownProblems = 20
const triesAtMost = 5

/** Throws a UsageError for a file that is none or lacks columns, `import-elsewhere` when another process imports it. */
export async function importFile<F extends string, R, P>(
  on: Importing,
  importer: Importer<F, R, P>,
): Promise<ImportSummary> {
  const { db, clock, by } = on
  const { kind } = importer
  const file = await examine(on.path, { encoding: on.encoding })
  // Whether it can be read at all is known before anything is kept of it.
  const header = await headerOf(file, importer)
  const { columns, needed, reading } = importer
  const fileHash = `${file.hash}:${hashOf({ columns, needed, reading, encoding: file.encoding })}`
  const named = { id: on.ids.fresh(), kind, fileName: basename(on.path), fileHash, now: clock.now() }
  const { finishedAt, id: run, ...counts } = await openRun(db.pool, named)
  const problemsPath = on.problemsPath ?? `${on.path}.problems.csv`
  const summary: ImportSummary = {
    kind,
    file: on.path,
    run,
    encoding: file.encoding,
    before: counts.rows,
    already: finishedAt !== null,
    ignored: header.ignored,
    ...counts,
    problems: [],
    problemsFile: counts.refused > 0 ? problemsPath : null,
  }
  if (summary.already) return summary
  const audit = (action: string, details: object): Promise<void> =>
    auditImport(db.pool, { at: clock.now(), by, action, run, details: { kind, ...details } })
  await audit('import', { before: summary.before })
  let problems: ProblemsFile | undefined
  try {
    const size = { rows: on.batchRows ?? defaultRows, skip: summary.before, run }
    for await (const batch of ahead(batchesOf(file, importer, header, size))) {
      problems ??= await ProblemsFile.open(problemsPath, summary.before > 0 ? batch.afterLine : undefined)
      const done = await commit(on, importer, { batch, problems, run, from: summary.rows })
      for (const name of countNames) summary[name] += done.counts[name]
      summary.problems.push(...done.problems.slice(0, shownProblems - summary.problems.length))
      on.onBytes?.(batch.bytes, file.size)
      await on.between?.()
    }
    if (problems) summary.problemsFile = problems.used ? problemsPath : null
  } finally {
    await problems?.close()
  }
  await finishRun(db.pool, run, clock.now())
  const { rows, added, changed, refused } = summary
  await audit('import.finished', { rows, added, changed, refused })
  return summary
}

const countNames = ['rows', 'added', 'changed', 'unchanged', 'refused'] as const

/** The version of the reading itself: a program that understands rows otherwise must raise it. */
const readingVersion = 1

function hashOf(reading: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([readingVersion, reading]))
    .digest('hex')
}

type Committing<P> = { batch: Batch<P>; problems: ProblemsFile; run: string; from: number }
type Committed = { counts: Counts; problems: Problem[] }

async function commit<F extends string, R, P>(
  { db, clock }: Importing,
  importer: Importer<F, R, P>,
  { batch, problems: file, run, from }: Committing<P>,
): Promise<Committed> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { keep, ...committed } = await db.transaction(async (tx) => {
        // A crash may take the last batches back, rows and progress alike, and the run goes on before them. Whoever is
        // told that it has finished can count on all: that commit waits for the disk, and so for everything before it.
        await tx.query('SET LOCAL synchronous_commit TO off')
        const { problems: late, ...written } = await importer.write(tx, batch.records, { now: clock.now(), run })
        const problems = [...batch.problems, ...late].sort((a, b) => a.line - b.line)
        const { keep } = await file.write(problems)
        const counts = { rows: batch.rows, refused: batch.bad + late.length, ...written }
        if (!(await advanceRun(tx, { id: run, from, by: counts }))) throw elsewhere()
        return { counts, problems, keep }
      })
      keep()
      return committed
    } catch (error) {
      if (!isContention(error) || tries >= triesAtMost) throw withoutValues(error, batch.afterLine)
    }
  }
}

function elsewhere(): ZhangguiError {
  const message = 'Another process imports this file. Let it end; then run this again to see what it did.'
  return new ZhangguiError({ code: 'import-elsewhere', message })
}

/** PostgreSQL repeats values in its errors of the classes 22 and 23, and these are customers' (law 11). */
function withoutValues(error: unknown, afterLine: number): unknown {
  const { code } = (error ?? {}) as { code?: unknown }
  if (typeof code !== 'string' || !/^2[23]/.test(code)) return error
  const message = `The database refused what stands behind line ${afterLine} (SQLSTATE ${code}). What is before is kept.`
  return new ZhangguiError({ code: 'import-refused', message })
}
