/** Who is who and where words are exchanged, as the rest of the house sees them. */
import type { Content } from '../../kernel/content.ts'
import type { Recipient } from '../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../kernel/event.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Work } from '../../kernel/work.ts'

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
