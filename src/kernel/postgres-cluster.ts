/** The files of the embedded PostgreSQL: made once, and read to learn whether a server serves them. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError, ZhangguiError } from './errors.ts'
import type { Log } from './log.ts'
import { exists, giveTo, type Place } from './postgres-place.ts'

export type Cluster = Place & {
  /** PostgreSQL's own data folder. */
  data: string
  logFile: string
  password: string
}

export const superuser = 'zhanggui'

/** Nothing of our environment reaches PostgreSQL: neither secrets nor PG* variables, TZ or a locale. */
export const childEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Makes the cluster unless it exists. It gets its name only when complete: a broken-off initdb is never mistaken for one. */
export async function initialise(place: Place, log: Log): Promise<Cluster> {
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
    ...[`--pgdata=${data}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ]
  const child = spawn(place.programs.initdb, words, {
    ...place.user,
    cwd: place.home,
    env: childEnvironment,
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
  if (made === programs.major) return
  throw new UsageError({
    code: 'database-version',
    message: `The database in ${data} was made by PostgreSQL ${made}, this is ${programs.major}. Dump it with ${made} and restore it with ${programs.major}, or set DATABASE_URL.`,
  })
}

/** The server of a data folder, as far as postmaster.pid tells and its process lives. */
export async function readPostmaster(data: string): Promise<{ pid: number; port: number } | undefined> {
  const file = join(data, 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port || !isAlive(pid)) return undefined
  if (await isPostgres(pid)) return { pid, port }
  // After a crash, most of all in a container, another process may have got the same number. PostgreSQL would take it
  // for a living server and refuse to start.
  await rm(file, { force: true })
  return undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** In doubt, yes: to take a living server for a dead one is the worse mistake. */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => undefined)
  return name === undefined || name.trim() === 'postgres'
}
