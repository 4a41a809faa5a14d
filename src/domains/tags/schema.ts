/** What tags are made of: the facts about one person, and what a rule makes of them. */

/** What shows that a tag is true; the strongest stand first. `ref` is an id within its kind. */
export type Evidence = {
  kind: 'message' | 'order' | 'import' | 'interaction' | 'rfm' | 'profile' | 'hand'
  ref: string
  /** ISO 8601 in UTC. */
  at: string
  /** A short reading for people, never the customer's own words: those stay in `message`. */
  note?: string
}

/** Who says so. A hand wins over rules and the model until it is taken back. */
export type TagSource = 'rule' | 'hand' | 'model'

/** A tag on a person. `value` is one of its dimension's. */
export type PersonTag = {
  dimension: string
  value: string
  source: TagSource
  /** Of several that contradict each other the one that counts. */
  effective: boolean
  /** 0..1 */
  strength: number
  since: Date
  /** From then on it no longer holds without new evidence; null: until something changes. */
  until: Date | null
  /** The rule in content that gave it (`<dimension>` or `<dimension>/<level>`), or who set it by hand. */
  rule: string
  evidence: Evidence[]
}

/** What a rule wants to be true now. `since` is settled against what she has already. */
export type WantedTag = Omit<PersonTag, 'effective' | 'since' | 'source'> & { source: 'rule' | 'model' }

export type OrderFact = {
  id: bigint
  orderNo: string
  at: Date
  /** In the shop's currency, exact to the cent: an integer of cents, negative for a refund. */
  cents: bigint
  status: string
  refundOf: string | null
  categories: readonly string[]
  skus: readonly string[]
  province: string | null
  city: string | null
  area: string | null
}

export type InteractionFact = { id: bigint; kind: string; at: Date; weight: number; source: string }

/** Her own words: incoming, not recalled, newest first. */
export type MessageFact = { id: string; at: Date; text: string }

/** The five-step bars that follow the base; each list rises and has four numbers. */
export type RfmBars = { recencyDays: number[]; frequency: number[]; monetary: number[] }

/** Scores of one person, 1 (worst) to 5 (best), with what they were made of. */
export type Rfm = {
  /** Of the last interaction or order; null when there was none. */
  lastAt: Date | null
  frequency: number
  /** In the shop's currency. */
  monetary: number
  r: number
  f: number
  m: number
}

/**
 * Everything that rules may look at about one person, with what she was merged from; loaded many persons at a time.
 * Lists are newest first and bounded, so that nobody's history makes tagging slow.
 */
export type Facts = {
  personId: string
  firstSeenAt: Date
  lastSeenAt: Date
  /** What imports and the shop say over what her contacts' profiles say: province, city, gender, … */
  profile: Readonly<Record<string, unknown>>
  orders: readonly OrderFact[]
  interactions: readonly InteractionFact[]
  messages: readonly MessageFact[]
  /** What those she brought in have spent, in cents. */
  referredCents: bigint
  /** Whether she let us keep personal tags at all, and sensitive ones. */
  consent: { profiling: boolean; sensitive: boolean }
  /** The tags that she has now, from every source. */
  current: readonly PersonTag[]
}
