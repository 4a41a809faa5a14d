/**
 * The file of what could not be taken in, beside the file that was imported. Its rows are written before the batch that
 * they belong to is committed; a run that goes on after a crash cuts off what was written for a batch that never was.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Problem } from './cells.ts'

/** With a byte order mark, without which Excel takes Chinese for something else. */
const heading = '\ufeffline,column,reason\n'

export class ProblemsFile {
  readonly path: string
  #handle: FileHandle | undefined
  #end: number

  private constructor(path: string, end: number) {
    this.path = path
    this.#end = end
  }

  /** Begins anew, or goes on behind the problems of lines up to `throughLine`. There is no file without a problem. */
  static async open(path: string, throughLine: number | undefined): Promise<ProblemsFile> {
    const end = throughLine === undefined ? 0 : await endOf(path, throughLine)
    const file = new ProblemsFile(path, end)
    if (end === 0) await rm(path, { force: true })
    else await file.#cut()
    return file
  }

  /** Whether anything is in it. */
  get used(): boolean {
    return this.#end > 0
  }

  /** Writes a batch's problems; `keep` says later that they stay. Written again, they take the place of the first. */
  async write(problems: readonly Problem[]): Promise<{ keep: () => void }> {
    if (problems.length === 0) return { keep: () => undefined }
    const rows = problems.map(({ line, column, reason }) => `${line},${quoted(column ?? '')},${quoted(reason)}\n`)
    const bytes = Buffer.from((this.#end === 0 ? heading : '') + rows.join(''))
    const handle = await this.#opened()
    await handle.write(bytes, 0, bytes.length, this.#end)
    return { keep: () => void (this.#end += bytes.length) }
  }

  async close(): Promise<void> {
    if (this.#handle) await this.#cut()
    await this.#handle?.close()
    this.#handle = undefined
  }

  async #cut(): Promise<void> {
    const handle = await this.#opened()
    await handle.truncate(this.#end)
  }

  async #opened(): Promise<FileHandle> {
    this.#handle ??= await open(this.path, this.#end === 0 ? 'w' : 'r+')
    return this.#handle
  }
}

/** The byte behind the last problem of a line up to this one; 0 when there is no such file. Each is a line of its own. */
async function endOf(path: string, throughLine: number): Promise<number> {
  let end = 0
  try {
    for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      if (end > 0 && !(Number(/^(\d+),/.exec(text)?.[1]) <= throughLine)) break
      end += Buffer.byteLength(text) + 1
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  return end
}

function quoted(cell: string): string {
  const text = cell.replaceAll(/\s+/g, ' ')
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
