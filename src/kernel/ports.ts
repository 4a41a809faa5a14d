/** The narrow doors between the kernel and what stands outside it. */
import type { Body, Recipient } from './effect.ts'

/** Milliseconds and instants come from here alone (law 9). */
export interface Clock {
  now(): Date
  /** Calls `then` once after `ms`; the returned function cancels it. Timers do not keep the process alive. */
  after(ms: number, then: () => void): () => void
}

/** Ids and randomness. */
export interface Ids {
  /** A fresh UUID v7. */
  fresh(): string
  /** Always the same UUID for the same words: rows that two people may create at once get one id. */
  derived(...words: string[]): string
  /** In [0, 1). */
  random(): number
}

/**
 * How a send ended.
 * `refused`: the platform said no and nothing was sent; with `throttled` the account must pause. Of reason
 * `not-connected` or `not-prepared-in-time`: the gateway did not come to ask the platform, the send may be tried again.
 * `unknown`: nobody can say whether it was sent (law 2).
 */
export type SendOutcome =
  | { kind: 'sent'; messageId: string | null }
  | { kind: 'refused'; reason: string; throttled: boolean }
  | { kind: 'unknown'; reason: string }

/** A file on its way out. */
export type OutgoingFile = { filename: string; bytes: Buffer }

/**
 * How fetching the file of a message ended. `gone`: the platform does not show it, or not any more. `too-large`: more bytes
 * than were wanted; no more were read. `unreachable`: the line failed, it may work later.
 */
export type FetchOutcome =
  | { kind: 'fetched'; file: OutgoingFile }
  | { kind: 'gone' }
  | { kind: 'too-large' }
  | { kind: 'unreachable' }

/** How taking a message back ended. `not-connected`: the platform was not asked. */
export type TakenBack = 'done' | 'refused' | 'unknown' | 'not-connected'

/**
 * How putting a tag on a contact, or taking it off, ended. `there-already`: somebody had put it there before.
 * `unknown`: nobody can say; asking again does no harm.
 */
export type ContactTagOutcome = 'done' | 'there-already' | 'refused' | 'unknown'

/** One account's way out. A gateway never throws from `send`: whatever goes wrong is an outcome. */
export interface Gateway {
  readonly account: string
  /** Whether the platform shows us our own messages again. */
  readonly echoes: boolean
  /** The platform is the simulator: content says whether a pace is kept there. */
  readonly simulated?: boolean | undefined
  /** False while the line is down or nobody is logged in: delivery then leaves rows pending. */
  isReady(): boolean
  /** Says one thing; resolves at the latest after `deadlineMs`. `file` is given for images, files, videos and voice. */
  send(to: Recipient, body: Body, deadlineMs: number, file?: OutgoingFile): Promise<SendOutcome>
  /** Reads the file of a message, up to `maxBytes`. Where it is absent the platform shows none. Never throws. */
  fetchFile?(messageId: string, maxBytes: number, deadlineMs: number): Promise<FetchOutcome>
  /** Takes back a message of ours. Where it is absent the platform cannot. Never throws; resolves at the deadline. */
  recall?(messageId: string, deadlineMs: number): Promise<TakenBack>
  /** Puts a tag of the platform on a contact, or takes it off. Where it is absent the platform has none. Never throws. */
  tagContact?(contactId: string, tag: string, on: boolean, deadlineMs: number): Promise<ContactTagOutcome>
}

/** Something that a person must know. Deduplicated by `key` while it lasts. */
export type Alarm = {
  key: string
  severity: 'warning' | 'critical'
  /** A fixed code: deaf, throttled, account-swapped, unknown-sends, bad-content, disk, database. */
  code: string
  message: string
  account?: string
  details?: Record<string, unknown>
}

export interface Alarms {
  raise(alarm: Alarm): void
  clear(key: string): void
  /** What is raised now, oldest first. */
  current(): (Alarm & { since: Date })[]
}

/** One turn of what a language model is given. */
export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string }

export type ModelCall = {
  messages: readonly ModelMessage[]
  /** The object that the answer shall be, as JSON Schema; `name` in letters, digits and underscores. */
  schema: { name: string; json: Record<string, unknown> }
  maxTokens: number
  /** The answer is of no use after so many ms. */
  deadlineMs: number
}

/** Tokens as the endpoint counts them; estimated where it does not tell. */
export type ModelUsage = { input: number; output: number }

/**
 * How a call of the model ended. Never thrown.
 * `timeout`: the deadline passed. `throttled`: 429, and its Retry-After was too far away. `unreachable`: no connection, or
 * 5xx, or the breaker is open. `refused`: 4xx, asking again does not help. `garbled`: what came back is no completion.
 */
export type ModelOutcome =
  | { kind: 'said'; text: string; model: string; usage: ModelUsage; ms: number }
  | { kind: 'failed'; why: 'timeout' | 'throttled' | 'unreachable' | 'refused' | 'garbled'; ms: number }

/** A language model. */
export interface Model {
  /** As content and tables name it. */
  readonly name: string
  /** Resolves at the latest after `deadlineMs`. Safe to run any number at once. */
  ask(call: ModelCall): Promise<ModelOutcome>
}

/** Texts as vectors of one length, near each other where they mean the same. */
export interface Embedder {
  readonly name: string
  /** One vector for each text, in order; undefined when the endpoint fails. */
  embed(texts: readonly string[], deadlineMs: number): Promise<number[][] | undefined>
}
