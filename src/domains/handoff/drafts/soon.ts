/** A case whose customer said something may want drafts: it is looked at once her burst is over. */
import type { ScheduleEvent } from '../../../kernel/effect.ts'
import { caseLock } from '../cases/index.ts'

export const draftsDue = 'handoff.drafts-due'

/** One look for each case: each further word of hers moves it. */
export function draftSoon(caseId: string, at: Date): ScheduleEvent {
  const key = `${draftsDue}:${caseId}`
  return { kind: 'ScheduleEvent', name: draftsDue, key, at, account: '', lock: [caseLock], payload: { caseId } }
}
