/** Drafts of a case, and the lines that they are made from. */
import type { Draft, TalkLine } from '../../../kernel/effect.ts'

/**
 * asked: somebody makes them, until `deadlineAt`. ready: there are some, or a summary. none: there is nothing to be drafted.
 * failed: they never came back.
 */
export type Drafts = {
  caseId: string
  /** Id of the customer's message that they answer. */
  madeFor: string
  state: 'asked' | 'ready' | 'none' | 'failed'
  summary: string | null
  drafts: readonly Draft[]
  askedAt: Date
  deadlineAt: Date
  madeAt: Date | null
}

/** A line of a conversation; `id` of the message. */
export type Said = TalkLine & { id: string }
