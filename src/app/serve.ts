/** `start`: this process serves accounts until it is told to stop. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from '../env.ts'
import { createLog } from '../kernel/log.ts'
import { accountFromEnvironment, accountsOf } from './accounts.ts'
import { openRuntime } from './runtime.ts'

/** How long a stop may take: what is under way is finished, what waits stays in the outbox. */
const stopMs = 9_000

export async function serve(env: Env, options: { only: readonly string[]; standby: boolean }): Promise<void> {
  // Without any account nothing needs to be started to say so.
  if (!existsSync(join(env.CONTENT_DIR, 'accounts.yaml'))) accountFromEnvironment(env)
  const log = createLog(env.LOG_LEVEL)
  const runtime = await openRuntime({
    env,
    log,
    accounts: (content) => accountsOf(content, env, options.only),
    standby: options.standby,
  })
  const reason = await new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
    void runtime.ended.then(resolve)
  })
  log.info({ reason }, 'stopping')
  // A second signal means now.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))
  await runtime.stop(stopMs)
  log.info('stopped')
  // A connection attempt to a database that is away would keep the process for seconds more.
  process.exit(0)
}
