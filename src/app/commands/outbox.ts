import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../../kernel/errors.ts'
import { say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'

const states = ['pending', 'sending', 'sent', 'refused', 'unknown', 'cancelled'] as const

export function registerOutbox(program: Command): void {
  const outbox = program
    .command('outbox')
    .description('what was asked to be sent, and what became of it')
    .addOption(new Option('--state <state>', 'only rows in this state').choices(states))
    .option('--limit <n>', 'rows at most, newest first', countOf, 50)
    .option('--json', 'as JSON')
    .action(async (options: { state?: string; limit: number; json?: boolean }, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => {
        const { listOutbox } = await import('../../delivery/index.ts')
        const rows = await listOutbox(db, { state: options.state, limit: options.limit })
        if (options.json) return sayJson(rows)
        sayTable(
          ['id', 'state', 'reason', 'account', 'purpose', 'part', 'asked at'],
          rows.map((row) => [
            String(row.id),
            row.state,
            row.reason ?? '-',
            row.account,
            row.purpose,
            `${row.part + 1}/${row.parts}`,
            row.createdAt.toISOString(),
          ]),
        )
      })
    })

  outbox
    .command('settle')
    .description('say what became of sends that nobody could be sure of')
    .argument('<ids>', 'the id of an unknown row, several with commas between, or `all`')
    .addArgument(
      new Argument('<verdict>', 'sent: it arrived; retry: it did not, send it again').choices(['sent', 'retry']),
    )
    .option('--json', 'as JSON')
    .action(async (given: string, verdict: 'sent' | 'retry', _: unknown, command: Command) => {
      const ids = given.split(',')
      const wrong = ids.filter((id) => id !== 'all' && !/^\d+$/.test(id))
      if (wrong.length > 0)
        throw new UsageError({ code: 'outbox-id', message: `Not an id of the outbox: ${wrong.join(', ')}.` })
      await withDatabase(environmentOf(command), async (db) => {
        const { settleByHand } = await import('../../delivery/index.ts')
        const { followSays } = await import('../../domains/handoff/index.ts')
        const { systemClock } = await import('../../kernel/clock.ts')
        const { durableJobs } = await import('../../kernel/jobs.ts')
        const { silentLog } = await import('../../kernel/log.ts')
        const settled = await settleByHand(
          db,
          ids.includes('all') ? 'all' : ids.map(BigInt),
          verdict,
          'command line',
          systemClock.now(),
          // An adviser who was told that her words are uncertain hears how it was settled.
          { follower: followSays(durableJobs({ pool: db.pool, clock: systemClock, log: silentLog })) },
        )
        if (wantsJson(command)) sayJson({ settled })
        else
          say(
            `${settled.length} settled as ${verdict}${settled.length < ids.length ? '; the others are not unknown' : ''}.`,
          )
        if (settled.length === 0) process.exitCode = 1
      })
    })
}

function countOf(given: string): number {
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new InvalidArgumentError('Expected a number from 1 to 999999.')
  return Number(given)
}
