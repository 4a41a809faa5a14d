/** Questions to the content folder, without a database or an account. */
import { formatFindings, loadFolder } from '../content/index.ts'
import { type Asked, ask } from '../domains/faq/index.ts'
import { groupRules } from '../domains/members/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Content } from '../kernel/content.ts'
import { UsageError } from '../kernel/errors.ts'
import { registry } from './registry.ts'

/** Reads the folder once. Only errors in the FAQ and the settings are in the way; it throws `content-bad` with them. */
export async function openAsk(dir: string, group?: string): Promise<(question: string) => Asked> {
  // '.' is the folder itself, which may not be there.
  const matters = (file: string): boolean => file === '.' || file === 'settings.yaml' || file.startsWith('faq/')
  const { content, findings } = await loadFolder(dir, registry, { tolerates: (finding) => !matters(finding.file) })
  if (!content) {
    const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
    throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
  }
  assertGroup(content, group)
  return (question) => ask(content, question, { now: systemClock.now(), group: group ?? null })
}

/** Throws `ask-group` when no rule of groups.yaml has this id: every answer would look right and be for nobody. */
function assertGroup(content: Content, group: string | undefined): void {
  const known = content.one(groupRules).groups.map(({ id }) => id)
  if (group === undefined || known.includes(group)) return
  const message = `groups.yaml has no rule «${group}». It has: ${known.join(', ') || 'none'}.`
  throw new UsageError({ code: 'ask-group', message })
}
