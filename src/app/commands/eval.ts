import type { Command } from 'commander'
import { UsageError } from '../../kernel/errors.ts'
import { progress, say, sayJson } from '../terminal.ts'
import { environmentOf } from './common.ts'

type Options = {
  live?: boolean
  approved?: boolean
  record?: boolean
  only?: string
  accept?: boolean
  json?: boolean
}

export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('play the dialogues of evals/ through the bot, and say what came out otherwise than expected')
    .option('--live', 'ask the model of the environment; without it, what was recorded of one is said')
    .option('--approved', 'without any model: approved answers, word for word')
    .option('--record', 'with --live: keep what the model says for the runs to come')
    .option('--only <id|kind>', 'one case, or all of a kind')
    .option('--accept', 'from now on these results are the baseline')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Exit code 1 when a case fails that the baseline (evals/.baseline.json) does not know to fail. It uses a database of
its own, which is dropped at the end; nothing is sent to anybody.`,
    )
    .action(async (options: Options, command: Command) => {
      if (options.live && options.approved)
        throw new UsageError({ code: 'eval', message: 'Give --live or --approved, not both.' })
      if (options.record && !options.live)
        throw new UsageError({
          code: 'eval',
          message: '--record goes with --live: only a model has something to keep.',
        })
      await run(options, command)
    })
}

async function run(options: Options, command: Command): Promise<void> {
  const env = environmentOf(command)
  const { report } = await import('../eval/report.ts')
  const evals = await import('../eval/index.ts')
  const content = await evals.contentOf(env.CONTENT_DIR)
  const cases = evals.chosenCases(content, options.only)
  const source = await evals.openSource(env, options)
  const bar = progress('playing', cases.length)
  const results = await evals
    .withScratch(env, (db) =>
      evals.evaluate(db, { content, cases, askingFor: source.askingFor(db), onCase: () => bar.step() }),
    )
    .finally(() => {
      bar.end()
      source.close()
    })
  if (options.record) await evals.writeRecordings(env.CONTENT_DIR, source.recorded(results))
  const baseline = await evals.readBaseline(env.CONTENT_DIR)
  const known = baseline[source.mode]
  const bad = options.accept ? [] : evals.regressions(results, known)
  if (options.accept) {
    const all = evals.casesOf(content).map(({ id }) => id)
    await evals.writeBaseline(env.CONTENT_DIR, evals.accepted(baseline, source.mode, results, all))
  }
  const mended = options.accept ? [] : evals.mended(results, known)
  const told = { mode: source.mode, results, regressions: bad, mended, recordings: source.tally(results) }
  if (options.json) sayJson(told)
  else report(told, say)
  if (bad.length > 0) process.exitCode = 1
}
