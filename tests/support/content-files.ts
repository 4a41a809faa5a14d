/** Content folders for tests: written to a temporary place, removed after the file's tests. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterFile } from './after-file.ts'

export type Files = Record<string, string | Uint8Array>

/** Writes the files into a fresh folder and returns its path. */
export async function folderWith(files: Files = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'zhanggui-content-'))
  afterFile.add(() => rm(dir, { recursive: true, force: true }))
  await writeFiles(dir, files)
  return dir
}

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
}
