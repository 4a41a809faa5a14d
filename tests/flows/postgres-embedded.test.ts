import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog, silentLog } from '../../src/kernel/log.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import { readPostmaster } from '../../src/kernel/postgres-cluster.ts'
import { afterFile } from '../support/after-file.ts'
import { until } from '../support/until.ts'

const program = fileURLToPath(new URL('../support/embedded-command.ts', import.meta.url))
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }
/** Root may have put the project where nobody else can run it. */
const nobodyMay =
  isRoot && [process.execPath, program].every((path) => spawnSync('test', ['-r', path], nobody).status === 0)

/** Initialised once, since that takes longest; a test that needs a folder of its own calls freshFolder. */
const shared = await newFolder()
let dataDir: string
let children: ChildProcess[]

beforeEach(() => {
  dataDir = shared
  children = []
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  const running = await readPostmaster(dataOf(dataDir))
  if (running) process.kill(running.pid, 'SIGQUIT')
  await until(async () => !(await readPostmaster(dataOf(dataDir))))
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-embedded-'))
  afterFile.add(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  return folder
}

async function freshFolder(): Promise<void> {
  dataDir = await newFolder()
}

const start = () => embeddedPostgres({ dataDir, log: silentLog })
const dataOf = (folder: string) => join(folder, 'postgres', 'cluster', 'data')
const isRunning = async () => Boolean(await readPostmaster(dataOf(dataDir)))

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as T[]
  } finally {
    await client.end()
  }
}

type Command = { url: string; owned: boolean; leave(): Promise<void>; kill(): Promise<void> }

/** Another zhanggui process on the same data folder. */
async function command(options: { uid?: number; gid?: number } = {}): Promise<Command> {
  const child = spawn(process.execPath, [program, dataDir], { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string]
  return {
    ...(JSON.parse(line) as { url: string; owned: boolean }),
    async leave() {
      child.stdin.end()
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('what was committed is there after a stop and a start', async () => {
  const first = await start()
  expect(first.owned).toBe(true)
  await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS number')
  await first.stop()
  expect(await isRunning()).toBe(false)
  const second = await start()
  expect(await ask(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }])
  await second.stop()
})

test('a server left by a command that was killed is adopted, and stopped by who adopted it', async () => {
  const killed = await command()
  await killed.kill()
  expect(await isRunning()).toBe(true)
  const next = await start()
  expect(next.owned).toBe(false)
  expect(next.url).toBe(killed.url)
  await next.stop()
  expect(await isRunning()).toBe(false)
})

test('two commands share one server, and it stops with the last of them, whoever started it', async () => {
  const first = await command()
  const second = await start()
  expect([first.owned, second.owned]).toEqual([true, false])
  await first.leave()
  expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await second.stop()
  expect(await isRunning()).toBe(false)
})

test('commands that start at the same moment on an empty folder get the same server', async () => {
  await freshFolder()
  const [one, two, three] = await Promise.all([command(), command(), command()])
  expect(new Set([one.url, two.url, three.url]).size).toBe(1)
  expect([one, two, three].filter((each) => each.owned)).toHaveLength(1)
  await Promise.all([one.leave(), two.leave(), three.leave()])
  expect(await isRunning()).toBe(false)
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['cluster'])
})

test('a killed server starts again and has what was committed', async () => {
  const first = await start()
  await ask(first.url, 'CREATE TABLE survivor AS SELECT 7 AS number')
  const { pid } = (await readPostmaster(dataOf(dataDir)))!
  process.kill(pid, 'SIGKILL')
  await until(async () => !(await isRunning()))
  await first.stop()
  const second = await start()
  expect(second.owned).toBe(true)
  expect(await ask(second.url, 'SELECT number FROM survivor')).toEqual([{ number: 7 }])
  await second.stop()
})

test('a postmaster.pid whose number belongs to another process by now does not keep the server from starting', async () => {
  const first = await start()
  await first.stop()
  const file = join(dataOf(dataDir), 'postmaster.pid')
  await writeFile(file, [process.pid, dataOf(dataDir), 0, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n'))
  const second = await start()
  expect(second.owned).toBe(true)
  await second.stop()
})

test('an initialisation that was broken off is swept away and not mistaken for a database', async () => {
  await freshFolder()
  const dead = 2 ** 22 + 1
  const left = join(dataDir, 'postgres', `.new-${dead}-00000000`, 'data')
  await mkdir(left, { recursive: true })
  await writeFile(join(left, 'PG_VERSION'), '18\n')
  const server = await start()
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['cluster'])
  await server.stop()
})

test('a database of another PostgreSQL is refused with a way out', async () => {
  const server = await start()
  await server.stop()
  await writeFile(join(dataOf(dataDir), 'PG_VERSION'), '17\n')
  await expect(start()).rejects.toMatchObject({
    name: 'UsageError',
    code: 'database-version',
    message: expect.stringContaining('set DATABASE_URL') as string,
  })
  await writeFile(join(dataOf(dataDir), 'PG_VERSION'), '18\n')
})

test('the server is out of the reach of Ctrl+C and of everybody without the password', async () => {
  const server = await start()
  const { pid } = (await readPostmaster(dataOf(dataDir)))!
  if (process.platform === 'linux') {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
    expect({ group: Number(fields[2]), session: Number(fields[3]) }).toEqual({ group: pid, session: pid })
  }
  const { mode } = await stat(join(dataDir, 'postgres', 'cluster', 'password'))
  expect(mode & 0o777).toBe(0o600)
  const stranger = ask(server.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')
  await expect(stranger).rejects.toMatchObject({ code: '28P01' })
  expect(await ask(server.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
  expect(await ask(server.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
  await server.stop()
})

test.runIf(isRoot)(
  'a folder that the database user cannot reach is replaced by a system folder, and the log says so',
  async () => {
    await freshFolder()
    await chmod(dataDir, 0o700)
    const said: unknown[] = []
    const log = createLog('silent')
    log.warn = (fields: unknown) => void said.push(fields)
    const server = await embeddedPostgres({ dataDir, log })
    const [{ folder }] = said as [{ folder: string }]
    afterFile.add(() => rm(folder, { recursive: true, force: true }))
    expect(folder).toMatch(/^\/var\/lib\/zhanggui\/[0-9a-f]{12}$/)
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
    expect(await readdir(dataDir)).toEqual([])
  },
)

test.runIf(nobodyMay)('root goes on with the database of a normal user, as that user, and gives it back', async () => {
  await freshFolder()
  await chown(dataDir, nobody.uid, nobody.gid)
  const theirs = await command(nobody)
  await ask(theirs.url, 'CREATE TABLE kept AS SELECT 7 AS number')
  await theirs.leave()
  const ours = await start()
  expect(await ask(ours.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }])
  await ours.stop()
  const again = await command(nobody)
  expect(await ask(again.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }])
  await again.leave()
})

test.runIf(nobodyMay)('a normal user who finds the database of another is told what to do', async () => {
  await freshFolder()
  const server = await start()
  await server.stop()
  const run = spawn(process.execPath, [program, dataDir], { ...nobody, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  run.stderr.on('data', (text: Buffer) => (said += text.toString()))
  await once(run, 'exit')
  expect(said).toContain('UsageError')
  expect(said).toContain('set DATABASE_URL')
})
