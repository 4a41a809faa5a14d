/** A spreadsheet of questions and answers becomes FAQ files. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import { readSheet } from 'read-excel-file/node'
import { stringify } from 'yaml'
import type { Finding } from '../kernel/content.ts'
import { modeline } from './json-schema.ts'
import { importWords, type Words } from './messages.ts'
import { type FaqRow, type Row, readRows } from './sheet.ts'

export type ImportOptions = {
  /** The content folder. */
  dir: string
  /** The spreadsheet. */
  file: string
  /** Of the list file, without its ending; default: the spreadsheet's own. */
  name?: string
  /** A Markdown file per entry in place of one list. */
  each?: boolean
  /** Overwrite files that are there and differ. */
  replace?: boolean
}

export type ImportResult = {
  /** Paths within the content folder. */
  written: string[]
  unchanged: string[]
  entries: number
  /** Of rows that were left out and columns that nobody knows: `line` is the row, `column` the column. */
  findings: Finding[]
}

/**
 * Brings in the first sheet. Good rows are kept when others are bad; importing again changes nothing. An entry's id
 * is its row's, or derived from its first question. Never throws for what the spreadsheet holds.
 */
export async function importFaq({ dir, file, name, each, replace = false }: ImportOptions): Promise<ImportResult> {
  const findings: Finding[] = []
  const tell = (row: number, column: number, words: Words, severity: Finding['severity'] = 'error'): void => {
    findings.push({ severity, file: basename(file), line: row, column, ...words })
  }
  const result: ImportResult = { written: [], unchanged: [], entries: 0, findings }
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) {
    tell(1, 1, importWords.noFile())
    return result
  }
  let rows: FaqRow[]
  try {
    rows = readRows((await readSheet(bytes)) as Row[], tell)
  } catch {
    // The reader's many ways of failing all mean this to the person with the file.
    tell(1, 1, importWords.notASheet())
    return result
  }
  if (rows.length === 0) return result
  const files = each ? rows.map(pageOf) : [listOf(name ?? parse(file).name, rows)]
  for (const { path, text, row, entries } of files) {
    const state = await write(join(dir, path), text, replace)
    if (state === 'exists') tell(row, 1, importWords.exists(path))
    else {
      result[state].push(path)
      result.entries += entries
    }
  }
  findings.sort((a, b) => a.line - b.line || a.column - b.column)
  return result
}

type File = { path: string; text: string; row: number; entries: number }

function listOf(name: string, rows: readonly FaqRow[]): File {
  const list = stringify(
    rows.map((row) => ({ ...keysOf(row), answer: row.answer })),
    { lineWidth: 0 },
  )
  return { path: `faq/${name}.yaml`, text: modeline('faq', 'faq') + list, row: 1, entries: rows.length }
}

function pageOf(row: FaqRow): File {
  const keys = stringify(keysOf(row), { lineWidth: 0 })
  return { path: `faq/${row.id}.md`, text: `---\n${keys}---\n\n${row.answer}\n`, row: row.row, entries: 1 }
}

function keysOf({ id, questions, tags, validUntil }: FaqRow): object {
  return { id, questions, ...(tags.length > 0 && { tags }), ...(validUntil !== undefined && { validUntil }) }
}

async function write(path: string, text: string, replace: boolean): Promise<'written' | 'unchanged' | 'exists'> {
  const there = await readFile(path, 'utf8').catch(() => undefined)
  if (there === text) return 'unchanged'
  if (there !== undefined && !replace) return 'exists'
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return 'written'
}
