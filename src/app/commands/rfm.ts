/** RFM on the command line: what tagging has kept, or the plain textbook form as of a day. */
import type { Command } from 'commander'
import type { KeptScore, PlainFifths, PlainRfm } from '../../domains/tags/index.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { progress } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'
import { operator } from './operator.ts'
import { scorePrinter } from './rfm-printer.ts'

type Options = { plain?: boolean; asOf?: string; orders?: string; summary?: boolean; json?: boolean }

export function registerRfm(program: Command): void {
  program
    .command('rfm')
    .description('how lately, how often and how much: everybody’s scores from 1 to 5')
    .option('--plain', 'the textbook form: orders alone, in fifths of those who have ordered')
    .option(
      '--as-of <date>',
      'with --plain: the last day that counts, YYYY-MM-DD in the zone of the brand; default: today',
    )
    .option('--orders <file>', 'with --plain: a CSV file of customer,date,amount instead of the database')
    .option('--summary', 'only how many have which score')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Without --plain: the scores that tagging has kept (orders and interactions, weighted as tags.yaml says).
With --plain: bars are quantiles of type 7 plus one, intervals are [lower, upper), recency counts the other way
round, as in the R package rfm. An order on the day itself has recency 0. Score 555 is the best, 111 the worst.`,
    )
    .action(async (options: Options, command: Command) => {
      if (!options.plain && (options.asOf !== undefined || options.orders !== undefined))
        throw new UsageError({ code: 'rfm', message: '--as-of and --orders go with --plain.' })
      await (options.plain ? plain(options, command) : kept(options, command))
    })
}

async function kept(options: Options, command: Command): Promise<void> {
  await withDatabase(environmentOf(command), async (db) => {
    const [tags, { systemClock }] = await parts()
    await noteReading(db, 'rfm-listed', systemClock.now())
    const groups = await tags.listScoreGroups(db)
    const printer = scorePrinter(options)
    await printer.begin({ bars: await tags.latestBars(db.pool) })
    const people = groups.reduce((sum, group) => sum + group.people, 0)
    const bar = progress('reading', options.summary ? 0 : people)
    if (!options.summary)
      for await (const batch of tags.readScores(db)) {
        for (const row of batch) await printer.row(keptRow(row))
        bar.step(batch.length)
      }
    bar.end()
    await printer.end(groups)
  })
}

function keptRow({ person, lastAt, frequency, monetary, r, f, m, score }: KeptScore): Record<string, unknown> {
  return { customer: person, lastAt: lastAt?.toISOString() ?? null, frequency, amount: monetary, r, f, m, score }
}

async function plain(options: Options, command: Command): Promise<void> {
  const env = environmentOf(command)
  const [tags, { systemClock }] = await parts()
  const zone = await zoneOf(env.CONTENT_DIR)
  const asOf = options.asOf ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(systemClock.now())
  if (Number.isNaN(tags.dayNumber(asOf)))
    throw new UsageError({ code: 'rfm-as-of', message: `--as-of ${asOf}: expected a day such as 2006-12-31.` })
  const printer = scorePrinter(options)
  const groups = tags.groupScores()
  const begin = (fifths: PlainFifths | null) => printer.begin({ asOf, zone, bars: fifths && tags.plainBars(fifths) })
  const print = async (rows: Iterable<PlainRfm>): Promise<void> => {
    for (const row of rows) {
      groups.add(row)
      if (!options.summary) await printer.row(plainRow(row))
    }
  }
  if (options.orders === undefined) {
    await withDatabase(env, async (db) => {
      await noteReading(db, 'rfm-plain-listed', systemClock.now())
      await printFromDatabase(db, { asOf, zone }, { begin, print })
    })
  } else {
    const totals = tags.plainTotals(asOf)
    for await (const order of tags.readOrdersFile(options.orders, zone)) totals.add(order)
    const { fifths, rows } = totals.table()
    await begin(fifths)
    await print(rows)
  }
  await printer.end(groups.list())
}

type Printing = { begin(fifths: PlainFifths | null): Promise<void>; print(rows: PlainRfm[]): Promise<void> }

async function printFromDatabase(db: Database, day: { asOf: string; zone: string }, to: Printing): Promise<void> {
  const { readPlainRfm } = await import('../../domains/tags/index.ts')
  let bar: ReturnType<typeof progress> | undefined
  await readPlainRfm(db, day, {
    async begin(customers, fifths) {
      bar = progress('printing', customers)
      await to.begin(fifths)
    },
    async rows(batch) {
      await to.print(batch)
      bar?.step(batch.length)
    },
  })
  bar?.end()
}

function plainRow({ customer, recencyDays, orders, cents, r, f, m, score }: PlainRfm): Record<string, unknown> {
  return { customer, recencyDays, orders, amount: Number(cents) / 100, r, f, m, score }
}

function parts() {
  return Promise.all([import('../../domains/tags/index.ts'), import('../../kernel/clock.ts')])
}

/** Whoever has read everybody's scores has seen everybody's data: one line of the audit says so. */
async function noteReading(db: Database, action: string, at: Date): Promise<void> {
  const { writeAudit } = await import('../../kernel/audit.ts')
  await writeAudit(db.pool, { at, by: operator(), action, subject: 'base:all' })
}

/** The brand's zone. What else is wrong in the folder is in nobody's way here. */
async function zoneOf(dir: string): Promise<string> {
  const [{ formatFindings, loadFolder }, { registry }] = await Promise.all([
    import('../../content/index.ts'),
    import('../registry.ts'),
  ])
  const matters = (file: string): boolean => file === '.' || file === 'settings.yaml'
  const { content, findings } = await loadFolder(dir, registry, { tolerates: ({ file }) => !matters(file) })
  if (content) return content.zone
  const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}
