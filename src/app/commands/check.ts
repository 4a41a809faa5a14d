import type { Command } from 'commander'
import { say, sayJson } from '../terminal.ts'
import { environmentOf } from './common.ts'

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('read the content folder and name everything that is wrong with it, in one go')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const { checkContent, formatFindings } = await import('../../content/index.ts')
      const { registry } = await import('../registry.ts')
      const { CONTENT_DIR: dir } = environmentOf(command)
      const findings = await checkContent(dir, registry)
      if (options.json) sayJson(findings)
      else say(formatFindings(findings))
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
    })
}
