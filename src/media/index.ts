/** Pictures and files, kept in PostgreSQL under the SHA-256 of their bytes. */
import { UsageError } from '../kernel/errors.ts'
import type { Queryable } from '../kernel/work.ts'
import { insertMedia } from './repo.ts'

export type { StoredMedia } from './repo.ts'
export { deleteExpiredMedia, loadMedia } from './repo.ts'

export const maxMediaBytes = 20 * 1_024 * 1_024

/**
 * Keeps a file and returns its id; the same bytes are kept once. `expiresAt` null: kept for good.
 * Throws UsageError `media-too-large` above 20 MiB, `media-empty` for no bytes.
 */
export async function storeMedia(
  db: Queryable,
  bytes: Buffer,
  mime: string,
  now: Date,
  expiresAt: Date | null = null,
): Promise<string> {
  if (bytes.length === 0) throw new UsageError({ code: 'media-empty', message: 'The file is empty.' })
  if (bytes.length > maxMediaBytes) {
    throw new UsageError({
      code: 'media-too-large',
      message: `The file has ${bytes.length} bytes; at most ${maxMediaBytes} (20 MiB) can be sent.`,
      context: { bytes: bytes.length },
    })
  }
  return insertMedia(db, { bytes, mime, now, expiresAt })
}

const signatures: { mime: string; at: number; magic: string; encoding: 'hex' | 'latin1' }[] = [
  { mime: 'image/png', at: 0, magic: '89504e470d0a1a0a', encoding: 'hex' },
  { mime: 'image/jpeg', at: 0, magic: 'ffd8ff', encoding: 'hex' },
  { mime: 'image/gif', at: 0, magic: 'GIF8', encoding: 'latin1' },
  { mime: 'image/webp', at: 8, magic: 'WEBP', encoding: 'latin1' },
  { mime: 'video/mp4', at: 4, magic: 'ftyp', encoding: 'latin1' },
  { mime: 'application/pdf', at: 0, magic: '%PDF-', encoding: 'latin1' },
]

/** The media type that the first bytes show; `application/octet-stream` for what is none of the six we know. */
export function mimeOf(bytes: Buffer): string {
  const known = signatures.find(({ at, magic, encoding }) => {
    const expected = Buffer.from(magic, encoding)
    return bytes.subarray(at, at + expected.length).equals(expected)
  })
  return known?.mime ?? 'application/octet-stream'
}
