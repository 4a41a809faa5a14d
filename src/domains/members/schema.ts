/** Who is who and where words are exchanged, as the rest of the house sees them. */
import { z } from 'zod'
import { type Content, settingsSection } from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'
import type { Recipient } from '../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../kernel/event.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Applying } from '../../kernel/slice.ts'
import type { Work } from '../../kernel/work.ts'

/** What members needs to act: the transaction, the content, and on behalf of which account, in which corporation. */
export type On = Applying & {
  account: string
  /** The corporation whose accounts share contact and room ids. */
  realm: string
  /** A customer turned out to be one of us, or not to be: her tags are to be decided anew. In the transaction of `work`. */
  roleChanged?: (customerId: string) => void
}

/** customer: a person we serve. staff: a coworker or adviser (law 13). bot: an official account or another bot. self: our own account. */
export type Role = 'customer' | 'staff' | 'bot' | 'self'

export type Person = {
  identityId: string
  /** Null for staff, bots and ourselves: they are never customers. */
  customerId: string | null
  contactId: string
  role: Role
  name: string
}

export type Thread = {
  id: string
  kind: 'group' | 'direct'
  groupId: string | null
  /** The id of the group's rule in groups.yaml; null for direct threads and unbound groups (the bot is silent in those). */
  rule: string | null
  topic: string | null
  /** Somebody types on the account's phone: the bot is silent here until then. */
  silentUntil: Date | null
  /** How to say something here, from the account that speaks here. */
  recipient: Recipient
}

export type OpenQuestion = { kind: string; payload: unknown; askedAt: Date; expiresAt: Date }

/** A message on its way through the route, with everything that was known of it when its transaction began. */
export type MessageSeen = {
  event: Event<HappeningOf<'MessageReceived'>>
  work: Work
  content: Content
  ids: Ids
  thread: Thread
  person: Person
  /** The one open question of this person in this thread that has not expired. */
  question: OpenQuestion | null
}

export const conversationSettings = settingsSection({
  name: 'conversation',
  title: 'Conversations',
  schema: z.strictObject({
    staleness: Duration.prefault('10m').describe('A message that is older when it arrives is stored, never answered'),
  }),
})

export const membersSettings = settingsSection({
  name: 'members',
  title: 'Members, friends and invitations',
  schema: z.strictObject({
    friendship: z
      .strictObject({
        accept: z.enum(['all', 'keyword', 'none']).default('all').describe('Which friend requests are accepted'),
        keywords: z.array(z.string().min(1)).default([]).describe('With `keyword`: one of these stands in the request'),
      })
      .prefault({}),
    invitations: z
      .strictObject({
        inviters: z.array(z.string().min(1)).default([]).describe('Contact ids whose invitations are accepted'),
        topics: z.array(z.string().min(1)).default([]).describe('Topics of groups to join; * stands for anything'),
      })
      .prefault({}),
    welcomeBatch: Duration.prefault('5s').describe('Who joins within this time is welcomed in one message'),
    staff: z
      .strictObject({
        contacts: z.array(z.string().min(1)).default([]).describe('Contact ids of coworkers and advisers'),
        corporations: z.array(z.string().min(1)).default([]).describe('Everybody of these corporations is staff'),
      })
      .prefault({}),
    bots: z.array(z.string().min(1)).default([]).describe('Contact ids of other bots: never answered'),
    speakerFailover: Duration.prefault('60s').describe('After this long without a connection another account speaks'),
  }),
})
export type MembersSettings = z.output<typeof membersSettings.schema>
