/** A manager gives a customer to a human by a click, whatever the bot makes of her. */
import { UsageError } from '../../../kernel/errors.ts'
import type { Jobs } from '../../../kernel/jobs.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { listSameCustomers } from '../../members/index.ts'
import { type Opened, findCaseByKey, openCases } from '../cases/repo.ts'
import { routeSoon } from '../routing/index.ts'
import { byHand } from './decide.ts'
import { findLastPlace } from './repo.ts'

export type ByHand = {
  /** Any of the person's customers. */
  customerId: string
  /** The manager, by her id in advisers.yaml, or whoever runs the command line. */
  by: string
  /** Why: whoever takes the case reads it. */
  note: string
  /** One click is one case, however often it arrives. */
  click: string
}

/**
 * Opens a case of reason `by-hand`, in the caller's transaction; where she has an open one it is one more reason for that.
 * Who may do so is the caller's to know. Throws a UsageError `no-talk` for somebody who has never written to us.
 */
export async function openByHand(
  db: Queryable,
  { customerId, by, note, click }: ByHand,
  { ids, now, jobs }: { ids: Ids; now: Date; jobs: Pick<Jobs, 'schedule'> },
): Promise<{ caseId: string; number: number; isNew: boolean }> {
  const place = await findLastPlace(db, await listSameCustomers(db, customerId))
  if (!place) {
    const message = 'She has never written to us: there is nobody to give to a human.'
    throw new UsageError({ code: 'no-talk', message })
  }
  const key = `by-hand:${click}`
  const when = { openedAt: now, goesOnAfter: null }
  const asked: Opened = { id: ids.fresh(), key, ...place, reason: byHand, evidence: { by, note }, ...when }
  await openCases.run(db, [asked])
  await jobs.schedule.run(db, [routeSoon(key, now)])
  const found = (await findCaseByKey.run(db, [key])).get(key)
  if (!found) throw new Error(`the case of ${key} is not there`)
  return { caseId: found.id, number: found.number, isNew: found.key === key }
}
