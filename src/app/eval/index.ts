/** Evaluation: dialogues of content through the real way of a message, held against what is expected of them. */
import { randomBytes } from 'node:crypto'
import { formatFindings, loadFolder } from '../../content/index.ts'
import type { Env } from '../../env.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Content } from '../../kernel/content.ts'
import { type Database, openDatabase } from '../../kernel/db.ts'
import { reasonOf, UsageError } from '../../kernel/errors.ts'
import { createLog } from '../../kernel/log.ts'
import { migrate } from '../../kernel/migrate.ts'
import { embeddedPostgres } from '../../kernel/postgres.ts'
import { scratchDatabase } from '../../kernel/scratch-database.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { registry } from '../registry.ts'
import { type CaseResult, casesOf, type RunOptions, runCases } from './run.ts'

export { accepted, mended, readBaseline, regressions, writeBaseline } from './baseline.ts'
export { writeRecordings } from './recordings.ts'
export { type CaseResult, casesOf } from './run.ts'
export { openSource, type Source, type Tally } from './source.ts'

/** Reads the content folder, which must be without errors: throws a UsageError `content-bad`. */
export async function contentOf(dir: string): Promise<Content> {
  const { content, findings } = await loadFolder(dir, registry)
  if (content) return content
  const errors = findings.filter(({ severity }) => severity === 'error')
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}

/** The cases of one id or kind, or all. Throws a UsageError `eval-only` when there is none. */
export function chosenCases(content: Content, only: string | undefined): ReturnType<typeof casesOf> {
  const all = casesOf(content)
  const chosen = only === undefined ? all : all.filter(({ id, kind }) => id === only || kind === only)
  if (chosen.length > 0) return chosen
  const kinds = [...new Set(all.map(({ kind }) => kind))].join(', ')
  const message =
    only === undefined
      ? 'There are no cases under evals/.'
      : `No case has the id or kind «${only}». Kinds: ${kinds || 'none'}.`
  throw new UsageError({ code: 'eval-only', message })
}

/** Runs cases over a database that must be migrated and that nobody else uses. */
export async function evaluate(
  db: Database,
  options: Omit<RunOptions, 'db' | 'secrets' | 'log'>,
): Promise<CaseResult[]> {
  const key = randomBytes(32).toString('hex')
  const secrets = await openSecrets(db, { key, dataDir: '' }, systemClock.now())
  return runCases({ ...options, db, secrets, log: createLog('error') })
}

/** A database for this run alone, on the server of the environment or the embedded one. Throws `eval-database`. */
export async function withScratch<T>(env: Env, use: (db: Database) => Promise<T>): Promise<T> {
  const log = createLog('warn')
  const embedded = env.DATABASE_URL ? undefined : await embeddedPostgres({ dataDir: env.DATA_DIR, log })
  try {
    const scratch = await scratchDatabase(env.DATABASE_URL ?? embedded?.url ?? '', 'eval').catch(throwUnmade)
    try {
      await migrate(scratch.url)
      const db = openDatabase(scratch.url, { connections: 3 })
      return await use(db).finally(() => db.close())
    } finally {
      await scratch.drop()
    }
  } finally {
    await embedded?.stop()
  }
}

function throwUnmade(cause: unknown): never {
  const message = `eval makes a database of its own beside that of DATABASE_URL, and could not: ${reasonOf(cause)}. Allow its user to (CREATEDB), or unset DATABASE_URL for the embedded one.`
  throw new UsageError({ code: 'eval-database', message, cause })
}
