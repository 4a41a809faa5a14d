/** When a human has her, or ought to: what other slices know of that, and what follows for an answer. */
import type { Fact } from '../../../kernel/slice.ts'
import type { Saying } from '../saying.ts'
import { type Approved, caseOf, handOver } from './decide.ts'
import type { On } from './exchange.ts'
import { wasUnknown } from './reading.ts'
import { answersSettings, type Exchange, type Recent } from './schema.ts'

/** Facts that are asked for by name: whoever keeps cases registers them. */
const quietFact = 'handoff.quiet'
const directFact = 'handoff.direct'

function askFor(name: string, { lent, work, content, talk }: On): Promise<Fact> {
  const known = lent.facts[name]?.ask(work.db, talk.customerId, { now: work.now, content })
  return known ?? Promise.resolve({ kind: 'unknown' })
}

/** Her case has begun in this group, or a human has it: nothing is said to her here meanwhile. Others are answered. */
export async function isQuietFor(on: On): Promise<boolean> {
  if (on.talk.recipient.kind !== 'group') return false
  const fact = await askFor(quietFact, on)
  return fact.kind === 'known' && (fact.values['everywhere'] === true || fact.values['threadId'] === on.talk.threadId)
}

/**
 * To be told twice that nobody knows is once too often; whom content looks after in person is not told so at all.
 * `recent`: what she asked before, the newest first.
 */
export async function insteadOfUnknown(
  words: Approved,
  recent: readonly Recent[],
  exchange: Pick<Exchange, 'id' | 'question'>,
  saying: Saying,
  on: On,
): Promise<Approved> {
  if (words.outcome !== 'unknown') return words
  const before = recent.filter(({ state }) => state === 'closed')
  const isEnough = wasUnknown(before, on.content.settings(answersSettings), on.work.now)
  if (!isEnough && (await askFor(directFact, on)).kind !== 'known') return words
  return handOver('no-answer', exchange, saying)
}

/** A human has to look as well: what answers her is said, and where nothing does, that somebody comes. */
export function withCase(
  reason: string,
  words: Approved,
  exchange: Pick<Exchange, 'id' | 'question'>,
  saying: Saying,
): Approved {
  if (words.effects.some(({ kind }) => kind === 'OpenCase')) return words
  const isAnswered = words.outcome !== 'unknown' && words.outcome !== 'offered'
  if (!isAnswered) return handOver(reason, exchange, saying)
  return { ...words, effects: [...words.effects, caseOf(reason, exchange, saying.talk)] }
}
