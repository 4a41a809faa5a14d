/**
 * The key that opens all others: DATA_KEY of the environment, or a file of our own beside the data. Whoever has it and
 * the database can read every phone and address; whoever loses it can read none of them again.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from './errors.ts'

/** Where the master key comes from: the text of DATA_KEY, and where the file of our own is or would be. */
export type KeySource = { key: string | undefined; dataDir: string }

/** `from` says in words where it stands, for messages. */
export type MasterKey = { bytes: Buffer; from: string }

/** 32 bytes as 64 hexadecimal digits, or in base64 with either alphabet. Undefined when it is not a key. */
export function parseKey(text: string): Buffer | undefined {
  const given = text.trim()
  if (/^[0-9a-f]{64}$/i.test(given)) return Buffer.from(given, 'hex')
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(given) ? Buffer.from(given, 'base64') : undefined
}

/** The key of the environment, else that of the file; undefined when there is neither. Throws UsageError `data-key`. */
export async function findMasterKey(source: KeySource): Promise<MasterKey | undefined> {
  if (source.key !== undefined) return { bytes: keyIn(source.key, 'DATA_KEY'), from: 'DATA_KEY' }
  return readKeyFile(keyFileOf(source))
}

export function keyFileOf({ dataDir }: KeySource): string {
  return resolve(join(dataDir, 'data.key'))
}

/** Undefined when there is no such file. Throws UsageError `data-key` when others can read it, or it holds no key. */
export async function readKeyFile(path: string): Promise<MasterKey | undefined> {
  const found = await stat(path).catch(unless('ENOENT'))
  if (!found) return undefined
  // Windows has no such bits: there the folder's own permissions must do.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new UsageError({
      code: 'data-key',
      message: `The key file ${path} can be read by others. Run: chmod 600 '${path}'. If somebody else may have read it, change the key: zhanggui keys rotate --help.`,
    })
  }
  return { bytes: keyIn(await readFile(path, 'utf8'), `the key file ${path}`), from: `the key file ${path}` }
}

/**
 * Makes a key file, readable by us alone, or reads the one that another process has made meanwhile. It gets its name
 * when it is on the disk: what a crash leaves behind is never half a key.
 */
export async function makeKeyFile(path: string): Promise<MasterKey> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = await open(unfinished, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await file.sync()
    await link(unfinished, path).catch(unless('EEXIST'))
  } finally {
    await file.close()
    await unlink(unfinished)
  }
  const made = await readKeyFile(path)
  if (!made) throw new UsageError({ code: 'data-key', message: `The key file ${path} could not be made.` })
  return made
}

/** Lets one error of the file system pass as «nothing». */
function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error
  }
}

function keyIn(text: string, from: string): Buffer {
  const bytes = parseKey(text)
  if (bytes) return bytes
  throw new UsageError({
    code: 'data-key',
    message: `${from} holds no key: expected 32 bytes as 64 hexadecimal digits or in base64, such as openssl rand -base64 32 prints.`,
  })
}
