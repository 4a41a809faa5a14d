/** Handoff: cases for a human, who gets them, and every word between a customer and her adviser. */
import type { Content } from '../../kernel/content.ts'
import type { Effect, OpenCase } from '../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../kernel/event.ts'
import type { Jobs } from '../../kernel/jobs.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Applying, Slice, SliceEventSeen } from '../../kernel/slice.ts'
import type { Queryable, Work } from '../../kernel/work.ts'
import { listSameCustomers, type Person } from '../members/index.ts'
import type { Thread } from '../members/schema.ts'
import { deskAct, onDeskAct } from './acts/desk.ts'
import { findAdviser } from './binding/index.ts'
import { byHand } from './byhand/decide.ts'
import { forgetCases, listCases, openCases, type Opened } from './cases/repo.ts'
import { draftsDue, draftsLate, keepDrafts, onDraftsDue, onDraftsLate } from './drafts/index.ts'
import { deleteDraftsOf, listSummariesOf } from './drafts/repo.ts'
import { forsakenDue, onForsaken } from './absence/index.ts'
import { onRated, rated } from './rating/index.ts'
import { clockDue, onClockDue } from './clock/index.ts'
import { adviserWrote, hearAdviser, onAdviserWrote } from './commands/index.ts'
import { takeOver } from './decide.ts'
import { adviserMedia, customerFile, onAdviserMedia, onCustomerFile } from './relay/files.ts'
import { onSayRecalled, onSaySettled, sayRecalled, saySettled } from './relay/outcome.ts'
import { customerRecalled, onCustomerRecalled } from './relay/recalls.ts'
import { met, onMet, quietFact } from './groups/index.ts'
import { replies } from './replies.ts'
import { yieldThreads } from './repo.ts'
import { advisersKind } from './roster/index.ts'
import { directFact, giveDue, offerDue, onGiveDue, onOfferDue, onOpened, opened, routeSoon } from './routing/index.ts'
import { handoffKind, handoffSettings, reasonOf } from './schema.ts'
import { onSignInAsked, signInAsked } from './sign-in/index.ts'
import type { Facts } from './story/index.ts'
import { applyOpenTask, onTaskAsked, steps, taskAsked } from './tasks/index.ts'
import { customerSaid, onCustomerSaid } from './talk/customer.ts'

export { listForsaken } from './absence/index.ts'
export { type DeskAct, deskEvent, deskKey, openedByClick } from './acts/desk.ts'
export { type DeskDone, findDeskAct } from './acts/repo.ts'
export { issueCode, respondToCode } from './binding/index.ts'
export { openByHand } from './byhand/index.ts'
export { listCases, listEntries } from './cases/repo.ts'
export type { Case, Wanting } from './cases/schema.ts'
export { type Counted, type PromiseShown } from './clock/decide.ts'
export { promisedNow } from './clock/wind.ts'
export { owns } from './decide.ts'
export { befriended, foreseeQuiet, quietnessFor } from './groups/index.ts'
export { findNeglect, type Neglect, type Why } from './neglect/index.ts'
export { hearRating } from './rating/index.ts'
export { followSays, sayEchoed } from './relay/outcome.ts'
export { hearRecall } from './relay/recalls.ts'
export { Adviser, adviserOf, advisersKind, rosterOf } from './roster/index.ts'
export { listSeats } from './routing/index.ts'
export { handoffKind, handoffSettings, reasonOf } from './schema.ts'
export { askSignInCode, signInCodeForMs, sweepSignInCodes, takeSignInCode } from './sign-in/index.ts'
export { type CaseStory, type Facts, readStory } from './story/index.ts'
export { hearCustomer } from './talk/customer.ts'

/** Our account spoke and no send of ours explains it: a human is at the phone (law 13). For messages that are not stale. */
export function humanSpoke(on: Pick<Applying, 'content' | 'work'>, thread: Thread): Effect[] {
  return takeOver(thread, on.content.settings(handoffSettings).takeover, on.work.now)
}

/** One of us wrote: an adviser in her own talk with us says what is to be done. */
export async function hearStaff({
  event,
  work,
  thread,
  person,
}: {
  event: Event<HappeningOf<'MessageReceived'>>
  work: Work
  thread: Thread
  person: Person
}): Promise<Effect[]> {
  const { message } = event.what
  if (thread.kind !== 'direct') return []
  const adviser = await findAdviser(work.db, person.identityId)
  if (adviser === undefined) return []
  const { id, type, text, quoted, details } = message
  const media = type === 'text' ? null : { account: event.account, message: id, type, ...(details && { details }) }
  const wrote = { adviser, text: type === 'text' ? text : '', quoted: quoted?.text ?? null, message: id, media }
  return [hearAdviser(wrote, event.account, work.now)]
}

/** Opens a case outside the handling of an event, in the caller's transaction. */
export async function openCase(
  db: Queryable,
  effect: OpenCase,
  { ids, now, jobs }: { ids: Ids; now: Date; jobs: Pick<Jobs, 'schedule'> },
): Promise<void> {
  // What delivery asks for, the customer does not know of: no case of hers goes on for it.
  await openCases.run(db, [{ ...openedBy(effect, ids, now), goesOnAfter: null }])
  await jobs.schedule.run(db, [routeSoon(effect.key, now)])
}

function openedBy(
  { key, threadId, customerId, reason, evidence }: OpenCase,
  ids: Ids,
  openedAt: Date,
): Omit<Opened, 'goesOnAfter'> {
  return { id: ids.fresh(), key, threadId, customerId, reason, evidence, openedAt }
}

/** Facts that slices lend, by name; `readStory` tells a case with them. */
export function factsOf(slices: readonly Pick<Slice, 'facts'>[]): Facts {
  return Object.assign({}, ...slices.map(({ facts }) => facts)) as Facts
}

/** Every handler has them at hand: a card may be shown in the course of any. */
function withFacts(facts: Facts, events: NonNullable<Slice['events']>): NonNullable<Slice['events']> {
  return Object.fromEntries(
    Object.entries(events).map(([name, handle]) => [name, (seen: SliceEventSeen) => handle({ ...seen, ...{ facts } })]),
  )
}

/**
 * Which closed case of hers goes on: one from within the window, for what she knows of. A manager's click is a case of its
 * own, with its own note; whoever had the last is asked first anyway.
 */
function goesOnAfter(reason: string, content: Content, now: Date): Date | null {
  if (reason === byHand || reasonOf(content, reason).quiet) return null
  return new Date(now.getTime() - content.settings(handoffSettings).reopenWithin)
}

/** The slice; what the others know of a customer by tags decides who gets her case. */
export function handoffSlice(others: readonly Pick<Slice, 'facts'>[]): Slice {
  const facts = factsOf(others)
  const held = facts['tags.held']
  return {
    name: 'handoff',
    kinds: [advisersKind, handoffKind],
    settings: [handoffSettings],
    replies,
    applies: {
      OpenCase(effect, { work, ids, content }) {
        const after = goesOnAfter(effect.reason, content, work.now)
        work.write(openCases, { ...openedBy(effect, ids, work.now), goesOnAfter: after })
        return [routeSoon(effect.key, work.now)]
      },
      OpenTask: applyOpenTask,
      KeepDrafts: (effect, on) => keepDrafts(effect, { ...on, facts }),
      YieldThread: ({ threadId, until }, { work }) => work.write(yieldThreads, { threadId, until }),
    },
    events: withFacts(facts, {
      [opened]: (seen) => onOpened(seen, held),
      [offerDue]: onOfferDue,
      [giveDue]: onGiveDue,
      [clockDue]: onClockDue,
      [forsakenDue]: onForsaken,
      [rated]: onRated,
      [customerSaid]: onCustomerSaid,
      [adviserWrote]: onAdviserWrote,
      [customerFile]: onCustomerFile,
      [adviserMedia]: onAdviserMedia,
      [customerRecalled]: onCustomerRecalled,
      [saySettled]: onSaySettled,
      [sayRecalled]: onSayRecalled,
      [met]: onMet,
      [draftsDue]: onDraftsDue,
      [draftsLate]: onDraftsLate,
      [signInAsked]: onSignInAsked,
      [deskAct]: onDeskAct,
      [taskAsked]: onTaskAsked,
    }),
    steps,
    facts: { 'handoff.quiet': quietFact, 'handoff.direct': directFact(held) },
    rights: {
      // Cases keep the customer under whom they were opened; the canonical view resolves her.
      async onMerge() {},
      async onUnlink() {},
      async forget(db, customerId, now) {
        const customerIds = await listSameCustomers(db, customerId)
        await deleteDraftsOf(db, customerIds)
        await forgetCases(db, customerIds, now)
      },
      async exportOf(db, customerId) {
        const customerIds = await listSameCustomers(db, customerId)
        const cases = await listCases(db, { open: false, customerIds, limit: 10_000 })
        return { cases, summaries: await listSummariesOf(db, customerIds) }
      },
    },
  }
}
