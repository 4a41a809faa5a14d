/** The content folder for a command that needs some of it. */
import { formatFindings, loadFolder } from '../content/index.ts'
import type { Content } from '../kernel/content.ts'
import { UsageError } from '../kernel/errors.ts'
import { registry } from './registry.ts'

/** Throws a UsageError for what is wrong in these files, or in the folder as a whole; what is wrong elsewhere is in nobody's way. */
export async function contentOf(dir: string, files: readonly string[]): Promise<Content> {
  const matters = (file: string): boolean => file === '.' || files.includes(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: ({ file }) => !matters(file) })
  if (content) return content
  const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}
