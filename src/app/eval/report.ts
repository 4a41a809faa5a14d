/** A run in words and tables, for people. */
import { sayTable } from '../terminal.ts'
import type { Mode } from './baseline.ts'
import type { CaseResult } from './run.ts'
import type { Tally } from './source.ts'

export type Told = {
  mode: Mode
  results: readonly CaseResult[]
  regressions: readonly string[]
  /** Known to fail, and passed. */
  mended: readonly string[]
  recordings: Tally
}

/** Lists of names in a report at most; `--json` has them all. */
const namesAtMost = 8

export function report({ mode, results, regressions, mended, recordings }: Told, say: (line?: string) => void): void {
  const bad = new Set(regressions)
  for (const result of results) {
    if (!result.passed) sayFailures(result, bad.has(result.id), say)
  }
  sayTable(['kind', 'passed', 'of', 'regressions'], rowsOf(results, bad))
  say()
  sayRecordings(mode, recordings, say)
  const tokens = results.reduce((sum, one) => sum + one.tokens, 0)
  const cost = results.reduce((sum, one) => sum + one.cost, 0)
  if (tokens > 0) say(`tokens ${tokens}, cost ${cost.toFixed(4)} by the prices of settings.yaml`)
  if (mended.length > 0)
    say(`${mended.length} pass that were known to fail: ${named(mended)}. Keep that with --accept.`)
  const failed = results.filter(({ passed }) => !passed).length
  if (bad.size > 0)
    say(`${bad.size} that fail are not known to: ${named(regressions)}. Mend it, or take it for good with --accept.`)
  else say(failed === 0 ? 'All passed.' : `Nothing is worse than the baseline, which knows ${failed} to fail.`)
}

function sayFailures({ id, turns }: CaseResult, isNew: boolean, say: (line?: string) => void): void {
  say(`${id}${isNew ? '' : '  (known to fail)'}`)
  for (const { turn, failures, said, complaints } of turns) {
    if (failures.length === 0) continue
    for (const failure of failures) say(`  turn ${turn}: ${failure}`)
    if (complaints.length > 0) say(`  the model’s words were not said: ${complaints.join('; ')}`)
    say(`  said: ${said.length > 0 ? said.join(' / ').replaceAll('\n', ' ') : 'nothing'}`)
  }
  say()
}

function rowsOf(results: readonly CaseResult[], bad: ReadonlySet<string>): string[][] {
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort()
  const row = (name: string, some: readonly CaseResult[]): string[] => {
    const worse = some.filter(({ id }) => bad.has(id)).length
    return [
      name,
      String(some.filter(({ passed }) => passed).length),
      String(some.length),
      worse === 0 ? '' : String(worse),
    ]
  }
  return [
    ...kinds.map((kind) =>
      row(
        kind,
        results.filter((one) => one.kind === kind),
      ),
    ),
    row('all', results),
  ]
}

function sayRecordings(mode: Mode, { missing, otherPrompt, byHand }: Tally, say: (line?: string) => void): void {
  if (mode === 'approved') return say('Without a model: approved answers, word for word.')
  if (mode === 'live') return
  say(`Of a model: ${byHand} answers written by hand.`)
  if (otherPrompt.length > 0) say(`recorded under another prompt ${otherPrompt.length}: ${named(otherPrompt)}`)
  if (missing.length > 0) say(`not recorded ${missing.length}, so the approved answer was sent: ${named(missing)}`)
}

function named(names: readonly string[]): string {
  const more = names.length - namesAtMost
  return names.slice(0, namesAtMost).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
