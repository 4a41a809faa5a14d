/** Owning the accounts: one process serves each (law 3). */
import { hostname } from 'node:os'
import { ZhangguiError } from '../kernel/errors.ts'
import { type Lease, takeAccount } from '../kernel/lease.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'
import type { AccountConfig } from './accounts.ts'

/** How often a standby asks for the account. */
const standbyMs = 1_000

type Taking = {
  url: string
  standby: boolean
  signal: AbortSignal | undefined
  clock: Clock
  log: Log
  onLost: (reason: string) => void
  /** What is to be undone in the end. */
  closing: { add(step: () => Promise<unknown> | void): void }
}

/** Owns every account or throws `account-owned`, naming the owner (law 3). */
export async function takeAll(configs: readonly AccountConfig[], taking: Taking): Promise<Map<string, Lease>> {
  const leases = new Map<string, Lease>()
  for (const { name } of configs) {
    const lease = await takeOne(name, taking)
    taking.closing.add(() => lease.release())
    leases.set(name, lease)
  }
  return leases
}

async function takeOne(account: string, { url, standby, signal, clock, log, onLost }: Taking): Promise<Lease> {
  const self = `${hostname()}, process ${process.pid}`
  for (let said = false; ; said = true) {
    const taken = await takeAccount({
      url,
      account,
      self,
      clock,
      log,
      onTaken: () => Promise.resolve(),
      onLost: (owner) => onLost(`the account ${account} belongs to ${owner} now`),
    })
    if (taken.kind === 'taken') return taken.lease
    if (!standby) {
      throw new ZhangguiError({
        code: 'account-owned',
        message: `The account «${account}» is served by another process: ${taken.by}. Stop that one first, or start with --standby to take over when it ends.`,
      })
    }
    if (!said) log.info({ account, owner: taken.by }, 'standing by')
    await new Promise<void>((resolve) => setTimeout(resolve, standbyMs))
    if (signal?.aborted) throw new ZhangguiError({ code: 'told-to-stop', message: 'Told to stop while standing by.' })
  }
}
