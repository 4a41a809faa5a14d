/** What was said, as the table keeps it. */
import type { MessageType } from '../../../kernel/event.ts'

export type MessageRow = {
  id: string
  threadId: string
  account: string
  /** Null when the platform gave no id. */
  platformId: string | null
  /** `human`: somebody typed it on the account's phone. What the bot says stands in the outbox. */
  direction: 'in' | 'human'
  identityId: string | null
  customerId: string | null
  type: MessageType
  text: string
  mentionsUs: boolean
  quoted: { name: string; text: string } | null
  details: Record<string, unknown> | null
  sentAt: Date
}
