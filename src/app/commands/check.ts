import type { Command } from 'commander'
import type { Env } from '../../env.ts'
import type { Finding } from '../../kernel/content.ts'
import { UsageError } from '../../kernel/errors.ts'
import { say, sayJson } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('read the content folder and name everything that is wrong with it, in one go')
    .option('--data', 'also look into the database: segments that nobody or everybody is in are warnings')
    .option('--json', 'as JSON')
    .action(async (options: { data?: boolean; json?: boolean }, command: Command) => {
      const { checkContent, formatFindings } = await import('../../content/index.ts')
      const { registry } = await import('../registry.ts')
      const env = environmentOf(command)
      const findings = await checkContent(env.CONTENT_DIR, registry)
      if (options.data) findings.push(...(await findingsOfData(env)))
      if (options.json) sayJson(findings)
      else say(formatFindings(findings))
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
    })
}

/** Nothing while segments or what they build on have errors: those come first. */
async function findingsOfData(env: Env): Promise<Finding[]> {
  const [{ checkMembers, segmentContent }, { systemClock }] = await Promise.all([
    import('../segments.ts'),
    import('../../kernel/clock.ts'),
  ])
  const content = await segmentContent(env.CONTENT_DIR).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined
    throw error
  })
  return content ? withDatabase(env, (db) => checkMembers(db, content, systemClock.now())) : []
}
