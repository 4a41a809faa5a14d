/**
 * Questions whose deadline has passed without an outcome: whoever took them to the model has died, could not bring the
 * outcome back, or brought one that could not be handled. Each is brought back as a timeout, so that its customer gets the
 * approved answer; also by a process that has no model itself.
 */
import * as faq from '../domains/faq/index.ts'
import type { Database } from '../kernel/db.ts'
import type { NewEvent } from '../kernel/event.ts'
import type { Clock, ModelOutcome } from '../kernel/ports.ts'
import type { Log } from '../kernel/log.ts'

type Options = {
  db: Database
  /** Whose questions are looked for: those of the accounts that this process owns. */
  accounts: readonly string[]
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  log: Log
}

/** How often they are looked for; and how long after their deadline. */
const sweepMs = 1_000
const graceMs = 500

export const timeout: ModelOutcome = { kind: 'failed', why: 'timeout', ms: 0 }

/** `isOpen`: one that this process is about to bring back. The sweeping ends when what it returns is called. */
export function sweepOverdue(
  { db, accounts, accept, clock, log }: Options,
  isOpen: (exchange: Pick<faq.Exchange, 'id' | 'attempt'>) => boolean = () => false,
): () => void {
  let stopped = false
  let cancel = (): void => {}

  async function sweep(): Promise<void> {
    const overdue = await faq.listOverdue(db.pool, accounts, new Date(clock.now().getTime() - graceMs))
    for (const { id, attempt, account, contactId } of overdue) {
      if (isOpen({ id, attempt })) continue
      const payload: faq.ModelAnswered = { exchange: id, attempt, outcome: timeout, promptHash: null }
      const what = { kind: 'SliceEvent' as const, name: faq.modelAnswered, lock: [`contact:${contactId}`], payload }
      // A key of its own: the inbox may hold the outcome of this attempt already, as one that failed to be handled.
      await accept({ account, key: `exchange:${id}:${attempt}:overdue`, at: clock.now(), what })
    }
  }

  function keepSweeping(): void {
    cancel = clock.after(sweepMs, () => {
      sweep()
        .catch((error: unknown) => log.warn({ err: error }, 'overdue questions were not looked for'))
        .finally(() => {
          if (!stopped) keepSweeping()
        })
    })
  }

  keepSweeping()
  return () => {
    stopped = true
    cancel()
  }
}
