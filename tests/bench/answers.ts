/**
 * Answers in the brand's voice, from the wire to the wire, by a model in a process of its own.
 *
 * - What we do around the model, which answers at once, one question at a time: from the moment in which a question is
 *   accepted until it comes to the model, and from its answer until the send has succeeded. Beside that the whole time, with
 *   the wire. Then the same questions again, which memory answers. The process is warm by then: in its first ten seconds,
 *   while our code is still being compiled on the same two cores, the slowest of a hundred takes half as long again.
 * - What the inbound road loses while the model has 200 questions: customers ask in direct messages, where the brand has no
 *   persona and the approved answers go out as in Spine; the 200 are members of groups whose rule names one. First while
 *   they wait, all of them at once; then with a model of 2 s, where each that is answered asks anew: a hundred more
 *   questions a second, each of which costs about two of the others.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { parse, stringify } from 'yaml'
import type { LoadReport } from '../../src/gateways/simulator/load.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import type { BotProcess } from '../support/bot.ts'
import { firstLine } from '../support/simulator.ts'
import { until } from '../support/until.ts'
import type { Order, Told, Waiting } from './model.ts'
import type { Row } from './row.ts'
import { questions, setStage, type Stage } from './stage.ts'

const things = '面膜 精华 乳液 面霜 防晒 眼霜 洁面 爽肤水 卸妆膏 身体乳'.split(' ')
const entriesAtAll = 2_000
const entries = Array.from({ length: entriesAtAll }, (_, i) => {
  // Of the digits 3 to 9: 120 and 12315 are numbers that guards know.
  const number = [...i.toString(7).padStart(4, '0')].map((digit) => Number(digit) + 3).join('')
  const product = `第${number}款${things[i % things.length]}`
  return {
    id: `many-${i + 1}`,
    questions: [`${product}怎么用`, `${product}适合什么肤质`, `${product}怎么保存`],
    answer: `${product}是这样的：洁面之后取适量，轻轻拍匀，放在阴凉的地方就可以啦。`,
  }
})

export type Sizes = { warmUp: number; alone: number; rounds: number; messages: number; thinking: number }
const usual: Sizes = { warmUp: 1_200, alone: 500, rounds: 3, messages: 2_000, thinking: 200 }
const thinkMs = 2_000

export async function measure(say: (progress: string) => void, sizes: Sizes = usual): Promise<Row[]> {
  return [...(await aroundTheModel(say, sizes)), ...(await besideTheModel(say, sizes))]
}

type Model = { child: ChildProcess; env: Record<string, string> }

async function startModel(think: number): Promise<Model> {
  const program = fileURLToPath(new URL('./model.ts', import.meta.url))
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const
  const child = spawn(process.execPath, [program, '--think', String(think)], { stdio: [...stdio] })
  process.once('exit', () => child.kill('SIGKILL'))
  const { baseUrl, apiKey } = JSON.parse(await firstLine(child)) as { baseUrl: string; apiKey: string }
  return { child, env: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, OPENAI_MODEL: 'bench' } }
}

async function aroundTheModel(say: (progress: string) => void, { warmUp, alone }: Sizes): Promise<Row[]> {
  const model = await startModel(0)
  const budget = { dailyTokens: 1e9, customerDailyTokens: 1e9 }
  const settings = { answers: { customerRate: { questions: 1_000_000 }, budget } }
  const stage = await setStage({
    content: { files: { 'faq/many.yaml': stringify(entries) }, settings },
    env: model.env,
  })
  try {
    const bot = await stage.startBot()
    const asked = entries.map(({ questions: [first] }) => first ?? '')
    const load = (from: number, messages: number, window: number): Promise<LoadReport> =>
      stage.simulator.act('load', {
        ...{ account: 'ours', customers: 50, window, messages },
        questions: asked.slice(from, from + messages),
      })
    const told = new Map<string, Told>()
    model.child.on('message', (one: Told | Waiting) => 'entry' in one && told.set(one.entry, one))
    await load(0, warmUp, 4)
    const one = await load(warmUp, alone, 1)
    const ours = await oursOf(stage, told, asked.slice(warmUp, warmUp + alone))
    const voiced = await answersOf(bot, 'voiced')
    const again = await load(warmUp, alone, 1)
    const cached = await answersOf(bot, 'cached')
    for (const [name, report] of Object.entries({ one, again })) say(`${name}: ${described(report)}`)
    const astray = warmUp + alone * 2 - voiced - cached
    return [
      { name: 'around the model, 2,000 entries: median', value: at(ours, 0.5), unit: 'ms', ok: true },
      {
        name: 'around the model, 2,000 entries: p99',
        ...{ value: at(ours, 0.99), unit: 'ms', bar: '< 30', ok: at(ours, 0.99) < 30 },
      },
      { name: 'the same with the model and the wire: p99', value: one.p99, unit: 'ms', ok: true },
      {
        name: 'answer from memory: p99',
        ...{ value: again.p99, unit: 'ms', bar: '< 100', ok: again.p99 < 100 },
      },
      {
        name: 'neither voiced nor from memory',
        ...{ value: astray, unit: 'answers', bar: '0', ok: astray === 0 },
      },
    ]
  } finally {
    await stage.close()
    model.child.kill('SIGKILL')
  }
}

/** How long each question was with us and not with the model, in ms, rising. */
async function oursOf(stage: Stage, told: ReadonlyMap<string, Told>, asked: readonly string[]): Promise<number[]> {
  const { url } = await embeddedPostgres({ dataDir: stage.data, log: silentLog })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const read = () =>
      client.query<{ entry: string; accepted: number; sent: number }>(
        `SELECT e.entries[1] AS entry, extract(epoch FROM i.received_at)::float8 * 1000 AS accepted,
         extract(epoch FROM o.settled_at)::float8 * 1000 AS sent
       FROM exchange e JOIN inbox i ON i.id = e.inbox_id JOIN outbox o ON o.answers && e.messages
       WHERE e.question = ANY ($1) AND e.outcome = 'voiced' AND o.settled_at IS NOT NULL`,
        [asked],
      )
    const what = 'all questions are voiced and sent'
    const rows = await until(() => read().then(({ rows: found }) => found.length >= asked.length && found), { what })
    const times = rows.flatMap(({ entry, accepted, sent }) => {
      const model = told.get(entry)
      return model ? [model.came - accepted + (sent - model.went)] : []
    })
    return times.sort((a, b) => a - b)
  } finally {
    await client.end()
  }
}

function at(rising: readonly number[], share: number): number {
  return rising[Math.min(rising.length - 1, Math.floor(rising.length * share))] ?? Number.NaN
}

/** Answers of that outcome since the bot started. */
async function answersOf(bot: BotProcess, outcome: string): Promise<number> {
  return (await bot.health()).answers[outcome] ?? 0
}

const persona = '---\nid: bench\nname: 小屿\n---\n\n小屿，护肤品牌的客服。\n'

/** The example brand's groups, and before them those whose rule names a persona. */
function withBenchGroups(): object {
  const file = fileURLToPath(new URL('../../content/groups.yaml', import.meta.url))
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: object[] }
  const bench = { id: 'bench', title: 'Bench', match: { topics: ['bench*'] }, persona: 'bench', welcome: false }
  return { groups: [bench, ...groups] }
}

async function besideTheModel(say: (progress: string) => void, sizes: Sizes): Promise<Row[]> {
  const model = await startModel(thinkMs)
  const stage = await setStage({
    content: {
      files: { 'groups.yaml': stringify(withBenchGroups()), 'personas/bench.md': persona },
      // Every question goes to the model, also one that was asked before.
      settings: {
        answers: { customerRate: { questions: 1_000_000 }, cacheFor: '1ms', repeatWindow: '1ms', deadline: '60s' },
      },
    },
    env: model.env,
  })
  rmSync(join(stage.content.dir, 'persona.md'))
  try {
    const askers = await settleAskers(stage, sizes.thinking)
    const bot = await stage.startBot()
    const load = (): Promise<LoadReport> =>
      stage.simulator.act('load', { account: 'ours', customers: 50, window: 16, messages: sizes.messages, questions })
    const thinking = thinkingOf(stage, model, askers)
    await load()
    await thinking.begin()
    await thinking.end()
    const rounds: Round[] = []
    for (let round = 1; round <= sizes.rounds; round++) {
      const alone = await load()
      await thinking.hold()
      const held = await load()
      await thinking.release()
      say(`round ${round} while ${sizes.thinking} wait: ${described(held)}`)
      await thinking.begin()
      const before = thinking.asked()
      const beside = await load()
      const asked = thinking.asked() - before
      await thinking.end()
      rounds.push({ alone, held, beside, asked })
      say(`round ${round} alone: ${described(alone)}`)
      say(`round ${round} beside ${thinking.least()} questions or more: ${described(beside)}, ${asked} of groups`)
    }
    // What the model has just answered is still to be said.
    const every = async (): Promise<boolean> => (await answersOf(bot, 'voiced')) >= thinking.asked()
    await until(every, { within: 5_000 }).catch(() => undefined)
    return rowsOf(rounds, thinking.least(), thinking.asked() - (await answersOf(bot, 'voiced')))
  } finally {
    await stage.close()
    model.child.kill('SIGKILL')
  }
}

type Round = { alone: LoadReport; held: LoadReport; beside: LoadReport; asked: number }

type Asker = { id: string; room: string }

/** As many members of groups of twenty. */
async function settleAskers({ simulator }: Stage, count: number): Promise<Asker[]> {
  const askers = Array.from({ length: count }, (_, i) => ({ id: `asker-${i}`, room: `bench-${Math.floor(i / 20)}` }))
  for (const [i, { id }] of askers.entries()) await simulator.act('putContact', { id, name: `A${i}` })
  for (const room of new Set(askers.map((asker) => asker.room))) {
    const members = askers.filter((asker) => asker.room === room).map(({ id }) => id)
    await simulator.act('addRoom', { id: room, topic: room, members: ['ours', ...members] })
  }
  return askers
}

/** Keeps a question of every asker with the model: whoever is answered asks the next. */
function thinkingOf({ simulator }: Stage, { child }: Model, askers: readonly Asker[]) {
  let going = false
  let asked = 0
  let answered = 0
  let least = askers.length
  let full = false
  const idle: Asker[] = [...askers]
  const busy: Asker[] = []
  const ask = (): void => {
    const asker = idle.shift()
    if (!asker) return
    busy.push(asker)
    const text = questions[asked % questions.length]!
    asked += 1
    void simulator.say(asker.id, text, { room: asker.room, account: 'ours', mention: ['ours'] })
  }
  let waiting = 0
  const order = (one: Order): boolean => child.send(one)
  child.on('message', (one: Told | Waiting) => {
    if ('waiting' in one) {
      waiting = one.waiting
      return
    }
    answered += 1
    if (full) least = Math.min(least, one.inFlight)
    // They are answered in their order, as the model takes the same time for each.
    idle.push(busy.shift()!)
    if (going) ask()
  })
  return {
    asked: () => asked,
    /** A question of every asker comes to the model, which answers none of them. */
    async hold() {
      waiting = 0
      order('hold')
      for (const _ of askers) ask()
      await until(() => waiting === askers.length, { within: 20_000, what: 'all questions are with the model' })
    },
    async release() {
      order('release')
      await until(() => answered === asked, { within: 20_000, what: 'the model has answered everything' })
    },
    /** The fewest that the model had while they were to be all. */
    least: () => least,
    async begin() {
      going = true
      for (const _ of askers) ask()
      const within = 20_000
      await until(() => answered > asked - askers.length * 2 && answered > 0 && asked > askers.length, { within })
      full = true
    },
    async end() {
      going = false
      full = false
      await until(() => answered === asked, { within: 20_000, what: 'the model has answered everything' })
    },
  }
}

function rowsOf(rounds: readonly Round[], least: number, astray: number): Row[] {
  const alone = middle(rounds.map((round) => round.alone.rate))
  const beside = middle(rounds.map((round) => round.beside.rate))
  const heard = middle(rounds.map((round) => round.beside.rate + round.asked / round.beside.seconds))
  const held = middle(rounds.map((round) => round.held.rate))
  const wrong = rounds.reduce((sum, round) => sum + round.alone.lost + round.held.lost + round.beside.lost, astray)
  return [
    { name: 'inbound, no question with the model', value: alone, unit: '/s', ok: true },
    {
      name: 'inbound, while 200 wait for the model',
      ...{ value: held, unit: '/s', ratio: held / alone, bar: '>= 0.9', ok: held / alone >= 0.9 },
    },
    {
      name: 'inbound, 200 with a model of 2 s, each answered asked anew',
      ...{ value: beside, unit: '/s', ratio: beside / alone, ok: true },
    },
    {
      name: 'the same with the questions to the model: all that is heard',
      ...{ value: heard, unit: '/s', ratio: heard / alone, ok: true },
    },
    { name: 'questions that the model had, at least', value: least, unit: '', ok: true },
    { name: 'beside the model: lost, or not voiced', value: wrong, unit: 'questions', bar: '0', ok: wrong === 0 },
  ]
}

function described({ rate, median, p99, lost, unexpected }: LoadReport): string {
  const wrong = lost + unexpected > 0 ? `, ${lost} lost, ${unexpected} unexpected` : ''
  return `${rate.toFixed(0)}/s, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${wrong}`
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
