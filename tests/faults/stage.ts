/**
 * What the fault suite stands on: a simulated WeChat in a process of its own whose journal is on disk before it
 * answers, the real bot in another, and a PostgreSQL that keeps its promises (fsync on) and outlives the bot's kills.
 *
 *     const stage = await openStage()
 *     const bot = await stage.start()
 *     await stage.simulator.say('customer-lin', questionOf(7))
 *     await stage.answered(7)
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { onTestFailed, onTestFinished } from 'vitest'
import { parseDocument, stringify } from 'yaml'
import type { JournalEntry } from '../../src/gateways/simulator/journal.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { type EmbeddedPostgres, embeddedPostgres } from '../../src/kernel/postgres.ts'
import { afterFile } from '../support/after-file.ts'
import { BotProcess } from '../support/bot.ts'
import { type ContentFolder, contentFolder } from '../support/content.ts'
import { SimulatorProcess, type SimulatorProcessOptions } from '../support/simulator.ts'
import { until } from '../support/until.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Each numbered question has an entry and an answer of its own, so that an answer shows what it answers. */
export function questionOf(n: number): string {
  return `口诀${n}是什么意思`
}
export function answerOf(n: number): string {
  return `口诀${n}的意思是：一切都好。`
}

export type StageOptions = {
  /** How many numbered questions the FAQ holds; default 120. */
  questions?: number
  /** Content files on top, by path. */
  files?: Record<string, string>
  /** Settings by path within settings.yaml: `{'delivery.deadline': '3s'}`. */
  settings?: Record<string, unknown>
  /** Written to accounts.yaml when several, or when one does not echo; else one account comes from the environment. */
  accounts?: { name: string; echoes?: boolean }[]
  simulator?: Omit<SimulatorProcessOptions, 'accounts' | 'journal'>
  /** Variables for every bot. */
  env?: Record<string, string>
  /** A server of the stage's own, for tests that stop it; by default the test file has one for all. */
  server?: DurableServer
}

export type Row = Record<string, unknown>

export type Stage = {
  simulator: SimulatorProcess
  content: ContentFolder
  databaseUrl: string
  /** Starts a bot without waiting. All bots end with the file. */
  spawn(env?: Record<string, string>, args?: string[]): BotProcess
  /** Starts a bot and waits until every account is connected. */
  start(env?: Record<string, string>, args?: string[]): Promise<BotProcess>
  rows<R extends Row = Row>(sql: string, values?: unknown[]): Promise<R[]>
  /** Runs a command of the real command line. */
  zhanggui(...words: string[]): Promise<{ code: number; out: string; err: string }>
  /** Ids of what `outbox --state unknown` lists. */
  listUnknown(): Promise<string[]>
  /** What was sent as the answer to a numbered question, to anybody. */
  answersTo(n: number): Promise<JournalEntry[]>
  answered(n: number, within?: number): Promise<void>
  /** Waits until everything heard is handled and everything to be sent has an outcome. */
  settled(within?: number): Promise<void>
  /** The last lines of every bot's log: what a failed test shows of what it could not wait out. */
  lastWords(): string[]
  /** Ends all processes of the stage; done by itself after the last test of the file. */
  close(): Promise<void>
}

export type DurableServer = EmbeddedPostgres & { folder: string }

let shared: Promise<DurableServer> | undefined

/** A server with its folder; stopped after the last test of the file. */
export async function durableServer(settings: Record<string, string> = {}): Promise<DurableServer> {
  // The name tells the next run's sweep (global-setup.ts) whose it was, should we be killed.
  const folder = mkdtempSync(join(tmpdir(), `zhanggui-test-${process.pid}-`))
  chmodSync(folder, 0o755)
  const server = await embeddedPostgres({ dataDir: folder, log: silentLog, settings })
  const stop = async (): Promise<void> => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  afterFile.add(stop)
  return { ...server, folder }
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { questions = 120, accounts = [{ name: 'main' }] } = options
  const server = options.server ?? (await (shared ??= durableServer()))
  const databaseUrl = await freshDatabase(server.url)
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-fault-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const simulator = await SimulatorProcess.start({
    ...options.simulator,
    accounts: accounts.map(({ name }) => name),
    journal: join(folder, 'journal.jsonl'),
  })
  const fromFile = accounts.length > 1 || accounts.some(({ echoes }) => echoes === false)
  const content = contentFolder({
    files: {
      'faq/numbered.yaml': numbered(questions),
      ...(fromFile ? { 'accounts.yaml': accountsFile(accounts, simulator) } : {}),
      ...options.files,
    },
  })
  if (options.settings) content.write({ 'settings.yaml': withSettings(content.dir, options.settings) })
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: data,
    CONTENT_DIR: content.dir,
    SIMULATOR_TOKEN: simulator.token,
    WECHATY_PUPPET_SERVICE_TOKEN: simulator.token,
    WECHATY_PUPPET_SERVICE_ENDPOINT: simulator.endpoint(accounts[0]?.name),
    WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
    ...options.env,
  }
  const bots: BotProcess[] = []
  const client = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  // A test may stop the server under it.
  client.on('error', () => undefined)

  const stage: Stage = {
    simulator,
    content,
    databaseUrl,
    spawn(more = {}, args = []) {
      const bot = BotProcess.spawn({ env: { ...env, ...more }, args })
      bots.push(bot)
      return bot
    },
    async start(more, args) {
      const bot = stage.spawn(more, args)
      await bot.untilReady(60_000)
      return bot
    },
    rows: async <R extends Row>(sql: string, values: unknown[] = []) => (await client.query<R>(sql, values)).rows,
    zhanggui: (...words) => command(words, env),
    async listUnknown() {
      const { code, out, err } = await stage.zhanggui('outbox', '--state', 'unknown', '--limit', '1000', '--json')
      if (code !== 0) throw new Error(`outbox exited with ${code}: ${err}`)
      return (JSON.parse(out) as { id: string }[]).map(({ id }) => id)
    },
    async answersTo(n) {
      return (await simulator.sends()).filter(({ text }) => text?.includes(answerOf(n)))
    },
    async answered(n, within = 60_000) {
      await until(async () => (await stage.answersTo(n)).length > 0, { within, what: `question ${n} is answered` })
    },
    async settled(within = 60_000) {
      await until(
        async () => {
          const [open] = await stage.rows(
            `SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL)::int AS inbox, (SELECT count(*) FROM burst)::int AS bursts,
               (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))::int AS outbox`,
          )
          return open?.inbox === 0 && open.bursts === 0 && open.outbox === 0
        },
        { within, every: 50, what: 'everything heard is handled and everything to be sent has an outcome' },
      )
    },
    lastWords: () =>
      bots.flatMap(({ log, printed }) => [...log.slice(-30).map((line) => JSON.stringify(line)), ...printed]),
    async close() {
      afterFile.delete(stage.close)
      await Promise.all(bots.map((bot) => bot.kill9()))
      await simulator.kill9()
      await client.end()
      content.dispose()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  afterFile.add(stage.close)
  return stage
}

/** A stage that ends with the test that opens it: idle bots of earlier tests take the processor from later ones. */
export async function stageOfTest(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options)
  onTestFinished(() => stage.close())
  onTestFailed(() => {
    for (const line of stage.lastWords()) console.error(line)
  })
  return stage
}

async function freshDatabase(serverUrl: string): Promise<string> {
  const name = `fault_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${name}`)
  } finally {
    await admin.end()
  }
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

function numbered(count: number): string {
  return stringify(
    Array.from({ length: count }, (_, i) => ({
      id: `numbered-${i + 1}`,
      questions: [questionOf(i + 1)],
      answer: answerOf(i + 1),
    })),
  )
}

function accountsFile(accounts: NonNullable<StageOptions['accounts']>, simulator: SimulatorProcess): string {
  return stringify({
    accounts: accounts.map(({ name, echoes = true }) => ({
      name,
      token: 'SIMULATOR_TOKEN',
      endpoint: simulator.endpoint(name),
      tls: false,
      echoes,
    })),
  })
}

function withSettings(dir: string, changes: Record<string, unknown>): string {
  const document = parseDocument(readFileSync(join(dir, 'settings.yaml'), 'utf8'))
  for (const [path, value] of Object.entries(changes)) document.setIn(path.split('.'), value)
  return document.toString()
}

function command(words: string[], env: Record<string, string>): ReturnType<Stage['zhanggui']> {
  const { PATH, HOME } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { env: { PATH, HOME, ...env } }, (error, out, err) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
      resolve({ code, out, err })
    })
  })
}
