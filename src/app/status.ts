/** What is known of the whole: for /health, /metrics and `zhanggui status`. */
import type { ContentStore } from '../content/index.ts'
import { listPublications } from '../content/index.ts'
import { countOutbox } from '../delivery/index.ts'
import * as faq from '../domains/faq/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import type { Handler } from '../kernel/handle.ts'
import type { Alarms, Clock } from '../kernel/ports.ts'
import type { Health } from './health.ts'
import type { Line } from './line.ts'
import { type AccountRow, deafTime, listAccounts, unbindAccount } from './repo.ts'

const dayMs = 86_400_000

export async function healthOf(on: {
  db: Database
  lines: readonly Line[]
  handler: Handler
  alarms: Alarms
  sends: Record<string, number>
  content: ContentStore
  clock: Clock
}): Promise<Health> {
  const now = on.clock.now()
  const counted = await countsOf(on.db, now)
  const accounts = on.lines.map((line) => ({
    account: line.config.name,
    state: line.state(),
    deafSeconds: (now.getTime() - (line.deafSince()?.getTime() ?? now.getTime())) / 1000,
    deafSecondsToday: (counted?.deaf.get(line.config.name) ?? 0) / 1000,
  }))
  return {
    ok: counted !== null && accounts.every(({ state }) => state === 'connected'),
    database: counted !== null,
    accounts,
    inbox: on.handler.lag(),
    outbox: counted?.outbox ?? {},
    sends: on.sends,
    answers: faq.counts.outcomes,
    modelFailures: faq.counts.failures,
    content: on.content.current().version,
    alarms: on.alarms.current().map(({ code, severity, since, message }) => ({
      code,
      severity,
      since: since.toISOString(),
      message,
    })),
  }
}

/** Null while the database does not answer. */
async function countsOf(
  db: Database,
  now: Date,
): Promise<{ outbox: Record<string, number>; deaf: Map<string, number> } | null> {
  try {
    const [outbox, deaf] = await Promise.all([countOutbox(db), deafTime(db, new Date(now.getTime() - dayMs), now)])
    return { outbox, deaf }
  } catch {
    return null // that it does not answer is the answer
  }
}

export type Status = {
  accounts: (AccountRow & { deafMsLastDay: number; frozen: string | null })[]
  inbox: { open: number; failed: number }
  outbox: Record<string, number>
  content: string | null
}

export async function readStatus(db: Database): Promise<Status> {
  const now = systemClock.now()
  const [accounts, deaf, outbox, open, failed, live] = await Promise.all([
    listAccounts(db),
    deafTime(db, new Date(now.getTime() - dayMs), now),
    countOutbox(db),
    db.prisma.inbox.count({ where: { handledAt: null } }),
    db.prisma.inbox.count({ where: { outcome: 'failed' } }),
    listPublications(db, 1),
  ])
  return {
    accounts: accounts.map((account) => ({
      ...account,
      deafMsLastDay: deaf.get(account.name) ?? 0,
      frozen:
        account.state === 'swapped'
          ? `The account ${account.name} is frozen: another WeChat user than ${account.contactName ?? account.contactId ?? '?'} is logged in. Log the right one in, or: zhanggui status --unbind ${account.name}`
          : null,
    })),
    inbox: { open, failed },
    outbox,
    content: live[0]?.version ?? null,
  }
}

/** Lets the account be logged in as another WeChat user. The running process notices within seconds. */
export async function unbind(db: Database, account: string): Promise<void> {
  if (!(await unbindAccount(db, account))) {
    throw new UsageError({ code: 'unknown-account', message: `The database knows no account «${account}».` })
  }
}
