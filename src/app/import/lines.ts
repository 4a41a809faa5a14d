/**
 * The records of a CSV file as text: a line each, or several where a quoted field runs over line ends.
 *
 * The danger is a quote that is never closed: it would make one record of the rest of the file. A record of several
 * lines therefore counts only when it closes within bounds and has as many fields as the others; otherwise its first
 * line alone is bad, and reading goes on with the second.
 */
import { TextDecoder } from 'node:util'
import type { Encoding } from './file.ts'

/** A record as it stands in the file. Lines count from 1. */
export type Framed = {
  line: number
  endLine: number
  text: string
  /** A field was opened with a quote here and never closed: it is this line alone. */
  unclosed: boolean
}

export type Framing = {
  delimiter: string
  /** Whether a text of several lines is one good record. */
  fits: (text: string) => boolean
}

const mostLines = 200
const mostCharacters = 64 * 1024

/** What a file's bytes say, line by line. A byte that means nothing becomes U+FFFD. */
export class Frames {
  readonly #decoder: TextDecoder
  readonly #framing: Framing
  #partial = ''
  #pending: string[] = []
  #line = 1

  constructor(encoding: Encoding, framing: Framing) {
    this.#decoder = new TextDecoder(encoding)
    this.#framing = framing
  }

  /** The records that are complete with these bytes. Lines without anything are left out. */
  push(bytes: Uint8Array): Framed[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }), false)
  }

  /** What is left when there are no more bytes. */
  end(): Framed[] {
    return this.#take(this.#decoder.decode(), true)
  }

  #take(text: string, last: boolean): Framed[] {
    const lines = (this.#partial + text).split('\n')
    this.#partial = last ? '' : (lines.pop() ?? '')
    const queue = this.#pending.length > 0 ? [...this.#pending, ...lines] : lines
    const frames: Framed[] = []
    let at = 0
    while (at < queue.length) {
      const count = this.#recordAt(queue, at, last)
      if (count === 'more') break
      const first = this.#line + at
      const lines = count === 'unclosed' ? 1 : count
      const record = lines === 1 ? withoutReturn(queue[at]!) : withoutReturn(queue.slice(at, at + lines).join('\n'))
      if (record !== '') {
        frames.push({ line: first, endLine: first + lines - 1, text: record, unclosed: count === 'unclosed' })
      }
      at += lines
    }
    this.#line += at
    this.#pending = queue.slice(at)
    return frames
  }

  /** How many lines the record at `at` has. */
  #recordAt(queue: readonly string[], at: number, last: boolean): number | 'unclosed' | 'more' {
    const { delimiter, fits } = this.#framing
    let open = leavesOpen(queue[at]!, false, delimiter)
    let characters = queue[at]!.length
    let count = 1
    while (open) {
      const next = queue[at + count]
      if (next === undefined && !last && count < mostLines && characters < mostCharacters) return 'more'
      if (next === undefined || count >= mostLines || characters + next.length > mostCharacters) return 'unclosed'
      open = leavesOpen(next, true, delimiter)
      characters += next.length
      count += 1
    }
    return count === 1 || fits(withoutReturn(queue.slice(at, at + count).join('\n'))) ? count : 'unclosed'
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/**
 * The cells of a record without anything odd in it: each is quoted as a whole, or has no quote at all. Undefined for
 * every other one.
 */
export function plainCells(record: string, delimiter: string): string[] | undefined {
  if (!record.includes('"')) return record.split(delimiter)
  const cells: string[] = []
  for (let at = 0; ; ) {
    if (record[at] !== '"') {
      const end = endOf(record.indexOf(delimiter, at), record)
      const cell = record.slice(at, end)
      if (cell.includes('"')) return undefined
      cells.push(cell)
      at = end
    } else {
      const quote = record.indexOf('"', at + 1)
      if (quote < 0 || record[quote + 1] === '"') return undefined
      cells.push(record.slice(at + 1, quote))
      at = quote + 1
    }
    if (at === record.length) return cells
    if (record[at] !== delimiter) return undefined
    at += 1
  }
}

function endOf(found: number, record: string): number {
  return found < 0 ? record.length : found
}

/** Whether a quoted field goes on behind the end of the line. A quote opens only at the start of a field. */
function leavesOpen(line: string, inside: boolean, delimiter: string): boolean {
  let open = inside
  if (!open && !line.includes('"')) return false
  for (let at = 0; ; ) {
    if (!open && line[at] === '"') {
      open = true
      at += 1
    }
    if (open) {
      const quote = line.indexOf('"', at)
      if (quote < 0) return true
      at = quote + (line[quote + 1] === '"' ? 2 : 1)
      if (line[quote + 1] === '"') continue
      open = false
    }
    const next = line.indexOf(delimiter, at)
    if (next < 0) return false
    at = next + 1
  }
}
