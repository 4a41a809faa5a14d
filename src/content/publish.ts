/** How a folder goes live and back: by a person's word, or what of it may go live by itself. */
import type { Finding } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { FileSet } from './files.ts'
import { loadFiles, loadFolder } from './load.ts'
import { kindOf, type Registry, repliesFile } from './registry.ts'
import { findVersion, listPublications, publishVersion, rollBack, standing } from './repo.ts'
import type { PublishMode, PublishRules } from './settings.ts'

export type PublishResult =
  | { kind: 'published'; version: string }
  | { kind: 'unchanged'; version: string }
  | { kind: 'refused'; findings: Finding[] }

/** Makes the whole folder live, whatever `publish` says in its settings. `by` is the person who asks for it. */
export async function publishContent(
  dir: string,
  { registry, db, by, now }: { registry: Registry; db: Database; by: string; now: Date },
): Promise<PublishResult> {
  const folder = await loadFolder(dir, registry)
  if (!folder.content) return { kind: 'refused', findings: folder.findings }
  const { version } = folder.content
  const changed = await publishVersion(db, version, folder, { by, person: true, now })
  return { kind: changed ? 'published' : 'unchanged', version }
}

export type RollbackResult =
  | { kind: 'done'; version: string; takenBack: string }
  | { kind: 'refused'; reason: 'nothing-before' }
  /** This program reads content in a newer form than that version was written in. */
  | { kind: 'refused'; reason: 'no-longer-fits'; version: string; findings: Finding[] }

/** Makes live again what was live before the present version; that one does not go live again by itself. */
export async function rollbackContent({
  registry,
  db,
  by,
  now,
}: {
  registry: Registry
  db: Database
  by: string
  now: Date
}): Promise<RollbackResult> {
  const before = standing(await listPublications(db, Number.MAX_SAFE_INTEGER)).at(-2)
  const stored = before === undefined ? undefined : await findVersion(db, before)
  if (!stored) return { kind: 'refused', reason: 'nothing-before' }
  const { content, findings } = loadFiles(stored.files, registry)
  if (!content) return { kind: 'refused', reason: 'no-longer-fits', version: stored.id, findings }
  return rollBack(db, { by, now })
}

/** The folder as it may go live by itself: files whose kind is `manual` stay as they are live. */
export function withHeldBack(files: FileSet, live: FileSet, registry: Registry, rules: PublishRules): FileSet {
  const isAuto = ([path]: [string, string]): boolean => modeOf(path, registry, rules) === 'auto'
  if ([...files.texts, ...live.texts].every(isAuto)) return files
  return {
    texts: new Map([...[...files.texts].filter(isAuto), ...[...live.texts].filter((file) => !isAuto(file))]),
    // A held file goes on naming its pictures, also those that were taken out of the folder.
    media: new Map([...live.media, ...(rules.default === 'auto' ? files.media : [])]),
  }
}

function modeOf(path: string, registry: Registry, rules: PublishRules): PublishMode {
  const kind = path === repliesFile ? 'replies' : kindOf(registry, path)?.kind.name
  return (kind === undefined ? undefined : rules[kind]) ?? rules.default
}
