import { type Command, InvalidArgumentError } from 'commander'
import type * as campaignsDomain from '../../domains/campaigns/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { operator } from './operator.ts'

export function registerCampaigns(program: Command): void {
  const campaigns = program
    .command('campaigns')
    .description('drops: what goes out when, to whom, who approved it, and what came of it')
    .option('--json', 'as JSON')
    .action((_: unknown, command: Command) => withHouse(command, list))

  campaigns
    .command('approve')
    .description('approve a campaign as it is live now; an edit wants a new word')
    .argument('<id>', 'its id')
    .action((id: string, _: unknown, command: Command) => withHouse(command, (house) => approve(house, id)))

  for (const [name, description] of [
    ['pause', 'let nothing of it begin or leave until it is resumed'],
    ['resume', 'let it go on'],
    ['stop', 'end its runs now: whoever has not got it gets nothing'],
  ] as const) {
    campaigns
      .command(name)
      .description(description)
      .argument('<id>', 'its id')
      .action((id: string, _: unknown, command: Command) => withHouse(command, (house) => act(house, name, id)))
  }

  campaigns
    .command('preview')
    .description('show it to our own people, in the test groups of settings.yaml')
    .argument('<id>', 'its id')
    .action((id: string, _: unknown, command: Command) => withHouse(command, (house) => showPreview(house, id)))

  campaigns
    .command('report')
    .description('what a run came to, by variant')
    .argument('<id>', 'the id of a campaign, or of one run')
    .option('--runs <n>', 'so many of its last runs', countOf, 1)
    .option('--segment <ids>', 'also how many of these segments are among the recipients, with commas between')
    .option('--csv', 'as CSV')
    .action((id: string, options: ReportOptions, command: Command) =>
      withHouse(command, (house) => report(house, id, options)),
    )
}

function countOf(given: string): number {
  if (!/^[1-9]\d{0,3}$/.test(given)) throw new InvalidArgumentError('Expected a number from 1 to 9999.')
  return Number(given)
}

type House = {
  db: Database
  /** What is live; of a house that never ran, the folder. */
  content: Content
  domain: typeof campaignsDomain
  command: Command
  now: Date
}

async function withHouse(command: Command, run: (house: House) => Promise<void>): Promise<void> {
  const [domain, { liveContentOf }, { systemClock }] = await Promise.all([
    import('../../domains/campaigns/index.ts'),
    import('../content-of.ts'),
    import('../../kernel/clock.ts'),
  ])
  const env = environmentOf(command)
  await withDatabase(env, async (db) => {
    const content = await liveContentOf(db, env.CONTENT_DIR)
    await run({ db, content, domain, command, now: systemClock.now() })
  })
}

async function list({ db, content, domain, command, now }: House): Promise<void> {
  const [standings, paused, runs] = await Promise.all([
    domain.listStandings(db.pool, content),
    domain.listPaused(db.pool),
    domain.listRuns(db.pool, { limit: 1_000 }),
  ])
  const rows = standings.map(({ drop, approved, approvedBy }) => {
    const last = runs.find(({ campaign }) => campaign === drop.id)
    return {
      ...{ id: drop.id, title: drop.title, approved, approvedBy, paused: paused.has(drop.id) },
      next: domain.nextSlotOf(drop, content, now),
      last: last && { run: last.id, slot: last.slot, state: last.state, reason: last.reason, audience: last.audience },
    }
  })
  if (wantsJson(command)) return sayJson(rows)
  if (rows.length === 0) return say('There is none: content/campaigns/*.md. Begin one with: new drops <id>')
  const { minuteIn } = await import('../../kernel/zone.ts')
  const at = (instant: Date | null | undefined): string => (instant ? minuteIn(content.zone, instant) : '-')
  sayTable(
    ['id', 'title', 'next', 'approved', 'last run', 'state'],
    rows.map(({ id, title, next, approved, approvedBy, last, paused: held }) => [
      ...[id, title, held ? 'paused' : at(next), approved ? (approvedBy ?? 'not needed') : 'no'],
      ...[at(last?.slot), last ? [last.state, last.reason].filter(Boolean).join(': ') : '-'],
    ]),
  )
}

async function approve({ db, content, domain, command, now }: House, id: string): Promise<void> {
  const by = operator()
  const { fingerprint } = await db.transaction((tx) => domain.approveDrop({ db: tx, content, by, now }, id))
  if (wantsJson(command)) return sayJson({ id, fingerprint, by })
  say(`${id} is approved as it is now (${fingerprint.slice(0, 12)}), by ${by}.`)
}

async function act(
  { db, content, domain, command, now }: House,
  name: 'pause' | 'resume' | 'stop',
  id: string,
): Promise<void> {
  const { actOnBatches } = await import('../campaign-acts.ts')
  const doing = { pause: domain.pauseDrop, resume: domain.resumeDrop, stop: domain.stopRuns }[name]
  const runs = await db.transaction(async (tx) => {
    const acted = await doing({ db: tx, content, by: operator(), now }, id)
    await actOnBatches(tx, acted.effects, now)
    return acted.runs
  })
  const done = { pause: 'paused', resume: 'resumed', stop: 'stopped' }[name]
  if (wantsJson(command)) return sayJson({ id, [done]: runs })
  const under = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} under way`
  say(name === 'stop' ? `${id}: ${under} stopped.` : `${id} is ${done}, with ${under}.`)
  if (name === 'stop' && runs.length === 0) process.exitCode = 1
}

async function showPreview({ db, content, domain, command, now }: House, id: string): Promise<void> {
  const [{ durableJobs }, { silentLog }, { systemClock, systemIds }] = await Promise.all([
    import('../../kernel/jobs.ts'),
    import('../../kernel/log.ts'),
    Promise.all([import('../../kernel/clock.ts'), import('../../kernel/ids.ts')]).then(([a, b]) => ({ ...a, ...b })),
  ])
  const by = operator()
  const key = `preview:${systemIds(systemClock).fresh()}`
  const { wish, groups } = await domain.previewOf(db.pool, content, { campaign: id, by }, { at: now, key })
  await durableJobs({ pool: db.pool, clock: systemClock, log: silentLog }).schedule.run(db.pool, [wish])
  if (wantsJson(command)) return sayJson({ id, groups })
  say(`${id} goes to ${groups} test ${groups === 1 ? 'group' : 'groups'} as soon as the bot runs.`)
}

type ReportOptions = { runs: number; segment?: string; csv?: boolean }

async function report({ db, content, domain, command, now }: House, id: string, options: ReportOptions): Promise<void> {
  const { lent } = await import('../slices.ts')
  const one = /^[0-9a-f-]{36}$/.test(id) ? await domain.findRun(db.pool, id) : undefined
  const runs = one ? [one] : await domain.listRuns(db.pool, { campaign: id, limit: options.runs })
  if (runs.length === 0) {
    throw new UsageError({ code: 'run-unknown', message: `There is no run of «${id}» yet. See «zhanggui campaigns».` })
  }
  const segments = options.segment?.split(',') ?? []
  const reports = []
  for (const run of runs) reports.push(await domain.reportOf(db, run, { content, now, goals: lent.goals, segments }))
  if (wantsJson(command)) return sayJson(reports)
  const { csvOf, linesOf } = await import('../campaign-report.ts')
  if (options.csv) return say(csvOf(reports))
  for (const line of reports.flatMap((each) => linesOf(each, content.zone))) say(line)
}

export function registerJourneys(program: Command): void {
  const journeys = program
    .command('journeys')
    .description('journeys: who is under way in them, and how others ended')
    .option('--json', 'as JSON')
    .action((_: unknown, command: Command) => withHouse(command, listPeople))

  for (const [name, description] of [
    ['pause', 'let nobody enter and nobody go on until it is resumed'],
    ['resume', 'let them go on'],
    ['stop', 'let everybody leave it now'],
  ] as const) {
    journeys
      .command(name)
      .description(description)
      .argument('<id>', 'its id')
      .action((id: string, _: unknown, command: Command) =>
        withHouse(command, (house) => actOnJourney(house, name, id)),
      )
  }
}

async function listPeople({ db, content, domain, command }: House): Promise<void> {
  const rows = await domain.listJourneys(db.pool, content)
  if (wantsJson(command)) return sayJson(rows)
  if (rows.length === 0) return say('There is none: content/journeys/*.yaml. Begin one with: new journeys <id>')
  sayTable(
    ['id', 'title', 'under way', 'to the end', 'left before', 'messages'],
    rows.map(({ id, title, paused, active, done, left, messages }) => [
      ...[id, title, paused ? `${active}, paused` : String(active), String(done)],
      ...[left, messages].map((counts) => {
        const each = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
        return each.join(', ') || '-'
      }),
    ]),
  )
}

async function actOnJourney(
  { db, content, domain, command, now }: House,
  name: 'pause' | 'resume' | 'stop',
  id: string,
): Promise<void> {
  const by = operator()
  const { actOnBatches } = await import('../campaign-acts.ts')
  const stopped = await db.transaction(async (tx) => {
    if (name !== 'stop') {
      await actOnBatches(tx, [await domain.pauseJourney({ db: tx, content, by, now }, id, name === 'pause')], now)
      return undefined
    }
    const { people, effect } = await domain.stopJourney({ db: tx, by, now }, id)
    await actOnBatches(tx, [effect], now)
    return people
  })
  if (wantsJson(command)) return sayJson({ id, done: name, ...(stopped !== undefined && { people: stopped }) })
  if (stopped === undefined) return say(`${id} is ${name === 'pause' ? 'paused' : 'resumed'}.`)
  say(`${stopped} left ${id}. Whoever it happens to from now on enters it as before; pause it to keep them out.`)
  if (stopped === 0) process.exitCode = 1
}
