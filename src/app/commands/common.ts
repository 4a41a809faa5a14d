/** What the commands share: where the content is, and a database for the length of a command. */
import type { Command } from 'commander'
import { type Env, readEnv } from '../../env.ts'
import type { Database } from '../../kernel/db.ts'

/** The environment, with `--content` before CONTENT_DIR. */
export function environmentOf(command: Command): Env {
  const env = readEnv()
  const { content } = command.optsWithGlobals<{ content?: string }>()
  return content ? { ...env, CONTENT_DIR: content } : env
}

/** Whether --json was given. A command that has commands of its own and takes --json too takes it away from them. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json ?? false
}

/** Opens the database of the environment, migrated; starts or joins the embedded one when no address is given. */
export async function withDatabase<T>(env: Env, use: (db: Database, url: string) => Promise<T>): Promise<T> {
  const [{ openDatabase }, { reachDatabase }] = await Promise.all([
    import('../../kernel/db.ts'),
    import('../database.ts'),
  ])
  const reached = await reachDatabase(env)
  const db = openDatabase(reached.url, { connections: 3 })
  try {
    return await use(db, reached.url)
  } finally {
    await db.close()
    await reached.stop()
  }
}
