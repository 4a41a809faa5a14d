/** What commands print: words for people on standard output, JSON when asked, progress on standard error. */
import { SingleBar } from 'cli-progress'

export function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function sayJson(data: unknown): void {
  say(jsonOf(data))
}

/** Large numbers of the database become text: JSON has none so large. */
export function jsonOf(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)
}

/** Rows under headings, in columns as wide as they need to be; Chinese characters count as two. */
export function sayTable(headings: string[], rows: string[][]): void {
  const widths = headings.map((heading, i) => Math.max(...[heading, ...rows.map((row) => row[i] ?? '')].map(width)))
  for (const row of [headings, ...rows]) {
    say(row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - width(cell)))).join('  '))
  }
}

function width(text: string): number {
  let cells = 0
  for (const character of text)
    cells +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1
  return cells
}

/** A bar for what takes longer than two seconds; nothing when standard error is no terminal. */
export function progress(title: string, total: number): { step(by?: number): void; end(): void } {
  if (!process.stderr.isTTY) return { step: () => undefined, end: () => undefined }
  const bar = new SingleBar({ format: `${title} {bar} {value}/{total}`, clearOnComplete: true, stream: process.stderr })
  bar.start(total, 0)
  return { step: (by = 1) => bar.increment(by), end: () => bar.stop() }
}
