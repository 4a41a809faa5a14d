/** The rows of a CSV file: its cells with the lines that they stand in, and what cannot be read as a row. */
import { type Options, parse } from 'csv-parse/sync'
import { chunksOf, type FileSeen } from './file.ts'
import { type Framed, Frames, plainCells } from './lines.ts'

export type CsvRow = {
  line: number
  endLine: number
  /** Null when the row cannot be read; then `wrong` says why. */
  cells: string[] | null
  wrong: string | null
}

/** Rows that were read together, with the bytes of the file that they were read from. */
export type CsvBlock = { rows: CsvRow[]; bytes: number }

const delimiters = [',', '\t', ';'] as const

/** Reads all rows, the first among them; a record of several lines has as many cells as the first row. */
export async function* readCsv(file: FileSeen): AsyncGenerator<CsvBlock> {
  let read: ((bytes: Buffer | undefined) => CsvRow[]) | undefined
  for await (const chunk of chunksOf(file.path)) {
    // The first line alone, so that it is known how wide the others are.
    const start = read ? 0 : chunk.indexOf('\n') + 1
    read ??= opened(file, chunk)
    yield {
      rows: [...(start > 0 ? read(chunk.subarray(0, start)) : []), ...read(chunk.subarray(start))],
      bytes: chunk.length,
    }
  }
  if (read) yield { rows: read(undefined), bytes: 0 }
}

function opened({ encoding }: FileSeen, start: Buffer): (bytes: Buffer | undefined) => CsvRow[] {
  const delimiter = delimiterOf(new TextDecoder(encoding).decode(start.subarray(0, 64 * 1024)))
  const reader = new Reader(delimiter)
  const frames = new Frames(encoding, { delimiter, fits: (text) => reader.fits(text) })
  return (bytes) => reader.read(bytes ? frames.push(bytes) : frames.end())
}

/** What stands most often in the first line that has any of them. */
function delimiterOf(start: string): string {
  const line = start.split('\n').find((line) => delimiters.some((delimiter) => line.includes(delimiter))) ?? ''
  const count = (delimiter: string): number => line.split(delimiter).length
  return delimiters.reduce((best, one) => (count(one) > count(best) ? one : best))
}

class Reader {
  readonly #delimiter: string
  readonly #options: Options
  /** Of the first row. */
  #width: number | undefined

  constructor(delimiter: string) {
    this.#delimiter = delimiter
    // Quotes within a field that does not begin with one are characters: ="0123" is how Excel is told of text.
    this.#options = { delimiter, relax_quotes: true, relax_column_count: true, record_delimiter: ['\n', '\r\n'] }
  }

  fits(text: string): boolean {
    const [cells, ...others] = this.#parse(text, { relax_quotes: false }) ?? []
    return cells !== undefined && others.length === 0 && (this.#width ?? cells.length) === cells.length
  }

  read(frames: readonly Framed[]): CsvRow[] {
    const plain = frames.map(({ text, unclosed }) => (unclosed ? undefined : plainCells(text, this.#delimiter)))
    // The parser is for the odd ones, all together: each by itself would take many times as long.
    const odd = frames.filter(({ unclosed }, i) => !unclosed && !plain[i])
    const records = this.#parse(odd.map(({ text }) => text).join('\n')) ?? []
    const aligned = records.length === odd.length
    let at = 0
    return frames.map((frame, i) => {
      if (frame.unclosed || plain[i]) return this.#rowOf(frame, plain[i])
      return this.#rowOf(frame, aligned ? records[at++] : this.#alone(frame))
    })
  }

  #alone({ text }: Framed): string[] | undefined {
    const records = this.#parse(text)
    return records?.length === 1 ? records[0] : undefined
  }

  #rowOf({ line, endLine, unclosed }: Framed, cells: string[] | undefined): CsvRow {
    const at = { line, endLine }
    if (unclosed) return { ...at, cells: null, wrong: 'a quote is opened here and never closed' }
    if (!cells) return { ...at, cells: null, wrong: 'the quotes cannot be made sense of' }
    this.#width ??= cells.length
    return { ...at, cells, wrong: null }
  }

  #parse(text: string, more: Options = {}): string[][] | undefined {
    try {
      return parse(text, { ...this.#options, ...more })
    } catch (error) {
      // Any other error is one of ours, such as a wrong option.
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) return undefined
      throw error
    }
  }
}
