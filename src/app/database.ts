/** Reaches the database of the environment, or the embedded one, and brings it up to date. */
import type { Env } from '../env.ts'
import { UsageError } from '../kernel/errors.ts'
import { createLog, type Log } from '../kernel/log.ts'
import { migrate } from '../kernel/migrate.ts'
import { embeddedPostgres } from '../kernel/postgres.ts'

export type Reached = { url: string; stop(): Promise<void> }

/** Throws a UsageError when the given database cannot be reached. `stop` leaves a database that is not ours alone. */
export async function reachDatabase(env: Env, log: Log = createLog('warn')): Promise<Reached> {
  if (!env.DATABASE_URL) {
    const embedded = await embeddedPostgres({ dataDir: env.DATA_DIR, log })
    await migrate(embedded.url)
    return { url: embedded.url, stop: () => embedded.stop() }
  }
  try {
    await migrate(env.DATABASE_URL)
  } catch (error) {
    const { code } = error as { code?: string }
    if (!code || !/^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28|3D)/.test(code)) throw error
    const { host, pathname } = new URL(env.DATABASE_URL)
    throw new UsageError({
      code: 'database-unreachable',
      message: `DATABASE_URL leads nowhere: the database ${pathname.slice(1)} at ${host} answered ${code}. Correct it, or unset it to use the embedded database.`,
      cause: error,
    })
  }
  return { url: env.DATABASE_URL, stop: () => Promise.resolve() }
}
