/** The content folder as it stands on the disk: texts, and media by the hash of their bytes. */
import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileWords } from './messages.ts'
import { mediaFolder } from './registry.ts'
import { Findings, Source } from './source.ts'

/** Files by their path relative to the content folder, with forward slashes. */
export type FileSet = {
  texts: ReadonlyMap<string, string>
  /** SHA-256 of the bytes, in hexadecimal. */
  media: ReadonlyMap<string, string>
}

/** A folder that was read, with the bytes of its media by their hash. */
export type Folder = { files: FileSet; bytes: ReadonlyMap<string, Buffer> }

const mostText = 8 * 1024 * 1024
const mostMedia = 20 * 1024 * 1024

/** What editors and systems leave behind, and a README for people. */
const ignored = /^\.|~$|^~\$|^#.*#$|\.(?:swp|swo|tmp|bak|orig|rej)$|^(?:Thumbs\.db|desktop\.ini|README\.md)$/i

export function isIgnored(name: string): boolean {
  return ignored.test(name)
}

/** Text files that somebody could mean as content; any other file outside media/ is told of, and left alone. */
export function isText(path: string): boolean {
  return /\.(?:ya?ml|md|markdown|txt|json)$/i.test(path)
}

export function isPicture(path: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|mp4)$/i.test(path)
}

export function isMedia(path: string): boolean {
  return path.startsWith(`${mediaFolder}/`)
}

/** A hash that changes with any file's path or bytes: the id of a version. */
export function versionOf({ texts, media }: FileSet): string {
  const lines = [...texts].map(([path, text]) => [path, hash(text)]).concat([...media])
  return hash(JSON.stringify(lines.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))))
}

/** Reads the whole folder. Files that cannot be read are told of and left out; `others` are neither text nor media. */
export async function readFolder(dir: string, findings: Findings): Promise<Folder & { others: string[] }> {
  const texts = new Map<string, string>()
  const media = new Map<string, string>()
  const bytes = new Map<string, Buffer>()
  const others: string[] = []
  for (const path of await listFiles(dir, findings)) {
    if (!isMedia(path) && !isText(path)) {
      others.push(path)
      continue
    }
    const content = await readWithin(dir, path, isMedia(path) ? mostMedia : mostText, findings)
    if (!content) continue
    if (!isMedia(path)) {
      const text = decode(path, content, findings)
      if (text !== undefined) texts.set(path, text)
    } else if (content.length === 0) {
      findings.addFile(path, fileWords.emptyMedia())
    } else {
      const id = hash(content)
      media.set(path, id)
      bytes.set(id, content)
    }
  }
  return { files: { texts, media }, bytes, others }
}

/** Paths of all files below the folder, sorted. Links are followed as long as they stay within it. */
async function listFiles(dir: string, findings: Findings): Promise<string[]> {
  const paths: string[] = []
  const root = await realpath(dir).catch(() => undefined)
  if (root === undefined) {
    findings.addFile('.', fileWords.noFolder(dir))
    return paths
  }
  const seen = new Set<string>()
  const walk = async (folder: string): Promise<void> => {
    const real = await realpath(join(root, folder))
    if (seen.has(real)) return
    seen.add(real)
    for (const name of (await readdir(real)).sort()) {
      if (isIgnored(name)) continue
      const path = folder === '' ? name : `${folder}/${name}`
      try {
        const kind = await kindOfEntry(root, join(real, name))
        if (kind === 'folder') await walk(path)
        else if (kind === 'file') paths.push(path)
        else findings.addFile(path, fileWords[kind]())
      } catch (error) {
        findings.addFile(path, fileWords.unreadable(codeOf(error)))
      }
    }
  }
  await walk('').catch((error: unknown) => findings.addFile('.', fileWords.unreadable(codeOf(error))))
  return paths
}

async function kindOfEntry(
  root: string,
  path: string,
): Promise<'file' | 'folder' | 'linkOutside' | 'linkBroken' | 'notAFile'> {
  if ((await lstat(path)).isSymbolicLink()) {
    const target = await realpath(path).catch(() => undefined)
    if (target === undefined) return 'linkBroken'
    if (target !== root && !target.startsWith(root + sep)) return 'linkOutside'
  }
  const entry = await stat(path)
  return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'notAFile'
}

async function readWithin(dir: string, path: string, most: number, findings: Findings): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(join(dir, path))
    if (size <= most) return await readFile(join(dir, path))
    findings.addFile(path, fileWords.tooLarge(size, most))
  } catch (error) {
    findings.addFile(path, fileWords.unreadable(codeOf(error)))
  }
  return undefined
}

/** The text without its byte order mark, or undefined (and a finding where it goes wrong) when it is not plain UTF-8. */
function decode(path: string, bytes: Buffer, findings: Findings): string | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    findings.addFile(path, fileWords.utf16())
    return undefined
  }
  const text = decoded(bytes, 'utf-8')
  if (text === undefined) {
    const source = new Source(path, bytes.toString('utf8'))
    const words = decoded(bytes, 'gb18030') === undefined ? fileWords.notUtf8() : fileWords.gbk()
    findings.add(source, source.text.indexOf('\ufffd'), words)
    return undefined
  }
  // PostgreSQL keeps no NUL, and nobody types any of these on purpose.
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text)
  if (!control) return text
  findings.add(new Source(path, text), control.index, fileWords.control(control[0].charCodeAt(0)))
  return undefined
}

function decoded(bytes: Buffer, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function hash(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
