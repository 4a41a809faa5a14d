/** The file itself: its size, its hash, and how its characters are written. */
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { reasonOf, UsageError } from '../../kernel/errors.ts'

export type Encoding = 'utf-8' | 'gb18030'

export type FileSeen = {
  path: string
  /** In bytes. */
  size: number
  /** SHA-256, hexadecimal. */
  hash: string
  encoding: Encoding
}

/** Large enough for speed, small enough that reading never keeps the database waiting for long. */
const chunkBytes = 256 * 1024

export function chunksOf(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: chunkBytes })
}

/**
 * Reads the whole file once. Without `encoding` it is UTF-8 when every line is; otherwise what the first line with
 * other than ASCII characters is, so that a broken byte further down does not make Chinese of it all.
 * Throws a UsageError when the file cannot be read, or is no text.
 */
export async function examine(
  path: string,
  { encoding, onBytes = () => undefined }: { encoding?: Encoding | undefined; onBytes?: (bytes: number) => void },
): Promise<FileSeen> {
  const size = await sizeOf(path)
  const hash = createHash('sha256')
  const looks: { utf8: boolean; first?: Encoding } = { utf8: true }
  let rest: Buffer = Buffer.alloc(0)
  const look = (lines: Buffer): void => {
    const line = looks.first ? undefined : firstBeyondAscii(lines)
    if (line) looks.first = isUtf8(line) ? 'utf-8' : 'gb18030'
    looks.utf8 &&= isUtf8(lines)
  }
  let begun = false
  for await (const chunk of chunksOf(path)) {
    if (!begun) refuseOtherFiles(path, chunk)
    begun = true
    hash.update(chunk)
    onBytes(chunk.length)
    const end = chunk.lastIndexOf(0x0a) + 1
    look(Buffer.concat([rest, chunk.subarray(0, end)]))
    rest = Buffer.from(chunk.subarray(end))
  }
  look(rest)
  return { path, size, hash: hash.digest('hex'), encoding: encoding ?? (looks.utf8 ? 'utf-8' : looks.first) ?? 'utf-8' }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path)
    if (found.isFile()) return found.size
  } catch (cause) {
    throw new UsageError({ code: 'import-file', message: `${path} cannot be read: ${reasonOf(cause)}`, cause })
  }
  throw new UsageError({ code: 'import-file', message: `${path} is no file.` })
}

/** What people give to an import of CSV by mistake. */
function refuseOtherFiles(path: string, start: Buffer): void {
  const begins = (...bytes: number[]): boolean => bytes.every((byte, i) => start[i] === byte)
  const what =
    begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0)
      ? 'an Excel workbook or an archive'
      : begins(0xff, 0xfe) || begins(0xfe, 0xff)
        ? 'text in UTF-16'
        : undefined
  if (!what) return
  const message = `${path} is ${what}. Save it as CSV (UTF-8) and import that.`
  throw new UsageError({ code: 'import-file', message })
}

function firstBeyondAscii(lines: Buffer): Buffer | undefined {
  const at = lines.findIndex((byte) => byte >= 0x80)
  if (at < 0) return undefined
  const end = lines.indexOf(0x0a, at)
  return lines.subarray(lines.lastIndexOf(0x0a, at) + 1, end < 0 ? undefined : end)
}
