import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { RightsParts } from '../rights.ts'
import type { Shown } from '../customers.ts'
import { complain, jsonOf, say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { idOf } from './customer-id.ts'

const anyId = 'the id of a customer, as `customers find` gives it'

export function registerCustomers(program: Command): void {
  const customers = program.command('customers').description('who a customer is, and what the law lets her ask of us')

  customers
    .command('find')
    .description('find a customer by what leads to exactly one; never by a name')
    .argument('<what>', 'a phone in any spelling, a shop’s number, a contact id or a customer id')
    .option('--json', 'as JSON')
    .action(async (what: string, _: unknown, command: Command) => {
      await withRights(command, async (db, parts) => {
        const { lookUp } = await import('../customers.ts')
        const found = await lookUp(db, parts, what)
        if (found.length === 0) process.exitCode = 1
        if (wantsJson(command)) return sayJson(found)
        if (found.length === 0) return say('Nobody is known by that.')
        sayTable(
          ['customer', 'person', 'found by'],
          found.map(({ customerId, personId, by, forgotten }) => [
            customerId,
            personId === customerId ? 'herself' : personId,
            forgotten ? `${by} (deleted)` : by,
          ]),
        )
      })
    })

  customers
    .command('show')
    .description('who a customer is: contacts, keys, groups, links, what she allowed')
    .argument('<id>', anyId, idOf)
    .option('--json', 'as JSON')
    .action(async (id: string, _: unknown, command: Command) => {
      await withRights(command, async (db, parts) => {
        const { look } = await import('../customers.ts')
        const shown = await look(db, parts, id)
        if (wantsJson(command)) sayJson(shown)
        else print(shown)
      })
    })

  customers
    .command('link')
    .description('make two customers one person: A resolves to B from now on; `unlink A` takes it back')
    .argument('<a>', anyId, idOf)
    .argument('<b>', anyId, idOf)
    .option('--json', 'as JSON')
    .action(async (a: string, b: string, _: unknown, command: Command) => {
      await withRights(command, async (db, parts) => {
        const { linkCustomers } = await import('../rights.ts')
        const linked = await linkCustomers(db, parts, a, b)
        if (wantsJson(command)) sayJson({ linked })
        else say(linked ? 'They are one person now.' : 'They were one person already.')
      })
    })

  customers
    .command('unlink')
    .description('take back that a customer is the same person as another; each row goes back to where it was written')
    .argument('<a>', anyId, idOf)
    .option('--json', 'as JSON')
    .action(async (a: string, _: unknown, command: Command) => {
      await withRights(command, async (db, parts) => {
        const { unlinkCustomer } = await import('../rights.ts')
        const from = await unlinkCustomer(db, parts, a)
        if (wantsJson(command)) sayJson({ unlinkedFrom: from })
        else say(`She stands for herself again, apart from ${from}. A key that they share will not link them any more.`)
      })
    })

  customers
    .command('export')
    .description('everything that is kept of a person, as JSON')
    .argument('<id>', anyId, idOf)
    .option('--out <file>', 'a new file, readable by you alone (default: standard output)')
    .action(async (id: string, options: { out?: string }, command: Command) => {
      await withRights(command, async (db, parts) => {
        const { exportCustomer } = await import('../rights.ts')
        const exported = await exportCustomer(db, parts, id)
        if (!options.out) return sayJson(exported)
        await writeNew(options.out, exported)
        complain(`Written to ${options.out}.`)
      })
    })

  customers
    .command('delete')
    .description('delete a person for good; nothing brings her back, and an import under her keys is refused')
    .argument('<id>', anyId, idOf)
    .option('--yes', 'yes, for good')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { yes?: boolean }, command: Command) => {
      if (!options.yes) {
        throw new UsageError({
          code: 'customers-delete',
          message: `This deletes ${id} and everybody who is the same person, for good. Look first (customers show ${id}), then add --yes.`,
        })
      }
      await withRights(command, async (db, parts) => {
        const { forgetCustomer } = await import('../rights.ts')
        await forgetCustomer(db, parts, id)
        if (wantsJson(command)) sayJson({ deleted: id })
        else say('Deleted.')
      })
    })
}

/** The database and all that rights need. */
async function withRights(command: Command, use: (db: Database, parts: RightsParts) => Promise<void>): Promise<void> {
  const env = environmentOf(command)
  await withDatabase(env, async (db) => {
    const [{ openSecrets }, { systemClock: clock }, { systemIds }, { durableJobs }, { slices }, { createLog }] =
      await Promise.all([
        import('../../kernel/secrets.ts'),
        import('../../kernel/clock.ts'),
        import('../../kernel/ids.ts'),
        import('../../kernel/jobs.ts'),
        import('../slices.ts'),
        import('../../kernel/log.ts'),
      ])
    const { operator } = await import('./operator.ts')
    const now = clock.now()
    const secrets = await openSecrets(db, { key: env.DATA_KEY, dataDir: env.DATA_DIR }, now)
    const jobs = durableJobs({ pool: db.pool, clock, log: createLog('warn') })
    await use(db, { slices, secrets, ids: systemIds(clock), jobs, now, by: operator() })
  })
}

async function writeNew(path: string, data: unknown): Promise<void> {
  try {
    await writeFile(path, `${jsonOf(data)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const message = `--out: ${path} cannot be written (${code}). Name a file that does not exist yet.`
    throw new UsageError({ code: 'export-out', message, cause })
  }
}

function print(shown: Shown): void {
  const day = (at: Date | null): string => (at && at.getTime() > 0 ? at.toISOString() : '-')
  say(`person     ${shown.personId}${shown.forgottenAt ? ' (deleted)' : ''}${shown.staff ? ' (staff)' : ''}`)
  say(`seen       ${day(shown.firstSeenAt)} to ${day(shown.lastSeenAt)}`)
  if (shown.invitedBy) say(`brought by ${shown.invitedBy}`)
  for (const [what, at] of Object.entries(shown.consent)) if (at) say(`${what}  ${day(at)}`)
  const section = (headings: string[], rows: string[][]): void => {
    if (rows.length === 0) return
    say()
    sayTable(headings, rows)
  }
  section(
    ['customer', 'linked to', 'since'],
    shown.customers.map(({ id, mergedInto, mergedAt }) => [id, mergedInto ?? '-', day(mergedAt)]),
  )
  section(
    ['contact', 'role', 'name', 'last seen'],
    shown.contacts.map(({ contactId, role, name, lastSeenAt }) => [contactId, role, name, day(lastSeenAt)]),
  )
  section(
    ['key', 'value', 'from'],
    shown.keys.map(({ kind, value, source }) => [kind, value, source]),
  )
  section(
    ['group', 'joined', 'left'],
    shown.groups.map(({ topic, joinedAt, leftAt }) => [topic, day(joinedAt), day(leftAt)]),
  )
}
