/** The example brand's content as the real process reads it, in a folder of its own, with pacing and the privacy notice off. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'

const example = fileURLToPath(new URL('../../content', import.meta.url))

/** Fields of settings.yaml to set, by section. */
export type SettingsChanges = Record<string, Record<string, unknown>>

export type ContentFolder = {
  dir: string
  /** Writes files, by their path within the folder. */
  write(files: Record<string, string>): void
  dispose(): void
}

export type ContentOptions = { files?: Record<string, string>; settings?: SettingsChanges }

/**
 * A copy of content/ with `settings` changed, and `files` added or put in the place of its own. Without its campaigns and
 * journeys: what they send hangs on the day on which a test runs, and they name segments that a test may replace.
 */
export function contentFolder({ files = {}, settings: changes = {} }: ContentOptions = {}): ContentFolder {
  const dir = mkdtempSync(join(tmpdir(), 'zhanggui-content-'))
  cpSync(example, dir, { recursive: true })
  for (const name of ['campaigns', 'journeys']) rmSync(join(dir, name), { recursive: true, force: true })
  const settings = parseDocument(readFileSync(join(dir, 'settings.yaml'), 'utf8'))
  settings.setIn(['delivery', 'pace', 'enabled'], false)
  // Tests count what is said to people whom they meet for the first time; the notice has tests of its own.
  settings.setIn(['privacy', 'noticeOnContact'], false)
  for (const [section, fields] of Object.entries(changes)) {
    for (const [field, value] of Object.entries(fields)) settings.setIn([section, field], value)
  }
  const write = (texts: Record<string, string>): void => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
  }
  write({ 'settings.yaml': settings.toString(), ...files })
  return { dir, write, dispose: () => rmSync(dir, { recursive: true, force: true }) }
}
