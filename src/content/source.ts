/** A text file with its positions, and the list of what is wrong with the files. */
import type { Finding } from '../kernel/content.ts'
import type { Words } from './messages.ts'

/** A text as it stands on the disk, but for a byte order mark. Offsets count UTF-16 units, as editors do. */
export class Source {
  readonly path: string
  readonly text: string
  #lineStarts: number[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  /** Line and column, from 1, of an offset; an offset outside the text is moved to its nearest end. */
  place(offset: number): { line: number; column: number } {
    this.#lineStarts ??= startsOfLines(this.text)
    const within = Math.min(Math.max(offset, 0), this.text.length)
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#lineStarts[middle] ?? 0) <= within) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: within - (this.#lineStarts[low] ?? 0) + 1 }
  }

  /** The line that an offset stands in, without its end. */
  lineAt(offset: number): string {
    const { line, column } = this.place(offset)
    const start = Math.min(Math.max(offset, 0), this.text.length) - column + 1
    const next = this.#lineStarts?.[line] ?? this.text.length + 1
    return this.text.slice(start, next - 1).trimEnd()
  }
}

function startsOfLines(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Gathers findings; the same one told twice is kept once. */
export class Findings {
  readonly #found = new Map<string, Finding>()
  readonly #places = new Set<string>()

  add(source: Source, offset: number, words: Words, severity: Finding['severity'] = 'error'): void {
    this.#keep({ severity, file: source.path, ...source.place(offset), ...words })
  }

  /** About a file as a whole, or one that is not there. */
  addFile(file: string, words: Words, severity: Finding['severity'] = 'error'): void {
    this.#keep({ severity, file, line: 1, column: 1, ...words })
  }

  /** Whether something is told of exactly this place: what else is wrong there is likely its consequence. */
  hasAt(source: Source, offset: number): boolean {
    const { line, column } = source.place(offset)
    return this.#places.has(`${source.path}:${line}:${column}`)
  }

  /** By file, line and column. */
  sorted(): Finding[] {
    return [...this.#found.values()].sort(
      (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
    )
  }

  #keep(finding: Finding): void {
    const place = `${finding.file}:${finding.line}:${finding.column}`
    const key = `${place} ${finding.message}`
    if (this.#found.has(key)) return
    this.#found.set(key, finding)
    this.#places.add(place)
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
