/**
 * A PostgreSQL of a test's own, as safe as in life (fsync on), that can be stopped and started again on its port while
 * others hold connections to it.
 */
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { silentLog } from '../../src/kernel/log.ts'
import {
  childEnvironment,
  type Cluster,
  initialise,
  readPostmaster,
  superuser,
} from '../../src/kernel/postgres-cluster.ts'
import { findPlace } from '../../src/kernel/postgres-place.ts'
import { afterFile } from './after-file.ts'
import { until } from './until.ts'

export class OwnPostgres {
  /** A database of it; stages make their own. */
  readonly url: string
  readonly owned = true
  readonly folder: string
  readonly #cluster: Cluster
  readonly #port: number

  /** Initialised and running; stopped and removed after the tests of the file. */
  static async start(): Promise<OwnPostgres> {
    // The name tells the next run's sweep (global-setup.ts) whose it was, should we be killed.
    const folder = await mkdtemp(join(tmpdir(), `zhanggui-test-${process.pid}-`))
    // For root the server runs as another user, who must get in.
    await chmod(folder, 0o755)
    const cluster = await initialise(await findPlace(folder, silentLog), silentLog)
    const server = new OwnPostgres(folder, cluster, await freePort())
    afterFile.add(async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    })
    await server.start()
    return server
  }

  private constructor(folder: string, cluster: Cluster, port: number) {
    this.folder = folder
    this.#cluster = cluster
    this.#port = port
    this.url = `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/postgres`
  }

  /** The system user that the server runs as, where it is not ours: a folder that it is to use must be given to it. */
  get user(): Cluster['user'] {
    return this.#cluster.user
  }

  /** Starts the server and waits until it takes connections. */
  async start(): Promise<void> {
    const { programs, data, user, home } = this.#cluster
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${this.#port}`, 'timezone=UTC']
    const child = spawn(programs.postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...user,
      cwd: home,
      env: childEnvironment,
      stdio: 'ignore',
    })
    // A test process that dies must not leave it behind.
    const orphaned = (): boolean => child.kill('SIGQUIT')
    process.once('exit', orphaned)
    child.once('exit', () => process.off('exit', orphaned))
    await until(() => this.#answers(), { within: 60_000, what: 'PostgreSQL takes connections' })
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url })
    client.on('error', () => undefined)
    await client.connect()
    await client.end()
    return true
  }

  /** Stops the server at once: every connection drops, what was committed stays. */
  async stop(): Promise<void> {
    const running = await readPostmaster(this.#cluster.data)
    if (!running) return
    process.kill(running.pid, 'SIGINT')
    await until(async () => !(await readPostmaster(this.#cluster.data)), { within: 30_000, what: 'PostgreSQL is gone' })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
