/**
 * The embedded PostgreSQL: a real server from npm, for whoever gives no DATABASE_URL.
 *
 * It runs in a session of its own, so that Ctrl+C reaches us and not it while we drain, and it outlives us when we are
 * killed: the next command finds it by its postmaster.pid and goes on with it. Commands that run at the same time share
 * it. Each holds a shared advisory lock while it uses the server; who leaves tries for the exclusive one and stops the
 * server when it gets it. A newcomer then waits on the lock, loses its connection, and starts the server again.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, readFile, readdir, realpath, rename, rm, stat, writeFile, mkdir } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { UsageError, ZhangguiError } from './errors.ts'
import type { Log } from './log.ts'
import { exists, findPlace, giveTo, type Place } from './postgres-place.ts'
import { isPostgres, readPostmaster, type Postmaster } from './postmaster.ts'

export type EmbeddedPostgres = {
  /** Of the database «zhanggui»; carries the password. */
  url: string
  /** Whether this call started the server; false when it found one running. */
  owned: boolean
  /** Stops the server unless another command uses it. Close every pool first: a fast stop cuts what is still open. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** The database lives below it, in `postgres/`, unless its system user cannot reach that (see postgres-place.ts). */
  dataDir: string
  log: Log
  /** Server settings on top of ours, for tests that trade safety for speed. */
  settings?: Record<string, string>
}

type Cluster = Place & { data: string; logFile: string; password: string }

const name = 'zhanggui'
/** Any number of ours, on the database «postgres», where nobody else takes advisory locks. */
const presence = 7_204_518
const patience = { start: 120_000, fastStop: 8_000, immediateStop: 2_000, poll: 20 }

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // TCP alone: a socket's path may be too long or out of the server's reach.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
}

/** Starts or finds the server of `dataDir`. Throws UsageError when a person must change something first. */
export async function embeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options
  const place = await findPlace(dataDir, log)
  const cluster = await initialise(place, log)
  const { client, port, owned } = await enterOrStart(cluster, { ...settings, ...options.settings }, log)
  await createDatabase(client)
  // Whoever forgets to call stop() must still be able to end.
  client.unref()
  log.info({ port, owned, folder: place.home }, 'embedded database ready')
  let stopped: Promise<void> | undefined
  return {
    url: `postgresql://${name}:${cluster.password}@127.0.0.1:${port}/${name}`,
    owned,
    stop: () => (stopped ??= leave(cluster, client, log)),
  }
}

/** Makes the cluster unless it exists. It gets its name only when complete: a broken-off initdb is never mistaken for one. */
async function initialise(place: Place, log: Log): Promise<Cluster> {
  const folder = join(place.home, 'cluster')
  if (!(await exists(folder))) {
    const staging = join(place.home, `.new-${process.pid}-${randomBytes(4).toString('hex')}`)
    await mkdir(staging, { mode: 0o700 })
    const passwordFile = join(staging, 'password')
    await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 })
    for (const path of [staging, passwordFile]) await giveTo(place.user, path)
    await runInitdb(place, join(staging, 'data'), passwordFile)
    await rename(staging, folder).catch(async (error: unknown) => {
      // Another command was faster: its cluster is as good as ours.
      if (!(await exists(folder))) throw error
    })
    log.info({ folder }, 'embedded database initialised')
  }
  await sweep(place.home)
  const data = join(folder, 'data')
  await checkVersion(place, data)
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  return { ...place, data, logFile: join(folder, 'postgres.log'), password }
}

async function runInitdb(place: Place, data: string, passwordFile: string): Promise<void> {
  // The builtin locale sorts by code point and knows Unicode's case rules on every machine, whatever is installed there.
  const words = [
    ...[`--pgdata=${data}`, `--username=${name}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ]
  const child = spawn(place.programs.initdb, words, {
    ...place.user,
    cwd: place.home,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = await new Promise<number | string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message)).on('close', resolve)
  })
  if (code !== 0) {
    throw new ZhangguiError({
      code: 'database-initialise',
      message: `PostgreSQL could not make its data folder ${data}. Make room or rights there, or set DATABASE_URL.`,
      context: { code, said: said.trim().slice(-2_000) },
    })
  }
}

/** Away with what initialisations left that were killed half-way. */
async function sweep(home: string): Promise<void> {
  for (const entry of await readdir(home)) {
    const pid = Number(/^\.new-(\d+)-/.exec(entry)?.[1])
    if (pid && (pid === process.pid || !isAlive(pid))) await rm(join(home, entry), { recursive: true, force: true })
  }
}

async function checkVersion({ programs }: Place, data: string): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  const ours = /(\d+)/.exec(await outputOf(programs.postgres, ['--version']))?.[1]
  if (ours && made !== ours) {
    throw new UsageError({
      code: 'database-version',
      message: `The database in ${data} was made by PostgreSQL ${made}, this is ${ours}. Dump it with ${made} and restore it with ${ours}, or set DATABASE_URL.`,
    })
  }
}
