/** The rows of a spreadsheet of questions and answers, as people really write them. */
import { createHash } from 'node:crypto'
import { importWords, type Words } from './messages.ts'
import { nearest } from './suggest.ts'
import { columnNames } from './vocabulary.ts'

/** An entry and the row, from 1, that it stands in. */
export type FaqRow = {
  row: number
  id: string
  questions: string[]
  answer: string
  tags: string[]
  validUntil: string | undefined
}

/** As the reader gives it; its own types call a date `typeof Date`. */
export type Row = readonly Cell[]
type Cell = string | number | boolean | Date | null | undefined
type Tell = (row: number, column: number, words: Words, severity?: 'error' | 'warning') => void

type Field = keyof typeof columnNames
const fields = Object.keys(columnNames) as Field[]
const allNames: string[] = Object.values(columnNames).flat()

/** Titles and blank lines may stand above the row of column names. */
const mostRowsAbove = 10

/** The entries of a sheet; tells of rows that are left out, by row and column from 1. */
export function readRows(sheet: readonly Row[], tell: Tell): FaqRow[] {
  const top = sheet.slice(0, mostRowsAbove).findIndex((row) => row.some((cell) => fieldOf(cell) !== undefined))
  const header = sheet[Math.max(top, 0)]
  if (!header) {
    tell(1, 1, importWords.noRows())
    return []
  }
  const start = Math.max(top, 0)
  const columns = columnsOf(header, start + 1, tell)
  for (const field of ['questions', 'answer'] as const) {
    if (columns[field].length > 0) continue
    tell(start + 1, 1, importWords.noColumn(field === 'answer' ? 'the answers' : 'the questions', columnNames[field]))
  }
  if (columns.questions.length === 0 || columns.answer.length === 0) return []
  const taken = new Map<string, number>()
  return sheet.slice(start + 1).flatMap((cells, index) => {
    if (cells.every((cell) => textOf(cell) === '')) return []
    const row = readRow(cells, start + index + 2, columns, tell)
    if (!row) return []
    const earlier = taken.get(row.id)
    if (earlier === undefined) {
      taken.set(row.id, row.row)
      return [row]
    }
    tell(row.row, (columns.id[0] ?? columns.questions[0] ?? 0) + 1, importWords.sameId(row.id, earlier))
    return []
  })
}

/** The places, from 0, of each field's columns: alternative wordings may have several. */
type Columns = Record<Field, number[]>

function columnsOf(header: Row, row: number, tell: Tell): Columns {
  const columns: Columns = { questions: [], answer: [], tags: [], validUntil: [], id: [] }
  header.forEach((cell, place) => {
    const field = fieldOf(cell)
    if (field) columns[field].push(place)
    else if (textOf(cell) !== '') {
      const near = nearest(nameOf(cell), allNames)
      tell(row, place + 1, importWords.unknownColumn(textOf(cell), near), 'warning')
    }
  })
  return columns
}

function fieldOf(cell: Cell): Field | undefined {
  return fields.find((field) => (columnNames[field] as readonly string[]).includes(nameOf(cell)))
}

/** «问题 1», «Question(s)» and «相似问法*» are the names without their ornaments. */
function nameOf(cell: Cell): string {
  return textOf(cell)
    .toLowerCase()
    .replaceAll(/[*:：()（）\d]+/g, '')
    .trim()
}

function readRow(cells: Row, row: number, columns: Columns, tell: Tell): FaqRow | undefined {
  const cell = (field: Field): { value: Cell; column: number } => {
    const place = columns[field].find((one) => textOf(cells[one]) !== '') ?? columns[field][0]
    return { value: place === undefined ? null : cells[place], column: (place ?? 0) + 1 }
  }
  const split = (field: Field, at: RegExp): string[] => [
    ...new Set(columns[field].flatMap((place) => textOf(cells[place]).split(at)).map((part) => part.trim())),
  ]
  const questions = split('questions', /[\n;；|｜]/).filter((question) => question !== '')
  const answer = textOf(cell('answer').value)
  const date = cell('validUntil')
  const validUntil = dateOf(date.value)
  const id = textOf(cell('id').value)
  const wrong: [number, Words][] = []
  if (questions.length === 0) wrong.push([cell('questions').column, importWords.noQuestion()])
  if (answer === '') wrong.push([cell('answer').column, importWords.noAnswer()])
  if (validUntil === undefined && textOf(date.value) !== '')
    wrong.push([date.column, importWords.badDate(textOf(date.value))])
  if (id !== '' && !/^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$/u.test(id)) {
    wrong.push([cell('id').column, importWords.badId(id)])
  }
  for (const [column, words] of wrong) tell(row, column, words)
  const [first] = questions
  if (wrong.length > 0 || first === undefined) return undefined
  const tags = split('tags', /[\n,，、;；|｜]/).filter((tag) => tag !== '')
  return { row, id: id || idOf(first), questions, answer, tags, validUntil }
}

/** The same question always gives the same id, so that importing again changes nothing. */
function idOf(question: string): string {
  const hash = createHash('sha256').update(question.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ''))
  return `q-${hash.digest('hex').slice(0, 10)}`
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  return (cell instanceof Date ? isoDate(cell) : String(cell)).replaceAll('\r\n', '\n').trim()
}

/** The day of a date cell, or of one written `2026-1-5`, `2026/01/05`, `2026.1.5` or with the Chinese words for year, month and day. */
function dateOf(cell: Cell): string | undefined {
  if (cell instanceof Date) return isoDate(cell)
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(textOf(cell)) ?? []
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${written}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || isoDate(date) !== written ? undefined : written
}

/** Spreadsheets keep days without a zone; the reader gives them as midnight in UTC. */
function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10)
}
