/** The FAQ: a customer's question in, the approved answer out, word for word. */
import type { Effect } from '../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../kernel/event.ts'
import type { Slice, SliceEventSeen } from '../../kernel/slice.ts'
import type { Work } from '../../kernel/work.ts'
import { findRule, listSameCustomers } from '../members/index.ts'
import type { MessageSeen } from '../members/schema.ts'
import { burstEnded, didYouMean, endBurst, hear, type Moment, type Step } from './decide.ts'
import { evalsKind } from './evals/index.ts'
import { type BurstKey, deleteBurst, deleteBurstsOf, dropPiece, findBurst, listBurstsOf, saveBurst } from './repo.ts'
import { faqKind, faqSettings, Offer, replies, Talk } from './schema.ts'

export * as evals from './evals/index.ts'
export { type Asked, ask, type Circumstances, prepare } from './retrieval/ask.ts'

/**
 * A message of a customer whom nobody else serves at the moment: the route has settled ownership, role and staleness.
 * Undefined when it is not for the FAQ; [] when it is and nothing is to be said (yet).
 */
export async function respond(seen: MessageSeen): Promise<Effect[] | undefined> {
  const { event, work, content, thread, person, question } = seen
  if (person.customerId === null) return undefined
  if (thread.kind === 'group' && findRule(content, thread.rule)?.answer !== 'mention') return undefined
  const talk: Talk = {
    threadId: thread.id,
    customerId: person.customerId,
    contactId: person.contactId,
    rule: thread.rule,
    recipient: thread.recipient,
  }
  const burst = await work.load(findBurst, talk)
  const offer = question?.kind === didYouMean ? Offer.parse(question.payload) : undefined
  const step = hear({ burst, offer }, event.what.message, talk, content, momentOf(seen))
  return step && save(step, talk, work)
}

/** Asks early for what `respond` will need, so that the read travels with others. */
export function foresee({ work }: { work: Work }, threadId: string, customerId: string): void {
  // Whoever needs the row hears of a failure; here nobody waits for it.
  work.load(findBurst, { threadId, customerId }).catch(() => undefined)
}

/** A recalled message leaves the burst that it waits in (law 6: recall bites). */
export async function recall(
  { work }: { work: Work },
  { account, what }: Event<HappeningOf<'MessageRecalled'>>,
): Promise<void> {
  await dropPiece(work.db, account, what.messageId)
}

/** The timer of a burst. The burst may have been read since, have grown, or belong to a human by now. */
async function onBurstEnded(seen: SliceEventSeen): Promise<Effect[]> {
  const { event, work, content } = seen
  const talk = Talk.parse(event.what.payload)
  const burst = await work.load(findBurst, talk)
  if (!burst) return []
  if (burst.silentUntil && burst.silentUntil > work.now) return save({ effects: [], burst: null }, talk, work)
  return save(endBurst(burst, talk, content, momentOf(seen)), talk, work)
}

function momentOf({ event, work, ids }: Pick<SliceEventSeen, 'work' | 'ids'> & { event: Event }): Moment {
  return { now: work.now, inboxId: event.id, account: event.account, pick: ids.random() }
}

function save({ effects, burst }: Step, { threadId, customerId }: BurstKey, work: Work): Effect[] {
  if (burst) work.write(saveBurst, { threadId, customerId, ...burst })
  if (burst === null) work.write(deleteBurst, { threadId, customerId })
  return effects
}

export const slice: Slice = {
  name: 'faq',
  kinds: [faqKind, evalsKind],
  settings: [faqSettings],
  replies,
  events: { [burstEnded]: onBurstEnded },
  rights: {
    // Bursts live for seconds and are read under the id under which they were begun.
    onMerge: () => Promise.resolve(),
    onUnlink: () => Promise.resolve(),
    forget: async (db, customerId) => deleteBurstsOf(db, await listSameCustomers(db, customerId)),
    exportOf: async (db, customerId) => ({
      unreadMessages: await listBurstsOf(db, await listSameCustomers(db, customerId)),
    }),
  },
}
