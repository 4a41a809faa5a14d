/** A case, and what happened to it. */

/**
 * waiting: in the queue, offered to nobody. offered: to one adviser, until `offeredUntil`. owned: an adviser talks with
 * the customer, and nobody else does. closed: for good, but for the window in which she may come back.
 */
export type CaseState = 'waiting' | 'offered' | 'owned' | 'closed'

export type Case = {
  id: string
  /** How people name it: #1024. */
  number: number
  /** One case for each intent to open one. */
  key: string
  state: CaseState
  /** Where it arose. */
  threadId: string
  customerId: string | null
  /** A code, not prose: `asked`, `complaint`, `topic:medical`, `order-late`, … */
  reason: string
  evidence: Record<string, unknown>
  /** 0 to 100; higher goes first, whenever it came. */
  urgency: number
  owner: string | null
  offeredTo: string | null
  offeredUntil: Date | null
  /** Who was offered it and did not take it, or gave it away. Forgotten once somebody owns it. */
  passedBy: readonly string[]
  openedAt: Date
  acceptedAt: Date | null
  /** When a human first said something to her. */
  firstResponseAt: Date | null
  /** Her oldest message that no human has answered; null where all are. */
  unansweredSince: Date | null
  lastCustomerAt: Date | null
  lastAdviserAt: Date | null
  closedAt: Date | null
  /** A code of handoff.yaml; null while it is open, and where nobody said. */
  resolution: string | null
  /** How often it was opened again. */
  reopened: number
}

/** Who did something: an adviser by her id, the customer, or the house itself. */
export type By = { adviser: string } | 'customer' | 'house'

/** What became of an adviser's words, as a whole. */
export type Delivered = 'sent' | 'refused' | 'unknown' | 'cancelled'

/** What happened to a case, in order; nothing of it is ever changed. */
export type Entry =
  | { kind: 'opened' | 'again'; reason: string; evidence: Record<string, unknown>; threadId: string }
  | { kind: 'offered'; to: string; until: Date }
  | { kind: 'passed'; from: string; why: 'declined' | 'expired' | 'left' }
  | { kind: 'accepted'; by: string }
  | { kind: 'taken-over'; by: string; from: string | null }
  | { kind: 'transferred'; by: string; to: string; note: string }
  | { kind: 'released'; from: string; why: 'left' }
  | { kind: 'note'; by: string; text: string }
  | { kind: 'customer-said' }
  | { kind: 'customer-recalled' }
  /** `say`: the key of the send; `again`: of the one that it repeats. */
  | { kind: 'adviser-said'; by: string; say?: string; again?: string }
  | { kind: 'delivery'; say: string; state: Delivered }
  | { kind: 'recalled'; by: string; say: string; result: string }
  /** A file of the customer's has come, or a summary and drafts have: whoever looks at the case reads again. */
  | { kind: 'file' | 'drafts' }
  | { kind: 'resolved'; by: By; code: string | null }
  | { kind: 'reopened'; for: string | null }
  /** A manager was asked because nobody else takes it (`by` null), or by the adviser who had it. */
  | { kind: 'escalated'; by: string | null; to: string; note: string }
  /** How it was, in the customer's words: 1 to 5. */
  | { kind: 'rated'; mark: number; words: string }
  /** The platform takes nothing for her any more. */
  | { kind: 'gone' }

/** Why something cannot be done, as a key of what is said to whoever tried. */
export type Refusal =
  | { kind: 'closed' }
  | { kind: 'open' }
  | { kind: 'owned'; by: string }
  | { kind: 'offered-to'; to: string }
  | { kind: 'not-yours'; owner: string | null }
  | { kind: 'already-yours' }
  | { kind: 'no-draft' }
  /** The customer has said something since the drafts were made. */
  | { kind: 'stale-draft' }
  | { kind: 'no-manager' }
  | { kind: 'nothing-answered' }

export type Step = { case: Case; entries: readonly Entry[] } | { refused: Refusal }

/** What a case asks of whoever takes it, as of its opening. */
export type Wanting = { skill?: string | null; level?: string | null; region?: string | null; group?: string | null }
