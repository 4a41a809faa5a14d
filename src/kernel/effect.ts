/**
 * Effects: what a slice wants done, in the imperative. They are data; the slice that owns the touched tables applies
 * them in the transaction of the event (DESIGN: the road of a message, step 5).
 */
import { z } from 'zod'

/** Why we speak. It decides the priority, and which caps and refusals bite. */
export const Purpose = z.enum(['security', 'adviser', 'reply', 'service', 'challenge', 'marketing'])
export type Purpose = z.infer<typeof Purpose>

/** A picture or file: kept in the media table under the SHA-256 of its bytes. */
const Media = z.object({ mediaId: z.string(), filename: z.string() })

/** One thing that goes over the wire. Long texts are split by delivery, not by who writes them. */
export const Body = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), mentions: z.array(z.string()).optional() }),
  z.object({ type: z.literal('image'), ...Media.shape }),
  z.object({ type: z.literal('file'), ...Media.shape }),
  z.object({ type: z.literal('video'), ...Media.shape }),
  z.object({ type: z.literal('audio'), ...Media.shape }),
  z.object({
    type: z.literal('link'),
    title: z.string(),
    url: z.string(),
    description: z.string().optional(),
    thumbnailUrl: z.string().optional(),
  }),
  z.object({
    type: z.literal('miniProgram'),
    appid: z.string(),
    title: z.string(),
    pagePath: z.string(),
    username: z.string().optional(),
    description: z.string().optional(),
    thumbUrl: z.string().optional(),
    thumbKey: z.string().optional(),
  }),
  z.object({ type: z.literal('acceptFriendship'), friendshipId: z.string() }),
  z.object({ type: z.literal('acceptInvitation'), invitationId: z.string() }),
])
export type Body = z.infer<typeof Body>

/** Where a send goes. Ids only, never names (law 5). `account` is the one that speaks there. */
export type Recipient =
  | { kind: 'direct'; account: string; contactId: string; threadId: string; customerId: string | null }
  | { kind: 'group'; account: string; roomId: string; threadId: string }

/** One intent to say something: the key makes it one row (per part) however often it is asked for. */
export type SendMessage = {
  kind: 'SendMessage'
  to: Recipient
  purpose: Purpose
  /** Unique per intent, e.g. `reply:<inbox id>`; a second effect with the same key changes nothing. */
  key: string
  body: Body[]
  /** Not before this instant; pacing and quiet hours may move it later. */
  notBefore?: Date
  /** Of no use after this instant: a late reply becomes a case, a late welcome vanishes with a reason. */
  notAfter?: Date
  /** Platform ids of the messages that it answers: when all of them are recalled, it is not sent. */
  answers?: string[]
  /** What it has in common with others, such as a run: they are held, let go and stopped as one. */
  batch?: string
  /** Of what nobody asked for: where the caps leave room for one of two, the lower goes. Default 0. */
  rank?: number
  /** What caps, quiet hours and her preferences ask of what nobody asked for. */
  offer?: Offer
  /** Milliseconds before each body of `body`, at least; the first counts from when the whole may go. */
  delays?: number[]
}

/** About an unasked message, for the rules that bite at delivery. */
export type Offer = {
  /** The id of a topic of settings.yaml. */
  topic?: string
  /** It was chosen for her by what is known of her. */
  personal?: boolean
  /** Her time zone (IANA), where it is known and not the brand's. */
  zone?: string
}

/** Nothing of the batch leaves until it is let go; what is on its way ends. Applied by delivery. */
export type HoldSends = { kind: 'HoldSends'; batch: string }

export type ReleaseSends = { kind: 'ReleaseSends'; batch: string }

/** What of the batch still waits is cancelled, with this reason. */
export type StopSends = { kind: 'StopSends'; batch: string; reason: string }

/**
 * Something happened to a person that a journey may begin with, or goes on by: she joined a group, got a tag, had a parcel
 * delivered. Applied by campaigns; nothing happens where no journey waits for it.
 */
export type Announce = {
  kind: 'Announce'
  /** A trigger that a slice registered as `announced`. */
  trigger: string
  /** Unique per person and happening, such as `order:123:delivered`: announced again it begins nothing again. */
  cause: string
  customerId: string
  at: Date
  /** What the trigger's `matches` looks at, and what steps may fill in. JSON. */
  data: Record<string, unknown>
}

/** Run something later, in the same transaction's commit: when due it becomes the slice event `name`. */
export type ScheduleEvent = {
  kind: 'ScheduleEvent'
  /** A slice event name that a slice registered. */
  name: string
  /** One job per key; scheduling it again moves it (a debounce). */
  key: string
  at: Date
  account: string
  lock: string[]
  payload: unknown
}

/** A slice event that tells the outcome of something: the outcome stands in its payload beside what is given here. */
export type Then = { name: string; lock: string[]; payload: Record<string, unknown> }

/**
 * Take back what was sent under `key`, once and for all: what still waits is cancelled, of the rest the platform is asked.
 * Applied by delivery; `then` is told `recalled`: the worst that any part came to (`RecallOutcome`).
 */
export type RecallMessage = {
  kind: 'RecallMessage'
  key: string
  /** Later the platform takes nothing back. */
  notAfter: Date
  then: Then
}

/**
 * cancelled: nothing had left. done: the platform has taken it back. too-late, refused: it has not. unknown: nobody can say
 * whether it was sent, or taken back. not-sent: there was nothing to take back.
 */
export type RecallOutcome = 'cancelled' | 'done' | 'not-sent' | 'too-late' | 'refused' | 'unknown'

/** What still waits under `key` is not sent any more. Applied by delivery. */
export type CancelSend = { kind: 'CancelSend'; key: string; reason: string }

/**
 * Get the file of a message from the platform and keep it. Applied by media; `then` is told `fetched`, as media/fetching
 * describes it, however it ends.
 */
export type FetchMedia = {
  kind: 'FetchMedia'
  /** One intent is fetched once. */
  key: string
  /** The account that saw the message, and the platform's id of it. */
  account: string
  messageId: string
  maxBytes: number
  /** The file is deleted then. */
  keepUntil: Date
  /** So long it is tried while the line is down. */
  giveUpAt: Date
  then: Then
}

/** Give a case to a human. Applied by handoff. */
export type OpenCase = {
  kind: 'OpenCase'
  threadId: string
  customerId: string | null
  /** A code, not prose: `late-reply`, `unknown-reply`, … */
  reason: string
  evidence: Record<string, unknown>
  key: string
}

/**
 * Give an adviser something to do for a customer who has asked for nothing, and hears nothing of it. Applied by handoff,
 * which finds where she can be met; nothing comes of it where that is nowhere.
 */
export type OpenTask = {
  kind: 'OpenTask'
  customerId: string
  /** One intent is one task. */
  key: string
  /** The journey that asks for it. */
  journey: string
  /** What is to be done, for the adviser alone. */
  note: string
  /** Who knows about it: a skill of advisers.yaml. */
  skill?: string
}

/** Ask a person something whose answer is a short word: at most one open question per (thread, customer). */
export type AskQuestion = {
  kind: 'AskQuestion'
  threadId: string
  customerId: string
  /** A question kind that a slice registered. */
  question: string
  payload: unknown
  expiresAt: Date
}

export type CloseQuestion = { kind: 'CloseQuestion'; threadId: string; customerId: string }

/** A human took the thread: the bot is silent there until `until` (law 13). Applied by handoff. */
export type YieldThread = { kind: 'YieldThread'; threadId: string; until: Date }

/** Delete the person that this customer is, with everything that every slice keeps of her (law 14). Applied by app. */
export type ForgetCustomer = {
  kind: 'ForgetCustomer'
  customerId: string
  /** `customer` when she asked for it herself, else who did it by hand. */
  by: string
}

/** Set a tag by hand: it wins over rules until it is removed. Applied by tags. */
export type AddTag = {
  kind: 'AddTag'
  customerId: string
  dimension: string
  value: string
  /** Which adviser or manager. */
  by: string
  /** From then on it no longer holds. */
  until?: Date
}

/** Take a tag back that a hand has set. */
export type RemoveTag = { kind: 'RemoveTag'; customerId: string; dimension: string; value: string; by: string }

/** Keep a question and the answer that an adviser gave to it as a draft for the FAQ. Applied by faq, which masks both. */
export type DraftEntry = {
  kind: 'DraftEntry'
  /** One intent is one draft. */
  key: string
  question: string
  answer: string
  /** Which adviser or manager. */
  by: string
  /** Whose question it was, so that it is forgotten with her. */
  customerId: string | null
}

/** What the model makes of a person's words: a tag that is marked as such and never wins over a rule or a hand. */
export type ProposeTag = {
  kind: 'ProposeTag'
  customerId: string
  dimension: string
  value: string
  /** Above 0, below 1. */
  strength: number
  /** Ids of the messages that it is made from. */
  messages: { id: string; at: Date }[]
}

/** Something a customer did that counts, such as a check-in. Applied by members; the same source gives each kind once. */
export type RecordInteraction = {
  kind: 'RecordInteraction'
  customerId: string
  /** An interaction kind that a slice registered, or one of interactions.yaml. */
  interaction: string
  at: Date
  /** What it counts for when content says nothing of its kind. */
  weight: number
  /** What it comes from, unique over all slices: `check-in:<id>`. */
  source: string
  data?: Record<string, unknown>
}

/** What an adviser may answer with: an approved answer word for word, or words of the model that passed the checks. */
export type Draft = { text: string; cites: string[]; source: 'model' | 'faq' }

/** Who said what in a conversation, the oldest first. */
export type TalkLine = { who: 'customer' | 'adviser' | 'bot'; text: string }

/**
 * Draft replies to what a customer last said to a human, and sum her matter up. Applied by faq: the drafts come back as
 * `KeepDrafts`, once, or not at all where whoever asked the model has died.
 */
export type DraftReplies = {
  kind: 'DraftReplies'
  caseId: string
  /** Id of the message of hers that is answered: who asked knows by it what comes back. */
  madeFor: string
  threadId: string
  customerId: string
  /** Her contact where one is known: by it she is taken out of events when she is forgotten. */
  contactId: string | null
  /** On whose behalf the model is asked. */
  account: string
  /** Her words that wait for an answer, by lines. */
  question: string
  lines: readonly TalkLine[]
  /** Of no use later. */
  deadlineAt: Date
  /** approved: word for word, the model is not asked. */
  from: 'model' | 'approved'
  /** Locks under which `KeepDrafts` is to be applied. */
  lock: readonly string[]
}

/** What came of `DraftReplies`. `summary`: null where nobody could make one. Applied by handoff. */
export type KeepDrafts = {
  kind: 'KeepDrafts'
  caseId: string
  madeFor: string
  summary: string | null
  drafts: readonly Draft[]
}

export type Effect =
  | SendMessage
  | RecallMessage
  | CancelSend
  | HoldSends
  | ReleaseSends
  | StopSends
  | Announce
  | FetchMedia
  | ScheduleEvent
  | OpenCase
  | OpenTask
  | AskQuestion
  | CloseQuestion
  | YieldThread
  | ForgetCustomer
  | AddTag
  | RemoveTag
  | ProposeTag
  | DraftEntry
  | RecordInteraction
  | DraftReplies
  | KeepDrafts
export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>
