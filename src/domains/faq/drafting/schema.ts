/** What an adviser may answer with, on its way from a customer's words to her. */
import { z } from 'zod'
import type { Draft, DraftReplies } from '../../../kernel/effect.ts'
import type { ModelOutcome } from '../../../kernel/ports.ts'

/** What the model returns; nothing of it is believed before it is checked. */
export const ModelDrafts = z.object({
  summary: z.string().max(1_000),
  drafts: z.array(z.object({ text: z.string().max(4_000), cites: z.array(z.string()).max(10) })).max(10),
})
export type ModelDrafts = z.infer<typeof ModelDrafts>

/**
 * What is asked of the model; the words in it are masked, and without those that are made to be obeyed. A question of which
 * nothing is left is not asked.
 */
export type DraftRequest = Omit<DraftReplies, 'kind' | 'from' | 'threadId'> & {
  /** Ids of the entries that drafts may stand on. */
  given: readonly string[]
  /** Ids of those whose answers are the drafts where the model has none. */
  approved: readonly string[]
}

/** The slice event in which drafts come back, checked. It holds nothing of the conversation but them. Survives JSON. */
export const Drafted = z.object({
  caseId: z.uuid(),
  madeFor: z.uuid(),
  customerId: z.uuid(),
  /** Names her, so that the event goes when she is forgotten. */
  contactId: z.string().nullable(),
  summary: z.string().nullable(),
  drafts: z.array(z.custom<Draft>()),
  usage: z.object({ input: z.number(), output: z.number() }),
  /** How asking the model failed; null where it did not, or was not asked. */
  failed: z.custom<Extract<ModelOutcome, { kind: 'failed' }>['why']>().nullable(),
})
export type Drafted = z.infer<typeof Drafted>

export const draftsAtMost = 3
/** In characters. */
export const longestSummary = 120
