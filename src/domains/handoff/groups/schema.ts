/** What a group knows of a customer's open case: that there is one, and nothing else. */
import type { CaseState } from '../cases/schema.ts'

export type Aside = {
  caseId: string
  state: CaseState
  /** Where it arose. */
  threadId: string
  reason: string
  openedAt: Date
}
