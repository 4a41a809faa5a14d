/**
 * What the desk's pages and its server say to each other, as JSON under /api. Instants are ISO texts in UTC; pages show
 * them in the brand's zone. Every answer has `cache-control: no-store`. What a page may not see is 404, as what there is
 * not; a session that is over is 401; a refused input is 400 with `{error: code, message}` and nothing of the inside.
 */
import { z } from 'zod'

/** An error of the server: `error` is a key of the locale files. */
export type ApiError = { error: string; message: string; retryAfterSeconds?: number }

// —— Doors ————————————————————————————————————————————————————————————————————————————————————————————————

export const SignInBody = z.strictObject({ name: z.string().trim().min(1).max(40) })
/** POST /api/sign-in: always 202 with this, whether anybody is called that: who guesses names learns nothing. */
export type CodeSent = { sent: true; forSeconds: number }

export const CodeBody = z.strictObject({
  name: z.string().trim().min(1).max(40),
  code: z.string().trim().min(4).max(20),
})
/** Of `zhanggui login-link`: the page reads it from the fragment, which no server and no log ever sees. */
export const LinkBody = z.strictObject({ token: z.string().min(20).max(200) })
export const TotpBody = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/),
})
/** POST /api/sign-in/code, /link and /totp. `enrol`: a manager's first time; the key is shown this once. */
export type SignedIn = { next: 'desk' } | { next: 'totp' } | { next: 'enrol'; uri: string; secret: string }

/** POST /api/sign-out: this session, or all of hers; 204. */
export const SignOutBody = z.strictObject({ everywhere: z.boolean() })

/** GET /api/me. */
export type Me = {
  id: string
  name: string
  role: 'adviser' | 'manager'
  brand: string
  zone: string
  away: boolean
  /** In the demo anybody is signed in as a manager by the printed link, and the simulator's page is there. */
  demo: boolean
}

// —— The queue ————————————————————————————————————————————————————————————————————————————————————————————

/** Where a promise stands: `due` is when it breaks; `warnAt` from when it is amber. */
export type Promised = { what: 'first' | 'next' | 'resolve'; warnAt: string; due: string }

/**
 * A case in the queue. `mine`: she owns it. Of cases that wait for anybody and were never given to her an adviser sees
 * only what she needs to take one: `name`, `lastWords` and `group` are '' there, and `customerId` is null.
 */
export type CaseLine = {
  id: string
  number: number
  state: 'waiting' | 'offered' | 'owned' | 'closed'
  name: string
  customerId: string | null
  reason: { code: string; title: string }
  urgency: number
  level: string
  region: string
  /** The topic of the group where it arose; '' for a direct message. */
  group: string
  owner: string | null
  offeredTo: string | null
  offeredUntil: string | null
  openedAt: string
  closedAt: string | null
  unansweredSince: string | null
  /** Messages of hers since the owner last said something. */
  unread: number
  lastWords: string
  lastAt: string
  promised: Promised | null
  /** Whether the whole case may be read. */
  readable: boolean
}

export type SeatLine = {
  id: string
  name: string
  role: 'adviser' | 'manager'
  onDuty: boolean
  away: boolean
  bound: boolean
  load: number
  capacity: number
}

/** GET /api/queue: open cases that she may see, most urgent first, and those closed in the last day that were hers. */
export type Queue = { cases: CaseLine[]; team: SeatLine[]; cursor: string; now: string }

// —— One case ————————————————————————————————————————————————————————————————————————————————————————————

/** One line of a conversation, the oldest first. `id` is stable and unique in the case. */
export type Line = {
  id: string
  who: 'customer' | 'bot' | 'adviser' | 'phone'
  /** Of the adviser who wrote it; '' otherwise. */
  by: string
  type:
    | 'text'
    | 'image'
    | 'audio'
    | 'video'
    | 'file'
    | 'sticker'
    | 'link'
    | 'miniprogram'
    | 'location'
    | 'contact'
    | 'unknown'
  /** '' for what has none and for what was recalled. Of links the title. */
  text: string
  quoted: string | null
  media: { id: string; mime: string; name: string; bytes: number } | null
  at: string
  /** The topic when she said it in a group; '' in a direct message. */
  group: string
  recalled: boolean
  /** Of our own: where the send stands. unknown and refused may be sent again, as the adviser decides. */
  state: 'pending' | 'sending' | 'sent' | 'unknown' | 'refused' | 'cancelled' | null
  /** The send behind it, for `recall` and `resend`; null for what is no adviser's. */
  say: string | null
}

/** What happened to the case, and internal notes, in order. */
export type HistoryEntry = { id: string; at: string; kind: string; by: string; to: string; text: string }

export type OrderLine = { number: string; state: string; placedAt: string; amount: string; items: string[] }

export type Draft = { n: number; text: string; cites: string[]; source: 'model' | 'faq' }

export type CustomerCard = {
  id: string
  name: string
  level: string
  region: string
  valueGroup: string
  since: string | null
  tags: { dimension: string; title: string; values: { value: string; valueTitle: string; locked: boolean }[] }[]
  orders: OrderLine[]
  groups: string[]
  /** Her other cases, the latest first. */
  cases: {
    number: number
    openedAt: string
    closedAt: string | null
    reason: string
    resolution: string
    mark: number | null
  }[]
}

/** GET /api/cases/:number. */
export type CaseDetail = {
  line: CaseLine
  reachable: boolean
  /** What led to the case: her words, words of a list in them, an order, questions that nobody answered. */
  evidence: { title: 'question' | 'words' | 'order' | 'unanswered'; value: string }[]
  mood: string
  summary: string | null
  drafts: { state: 'none' | 'asked' | 'ready'; drafts: Draft[] }
  promises: Promised[]
  conversation: Line[]
  /** For /conversation?before=; null at the beginning. */
  earlier: string | null
  history: HistoryEntry[]
  customer: CustomerCard | null
  rating: { mark: number; words: string } | null
}

/** GET /api/cases/:number/conversation?before=. */
export type Conversation = { lines: Line[]; earlier: string | null }

/**
 * POST /api/cases/:number/acts. `key` is made by the page for each intent, and repeated with it: it is done once, and the
 * same answer is given again.
 */
const words = z.string().trim().min(1).max(2_000)
export const Act = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('accept') }),
  z.strictObject({ act: z.literal('decline') }),
  z.strictObject({ act: z.literal('take-over') }),
  z.strictObject({ act: z.literal('say'), text: words }),
  z.strictObject({ act: z.literal('say-media'), media: z.string().min(1).max(100), name: z.string().max(200) }),
  z.strictObject({ act: z.literal('draft'), n: z.int().min(1).max(3) }),
  z.strictObject({ act: z.literal('note'), text: words }),
  z.strictObject({ act: z.literal('transfer'), to: z.string().min(1).max(40), note: z.string().trim().max(500) }),
  z.strictObject({ act: z.literal('escalate'), note: z.string().trim().max(500) }),
  z.strictObject({ act: z.literal('resolve'), code: z.string().min(1).max(40).nullable() }),
  z.strictObject({ act: z.literal('recall'), say: z.string().min(1).max(300) }),
  z.strictObject({ act: z.literal('resend'), say: z.string().min(1).max(300) }),
  z.strictObject({ act: z.literal('faq-draft'), say: z.string().min(1).max(300) }),
])
export type Act = z.infer<typeof Act>
export const ActBody = z.strictObject({ key: z.uuid(), act: Act })
/** `pending`: taken and not done yet (the database was slow); ask again with the same key. */
export type ActAnswer = { done: true; line: CaseLine } | { refused: { kind: string; who: string } } | { pending: true }

/** POST /api/me/away. */
export const AwayBody = z.strictObject({ away: z.boolean() })

/** POST /api/cases: a manager opens one by hand. */
export const OpenBody = z.strictObject({ key: z.uuid(), customerId: z.uuid(), note: z.string().trim().min(1).max(500) })

// —— Customers ————————————————————————————————————————————————————————————————————————————————————————————

/** POST /api/customers/:id/tags: sets a tag by hand, which locks it; null takes the hand's word back. */
export const TagBody = z.strictObject({
  dimension: z.string().min(1).max(60),
  value: z.string().min(1).max(60).nullable(),
})

/** GET /api/customers/:id/timeline?before=: what she said and was told, in all her places, the latest first. */
export type Timeline = { lines: (Line & { place: string })[]; earlier: string | null }

/** GET /api/search?q=: by case number, name, words; only among what she may read. */
export type Found = { cases: CaseLine[] }

/** GET /api/words: what content says that pages need. */
export type Words = {
  canned: { title: string; text: string }[]
  resolutions: { id: string; title: string }[]
  reasons: { id: string; title: string }[]
  tags: { dimension: string; title: string; many: boolean; values: { value: string; title: string }[] }[]
  recallSeconds: number
}

/** POST /api/media?name=…: the bytes as the body, of a type that is checked by its first bytes. */
export type Uploaded = { id: string; mime: string; name: string; bytes: number }

// —— Live ————————————————————————————————————————————————————————————————————————————————————————————————

/**
 * GET /api/events: a stream whose every event has an id, the cursor after it; a reconnection sends it as Last-Event-ID and
 * misses nothing. `case`: its line as it is now (also of a case that she may no longer read: then `readable` is false and
 * the page lets go of it); `entries` says what happened, so that an open page reads the new lines. `team`: who is there.
 * `reset`: the cursor is too old, read the queue again. `over`: the session ended.
 */
export type LiveEvent =
  | { kind: 'hello'; cursor: string }
  | { kind: 'case'; line: CaseLine; entries: string[] }
  | { kind: 'team'; team: SeatLine[] }
  | { kind: 'reset' }
  | { kind: 'over' }
