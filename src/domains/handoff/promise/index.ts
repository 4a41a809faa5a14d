/**
 * What the customer is told to expect, once for each case: within how long somebody answers, that she stands in the queue, or
 * when somebody is there. What is promised is what the clock of the case counts, so it is also told again and escalated.
 */
import type { Effect } from '../../../kernel/effect.ts'
import type { CaseFile, Stored } from '../cases/index.ts'
import { stagesNow } from '../clock/wind.ts'
import { isOnDuty, nextOnDuty, type Seat } from '../roster/index.ts'
import { reasonOf } from '../schema.ts'
import { customerOf, type On, tellCustomer } from '../talk/index.ts'
import { spokenTime, spokenWait } from './decide.ts'

/** What the key of such a line begins with. */
export const promiseKey = 'handoff-promise:'

/** Nothing where she knows of no case (a quiet reason), cannot be reached yet, or where nobody ever comes. */
export async function promiseHelp(file: CaseFile, seats: readonly Seat[], on: On): Promise<Effect[]> {
  const now = file.now()
  if (reasonOf(on.content, now.reason).quiet) return []
  const customer = await customerOf(now, on)
  if (customer.to === null) return []
  const key = `promise:${now.reopened}`
  const wasTold = now.told.has(key)
  const said = expectation(now, seats, on)
  // When nobody is there any more what was promised cannot be kept: then, and only then, there is something else to say.
  if (!said || (wasTold && said.reply !== 'handoff.off-hours')) return []
  const told = new Map([...now.told, [key, on.work.now] as const])
  file.set({ told, talkThreadId: customer.to.threadId })
  const text = on.content.reply(said.reply, said.values, on.ids.random())
  return tellCustomer(customer, `${promiseKey}${now.id}:${now.reopened}:${said.once}`, text)
}

/** `once`: the same is said once. */
type Expected = { reply: string; values: Record<string, unknown>; once: string }

function expectation(now: Stored, seats: readonly Seat[], { content, work }: On): Expected | undefined {
  const { zone } = content
  // Whom no card reaches comes to nobody: that is an alarm (`findNeglect`), and nothing to promise.
  const isThere = seats.some(({ adviser, away, reachable }) => reachable && !away && isOnDuty(adviser, zone, work.now))
  if (now.state === 'waiting') {
    if (isThere) return { reply: 'handoff.queue', values: {}, once: 'now' }
    const next = nextOnDuty(seats, zone, work.now)
    // Nobody knows when anybody comes: that is an alarm, and no time is made up.
    if (!next) return undefined
    const spoken = spokenTime(next, zone, work.now)
    return { reply: 'handoff.off-hours', values: spoken, once: `from:${spoken.date}` }
  }
  const due = stagesNow(now, content).find(({ what, stage }) => what === 'first' && stage === 'breach')
  return due && { reply: 'handoff.soon', values: spokenWait(due.at, zone, work.now), once: 'now' }
}
