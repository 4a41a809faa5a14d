/**
 * What a domain slice registers in its index. `app` gathers the slices, checks the registrations at start-up
 * (every effect has exactly one applier, every slice keeps law 14) and builds the route from them.
 */
import type { z } from 'zod'
import type { Content, ContentKind, Item, Pointer, ReplyDeclaration, SettingsSection } from './content.ts'
import type { Effect, EffectOf } from './effect.ts'
import type { Event, HappeningOf } from './event.ts'
import type { Ids } from './ports.ts'
import type { Secrets } from './secrets.ts'
import type { Queryable, Work } from './work.ts'

/** What an effect leads to in its turn, where it does. */
export type Applied = readonly Effect[] | void

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
  /**
   * Two customers turned out to be one. Members goes first and has moved `customer.person_id`; the others settle what
   * must be single and put `person_id` of their own rows where it belongs now.
   */
  onMerge(db: Queryable, from: string, into: string, now: Date): Promise<void>
  /** The link was wrong: put back what `onMerge` moved. Rows kept the id under which they were written. */
  onUnlink(db: Queryable, from: string, into: string): Promise<void>
  /**
   * Delete or irreversibly anonymise everything about the person, whichever of her customers is named. Members goes
   * last: until then her identities lead to what is hers.
   */
  forget(db: Queryable, customerId: string, now: Date): Promise<void>
  /** Everything kept about the person, as JSON. What is sealed is opened where `secrets` are given, else left out. */
  exportOf(db: Queryable, customerId: string, secrets?: Pick<Secrets, 'open'>): Promise<Record<string, unknown>>
  /** The same for her to read in a chat: a few plain lines in the brand's words, [] when there is nothing to say. */
  summaryOf?(db: Queryable, customerId: string, content: Content): Promise<string[]>
}

/**
 * Which persons a clause takes in, as SQL that PostgreSQL can join on (`clauses` of a slice). It need not look whether
 * they are persons that can be in a segment at all: staff, the deleted and the merged are left out by the compiler.
 *
 * - `in`: a query with the one column `person_id`, repetitions allowed, never null; they are in.
 * - `notIn`: the same; everybody else is in. For «has none».
 * - `where`: a condition on the person's own row `c` of `customer`.
 * - `per`: a condition on what is counted and summed over rows of theirs. The compiler computes it once for all clauses
 *   over the same rows, and for everybody or only for those that the other clauses leave, whichever is faster.
 */
export type PersonSet = { in: string } | { notIn: string } | { where: string } | { per: PersonMeasure }

export type PersonMeasure = {
  /** The rows: `orders o`, and which of them count: `o.ordered_at >= $1`. */
  from: string
  where: string
  /** The column with the person's id: `o.person_id`. */
  person: string
  /** Narrows the rows for this clause alone; another clause over the same rows may narrow them otherwise. */
  only?: string
  /** Aggregates by name, without FILTER: {spend: 'sum(o.amount)'}. Of no rows each is 0. */
  measures: Readonly<Record<string, string>>
  /** The condition over the aggregates, given the SQL of each by name. */
  holds(measure: (name: string) => string): string
  /** Whether it holds of a person who has no such rows. */
  holdsForNone: boolean
}

export type ClauseSql = {
  /** A placeholder for a value, which never stands in the text itself; give its type: bind(7, 'int') → `$3::int`. */
  bind: (value: unknown, type: string) => string
  now: Date
  content: Content
}

/** Whether a clause holds of one person, and the fact behind that: for our own people, without the person's words. */
export type ClauseSeen = { holds: boolean; fact: string; data?: Readonly<Record<string, unknown>> }

/** A clause of segments.yaml, by its name there. `A` is what its schema makes of what is written. */
export type SegmentClause<A = unknown> = {
  title: string
  schema: z.ZodType<A>
  persons(args: A, on: ClauseSql): PersonSet
  /** The same question about one person, in few statements that find their rows by key. */
  seen(db: Queryable, personId: string, args: A, on: { now: Date; content: Content }): Promise<ClauseSeen>
  /** Ids of content that the clause names: unknown ones are findings. */
  references?(args: A): { at: Pointer; kind: string; id: string }[]
  /** What else is wrong with the arguments, as far as they alone tell. */
  complaints?(args: A): { at: Pointer; message: string; expected: string }[]
}

/** Forgets what a clause's arguments are, for the list that a slice registers. */
export function segmentClause<A>(clause: SegmentClause<A>): SegmentClause {
  return clause
}

export type Scalar = string | number | boolean | null

/** What fills the placeholders of an answer, by name. A list holds rows of such values: one for each parcel. */
export type FactValues = Readonly<Record<string, Scalar | readonly Readonly<Record<string, Scalar>>[]>>

/** What is known of a person's own affairs, to be filled into an answer of hers and nobody else's. */
export type Fact =
  | { kind: 'known'; values: FactValues }
  /** Nothing is known, or what is known is not as it should be (late, stuck): a human has to look. */
  | { kind: 'unknown' }
  | { kind: 'late'; values: FactValues }

/** A kind of fact that a slice can tell of a person, such as where her last parcel is. */
export type FactKind = {
  title: string
  /** The placeholders that an answer with this fact may use; each has a value, null where nothing is known of it. */
  placeholders: readonly string[]
  /** Values as they may be, one for each state of the matter: an answer must read well with all of them. */
  examples?: readonly FactValues[]
  /** Rows are found by key. Words (states, dates in the brand's zone) are keys or plain values; content puts them. */
  ask(db: Queryable, personId: string, on: { now: Date; content: Content }): Promise<Fact>
}

/** Ids of content that arguments name: unknown ones are findings. */
type Named = { at: Pointer; kind: string; id: string }[]

/**
 * What may begin a journey, by its name in journeys/*.yaml. `A` is what its schema makes of what is written.
 *
 * - `announced`: the slice says so with an `Announce` of this name; `matches` says whether it is what is meant.
 * - `due`: looked for at every tick. `persons` is a query with the columns `person_id`, `cause` (text, one per happening)
 *   and `at`: those to whom it happened after `after` and not after `until`. Staff, the deleted and the merged are left
 *   out by who asks.
 */
export type JourneyTrigger<A = unknown> = {
  title: string
  schema: z.ZodType<A>
  references?(args: A): Named
} & (
  | { on: 'announced'; matches(args: A, data: Readonly<Record<string, unknown>>, content: Content): boolean }
  | { on: 'due'; persons(args: A, sql: ClauseSql & { after: Date; until: Date }): string }
)

export function journeyTrigger<A>(trigger: JourneyTrigger<A>): JourneyTrigger {
  return trigger
}

/** Somebody on her way through a journey, as a step sees her. */
export type Traveller = {
  personId: string
  /** One of her customers: the one that was met last. */
  customerId: string
  journey: string
  /** Unique per person, journey and step: what an effect's key is made of. */
  key: string
  /** What began the journey: {orderId, …}. */
  data: Readonly<Record<string, unknown>>
}

/** A step of journeys that a slice lends, by its name there: what it does is effects. */
export type JourneyStep<A = unknown> = {
  title: string
  schema: z.ZodType<A>
  references?(args: A): Named
  effects(args: A, traveller: Traveller, on: { content: Content; now: Date }): readonly Effect[]
}

export function journeyStep<A>(step: JourneyStep<A>): JourneyStep {
  return step
}

/**
 * What a campaign may aim at, by its name there. What the schema makes of what is written must survive JSON: it is kept
 * with each run. `reached` is a query with the columns `person_id` and `at`: when each
 * person did it, repetitions allowed, after `after` and not after `until`.
 */
export type GoalKind<A = unknown> = {
  title: string
  schema: z.ZodType<A>
  references?(args: A): Named
  reached(args: A, sql: ClauseSql & { after: Date; until: Date }): string
}

export function goalKind<A>(goal: GoalKind<A>): GoalKind {
  return goal
}

type OneOrMore = Scalar | readonly Scalar[]

/** What a placeholder stands for: one value, several, or some by field. */
export type PlaceholderValue = OneOrMore | Readonly<Record<string, OneOrMore>>

/** What texts for many may say of each reader, by its name there: `name` for {{ name }}. Her own facts and nobody else's. */
export type Placeholder = {
  title: string
  /** A value as it may be, for checks and previews. */
  example: PlaceholderValue
  /** Of one with fields, `tags` for {{ tags.interest }}: which there are, by the content that has been read. */
  fields?(others: <O>(kind: ContentKind<O>) => readonly Item<O>[]): readonly string[]
  /** By person; one of whom nothing is known is left out. Few statements, rows found by key. */
  values(
    db: Queryable,
    personIds: readonly string[],
    on: { now: Date; content: Content },
  ): Promise<ReadonlyMap<string, PlaceholderValue>>
}

/** A kind of interaction that a slice records: what it is called, and what it counts for when content does not say. */
export type InteractionKind = { title: string; weight: number }

export type Slice = {
  name: string
  kinds?: readonly ContentKind<unknown>[]
  settings?: readonly SettingsSection<unknown>[]
  replies?: Record<string, ReplyDeclaration>
  /** Effects that this slice applies, by kind; what it returns is applied after it, in the same transaction. */
  applies?: { [K in Effect['kind']]?: (effect: EffectOf<K>, on: Applying) => Promise<Applied> | Applied }
  /** Slice events that this slice handles, by name; what it returns is applied in the same transaction. */
  events?: Record<string, (seen: SliceEventSeen) => Promise<Effect[]>>
  /** `'none'` states that the slice keeps nothing about customers. */
  rights: Rights | 'none'
  /** What rules of segments may ask, by the name of the clause in segments.yaml. */
  clauses?: Readonly<Record<string, SegmentClause>>
  /** Facts about the asker that answers may be filled with, by name: `order.delivery`. */
  facts?: Readonly<Record<string, FactKind>>
  /** Tags that the model may propose from a person's words: values by dimension, as `ProposeTag` takes them. */
  proposable?(content: Content): Readonly<Record<string, readonly string[]>>
  /** Interactions that this slice records, by kind; rules of tags and segments may name them. */
  interactionKinds?: Readonly<Record<string, InteractionKind>>
  /** What journeys may begin with, do, aim at, and what texts for many may say of each reader; by name. */
  triggers?: Readonly<Record<string, JourneyTrigger>>
  steps?: Readonly<Record<string, JourneyStep>>
  goals?: Readonly<Record<string, GoalKind>>
  placeholders?: Readonly<Record<string, Placeholder>>
}
