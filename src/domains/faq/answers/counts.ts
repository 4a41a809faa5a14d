/** What became of questions since this process started, for /metrics. */
import type { ModelOutcome } from '../../../kernel/ports.ts'
import type { Outcome } from './schema.ts'

type Why = Extract<ModelOutcome, { kind: 'failed' }>['why']

/** Counted when the transaction that ended the exchange has committed. Without those that there were none of. */
export const counts = {
  outcomes: {} as Partial<Record<Outcome, number>>,
  failures: {} as Partial<Record<Why, number>>,
}

export function countOutcome(outcome: Outcome): void {
  counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1
}

export function countFailure(why: Why): void {
  counts.failures[why] = (counts.failures[why] ?? 0) + 1
}
