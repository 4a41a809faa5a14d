/** The content folder for a command that needs some of it. */
import { formatFindings, liveContent, loadFolder } from '../content/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import { registry } from './registry.ts'

/** Throws a UsageError for what is wrong in these files, or in the folder as a whole; what is wrong elsewhere is in nobody's way. */
export async function contentOf(dir: string, files: readonly string[] | 'all'): Promise<Content> {
  const matters = (file: string): boolean => files === 'all' || file === '.' || files.includes(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: ({ file }) => !matters(file) })
  if (content) return content
  const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}

/** What is live; where nothing ever was, the folder as it would go live. Throws a UsageError when that has errors. */
export async function liveContentOf(db: Database, dir: string): Promise<Content> {
  const live = await liveContent(db, registry)
  if (live) return live
  const { content, findings } = await loadFolder(dir, registry)
  if (content) return content
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}
