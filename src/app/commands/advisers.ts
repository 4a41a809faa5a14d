import type { Command } from 'commander'
import type * as handoffDomain from '../../domains/handoff/index.ts'
import type { Content } from '../../kernel/content.ts'
import { minuteIn } from '../../kernel/zone.ts'
import { say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { operator } from './operator.ts'

export function registerAdvisers(program: Command): void {
  const advisers = program.command('advisers').description('who takes cases: advisers.yaml, and how they are just now')
  advisers
    .command('list')
    .description('everybody of the roster: on duty, reachable, and how many cases')
    .option('--json', 'as JSON')
    .action(async (_: unknown, command: Command) => {
      await withRoster(command, async ({ db, content, handoff, now }) => {
        const seats = await db.transaction((tx) => handoff.listSeats(tx, content, now))
        if (wantsJson(command)) return sayJson(seats)
        sayTable(
          ['id', 'name', 'role', 'on duty', 'WeChat', 'cases'],
          seats.map((seat) => [
            seat.id,
            seat.name,
            seat.role,
            seat.away ? 'signed off' : seat.onDuty ? 'yes' : 'no',
            seat.bound ? 'bound' : '-',
            `${seat.load} of ${seat.capacity}`,
          ]),
        )
      })
    })

  advisers
    .command('code')
    .description('a one-time code with which an adviser binds her WeChat; an older one is void')
    .argument('<adviser>', 'her id in advisers.yaml')
    .addHelpText(
      'after',
      `
She sends the code, and nothing else, to the bot from her own WeChat. Give it to nobody but her: whoever sends it is
taken for her, and reads the cases of customers.`,
    )
    .action(async (adviser: string, _: unknown, command: Command) => {
      await withRoster(command, async ({ db, content, handoff, now, ids }) => {
        const { writeAudit } = await import('../../kernel/audit.ts')
        const { code, name, expiresAt } = await db.transaction(async (tx) => {
          const entry = { at: now, by: operator(), action: 'adviser-code-issued', subject: `adviser:${adviser}` }
          const issued = await handoff.issueCode(tx, adviser, { content, ids, now })
          await writeAudit(tx, entry)
          return issued
        })
        say(`${code.slice(0, 4)}-${code.slice(4)}`)
        say(`For ${name}, until ${minuteIn(content.zone, expiresAt)}. She sends it to the bot from her own WeChat.`)
      })
    })

  advisers
    .command('open')
    .description('gives a customer to a human, whatever the bot makes of her')
    .argument('<customer>', 'her id, or what `customers find` takes')
    .requiredOption('--note <text>', 'why: whoever takes the case reads it')
    .action(async (given: string, { note }: { note: string }, command: Command) => {
      await withRoster(command, async ({ env, db, handoff, now, ids }) => {
        const [{ findCustomerId }, { writeAudit }, { durableJobs }, { systemClock }, { createLog }] = await Promise.all(
          [
            import('./customer-id.ts'),
            import('../../kernel/audit.ts'),
            import('../../kernel/jobs.ts'),
            import('../../kernel/clock.ts'),
            import('../../kernel/log.ts'),
          ],
        )
        const by = operator()
        const customerId = await findCustomerId({ env, db, now, by }, given)
        const jobs = durableJobs({ pool: db.pool, clock: systemClock, log: createLog('warn') })
        const { number, isNew } = await db.transaction(async (tx) => {
          const asked = { customerId, by, note, click: ids.fresh() }
          const opened = await handoff.openByHand(tx, asked, { ids, now, jobs })
          await writeAudit(tx, { at: now, by, action: 'case-opened', subject: `customer:${customerId}` })
          return opened
        })
        say(isNew ? `Case #${number} is open.` : `She has case #${number} already; your note stands there.`)
      })
    })

  advisers
    .command('totp-reset')
    .description('forget the second factor of a manager who has lost her phone; she is signed out everywhere')
    .argument('<adviser>', 'her id in advisers.yaml, or her name')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
At her next sign-in she is shown a new key for her authenticator. Until then whoever reads her WeChat can sign in as her:
be sure that it is she who asks.`,
    )
    .action(async (asked: string, _: unknown, command: Command) => {
      await withRoster(command, async ({ db, content, now }) => {
        const [{ writeAudit }, { resetTotp }, { adviserOf }] = await Promise.all([
          import('../../kernel/audit.ts'),
          import('../../desk/server/index.ts'),
          import('../../domains/handoff/index.ts'),
        ])
        const { id, name } = adviserOf(content, asked)
        const reset = await db.transaction(async (tx) => {
          const entry = { at: now, by: operator(), action: 'desk-totp-reset', subject: `adviser:${id}` }
          await writeAudit(tx, entry)
          return resetTotp(tx, id)
        })
        if (wantsJson(command)) return sayJson({ adviser: id, reset })
        say(reset ? `${name} enrols anew at her next sign-in.` : `${name} had no second factor. She is signed out.`)
      })
    })
}

type Given = {
  env: ReturnType<typeof environmentOf>
  db: Parameters<Parameters<typeof withDatabase>[1]>[0]
  content: Content
  handoff: typeof handoffDomain
  now: Date
  ids: ReturnType<typeof import('../../kernel/ids.ts')['systemIds']>
}

/** The roster of the content folder, whatever else is wrong there, and the database. */
export async function withRoster(command: Command, use: (given: Given) => Promise<void>): Promise<void> {
  const [{ contentOf }, handoff, { systemClock }, { systemIds }] = await Promise.all([
    import('../content-of.ts'),
    import('../../domains/handoff/index.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/ids.ts'),
  ])
  const env = environmentOf(command)
  const content = await contentOf(env.CONTENT_DIR, ['advisers.yaml', 'settings.yaml'])
  await withDatabase(env, (db) =>
    use({ env, db, content, handoff, now: systemClock.now(), ids: systemIds(systemClock) }),
  )
}
