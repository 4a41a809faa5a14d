/** What limits what nobody asked for: its settings, and what is known when a message is looked at. */
import { z } from 'zod'
import type { Preferences } from '../../domains/members/index.ts'
import { settingsSection } from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'
import type { Claimed, Verdict } from '../schema.ts'

const TimeOfDay = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'a time such as 22:00')
const most = (n: number): z.ZodDefault<z.ZodInt> => z.int().min(0).max(1_000).default(n)

export const limitsSettings = settingsSection({
  name: 'limits',
  title: 'How much of what nobody asked for people get, and when',
  schema: z.strictObject({
    quiet: z
      .strictObject({ from: TimeOfDay.default('22:00'), to: TimeOfDay.default('09:00') })
      .prefault({})
      .describe('Marketing and reminders of challenges wait until these hours are over, where the customer lives'),
    perCustomer: z
      .strictObject({
        day: most(1).describe('In a calendar day of the brand'),
        week: most(3).describe('In any 7 days'),
        month: most(8).describe('In any 30 days'),
      })
      .prefault({})
      .describe('Marketing messages that one person gets at most, over all campaigns and accounts'),
    gap: Duration.prefault('4h').describe('Between two marketing messages to one person, at least'),
    groupGap: Duration.prefault('30m').describe(
      'Before a marketing post, after the last post in the group that nobody asked for',
    ),
    giveWay: Duration.prefault('2h').describe(
      'What a person may still get is kept for more important messages that are due to her within this time',
    ),
    accountPerDay: z
      .int()
      .min(1)
      .default(500)
      .describe('What nobody asked for, per account and day, where accounts.yaml says nothing else'),
    warmUp: z
      .strictObject({
        days: z
          .int()
          .min(0)
          .max(365)
          .default(14)
          .describe('So many days a new account takes to reach its full number; 0: none'),
        from: z.int().min(1).default(50).describe('Its number on the first day'),
      })
      .prefault({}),
  }),
})
export type LimitsSettings = z.infer<typeof limitsSettings.schema>

/** What was sent, or may have been. */
export type Sent = {
  at: Date
  /** It is open what becomes of it. */
  onTheWay: boolean
}

/** What is true of a message when it is looked at, with every other to the same person settled or told of here. */
export type LimitFacts = {
  optedOutAt: Date | null
  profilingRefusedAt: Date | null
  /** Of all customers who are the person. */
  preferences: readonly Preferences[]
  /** Other marketing to the person in the last 30 days, whole messages, the oldest first. */
  hers: readonly Sent[]
  /** Posts that nobody asked for in the group since yesterday, the oldest first. */
  posts: readonly Sent[]
  /** More important marketing that waits and is due to her soon. */
  rivals: number
  /** What nobody asked for and this account has said today. */
  accountToday: number
  /** Since when the account is used; null: nobody knows, so it is warm. */
  firstSeenAt: Date | null
}

export type LimitRules = {
  limits: LimitsSettings
  groupPostsPerDay: number
  /** Of accounts.yaml, where it says one. */
  dailyCeiling: number | undefined
  /** How far apart promotions must be for who wants less (ms). */
  lessEvery: number
  /** The brand's (IANA). */
  zone: string
}

/** Whether an unasked message that nothing else is against may go. Asked of whole messages: what was begun is finished. */
export type Checkpoint = (row: Claimed, now: Date, facts: LimitFacts, rules: LimitRules) => Verdict
