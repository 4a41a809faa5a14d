/** Who spoke in a group, as far as it matters for speaking unasked. */

/**
 * customer, staff, bot: a contact in that role. human: somebody typed on our account's phone. us: the bot, from whichever
 * of our accounts. unknown: somebody whom we cannot name.
 */
export type SpokenBy = 'customer' | 'staff' | 'bot' | 'human' | 'us' | 'unknown'

export type Utterance = {
  /** The customer, or the identity of who is none; null where there is nobody to name. */
  speakerId: string | null
  by: SpokenBy
  at: Date
}
