/**
 * The embedded PostgreSQL: a real server from npm, for whoever gives no DATABASE_URL.
 *
 * It runs in a session of its own, so that Ctrl+C reaches us and not it while we drain, and it outlives us when we are
 * killed: the next command finds it by its postmaster.pid and goes on with it. Commands that run at the same time share
 * it. Each holds a shared advisory lock while it uses the server; who leaves tries for the exclusive one and stops the
 * server when it gets it. A newcomer then waits on the lock, loses its connection, and starts the server again.
 */
import { spawn } from 'node:child_process'
import { open, readFile, realpath, rename, stat } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { totalmem } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { ZhangguiError } from './errors.ts'
import type { Log } from './log.ts'
import { childEnvironment, type Cluster, initialise, isAlive, readPostmaster, superuser } from './postgres-cluster.ts'
import { findPlace, giveTo } from './postgres-place.ts'

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

const database = 'zhanggui'
/** Any number of ours, on the database «postgres», where nobody else takes advisory locks. */
const presence = 7_204_518
const presenceName = 'zhanggui presence '
const patience = { start: 120_000, fastStop: 8_000, immediateStop: 2_000, poll: 20 } // ms

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // TCP alone: a socket's path may be too long or out of the server's reach.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  shared_buffers: sharedBuffers(totalmem()),
}

/** PostgreSQL asks for 128 MB, as of the smallest machines: with that, an import spends a seventh of its time on swapping pages. */
function sharedBuffers(memory: number): string {
  const megabytes = Math.round(memory / 2 ** 20 / 32)
  return `${Math.min(Math.max(megabytes, 128), 512)}MB`
}

/** Starts or finds the server of `dataDir`. Throws UsageError when a person must change something first. */
export async function embeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options
  const place = await findPlace(dataDir, log)
  const cluster = await initialise(place, log)
  const { client, port, owned } = await enterOrStart(cluster, { ...settings, ...options.settings })
  await createDatabase(client)
  // Whoever forgets to call stop() must still be able to end.
  client.unref()
  client.once('end', () => log.warn({ port }, 'embedded database has gone'))
  log.info({ port, owned, folder: place.home }, 'embedded database ready')
  let stopped: Promise<void> | undefined
  return {
    url: `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/${database}`,
    owned,
    stop: () => (stopped ??= leave(cluster, client, log)),
  }
}

/** pg has both methods, its types lack them. */
type Presence = pg.Client & { ref(): void; unref(): void }
type Entry = { client: Presence; port: number; owned: boolean }

/** Comes back once a connection stands and the server cannot be stopped by others any more. */
async function enterOrStart(cluster: Cluster, settings: Record<string, string>): Promise<Entry> {
  const deadline = performance.now() + patience.start
  let child: Child | undefined
  let starts = 0
  let problem: unknown
  while (performance.now() < deadline) {
    const running = await readPostmaster(cluster.data)
    if (running) {
      const client = await enter(cluster, running.port).catch((error: unknown) => {
        // Starting, recovering after a crash, or stopping: all of them pass.
        problem = error
      })
      if (client) return { client, port: running.port, owned: child?.pid === running.pid }
    } else if (!child?.isRunning()) {
      // A start fails when another process took the port since, or when another command started the same cluster first.
      if (starts++ === 3) break
      child = await launch(cluster, { ...settings, port: String(await freePort()) })
    }
    await delay(patience.poll)
  }
  throw new ZhangguiError({
    code: 'database-not-started',
    message: `The embedded PostgreSQL did not start. Its log ${cluster.logFile} says why; or set DATABASE_URL.`,
    cause: problem,
    context: { lastWords: await lastWords(cluster.logFile) },
  })
}

/** Connects and takes the shared lock. Throws while that cannot be, for any reason. */
async function enter(cluster: Cluster, port: number): Promise<Presence> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: superuser, password: cluster.password, database: 'postgres' },
    application_name: `${presenceName}${process.pid}`,
    connectionTimeoutMillis: 5_000,
  }) as Presence
  // A lost connection also ends it; without a listener it would end us.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`)
    if ((await realpath(rows[0]?.folder ?? '')) !== (await realpath(cluster.data))) {
      throw new ZhangguiError({ code: 'database-foreign', message: `Port ${port} serves another database.` })
    }
    await client.query('SELECT pg_advisory_lock_shared($1)', [presence])
    return client
  } catch (error) {
    // What went wrong first says more than a farewell that failed for the same reason.
    await client.end().catch(() => undefined)
    throw error
  }
}

type Child = { pid: number | undefined; isRunning(): boolean }

async function launch(cluster: Cluster, settings: Record<string, string>): Promise<Child> {
  await rotate(cluster.logFile)
  const logFile = await open(cluster.logFile, 'a', 0o600)
  try {
    await giveTo(cluster.user, cluster.logFile)
    const words = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
    const child = spawn(cluster.programs.postgres, ['-D', cluster.data, ...words], {
      ...cluster.user,
      cwd: cluster.home,
      env: childEnvironment,
      // A session of its own: signals of our terminal and process group do not reach it.
      detached: true,
      stdio: ['ignore', logFile.fd, logFile.fd],
    })
    let running = true
    child.once('exit', () => (running = false)).once('error', () => (running = false))
    child.unref()
    return { pid: child.pid, isRunning: () => running }
  } finally {
    await logFile.close()
  }
}

async function rotate(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 10_000_000) await rename(logFile, `${logFile}.1`)
}

async function lastWords(logFile: string): Promise<string> {
  return readFile(logFile, 'utf8').then(
    (text) => text.trim().split('\n').slice(-5).join('\n'),
    () => '',
  )
}

/** Free now; whoever is faster may still take it, hence the second and third start. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
  if (rowCount) return
  await client.query(`CREATE DATABASE ${database}`).catch((error: unknown) => {
    // duplicate_database, unique_violation: another command was faster.
    if (!(error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? ''))) throw error
  })
}

async function leave(cluster: Cluster, client: Presence, log: Log): Promise<void> {
  client.removeAllListeners('end')
  client.ref()
  try {
    if (await isLast(client)) await stopServer(cluster, log)
    else log.info('embedded database left running for another command')
  } finally {
    // A server that has just been stopped took the connection with it.
    await client.end().catch(() => undefined)
  }
}

/** A lost connection means that the server is gone or somebody else's to look after: not ours to stop. */
async function isLast(client: Presence): Promise<boolean> {
  const deadline = performance.now() + patience.fastStop
  try {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [presence])
    for (;;) {
      const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [presence])
      if (rows[0]?.last) return true
      // The server notices a little late that a killed command is gone: such a lock is not worth leaving for.
      if (performance.now() > deadline || (await otherUsers(client)).some(isAlive)) return false
      await delay(patience.poll)
    }
  } catch {
    return false
  }
}

/** Process numbers of the commands whose presence the server still sees. */
async function otherUsers(client: Presence): Promise<number[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT application_name AS name FROM pg_stat_activity WHERE starts_with(application_name, $1) AND pid <> pg_backend_pid()',
    [presenceName],
  )
  return rows.map(({ name }) => Number(name.slice(presenceName.length)))
}

async function stopServer(cluster: Cluster, log: Log): Promise<void> {
  const running = await readPostmaster(cluster.data)
  if (!running) return
  process.kill(running.pid, 'SIGINT')
  if (await isGone(cluster, patience.fastStop)) return
  // Safe too: the next start replays the log of writes. A slow disk must not keep us from stopping in time.
  log.warn({ pid: running.pid }, 'embedded database is slow to stop, stopping it at once')
  process.kill(running.pid, 'SIGQUIT')
  await isGone(cluster, patience.immediateStop)
}

async function isGone(cluster: Cluster, within: number): Promise<boolean> {
  const deadline = performance.now() + within
  while (await readPostmaster(cluster.data)) {
    if (performance.now() > deadline) return false
    await delay(patience.poll)
  }
  return true
}
