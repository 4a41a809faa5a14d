/** Where imports stand, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

export type ImportKind = 'orders' | 'customers'

/** What became of the rows that are committed. */
export type Counts = { rows: number; added: number; changed: number; unchanged: number; refused: number }

export type ImportRun = Counts & { id: string; finishedAt: Date | null }

type RunRow = { id: string; finished_at: Date | null } & Record<keyof Counts, bigint>

/** The run of this file with this mapping: the one that there is, or a new one. */
export async function openRun(
  db: Queryable,
  run: { id: string; kind: ImportKind; fileName: string; fileHash: string; now: Date },
): Promise<ImportRun> {
  await db.query(
    `INSERT INTO import_run (id, kind, file_name, file_hash, started_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (kind, file_hash) DO NOTHING`,
    [run.id, run.kind, run.fileName, run.fileHash, run.now],
  )
  const { rows } = await db.query<RunRow>('SELECT * FROM import_run WHERE kind = $1 AND file_hash = $2', [
    run.kind,
    run.fileHash,
  ])
  const row = rows[0]!
  return {
    id: row.id,
    finishedAt: row.finished_at,
    rows: Number(row.rows),
    added: Number(row.added),
    changed: Number(row.changed),
    unchanged: Number(row.unchanged),
    refused: Number(row.refused),
  }
}

/**
 * Moves a run on, in the transaction of the batch; false when it does not stand where we left it, as when another
 * process imports the same file.
 */
export async function advanceRun(
  db: Queryable,
  { id, from, by }: { id: string; from: number; by: Counts },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE import_run SET rows = rows + $3, added = added + $4, changed = changed + $5, unchanged = unchanged + $6,
       refused = refused + $7
     WHERE id = $1 AND rows = $2 AND finished_at IS NULL`,
    [id, from, by.rows, by.added, by.changed, by.unchanged, by.refused],
  )
  return rowCount === 1
}

export async function finishRun(db: Queryable, id: string, now: Date): Promise<void> {
  await db.query('UPDATE import_run SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL', [id, now])
}

/** The trace of a human's import; nothing of it names a customer. */
export async function auditImport(
  db: Queryable,
  entry: { at: Date; by: string; action: string; run: string; details: Record<string, unknown> },
): Promise<void> {
  await db.query('INSERT INTO audit (at, by, action, subject, details) VALUES ($1, $2, $3, $4, $5)', [
    entry.at,
    entry.by,
    entry.action,
    `import:${entry.run}`,
    JSON.stringify(entry.details),
  ])
}
