/** `start`: this process serves accounts until it is told to stop. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from '../env.ts'
import { createLog } from '../kernel/log.ts'
import { accountFromEnvironment, accountsOf } from './accounts.ts'
import { openRuntime } from './runtime.ts'
import { say } from './terminal.ts'

/** How long a stop may take: what is under way is finished, what waits stays in the outbox. */
const stopMs = 9_000
const signals = ['SIGTERM', 'SIGINT'] as const
type Signal = (typeof signals)[number]
/** Exit code when another process owns an account of ours now. */
const accountLost = 3

export async function serve(env: Env, options: { only: readonly string[]; standby: boolean }): Promise<void> {
  // Without any account nothing needs to be started to say so.
  if (!existsSync(join(env.CONTENT_DIR, 'accounts.yaml'))) accountFromEnvironment(env)
  const log = createLog(env.LOG_LEVEL)
  // From the first moment: a signal that comes while everything is being opened must not leave a half-open house.
  const told = new AbortController()
  const signalled = new Promise<Signal>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal))
  })
  void signalled.then(() => {
    told.abort()
    // A second signal means now.
    for (const signal of signals) process.once(signal, () => process.exit(1))
  })
  const opened = await openRuntime({
    env,
    log,
    accounts: (content) => accountsOf(content, env, options.only),
    standby: options.standby,
    signal: told.signal,
  }).catch((error: unknown) => {
    if (told.signal.aborted) return undefined
    throw error
  })
  if (!opened) process.exit(0)
  if (opened.desk !== undefined) say(`the desk: ${opened.desk}`)
  const reason = await Promise.race([signalled, opened.ended])
  log.info({ reason }, 'stopping')
  await opened.stop(stopMs)
  log.info('stopped')
  // A connection attempt to a database that is away would keep the process for seconds more.
  process.exit(told.signal.aborted ? 0 : accountLost)
}
