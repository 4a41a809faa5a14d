/** Everything that whoever takes a case wants to know of it. */
import { z } from 'zod'
import type { Draft } from '../../../kernel/effect.ts'
import type { dueNow } from '../clock/wind.ts'

/** Facts as other slices lend them. Whatever one tells in another shape counts as not told. */
export const Shown = z.object({
  tags: z.array(
    z.object({ dimension: z.string(), kind: z.string(), title: z.string(), value: z.string(), valueTitle: z.string() }),
  ),
})
export const LastOrders = z.object({
  orders: z.array(
    z.object({ order: z.string(), state: z.string(), refund: z.boolean(), day: z.string(), amount: z.string() }),
  ),
})
export const Lately = z.object({ mood: z.string().nullable(), unanswered: z.array(z.object({ question: z.string() })) })

export type TagShown = z.infer<typeof Shown>['tags'][number]
/** Amounts are decimal text, days those of the brand's zone. */
export type OrderShown = z.infer<typeof LastOrders>['orders'][number]

/** What led to the case, as far as it can be shown; null and [] where it is of no such kind. */
export type Evidence = {
  /** Her words that did. */
  question: string | null
  /** Words of a list that were in them. */
  words: string[]
  order: string | null
  /** Her last questions that nobody answered, the oldest first. */
  unanswered: string[]
  /** What a journey wants to be done for her. */
  task: string | null
}

export type CaseStory = {
  customer: {
    /** As she is called in WeChat; '' where nobody has told. */
    name: string
    tags: TagShown[]
    level: string | null
    region: string | null
    valueGroup: string | null
    orders: OrderShown[]
  }
  /** Where it arose: the topic of the group, or null. */
  group: string | null
  reason: { code: string; title: string; evidence: Evidence }
  /** calm | happy | worried | impatient | angry; null where nobody can tell. */
  mood: string | null
  summary: string | null
  /** asked: somebody makes them. stale: she has gone on since. */
  drafts: { state: 'none' | 'asked' | 'ready' | 'stale'; list: readonly Draft[] }
  targets: ReturnType<typeof dueNow>
}
