/** The shop's side of the demo: the real commands of the real command line, over the demo's own database. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findCustomers } from '../../domains/members/index.ts'
import { tagProgress } from '../../domains/tags/index.ts'
import type { Env } from '../../env.ts'
import { openDatabase } from '../../kernel/db.ts'
import { UsageError, ZhangguiError } from '../../kernel/errors.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = fileURLToPath(new URL('../../main.ts', import.meta.url))
const lookEveryMs = 100
const taggedWithinMs = 30_000

export type Ran = { code: number; lines: string[] }

export type Office = {
  /** Runs `zhanggui …` from the folder of the project. */
  run(words: readonly string[]): Promise<Ran>
  /** The id of the customer whom the bot knows under this contact. Throws `customer-unknown`. */
  customerOf(contactId: string): Promise<string>
  /** Resolves once everything that has happened shows in the tags. Throws `tags-late` when it does not in half a minute. */
  tagged(): Promise<void>
  close(): Promise<void>
}

/** `env` is that of the demo's bot; aborting `signal` ends a command that runs. */
export function openOffice(env: Env & { DATABASE_URL: string }, signal: AbortSignal): Office {
  const db = openDatabase(env.DATABASE_URL, { connections: 1 })
  const variables = {
    DATABASE_URL: env.DATABASE_URL,
    DATA_DIR: resolve(env.DATA_DIR),
    CONTENT_DIR: resolve(env.CONTENT_DIR),
    ...(env.DATA_KEY && { DATA_KEY: env.DATA_KEY }),
  }
  return {
    run: (words) =>
      new Promise((done) => {
        const options = { cwd: root, env: variables, signal }
        execFile(process.execPath, [program, ...words], options, (error, out, complaints) => {
          const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0
          done({ code, lines: `${out}${code === 0 ? '' : complaints}`.trimEnd().split('\n') })
        })
      }),
    async customerOf(contactId) {
      const [found] = await findCustomers(db.pool, contactId, [])
      if (found) return found.personId
      const message = 'The bot has not met her yet: let her say something, or join a group.'
      throw new UsageError({ code: 'customer-unknown', message })
    },
    async tagged() {
      const until = performance.now() + taggedWithinMs
      while ((await tagProgress(db.pool)).waiting > 0) {
        if (performance.now() > until)
          throw new ZhangguiError({ code: 'tags-late', message: 'The tags do not follow.' })
        await delay(lookEveryMs, undefined, { signal })
      }
    },
    close: () => db.close(),
  }
}
