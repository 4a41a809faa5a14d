import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Env } from '../../env.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { ImportSummary } from '../import/index.ts'
import { complain, progress, say, sayJson } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'

type Options = { problems?: string; encoding?: string; newerTotals?: boolean; json?: boolean }

/** `import orders` and `import customers`, beside the `import faq` of content. */
export function registerImport(program: Command): void {
  const importing = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  const file = (name: string, description: string): Command =>
    importing
      .command(name)
      .description(description)
      .argument('<file>', 'a CSV file, in UTF-8 or GB18030; content/import.yaml says which column is what')
      .option('--problems <file>', 'where rows that could not be taken in are listed (default: <file>.problems.csv)')
      .option('--encoding <name>', 'utf-8 or gb18030, where it is not recognised')
      .option('--json', 'as JSON')
      .addHelpText(
        'after',
        '\nA run that was broken off goes on where it was; a file that was imported is not imported again.',
      )
  file('orders', 'take in the shop’s orders and refunds')
    .option('--newer-totals', 'an order that is known with another total takes the one of this file')
    .action((path: string, options: Options, command: Command) => run('orders', path, options, environmentOf(command)))
  file('customers', 'take in the shop’s customers: who they are, who brought them, what they have refused').action(
    (path: string, options: Options, command: Command) => run('customers', path, options, environmentOf(command)),
  )
}

async function run(kind: 'orders' | 'customers', path: string, options: Options, env: Env): Promise<void> {
  const encoding = encodingOf(options.encoding)
  const { openImports } = await import('../import/open.ts')
  await withDatabase(env, async (db) => {
    const imports = await openImports({ env, db })
    let bar: ReturnType<typeof progress> | undefined
    const summary = await imports[kind]({
      path,
      encoding,
      problemsPath: options.problems,
      by: `cli:${userInfo().username}`,
      totals: options.newerTotals ? 'replace' : 'keep',
      onBytes(bytes, of) {
        bar ??= progress(`importing ${kind}`, of)
        bar.step(bytes)
      },
    })
    bar?.end()
    if (summary.refused > 0) process.exitCode = 1
    if (options.json) return sayJson(summary)
    print(summary)
  })
}

function encodingOf(given: string | undefined): 'utf-8' | 'gb18030' | undefined {
  const name = given?.toLowerCase()
  if (name === undefined) return undefined
  if (name === 'utf-8' || name === 'utf8') return 'utf-8'
  if (name === 'gb18030' || name === 'gbk' || name === 'gb2312') return 'gb18030'
  throw new UsageError({ code: 'import-encoding', message: `--encoding is utf-8 or gb18030, not ${given}.` })
}

function print(summary: ImportSummary): void {
  for (const { line, column, reason } of summary.problems) {
    complain(`${summary.file}:${line}: ${column === null ? '' : `${column}: `}${reason}`)
  }
  const { rows, added, changed, unchanged, refused, kind } = summary
  if (summary.already) say('This file was imported already, read in the same way. What it came to then:')
  else if (summary.before > 0) say(`Went on behind the ${summary.before} rows that were done before.`)
  say(
    `${rows} rows (${summary.encoding}): ${added} ${kind} added, ${changed} changed, ${unchanged} unchanged; ${refused} rows refused.`,
  )
  if (summary.ignored.length > 0) say(`Columns that nobody reads: ${summary.ignored.join(', ')}`)
  if (summary.problemsFile !== null) say(`All that was refused, by line: ${summary.problemsFile}`)
}
