/** The house's end of the line to the process that rehearses. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { PlayRehearsal, RehearsalPlayed } from '../../desk/server/index.ts'
import { UsageError, ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'
import type { RehearsalAsked, RehearsalOrder, RehearsalTold } from './order.ts'

const program = fileURLToPath(new URL('./process.ts', import.meta.url))
/** So long it may take to drop its database; the next rehearsal sweeps what it leaves. */
const graceMs = 20_000

/** Rejects with a UsageError for what a manager can mend, and with `rehearsal` for anything else, an abort included. */
export function rehearsalLine(given: Omit<RehearsalOrder, 'wish'>, clock: Clock): PlayRehearsal {
  return (wish, { progress, signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<RehearsalPlayed>()
    const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    let kept: () => void = () => undefined
    let said: Exclude<RehearsalTold, { kind: 'progress' }> | undefined
    const ask = (asked: RehearsalAsked): void => {
      if (child.connected) child.send(asked, () => undefined)
    }
    const cancel = (): void => {
      ask({ kind: 'cancel' })
      kept = clock.after(graceMs, () => child.kill('SIGKILL'))
    }
    child.on('message', (told: RehearsalTold) => {
      if (told.kind === 'progress') progress(told.share)
      else said = told
    })
    child.on('error', (cause) => reject(failure('it did not start', cause)))
    child.on('exit', (code, killed) => {
      kept()
      signal.removeEventListener('abort', cancel)
      if (said?.kind === 'played') resolve(said.played)
      else if (!said) reject(failure(`its process ended with ${killed ?? code}`))
      else reject(said.usage ? new UsageError(said) : failure(said.message))
    })
    ask({ kind: 'begin', order: { ...given, wish } })
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    return promise
  }
}

function failure(reason: string, cause?: unknown): ZhangguiError {
  return new ZhangguiError({ code: 'rehearsal', message: `The rehearsal came to nothing: ${reason}.`, cause })
}
