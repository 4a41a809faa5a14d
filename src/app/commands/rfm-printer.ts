/** Prints rows of scores while they come, any number of them: as one JSON object, or as lines with tabs between. */
import { once } from 'node:events'
import type { ScoreGroup } from '../../domains/tags/index.ts'
import { say, sayTable } from '../terminal.ts'

export type ScorePrinter = {
  /** What is said before the rows; as JSON the first fields of the object. */
  begin(head: Record<string, unknown>): Promise<void>
  row(row: Record<string, unknown>): Promise<void>
  /** How many have which score, best first. */
  end(groups: readonly ScoreGroup[]): Promise<void>
}

export function scorePrinter({ json, summary }: { json?: boolean; summary?: boolean }): ScorePrinter {
  return json ? jsonPrinter() : linePrinter(summary ?? false)
}

function jsonPrinter(): ScorePrinter {
  let rows = 0
  return {
    begin: (head) => write(`${JSON.stringify(head).slice(0, -1)},"customers":[`),
    row: (row) => write(`${rows++ === 0 ? '' : ','}\n${JSON.stringify(row)}`),
    end: (groups) => write(`\n],"summary":${JSON.stringify(groups)}}\n`),
  }
}

function linePrinter(summary: boolean): ScorePrinter {
  let rows = 0
  return {
    async begin() {},
    async row(row) {
      if (rows++ === 0) await write(`${Object.keys(row).join('\t')}\n`)
      await write(`${Object.values(row).map(cellOf).join('\t')}\n`)
    },
    async end(groups) {
      if (!summary) say()
      const cells = groups.map(({ score, people, averageFrequency, averageAmount }) =>
        [score, people, averageFrequency.toFixed(1), averageAmount.toFixed(2)].map(String),
      )
      sayTable(['score', 'people', 'frequency on average', 'amount on average'], cells)
    },
  }
}

function cellOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '-'
}

/** Waits while whoever reads us is behind: a million rows must not pile up in memory. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
