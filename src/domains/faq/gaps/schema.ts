/** Questions that got no good answer, and what is made of them. */

/** A question as somebody asked it, completed from what was said before. */
export type Missed = { question: string; askedAt: Date; customerId: string }

/** Questions that mean the same as far as their words tell. Everything in it is masked. */
export type Gap = {
  /** How often it was asked, and by how many people. */
  asked: number
  people: number
  lastAsked: Date
  /** The distinct wordings, the most usual first; at most a dozen. */
  examples: string[]
  /** The entries that come nearest, each with the chance (0..1) that it answers. */
  nearest: { entry: string; chance: number }[]
  /** Id of a draft that has one of these questions already. */
  draft: string | null
}

export const examplesAtMost = 12
