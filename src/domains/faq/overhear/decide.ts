/** When the bot may answer somebody in a group who named nobody. In doubt it is silent: people talk to people there. */
import type { Utterance } from './schema.ts'

export type Overhearing = {
  /** The customer who asked. */
  askerId: string
  /** When her question was sent, by the clock that the messages carry. */
  askedAt: Date
  now: Date
  /** Whoever talked with others in this time before her question is in a talk. */
  quietMs: number
}

/**
 * Whether the bot may answer. `messages`: what was said in the group, in any order; more than the time that counts does no
 * harm. Not when anybody else has spoken since the question, ourselves too: it has been answered, or the talk has moved
 * on. Not when she and another customer were talking, or one of our people was there, before it.
 *
 * A message of the very moment of the question counts as one after it.
 */
export function mayJoin(messages: readonly Utterance[], { askerId, askedAt, now, quietMs }: Overhearing): boolean {
  if (now < askedAt) return false
  const quietFrom = askedAt.getTime() - quietMs
  const near = messages.filter(({ at }) => at.getTime() >= quietFrom)
  const isHers = ({ by, speakerId }: Utterance): boolean => by === 'customer' && speakerId === askerId
  const before = near.filter(({ at }) => at < askedAt)
  const after = near.filter(({ at }) => at >= askedAt)
  if (!after.every(isHers)) return false
  if (before.some(({ by }) => by === 'staff' || by === 'human')) return false
  const talks = before.some(isHers) && before.some((message) => isPerson(message) && !isHers(message))
  return !talks
}

/** Somebody whom she can be talking with: neither we nor another bot. */
function isPerson({ by }: Utterance): boolean {
  return by !== 'us' && by !== 'bot'
}
