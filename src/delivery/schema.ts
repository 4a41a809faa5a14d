/** The shapes of delivery: its settings, a row of the outbox on its way out, and what may become of it. */
import { z } from 'zod'
import { settingsSection } from '../kernel/content.ts'
import { Duration } from '../kernel/duration.ts'
import type { Body, Offer, Purpose, Recipient } from '../kernel/effect.ts'

const written = (text: string) => Duration.prefault(text)

export const deliverySettings = settingsSection({
  name: 'delivery',
  title: 'How the bot sends: pace, deadlines and ceilings',
  schema: z.strictObject({
    pace: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Off only for tests'),
        inSimulator: z.boolean().default(false).describe('Whether the pace is kept in the simulator too'),
        sameTarget: written('1s').describe('Pause between two messages to the same person or group'),
        betweenTargets: z
          .tuple([Duration, Duration])
          .refine(([least, most]) => least <= most, 'the shorter pause first')
          .prefault(['3s', '5s'])
          .describe('Random pause, from and to, between messages to different people or groups'),
        perMinute: z.int().min(1).default(40).describe('Messages of one account in any minute'),
      })
      .prefault({}),
    deadline: written('15s').describe('How long the platform may take to say that a message was sent'),
    throttlePause: written('5m').describe('Rest of the account after the platform said «too frequent»'),
    unknownAfter: written('10m').describe('When a message whose fate nobody knows is given to a human'),
    partBytes: z.int().min(64).max(65_536).default(2_048).describe('Longest text in one message, in bytes of UTF-8'),
    groupPostsPerDay: z.int().min(0).default(5).describe('Posts that nobody asked for, per group and day'),
  }),
})
export type DeliverySettings = z.infer<typeof deliverySettings.schema>

/** Lower goes first: what somebody waits for leaves before what nobody asked for. */
export const priorityOf: Record<Purpose, number> = {
  security: 0,
  adviser: 10,
  reply: 20,
  service: 30,
  challenge: 40,
  marketing: 50,
}

/** What nobody asked for: opt-out, ceilings, caps and quiet hours bite here. */
export const isUnasked = (purpose: Purpose): boolean => purpose === 'challenge' || purpose === 'marketing'

/** A row as `apply` hands it to the insert. */
export type NewRow = {
  key: string
  part: number
  parts: number
  to: Recipient
  purpose: Purpose
  body: Body
  bodyHash: string
  answers: string[]
  batch: string | null
  rank: number
  offer: Offer | null
  /** Of a later part: milliseconds after the part in front of it, at least. */
  delay: number
  notBefore: Date | null
  notAfter: Date | null
  createdAt: Date
  /** Its place on the express lane, where it has one; otherwise it waits for a claim. */
  reservation: Reservation | null
}

/** A place on the way out, kept for a row while its transaction is under way; which ends it with just one of the two. */
export type Reservation = {
  /** Under which the row is to be inserted as `sending`. */
  readonly epoch: number
  /** What the insert wrote as `sending`; null when it left the row pending, or found the key taken. */
  row: Claimed | null
  /** After the commit: the row goes its way. False when there is none, and the outbox is to be looked at. */
  committed(): boolean
  /** After a rollback; `lost` when the connection broke, so that it may have committed all the same. */
  rolledBack(lost: boolean): void
}

/** A row that this owner has claimed (`sending` is committed), with what was true of it in the claiming statement. */
export type Claimed = {
  id: bigint
  key: string
  part: number
  /** Whether more of its thread waits behind it. */
  more: boolean
  account: string
  epoch: number
  threadId: string
  customerId: string | null
  recipient: Recipient
  purpose: Purpose
  body: Body
  rank: number
  offer: Offer | null
  /** What kept it when it was last looked at. */
  deferred: string | null
  notAfter: Date | null
  facts: Facts
}

export type Facts = {
  /** Somebody types on the account's phone until then. */
  silentUntil: Date | null
  optedOut: boolean
  forgotten: boolean
  /** It answers messages, and all of them were recalled. */
  recalled: boolean
}

/**
 * Why something waits that is not refused.
 *
 * - human-owns: somebody types on the phone, or an adviser has the thread.
 * - quiet: it is night where she is. hours: she wants nothing at this hour, or on this day.
 * - capped: she has had as much as she may have. gap: she, or the group, has just had something.
 * - give-way: what is left of the caps is for something more important. ceiling: the account has said enough today.
 */
export type Deferral = 'human-owns' | 'quiet' | 'hours' | 'capped' | 'gap' | 'give-way' | 'ceiling'

/** Whether a claimed row may go, at this moment (law 6). */
export type Verdict =
  | { kind: 'go' }
  /** `handOver`: somebody waits for it, so a human gets the case. */
  | { kind: 'cancel'; reason: string; handOver: boolean }
  | { kind: 'later'; until: Date; reason: Deferral }

/** How a claimed row left our hands. */
export type Ending =
  | { kind: 'sent'; messageId: string | null }
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown'; reason: string }
  | { kind: 'cancelled'; reason: string; handOver: boolean }
  /** Certainly not sent: back to the queue, not before `until`. */
  | { kind: 'pending'; until: Date | null; throttledUntil: Date | null; deferred?: Deferral }
