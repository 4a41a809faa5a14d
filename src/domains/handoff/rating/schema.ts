/** How it was: what content says of the question, and what is remembered of it while it is open. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'

/** The kind of our open question. */
export const ratingQuestion = 'handoff-rating'

export const Asked = z.object({ caseId: z.string() })

export const RatingSettings = z.strictObject({
  ask: z.boolean().default(true).describe('Whether she is asked how it was when her case is closed'),
  for: Duration.prefault('1d').describe('So long her answer is taken for a mark'),
  lowMark: z.int().min(0).max(5).default(2).describe('The managers hear of this mark and of those below; 0: of none'),
})
