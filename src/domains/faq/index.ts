/** The FAQ: a customer's question in, a grounded answer out. */
import type { Content } from '../../kernel/content.ts'
import type { Effect } from '../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../kernel/event.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Slice, SliceEventSeen } from '../../kernel/slice.ts'
import type { Work } from '../../kernel/work.ts'
import { findRule, listSameCustomers } from '../members/index.ts'
import type { MessageSeen } from '../members/schema.ts'
import {
  answer,
  isQuietFor,
  type Lent,
  modelAnswered,
  type On,
  onModelAnswered,
  returnCourtesy,
} from './answers/index.ts'
import { findRecent } from './answers/repo/lookups.ts'
import { deleteExchangesOf, listExchangesOf } from './answers/repo/rights.ts'
import { answersSettings } from './answers/schema.ts'
import { draftReplies, drafted, onDrafted } from './drafting/index.ts'
import { burstEnded, endBurst, hear, isCertain, overheard, type Step } from './decide.ts'
import { applyDraftEntry, deleteDraftsOf, listDraftsOf } from './drafts/index.ts'
import { evalsKind } from './evals/index.ts'
import { factsOf } from './facts/index.ts'
import { facts } from './lent.ts'
import { findAnswered, mayStillJoin } from './overhear/index.ts'
import { guard, guardsKind } from './guards/index.ts'
import { personaKind } from './persona/index.ts'
import { wordsKind } from './retrieval/schema.ts'
import { type BurstKey, deleteBurst, deleteBurstsOf, dropPiece, findBurst, listBurstsOf, saveBurst } from './repo.ts'
import { didYouMean, type Moment } from './saying.ts'
import { faqKindWith, faqSettings, Offer, Overheard, replies, Talk } from './schema.ts'

export { facts } from './lent.ts'
export { type Asker, askers, type Lent, modelAnswered } from './answers/index.ts'
export { type Shown, showAnswer } from './answers/alone.ts'
export { askFor } from './answers/asking.ts'
export { type DraftRequest, drafted, draftFor, keyOf as draftKeyOf } from './drafting/index.ts'
export { counts } from './answers/counts.ts'
export { listOverdue } from './answers/repo/lookups.ts'
export { answersSettings, type Exchange, type ModelAnswered } from './answers/schema.ts'
export * as drafts from './drafts/index.ts'
export * as evals from './evals/index.ts'
export * as gaps from './gaps/index.ts'
/** Whether content keeps the words from the model: a refusal, or a matter for a human. */
export function isGuarded(text: string, content: Content): boolean {
  return guard(text, content).kind !== 'clear'
}

export { refreshVectors, sweepVectors, type Vectors } from './retrieval/vectors/index.ts'
export { type Asked, ask, type Circumstances, prepare } from './retrieval/ask.ts'

/**
 * A message of a customer whom nobody else serves at the moment: the route has settled ownership, role and staleness.
 * Undefined when it is not for the FAQ; [] when it is and nothing is to be said (yet).
 */
export async function respond(seen: MessageSeen, lent: Lent): Promise<Effect[] | undefined> {
  const { event, work, content, ids, thread, person, question } = seen
  if (person.customerId === null) return undefined
  if (thread.kind === 'group' && (findRule(content, thread.rule)?.answer ?? 'off') === 'off') return undefined
  const talk: Talk = {
    threadId: thread.id,
    customerId: person.customerId,
    contactId: person.contactId,
    rule: thread.rule,
    recipient: thread.recipient,
  }
  const burst = await work.load(findBurst, talk)
  const offer = question?.kind === didYouMean ? Offer.parse(question.payload) : undefined
  const on: On = { work, content, ids, lent, talk, at: momentOf(seen) }
  const step = hear({ burst, offer }, event.what.message, talk, content, on.at)
  return step && take(step, on)
}

/**
 * Words of hers where nothing may be said to her, as her case waits for a human: a topic for one is one more reason for it,
 * so that what is urgent is not left lying behind what was not.
 */
export function overhearTopic({ event, content, thread, person }: MessageSeen): Effect[] {
  const { message } = event.what
  if (person.customerId === null || message.type !== 'text') return []
  const guarded = guard(message.text, content)
  if (guarded.kind !== 'human') return []
  const reason = `topic:${guarded.topic}`
  const evidence = { question: message.text }
  const key = `overheard:${event.id}`
  return [{ kind: 'OpenCase', threadId: thread.id, customerId: person.customerId, reason, evidence, key }]
}

/** Asks early for what `respond` will need, so that the read travels with others. */
export function foresee({ work }: { work: Work }, threadId: string, customerId: string): void {
  // Whoever needs the rows hears of a failure; here nobody waits for them.
  work.load(findBurst, { threadId, customerId }).catch(() => undefined)
  work.load(findRecent, { threadId, customerId }).catch(() => undefined)
}

/** A recalled message leaves the burst that it waits in (law 6: recall bites). */
export async function recall(
  { work }: { work: Work },
  { account, what }: Event<HappeningOf<'MessageRecalled'>>,
): Promise<void> {
  await dropPiece(work.db, account, what.messageId)
}

/** The timer of a burst. The burst may have been read since, have grown, or belong to a human by now. */
async function onBurstEnded(seen: SliceEventSeen, lent: Lent): Promise<Effect[]> {
  const { event, work, content, ids } = seen
  const talk = Talk.parse(event.what.payload)
  const burst = await work.load(findBurst, talk)
  if (!burst) return []
  const on: On = { work, content, ids, lent, talk, at: momentOf(seen) }
  const silent = burst.silentUntil !== null && burst.silentUntil > work.now
  if (silent || (await isQuietFor(on))) return take({ effects: [], burst: null }, on)
  return take(endBurst(burst, talk, content, on.at), on)
}

/** Others have had their time: is it still unanswered, and are we still sure? */
async function onOverheard(seen: SliceEventSeen, lent: Lent): Promise<Effect[]> {
  const { event, work, content, ids } = seen
  const { talk, text, message, askedAt } = Overheard.parse(event.what.payload)
  const on: On = { work, content, ids, lent, talk, at: momentOf(seen) }
  if (findRule(content, talk.rule)?.answer !== 'confident' || !isCertain(text, talk, content, work.now)) return []
  if (await isQuietFor(on)) return []
  const since = new Date(work.now.getTime() - content.settings(answersSettings).repeatWindow)
  const [may, answered] = await Promise.all([
    mayStillJoin(on, new Date(askedAt)),
    work.load(findAnswered, { threadId: talk.threadId, since }),
  ])
  if (!may) return []
  const question = { text, messages: [message], quoted: null, overheard: true, picked: null }
  return answer(question, on, answered)
}

function momentOf({ event, work, ids }: { event: Event; work: Work; ids: Ids }): Moment {
  return { now: work.now, inboxId: event.id, account: event.account, pick: ids.random() }
}

async function take({ effects, burst, question, courtesy }: Step, on: On): Promise<Effect[]> {
  const key: BurstKey = { threadId: on.talk.threadId, customerId: on.talk.customerId }
  if (burst) on.work.write(saveBurst, { ...key, ...burst })
  if (burst === null) on.work.write(deleteBurst, key)
  if (question) return [...effects, ...(await answer(question, on))]
  if (courtesy) return [...effects, ...(await returnCourtesy(courtesy, on))]
  return effects
}

/** What other slices lend to answers. Throws when two register a fact under one name. */
export function lentBy(others: readonly Slice[]): Lent {
  return {
    facts: factsOf(others),
    proposable: (content) =>
      Object.assign({}, ...others.map((slice) => slice.proposable?.(content))) as Record<string, readonly string[]>,
  }
}

/** The slice, with the facts and tags that all others lend it. */
export function faqSlice(others: readonly Slice[]): Slice {
  const lent = lentBy(others)
  // A fact without placeholders is for the tone, not for answers.
  const said = Object.entries(lent.facts).filter(([, { placeholders }]) => placeholders.length > 0)
  return {
    name: 'faq',
    kinds: [faqKindWith(Object.fromEntries(said)), wordsKind, personaKind, guardsKind, evalsKind],
    settings: [faqSettings, answersSettings],
    replies,
    facts,
    applies: { DraftReplies: draftReplies, DraftEntry: applyDraftEntry },
    events: {
      [drafted]: onDrafted,
      [burstEnded]: (seen) => onBurstEnded(seen, lent),
      [overheard]: (seen) => onOverheard(seen, lent),
      [modelAnswered]: (seen) => onModelAnswered(seen, lent),
    },
    rights: {
      // Bursts live for seconds; exchanges are read under the ids of all customers that she was.
      onMerge: () => Promise.resolve(),
      onUnlink: () => Promise.resolve(),
      async forget(db, customerId) {
        const customerIds = await listSameCustomers(db, customerId)
        await deleteBurstsOf(db, customerIds)
        await deleteExchangesOf(db, customerIds)
        await deleteDraftsOf(db, customerIds)
      },
      async exportOf(db, customerId) {
        const customerIds = await listSameCustomers(db, customerId)
        return {
          unreadMessages: await listBurstsOf(db, customerIds),
          questions: await listExchangesOf(db, customerIds),
          drafts: await listDraftsOf(db, customerIds),
        }
      },
    },
  }
}
