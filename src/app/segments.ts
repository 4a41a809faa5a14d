/** Segments over the customers that there are, for the command line. */
import { formatFindings, loadFolder } from '../content/index.ts'
import { countSegments, listNames } from '../domains/segments/index.ts'
import { writeAudit } from '../kernel/audit.ts'
import type { Content, Finding } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import type { Queryable } from '../kernel/work.ts'
import { registry } from './registry.ts'

/** What segments are made of; other files may have errors meanwhile. */
const files = ['.', 'settings.yaml', 'segments.yaml', 'tags.yaml', 'groups.yaml', 'interactions.yaml']

/** The content folder as it is. Throws `content-bad` with the errors that are in the way. */
export async function segmentContent(dir: string): Promise<Content> {
  const matters = ({ file }: Finding): boolean => files.includes(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: (finding) => !matters(finding) })
  if (content) return content
  const errors = findings.filter((finding) => finding.severity === 'error' && matters(finding))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}

/** Who looks at people's data, at which instant, and in which segment. */
export type Looking = { by: string; now: Date; segment: string }

/** Names under which contacts know these people, by id. Each look is written to the audit. */
export async function readNames(
  db: Database,
  ids: readonly string[],
  looking: Looking,
): Promise<Map<string, string[]>> {
  return db.transaction(async (tx) => {
    for (const id of ids) await noteLook(tx, id, 'segment-name-shown', looking)
    return listNames(tx, ids)
  })
}

export async function noteLook(
  db: Queryable,
  subject: string,
  action: 'segment-name-shown' | 'segment-explained',
  { by, now, segment }: Looking,
): Promise<void> {
  await writeAudit(db, { at: now, by, action, subject, details: { segment } })
}

/** Segments that nobody or everybody is in as of now, as warnings of `check --data`. */
export async function checkMembers(db: Database, content: Content, now: Date): Promise<Finding[]> {
  const counts = await countSegments(db, content, now)
  const place = { severity: 'warning', file: 'segments.yaml', line: 1, column: 1 } as const
  return counts.flatMap(({ id, warning }) => {
    if (!warning) return []
    const who = warning === 'empty' ? 'nobody' : 'everybody'
    return [
      {
        ...place,
        message: `${who} is in the segment ${id} now`,
        expected: 'a rule that some people meet and others do not',
      },
    ]
  })
}
