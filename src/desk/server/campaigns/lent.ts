/** What the pages of campaigns need of the house beside what all of the desk needs. */
import type { Acted, Goals, Placeholders, RunReport } from '../../../domains/campaigns/index.ts'
import type { ScheduleEvent } from '../../../kernel/effect.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { DifferenceLine, RehearsalWish } from '../../campaigns-api.ts'

/** What a rehearsal has come to: a page for each language, and what going live would change. */
export type RehearsalPlayed = {
  pages: { zh: string; en: string }
  differences: DifferenceLine[] | null
  failures: string[]
}

/** Plays in a process of its own. Once aborted it ends soon, with whatever error; a UsageError tells its reader what to do. */
export type PlayRehearsal = (
  wish: RehearsalWish,
  on: { progress: (share: number) => void; signal: AbortSignal },
) => Promise<RehearsalPlayed>

export type CampaignsLent = {
  goals: Goals
  placeholders: Placeholders
  /** What delivery does at a manager's word, in the transaction in which it is given. */
  actOnBatches: (db: Queryable, effects: Acted['effects'], now: Date) => Promise<void>
  schedule: (db: Queryable, event: ScheduleEvent) => Promise<unknown>
  csvOf: (reports: readonly RunReport[]) => string
  rehearse: PlayRehearsal
}
