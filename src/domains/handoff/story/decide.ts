/** What of a case's evidence can be shown to people. Pure. */
import type { Case } from '../cases/schema.ts'
import { taskOf } from '../tasks/decide.ts'
import type { Evidence } from './schema.ts'

/** Reasons that are about questions which nobody answered. */
const ofNoAnswer = 'no-answer'

/** Evidence is what whoever opened the case wrote into it: ids and codes are left out, words are shown. */
export function evidenceOf({ reason, evidence }: Pick<Case, 'reason' | 'evidence'>, unanswered: string[]): Evidence {
  const { question, words, order } = evidence
  return {
    question: typeof question === 'string' ? question : null,
    words: [words].flat().filter((word) => typeof word === 'string'),
    order: typeof order === 'string' ? order : null,
    unanswered: reason === ofNoAnswer ? unanswered : [],
    task: taskOf({ reason, evidence }).note,
  }
}
