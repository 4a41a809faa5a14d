import type { Command } from 'commander'
import { sayJson, sayTable, say } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('accounts, deaf time, queues and live content, as the database knows them')
    .option('--json', 'as JSON')
    .option('--unbind <account>', 'let the account be logged in as another WeChat user from now on')
    .action(async (options: { json?: boolean; unbind?: string }, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => {
        const { readStatus, unbind } = await import('../status.ts')
        if (options.unbind) await unbind(db, options.unbind)
        const status = await readStatus(db)
        if (options.json) return sayJson(status)
        sayTable(
          ['account', 'state', 'logged in as', 'owner', 'heard until', 'deaf today'],
          status.accounts.map((account) => [
            account.name,
            account.state,
            account.contactName ?? '-',
            account.owner ?? '-',
            account.heartbeatAt?.toISOString() ?? '-',
            `${Math.round(account.deafMsLastDay / 1000)} s`,
          ]),
        )
        for (const { frozen } of status.accounts) if (frozen) say(frozen)
        say(`inbox   ${status.inbox.open} open`)
        say(
          `outbox  ${
            Object.entries(status.outbox)
              .map(([state, count]) => `${count} ${state}`)
              .join(', ') || 'empty'
          }`,
        )
        say(`content ${status.content ?? 'nothing published yet'}`)
      })
    })
}
