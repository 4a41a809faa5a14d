/** Waking: who waits for something and has done it goes on before the waiting is over. */
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import { compile } from './decide.ts'
import { listRests, wake, wakeOptedOut } from './repo/rests.ts'
import { lockWaitingClock, windWaitingClock } from './repo/versions.ts'
import type { Lent } from './schema.ts'

/** So often it is looked whether what people wait for has happened. */
const lookEveryMs = 10 * 60_000
/** What comes to us a little late is still seen; what comes later is seen when the waiting is over. */
const overlapMs = 5 * 60_000

/**
 * Gives those their time now who have done what they wait for, or what ends their journey, and those who have opted out:
 * many in one statement, as nearly all of them have not. Every few minutes at most, whoever asks.
 */
export async function wakeWaiting(db: Database, content: Content, lent: Lent, now: Date): Promise<void> {
  const { lookedAt } = await db.transaction((tx) => lockWaitingClock(tx, now))
  if (now.getTime() - lookedAt.getTime() < lookEveryMs) return
  for (const { frozen, since, ...where } of await listRests(db.pool)) {
    const step = compile(frozen.steps).nodes.get(where.step)?.step
    const goals = [
      ...(step?.kind === 'waitFor' ? [{ did: step.did, within: step.within }] : []),
      ...(frozen.exit.did ? [{ did: frozen.exit.did, within: null }] : []),
    ]
    const after = new Date(Math.max(since.getTime(), lookedAt.getTime() - overlapMs))
    for (const { did, within } of goals) {
      const kind = lent.goals[did.name]
      if (!kind) continue
      const values: unknown[] = []
      const bind = (value: unknown, type: string): string => `$${values.push(value) + 5}::${type}`
      const text = kind.reached(did.args, { now, content, bind, after, until: now })
      await wake(db.pool, { ...where, within, now }, { text, values })
    }
    if (frozen.purpose === 'marketing') await wakeOptedOut(db.pool, { ...where, now })
  }
  await windWaitingClock(db.pool, now)
}
