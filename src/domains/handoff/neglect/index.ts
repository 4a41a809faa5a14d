/** What of the cases is an alarm: nobody is there to take one, or a manager was called. */
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { isOpen } from '../hours/index.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffSettings, hoursOf } from '../schema.ts'
import { isAtOnce, type Why, whyWaiting } from './decide.ts'
import { countWaiting, listEscalated } from './repo.ts'

export type { Why } from './decide.ts'

export type Neglect = {
  /** Cases that wait, and why nobody has them; null where none waits longer than it may. */
  waiting: { why: Why; cases: number } | null
  /** Cases with which a manager was called, and to whom it went; `by` null: since nobody else took it. */
  escalated: { number: number; to: string; by: string | null }[]
}

/**
 * An empty roster, a roster that nobody can be reached by, and hands that are full are told of as soon as one case waits;
 * that nobody is on duty, or nobody takes it, once an offer's time has passed in the hours of service.
 */
export async function findNeglect(db: Queryable, content: Content, now: Date): Promise<Neglect> {
  const settings = content.settings(handoffSettings)
  const escalated = await listEscalated(db)
  const { all, long } = await countWaiting(db, new Date(now.getTime() - settings.offerFor))
  if (all === 0) return { waiting: null, escalated }
  const why = whyWaiting(await seatsOf({ work: { db }, content }), content.zone, now)
  const cases = isAtOnce(why) ? all : isOpen(hoursOf(settings), content.zone, now) ? long : 0
  return { waiting: cases === 0 ? null : { why, cases }, escalated }
}
