/**
 * What a domain slice registers in its index. `app` gathers the slices, checks the registrations at start-up
 * (every effect has exactly one applier, every slice keeps law 14) and builds the route from them.
 */
import type { Content, ContentKind, ReplyDeclaration, SettingsSection } from './content.ts'
import type { Effect, EffectOf } from './effect.ts'
import type { Event, HappeningOf } from './event.ts'
import type { Ids } from './ports.ts'
import type { Queryable, Work } from './work.ts'

/** What applying an effect needs beside the effect. */
export type Applying = { work: Work; content: Content; ids: Ids }

/** A slice's own event as its handler sees it. */
export type SliceEventSeen = {
  event: Event<HappeningOf<'SliceEvent'>>
  work: Work
  content: Content
  ids: Ids
}

/** Law 14: what every slice that keeps data about a customer must be able to do. Each runs in the caller's transaction. */
export type Rights = {
  /** Two customers turned out to be one: `from` resolves to `into` in the canonical view; settle what must be single. */
  onMerge(db: Queryable, from: string, into: string, now: Date): Promise<void>
  /** The link was wrong: put back what `onMerge` moved. Rows kept the id under which they were written. */
  onUnlink(db: Queryable, from: string, into: string): Promise<void>
  /** Delete or irreversibly anonymise everything about the customer, jobs included. */
  forget(db: Queryable, customerId: string, now: Date): Promise<void>
  /** Everything kept about the customer, as JSON. */
  exportOf(db: Queryable, customerId: string): Promise<Record<string, unknown>>
}

export type Slice = {
  name: string
  kinds?: readonly ContentKind<unknown>[]
  settings?: readonly SettingsSection<unknown>[]
  replies?: Record<string, ReplyDeclaration>
  /** Effects that this slice applies, by kind. */
  applies?: { [K in Effect['kind']]?: (effect: EffectOf<K>, on: Applying) => Promise<void> | void }
  /** Slice events that this slice handles, by name; what it returns is applied in the same transaction. */
  events?: Record<string, (seen: SliceEventSeen) => Promise<Effect[]>>
  /** `'none'` states that the slice keeps nothing about customers. */
  rights: Rights | 'none'
}
