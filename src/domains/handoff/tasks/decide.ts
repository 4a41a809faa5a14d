/** Tasks that journeys give to advisers. Pure. */
import type { Case } from '../cases/schema.ts'

/** The code of the reason. */
export const journeyTask = 'journey-task'

type Opened = Pick<Case, 'reason' | 'evidence'>

/** What is to be done, and who knows about it; null and undefined where the case is none of a journey. */
export function taskOf({ reason, evidence: { note, skill } }: Opened): { note: string | null; skill?: string } {
  if (reason !== journeyTask || typeof note !== 'string') return { note: null }
  return { note, ...(typeof skill === 'string' && { skill }) }
}

/** She has neither asked for anybody nor said anything since: she is not told who has her case. */
export function isUnasked({
  reason,
  reopened,
  openedAt,
  lastCustomerAt,
}: Pick<Case, 'reason' | 'reopened' | 'openedAt' | 'lastCustomerAt'>): boolean {
  return reason === journeyTask && reopened === 0 && (lastCustomerAt === null || lastCustomerAt <= openedAt)
}
