import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { complain, progress, say, sayJson } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'

type Options = {
  from?: string
  days: number
  html?: string
  lang: 'zh' | 'en'
  json?: boolean
  customer?: string
  behaviour?: number
  live?: boolean
  diff?: boolean
}

export function registerRehearse(program: Command): void {
  program
    .command('rehearse')
    .description('play campaigns through on a copy of the real customers: who would get what, when, and why not')
    .option('--from <day>', 'the first day, such as 2026-12-01; default: tomorrow', dayOf)
    .option('--days <n>', 'so many days', daysOf, 14)
    .option('--html <file>', 'write the calendar and all else as one page')
    .option('--lang <zh|en>', 'the language of that page', langOf, 'zh')
    .option('--json', 'as JSON')
    .option('--customer <id>', 'tell what this one gets, and why not the rest')
    .option('--behaviour <seed>', 'customers who answer, buy and join, by chance from this number', seedOf)
    .option('--live', 'the content that is live, instead of the folder as it is saved')
    .option('--diff', 'what changes when the folder goes live')
    .addHelpText(
      'after',
      `
Nothing is sent and nothing is changed: the customers are copied, without phones and words, into a database of its own,
which is dropped afterwards. Drops that nobody has approved yet count as approved.

Exit codes: 0 all well; 1 somebody gets only one of two campaigns that collide, or a campaign reaches nobody;
2 wrong use, or content with errors.`,
    )
    .action((options: Options, command: Command) => run(options, command))
}

async function run(options: Options, command: Command): Promise<void> {
  const [
    { rehearse },
    { contentOf, liveContentOf },
    { openSecrets },
    { systemClock },
    { createLog },
    zones,
    { ceilingsOf },
  ] = await Promise.all([
    import('../rehearsal/index.ts'),
    import('../content-of.ts'),
    import('../../kernel/secrets.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/log.ts'),
    import('../../kernel/zone.ts'),
    import('../accounts.ts'),
  ])
  const env = environmentOf(command)
  await withDatabase(env, async (db, url) => {
    const live = options.live || options.diff ? await liveContentOf(db, env.CONTENT_DIR) : undefined
    const saved = options.live ? undefined : await contentOf(env.CONTENT_DIR, 'all')
    const content = saved ?? live
    if (!content) throw new RangeError('there is content')
    const secrets = await openSecrets(db, { key: env.DATA_KEY, dataDir: env.DATA_DIR }, systemClock.now())
    const from = options.from ?? zones.dayAfter(zones.dayIn(content.zone, systemClock.now()), 1)
    const given = { url, secrets, log: createLog('fatal'), from, days: options.days, seed: options.behaviour }
    const bar = progress('rehearsing', 100)
    let shown = 0
    const onProgress = (share: number): void => {
      bar.step(Math.round(share * 100) - shown)
      shown = Math.round(share * 100)
    }
    const one = { ...given, content, ceilings: ceilingsOf(content), customerId: options.customer, progress: onProgress }
    const { rehearsal, person, failures } = await rehearse(one)
    bar.end()
    for (const failure of failures) complain(`An event could not be handled: ${failure}`)
    if (options.diff && live) {
      const before = await rehearse({ ...given, content: live, ceilings: ceilingsOf(live) })
      const { differencesOf, differenceLines } = await import('../rehearsal/diff.ts')
      const differences = differencesOf(before.rehearsal, rehearsal)
      if (options.json) sayJson(differences)
      else for (const line of differenceLines(differences, content.zone)) say(line)
      return
    }
    if (options.html !== undefined) {
      const { pageOf } = await import('../../desk/rehearsal/page.ts')
      await writeFile(options.html, pageOf(rehearsal, options.lang))
    }
    if (options.json) sayJson(person ? { ...rehearsal, person } : rehearsal)
    else {
      const { linesOf, personLines } = await import('../rehearsal/text.ts')
      for (const line of person ? personLines(person, content.zone) : linesOf(rehearsal)) say(line)
    }
    if (rehearsal.empty.length > 0 || rehearsal.collisions.length > 0 || failures.length > 0) process.exitCode = 1
  })
}

function dayOf(text: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Expected a day such as 2026-12-01.')
  return text
}

function daysOf(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('Expected a number of days from 1 to 99.')
  return Number(text)
}

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a number of up to nine digits.')
  return Number(text)
}

function langOf(text: string): 'zh' | 'en' {
  if (text === 'zh' || text === 'en') return text
  throw new InvalidArgumentError('Expected zh or en.')
}
