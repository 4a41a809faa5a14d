/** What is known of the cases since somebody last accepted a run: a change is bad when one fails that did not. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../kernel/errors.ts'

/** Against what a run was made: results of one say nothing of another. */
export type Mode = 'recorded' | 'live' | 'approved'

const Known = z.strictObject({ passed: z.array(z.string()), failed: z.array(z.string()) })
const Baseline = z.partialRecord(z.enum(['recorded', 'live', 'approved']), Known)
export type Baseline = z.output<typeof Baseline>

const file = 'evals/.baseline.json'

/** Throws a UsageError `eval-baseline` when the file is not as it should be; none is an empty one. */
export async function readBaseline(contentDir: string): Promise<Baseline> {
  const path = join(contentDir, file)
  try {
    return Baseline.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    // Nobody has accepted a run yet. One that is there and cannot be read would let every bad change pass.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    const message = `${path} is no baseline. Bring it back from version control, or write it anew with eval --accept.`
    throw new UsageError({ code: 'eval-baseline', message, cause })
  }
}

export type Result = { id: string; passed: boolean }

/** Cases that fail and are not known to: those that passed before, and new ones. */
export function regressions(results: readonly Result[], known: Baseline[Mode]): string[] {
  const accepted = new Set(known?.failed)
  return results.flatMap(({ id, passed }) => (passed || accepted.has(id) ? [] : [id]))
}

/** Cases that pass and were known to fail. */
export function mended(results: readonly Result[], known: Baseline[Mode]): string[] {
  const accepted = new Set(known?.failed)
  return results.flatMap(({ id, passed }) => (passed && accepted.has(id) ? [id] : []))
}

/** The baseline after these results were accepted. Cases that were not run stay, those that are gone go. */
export function accepted(baseline: Baseline, mode: Mode, results: readonly Result[], all: readonly string[]): Baseline {
  const { passed = [], failed = [] } = baseline[mode] ?? {}
  const verdict = new Map([
    ...passed.map((id) => [id, true] as const),
    ...failed.map((id) => [id, false] as const),
    ...results.map((result) => [result.id, result.passed] as const),
  ])
  const ids = all.filter((id) => verdict.has(id)).sort()
  return {
    ...baseline,
    [mode]: { passed: ids.filter((id) => verdict.get(id)), failed: ids.filter((id) => !verdict.get(id)) },
  }
}

export async function writeBaseline(contentDir: string, baseline: Baseline): Promise<void> {
  await writeFile(join(contentDir, file), `${JSON.stringify(baseline, null, 2)}\n`)
}
