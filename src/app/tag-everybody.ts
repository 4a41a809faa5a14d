/** Tagging from the command line. */
import { formatFindings, loadFolder, openContent } from '../content/index.ts'
import { type Tagged, tagEverybodyNow, tagRulesOf } from '../domains/tags/index.ts'
import type { Env } from '../env.ts'
import { createAlarms } from '../kernel/alarms.ts'
import { systemClock as clock } from '../kernel/clock.ts'
import type { Content, Finding } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import { systemIds } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { registry } from './registry.ts'

/** The content folder as it is; only settings and tags are in the way when they have errors: throws `content-bad`. */
export async function openFolder(dir: string): Promise<Content> {
  const matters = ({ file }: Finding): boolean => ['.', 'settings.yaml', 'tags.yaml'].includes(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: (finding) => !matters(finding) })
  if (content) return content
  const errors = findings.filter((finding) => finding.severity === 'error' && matters(finding))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}

export type TaggingHere = {
  env: Env
  db: Database
  /** Of the same database. */
  url: string
  progress: (people: number) => { step(by?: number): void; end(): void }
}

/** Tags everybody by the rules that are live, or that go live now as at a start of the bot. */
export async function tagEverybody({ env, db, url, progress }: TaggingHere): Promise<Tagged & { seconds: number }> {
  const log = createLog('warn')
  const alarms = createAlarms({ webhook: undefined, clock, log })
  const content = await openContent({ dir: env.CONTENT_DIR, registry, db, clock, log, alarms, watch: false })
  const started = performance.now()
  let bar: ReturnType<typeof progress> | undefined
  try {
    const tagged = await tagEverybodyNow({
      url,
      rules: tagRulesOf(content.current()),
      clock,
      ids: systemIds(clock),
      onDue: (people) => (bar = progress(people)),
      onRound: (taken) => bar?.step(taken),
    })
    return { ...tagged, seconds: (performance.now() - started) / 1_000 }
  } finally {
    bar?.end()
    await content.close()
  }
}
