/**
 * Tagging 100,000 customers again after a change of the rules, in the bot's own process, while customers ask and are
 * answered as fast as they can.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { computeBars, tagEverybodyNow, tagRulesOf } from '../../src/domains/tags/index.ts'
import type { LoadReport } from '../../src/gateways/simulator/load.ts'
import { systemClock as clock } from '../../src/kernel/clock.ts'
import { openDatabase } from '../../src/kernel/db.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import type { BotProcess } from '../support/bot.ts'
import { until } from '../support/until.ts'
import type { Row } from './row.ts'
import { questions, type Stage, setStage } from './stage.ts'
import { fillBase } from './tagging-base.ts'

const people = 100_000
const bars = { seconds: 60, slower: 0.2 }
/** Questions of one measurement of the load. */
const step = 1_000
const patience = { within: 300_000 }

type Say = (progress: string) => void

export async function measure(say: Say): Promise<Row[]> {
  const stage = await setStage()
  try {
    const first = await prepare(stage, say)
    const bot = await stage.startBot()
    const load = async (): Promise<LoadReport> => {
      const plan = { account: 'ours', customers: 50, window: 16, messages: step, questions }
      const report: LoadReport = await stage.simulator.act('load', plan)
      say(`${report.rate.toFixed(0)}/s, median ${report.median.toFixed(1)} ms`)
      return report
    }
    await load()
    const alone = [await load(), await load(), await load(), await load()]
    say('tagging again')
    const { seconds, beside, changed } = await retag(bot, stage, load)
    say(`tagged again in ${seconds.toFixed(1)} s`)
    await load()
    alone.push(await load(), await load(), await load(), await load())
    return rowsOf({ first, seconds, changed, alone, beside })
  } finally {
    await stage.close()
  }
}

/** Fills the bot's database and tags everybody for the first time, by the rules with which the bot will start. */
async function prepare(stage: Stage, say: Say): Promise<number> {
  const server = await embeddedPostgres({ dataDir: stage.data, log: silentLog })
  try {
    await migrate(server.url)
    const db = openDatabase(server.url, { connections: 1 })
    say(`${people} customers`)
    await fillBase(db.pool, people, clock.now())
    const { content } = await loadFolder(stage.content.dir, registry)
    if (!content) throw new Error('The content of the stage has errors.')
    const rules = tagRulesOf(content)
    // As in life, where they are there before anybody changes a rule.
    await computeBars(db, rules.rfm, clock.now())
    await db.close()
    const ids = systemIds(clock)
    const started = performance.now()
    await tagEverybodyNow({ url: server.url, rules, clock, ids, onDue: () => undefined, onRound: () => undefined })
    const seconds = (performance.now() - started) / 1_000
    say(`tagged for the first time in ${seconds.toFixed(1)} s`)
    return seconds
  } finally {
    await server.stop()
  }
}

type Retagged = { seconds: number; changed: number; beside: LoadReport[] }

/** Lowers a bar of tags.yaml while customers ask; measures from the change to the end of its run. */
async function retag(bot: BotProcess, stage: Stage, load: () => Promise<LoadReport>): Promise<Retagged> {
  const path = join(stage.content.dir, 'tags.yaml')
  const before = readFileSync(path, 'utf8')
  const after = before.replace('spend: 2000', 'spend: 1700')
  if (after === before) throw new Error('The example no longer has the bar that the bench lowers.')
  const finished = () => bot.said('everybody has the tags of the changed rules')
  stage.content.write({ 'tags.yaml': after })
  await until(() => bot.said('the rules of tags have changed: tagging everybody again'), patience)
  const started = performance.now()
  let seconds = 0
  const watching = until(finished, patience).then(() => (seconds = (performance.now() - started) / 1_000))
  const beside: LoadReport[] = []
  while (seconds === 0) {
    const report = await load()
    // What ran on after the end was not slowed by it.
    if (!finished() || beside.length === 0) beside.push(report)
  }
  await watching
  return { seconds, changed: Number(finished()?.['changed']), beside }
}

type Measured = Retagged & { first: number; alone: LoadReport[] }

function rowsOf({ first, seconds, changed, alone, beside }: Measured): Row[] {
  const mean = (reports: LoadReport[], key: 'rate' | 'median' | 'p99'): number =>
    reports.reduce((sum, report) => sum + report[key], 0) / reports.length
  const rate = mean(beside, 'rate') / mean(alone, 'rate')
  const median = mean(beside, 'median') / mean(alone, 'median')
  const lost = [...alone, ...beside].reduce((sum, report) => sum + report.lost + report.unexpected, 0)
  return [
    { name: `tagging ${people} customers first`, value: first, unit: 's', ok: true },
    {
      name: `re-tagging ${people} beside replies`,
      value: seconds,
      unit: 's',
      bar: `< ${bars.seconds}`,
      ok: seconds < bars.seconds && changed > 0,
    },
    { name: 'changed by it', value: changed, unit: 'customers', ok: changed > 0 },
    { name: 'replies alone', value: mean(alone, 'rate'), unit: '/s', ok: true },
    {
      name: 'replies beside re-tagging',
      value: mean(beside, 'rate'),
      unit: '/s',
      ratio: rate,
      bar: `>= ${1 - bars.slower} of alone`,
      ok: rate >= 1 - bars.slower && lost === 0,
    },
    {
      name: 'median beside re-tagging',
      value: mean(beside, 'median'),
      unit: 'ms',
      ratio: median,
      bar: `<= ${1 / (1 - bars.slower)} of alone`,
      ok: median <= 1 / (1 - bars.slower),
    },
    {
      name: 'p99 beside re-tagging',
      value: mean(beside, 'p99'),
      unit: 'ms',
      ratio: mean(beside, 'p99') / mean(alone, 'p99'),
      ok: true,
    },
  ]
}
