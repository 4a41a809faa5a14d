/**
 * How soon the desk's queue shows a case that a keyword opened: from the moment in which the customer's phone sends it until
 * the line stands in the page, at 500 open cases, alone and beside twenty messages a second of customers who have cases.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { BotProcess } from '../support/bot.ts'
import { openPage } from '../support/browser.ts'
import { until } from '../support/until.ts'
import type { Row } from './row.ts'
import { setStage, type Stage } from './stage.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const openCases = 500
const samples = 40
const bar = 300
/** A topic of the example brand that opens a case at once. */
const keyword = '我要找人工'

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const handoff = { hours: [{ days: 'daily', time: '0:00-24:00' }], holidays: [] }
  const stage = await setStage({ content: { settings: { handoff } }, env: { DESK_PORT: '0' } })
  try {
    const bot = await stage.startBot()
    const people = await putPeople(stage, openCases + samples * 2)
    for (const from of people.splice(0, openCases))
      await stage.simulator.act('say', { account: 'ours', from, text: keyword })
    const page = await signIn(stage, bot)
    await until(async () => (await countOf(page)) >= openCases, {
      within: 300_000,
      what: `${openCases} cases are open`,
    })
    say(`${openCases} cases are open`)
    const alone = await shown(stage, page, people.splice(0, samples))
    const stop = chatter(stage)
    const beside = await shown(stage, page, people)
    await stop()
    return [
      ...rowsOf('queue shows a new case, 500 open', alone, bar),
      ...rowsOf('the same beside 20 messages a second', beside),
    ]
  } finally {
    await stage.close()
  }
}

async function putPeople({ simulator }: Stage, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `waiting-${i + 1}`)
  for (const id of ids) await simulator.act('putContact', { id, name: `顾客${id.slice(8)}` })
  return ids
}

/** With a link of the command line, as on the day when no code can be sent. */
async function signIn({ data, content }: Stage, bot: BotProcess): Promise<Page> {
  const line = await until(() => bot.said('the desk is open'))
  const env = { ...process.env, DATA_DIR: data, CONTENT_DIR: content.dir, DESK_PORT: String(line['port']) }
  const stdout = execFileSync(process.execPath, [program, 'login-link', 'zhou-ning', '--json'], {
    env,
    encoding: 'utf8',
  })
  const { link } = JSON.parse(stdout) as { link: string }
  const { page } = await openPage()
  await page.goto(link)
  return page
}

const countOf = (page: Page): Promise<number> => page.locator('nav [data-case]').count()

/** Milliseconds from a customer's word to its line in the page, one after the other. */
async function shown(stage: Stage, page: Page, customers: readonly string[]): Promise<number[]> {
  const times: number[] = []
  for (const from of customers) {
    const before = await countOf(page)
    const appears = page.locator('nav [data-case]').nth(before).waitFor({ timeout: 60_000 })
    const begun = performance.now()
    await stage.simulator.act('say', { account: 'ours', from, text: keyword })
    await appears
    times.push(performance.now() - begun)
  }
  return times
}

/** Twenty messages a second of customers with a case, until it is stopped. */
function chatter({ simulator }: Stage): () => Promise<void> {
  let n = 0
  const under = new Set<Promise<unknown>>()
  const timer = setInterval(() => {
    n += 1
    const one: Promise<unknown> = simulator
      .act('say', { account: 'ours', from: `waiting-${(n % openCases) + 1}`, text: `还在吗，第 ${n} 次问了` })
      .finally(() => under.delete(one))
    under.add(one)
  }, 50)
  return async () => {
    clearInterval(timer)
    await Promise.all(under)
  }
}

/** `atMost`: where there is a promise. */
function rowsOf(name: string, times: readonly number[], atMost?: number): Row[] {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  const worst = sorted.at(-1) ?? Number.NaN
  return [
    { name: `${name}: median`, value: at(0.5), unit: 'ms', ok: true },
    {
      ...{ name: `${name}: slowest of ${times.length}`, value: worst, unit: 'ms' },
      ...(atMost === undefined ? { ok: true } : { bar: `<= ${atMost}`, ok: worst <= atMost }),
    },
  ]
}
