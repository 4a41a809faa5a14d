import type { Command } from 'commander'
import { UsageError } from '../../kernel/errors.ts'
import { minuteIn } from '../../kernel/zone.ts'
import { say, sayJson } from '../terminal.ts'
import { withRoster } from './advisers.ts'
import { environmentOf, wantsJson } from './common.ts'
import { operator } from './operator.ts'

export function registerLoginLink(program: Command): void {
  program
    .command('login-link')
    .description('a one-time link with which an adviser signs in at the desk without WeChat')
    .argument('<adviser>', 'her id in advisers.yaml, or her name')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
For the first manager, and for the day when the account is down and nobody gets a code. Good once, for ten minutes;
whoever opens it is taken for her. A manager still shows her second factor where the desk asks for one. Where DESK_PORT
or DESK_URL differ from those of the running bot, the address in front of the link is not the desk's.`,
    )
    .action(async (asked: string, _: unknown, command: Command) => {
      const env = environmentOf(command)
      const { DESK_URL: publicUrl, DESK_HOST: host, DESK_PORT: port } = env
      if (port === 'off' || (port === 0 && publicUrl === undefined)) {
        const message =
          'DESK_PORT does not say where the desk is: give it the port of the running bot, or set DESK_URL.'
        throw new UsageError({ code: 'desk-port', message })
      }
      await withRoster(command, async ({ db, content, now }) => {
        const [{ writeAudit }, { deskUrl, issueLink }, { adviserOf }] = await Promise.all([
          import('../../kernel/audit.ts'),
          import('../../desk/server/index.ts'),
          import('../../domains/handoff/index.ts'),
        ])
        const { id, name } = adviserOf(content, asked)
        const { path, expiresAt } = await db.transaction(async (tx) => {
          const entry = { at: now, by: operator(), action: 'desk-link-issued', subject: `adviser:${id}` }
          await writeAudit(tx, entry)
          return issueLink(tx, id, now)
        })
        const link = `${deskUrl({ publicUrl, host, port })}${path}`
        if (wantsJson(command)) return sayJson({ adviser: id, link, expiresAt })
        say(link)
        say(`For ${name}, once, until ${minuteIn(content.zone, expiresAt)}.`)
      })
    })
}
