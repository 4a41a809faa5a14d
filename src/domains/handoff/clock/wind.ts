/** The clock of a case is wound up to what is due next, by whoever changes the case. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { Work } from '../../../kernel/work.ts'
import { caseLock, type CaseFile, type Stored } from '../cases/index.ts'
import { handoffKind, handoffSettings, hoursOf } from '../schema.ts'
import { type Counted, type PromiseShown, shownPromises, stagesOf } from './decide.ts'
import type { Patience, Stage } from './schema.ts'

export const clockDue = 'handoff.clock'

/** The targets of a case: its level's, where content names some. */
function patienceOf(content: Content, { wanted }: Pick<Stored, 'wanted'>): Patience {
  const { targets, warnAfter, idle } = content.settings(handoffSettings)
  const level = content.one(handoffKind).levels?.of[wanted.level ?? '']?.targets
  return { ...targets, ...level, warnAfter, idleAfter: idle.after, idleCloses: idle.closes }
}

export function stagesNow(now: Stored, content: Content): Stage[] {
  const hours = hoursOf(content.settings(handoffSettings))
  return stagesOf(now, patienceOf(content, now), hours, content.zone, now.told)
}

/** What the customer of a case was promised, the nearest first. */
export function promisedNow(now: Counted & Pick<Stored, 'wanted'>, content: Content): PromiseShown[] {
  return shownPromises(now, patienceOf(content, now), hoursOf(content.settings(handoffSettings)), content.zone)
}

/** By when it is to be answered and closed, as things are; null where no such promise runs. */
export function dueNow(now: Stored, content: Content): Record<PromiseShown['what'], Date | null> {
  const due: Record<PromiseShown['what'], Date | null> = { first: null, next: null, resolve: null }
  for (const promise of promisedNow(now, content)) due[promise.what] = promise.due
  return due
}

/** Puts a case back and winds its clock up: whoever changes a case ends with this. */
export function closeFile(file: CaseFile, { content, work }: { content: Content; work: Pick<Work, 'now'> }): Effect[] {
  file.close()
  const [next] = stagesNow(file.now(), content)
  return next ? [windUp(file.now().id, next.at > work.now ? next.at : work.now)] : []
}

/** One job for each case: what comes later takes the place of what was awaited before. */
function windUp(caseId: string, at: Date): ScheduleEvent {
  const key = `${clockDue}:${caseId}`
  return { kind: 'ScheduleEvent', name: clockDue, key, at, account: '', lock: [caseLock], payload: { caseId } }
}
