/** The example brand's content as the real process reads it, in a folder of its own, with pacing and the privacy notice off. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'

const example = fileURLToPath(new URL('../../content', import.meta.url))

export type ContentFolder = {
  dir: string
  /** Writes files, by their path within the folder. */
  write(files: Record<string, string>): void
  dispose(): void
}

/** A copy of content/ with `files` added or put in the place of its own. */
export function contentFolder({ files = {} }: { files?: Record<string, string> } = {}): ContentFolder {
  const dir = mkdtempSync(join(tmpdir(), 'zhanggui-content-'))
  cpSync(example, dir, { recursive: true })
  const settings = parseDocument(readFileSync(join(dir, 'settings.yaml'), 'utf8'))
  settings.setIn(['delivery', 'pace', 'enabled'], false)
  // Tests count what is said to people whom they meet for the first time; the notice has tests of its own.
  settings.setIn(['privacy', 'noticeOnContact'], false)
  const write = (texts: Record<string, string>): void => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
  }
  write({ 'settings.yaml': settings.toString(), ...files })
  return { dir, write, dispose: () => rmSync(dir, { recursive: true, force: true }) }
}
