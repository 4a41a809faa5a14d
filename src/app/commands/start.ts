import type { Command } from 'commander'
import { environmentOf } from './common.ts'

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('serve the accounts of content/accounts.yaml, or the one that the environment names')
    .option('--account <name...>', 'only these accounts of accounts.yaml')
    .option('--standby', 'wait for an account that another process owns, and take over when it is gone')
    .action(async (options: { account?: string[]; standby?: boolean }, command: Command) => {
      const env = environmentOf(command)
      const { serve } = await import('../serve.ts')
      await serve(env, { only: options.account ?? [], standby: options.standby ?? false })
    })
}
