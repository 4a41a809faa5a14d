/** What the cells of a row say. Whoever reads a cell that cannot be read tells of it, and the row is refused. */
import type { Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'

/** Something wrong with a row: `column` is its name in the file, null when it is about the row. */
export type Problem = { line: number; column: string | null; reason: string }

const characterLimit = 2_000

/** The cells of one row by field. */
export class Cells<F extends string> {
  readonly line: number
  readonly problems: Problem[] = []
  readonly #cells: readonly string[]
  readonly #columns: Columns<F>
  /** Whether any cell holds what is no character. */
  readonly #broken: boolean

  constructor(row: CsvRow, columns: Columns<F>) {
    this.line = row.line
    this.#columns = columns
    this.#cells = row.cells ?? []
    this.#broken = this.#cells.some((cell) => cell.includes('\ufffd') || cell.includes('\0'))
    if (row.wrong !== null) this.tell(null, row.wrong)
    else if (!hasWidth(this.#cells, columns.width)) {
      const why = `the row has ${this.#cells.length} cells, the first row has ${columns.width}`
      this.tell(null, `${why}: a comma in a cell needs quotes around the cell`)
    }
  }

  /** Trimmed, without what Excel is told of text by; null when there is nothing, or no such column. */
  text(field: F): string | null {
    const place = this.#columns.places[field]
    const cell = place === undefined ? undefined : this.#cells[place]
    if (cell === undefined || cell === '') return null
    if (this.#broken && /[\ufffd\0]/.test(cell)) {
      this.tell(field, 'bytes that are no characters: the file is damaged, or --encoding is another one')
      return null
    }
    const trimmed = cell.trim()
    const text =
      trimmed.startsWith('=') || trimmed.startsWith("'")
        ? trimmed
            .replace(/^="(.*)"$/, '$1')
            .replace(/^'/, '')
            .trim()
        : trimmed
    if (text.length > characterLimit) this.tell(field, `more than ${characterLimit} characters`)
    return text === '' ? null : text
  }

  /** The same for what must be there. */
  needed(field: F): string {
    const before = this.problems.length
    const text = this.text(field)
    if (text === null && this.problems.length === before) this.tell(field, 'nothing is there')
    return text ?? ''
  }

  /** Refuses the row. The reason must not repeat what is personal: phones, names, addresses. */
  tell(field: F | null, reason: string): void {
    this.problems.push({
      line: this.line,
      column: field === null ? null : (this.#columns.names[field] ?? field),
      reason,
    })
  }

  nameOf(field: F): string {
    return this.#columns.names[field] ?? field
  }
}

/** Empty cells at the end are nobody's mistake. */
function hasWidth(cells: readonly string[], width: number): boolean {
  return cells.length === width || (cells.length > width && cells.slice(width).every((cell) => cell.trim() === ''))
}
