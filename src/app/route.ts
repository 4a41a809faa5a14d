/**
 * The way of an event through the house: who takes it, in which order. The kernel knows no domain and no slice knows
 * another; this is where they meet.
 */
import * as delivery from '../delivery/index.ts'
import * as faq from '../domains/faq/index.ts'
import * as handoff from '../domains/handoff/index.ts'
import * as members from '../domains/members/index.ts'
import * as tags from '../domains/tags/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Effect } from '../kernel/effect.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Event, HappeningOf } from '../kernel/event.ts'
import type { Outcome, Route } from '../kernel/batch.ts'
import type { Jobs } from '../kernel/jobs.ts'
import type { Ids } from '../kernel/ports.ts'
import type { Secrets } from '../kernel/secrets.ts'
import type { Applied, Applying, Slice } from '../kernel/slice.ts'
import { forgetIn, summaryOf } from './rights.ts'

export type RouteOptions = {
  content: () => Content
  ids: Ids
  jobs: Jobs
  secrets: Secrets
  slices: readonly Slice[]
  /** The corporation that an account belongs to. */
  realmOf: (account: string) => string
  /** Whether the account's platform shows us our own messages. */
  echoesOf: (account: string) => boolean
}

type On = members.On

/** A group message handled later than this, in ms, may have been handed to another account. */
const delayMs = 2_000

export function createRoute(options: RouteOptions): Route {
  const { content, ids, slices, realmOf, echoesOf } = options
  const lent = faq.lentBy(slices)
  const apply = createApplier(options)
  const doors = (on: On): members.privacy.Doors => ({
    markDue: (customerId) => tags.markDue(on.work, customerId),
    summarise: (db, customerId, live) => summaryOf(db, slices, customerId, live),
  })
  return async (event, work) => {
    const roleChanged = (customerId: string): void => tags.markDue(work, customerId)
    const on: On = { work, content: content(), ids, realm: realmOf(event.account), account: event.account, roleChanged }
    const { outcome, effects } = await take(on, event)
    for (const effect of effects) await apply(effect, on)
    return outcome
  }

  async function take(on: On, event: Event): Promise<Taken> {
    switch (event.what.kind) {
      case 'MessageReceived':
        return hear(on, event as Event<HappeningOf<'MessageReceived'>>, doors(on), lent)
      case 'OwnMessageSeen':
        return seeOwn(on, event as Event<HappeningOf<'OwnMessageSeen'>>, echoesOf(event.account))
      case 'SliceEvent':
        return routed(await sliceEvent(on, event as Event<HappeningOf<'SliceEvent'>>, slices))
      case 'MessageRecalled':
        await faq.recall(on, event as Event<HappeningOf<'MessageRecalled'>>)
        return routed([
          ...(await handoff.hearRecall(on, event as Event<HappeningOf<'MessageRecalled'>>)),
          ...(await members.handle(on, event)),
        ])
      case 'FriendshipConfirmed':
        return befriend(on, event, [event.what.contact.id])
      case 'ContactsRead':
        return befriend(
          on,
          event,
          event.what.contacts.map(({ id }) => id),
        )
      default:
        return routed(await members.handle(on, event))
    }
  }
}

/** Behind the greeting: whose case waits for a direct message hears of it there. */
async function befriend(on: On, event: Event, contactIds: readonly string[]): Promise<Taken> {
  const greeted = await members.handle(on, event)
  return routed([...greeted, ...(await handoff.befriended(on, contactIds))])
}

type Taken = { outcome: Outcome; effects: Effect[] }

function routed(effects: Effect[] = []): Taken {
  return { outcome: 'routed', effects }
}

/**
 * A message of somebody else. The order of those who may answer is a law of the house: a human who owns the thread
 * comes before everything that would speak.
 */
async function hear(
  on: On,
  heard: Event<HappeningOf<'MessageReceived'>>,
  doors: members.privacy.Doors,
  lent: faq.Lent,
): Promise<Taken> {
  const { place, sender, message } = heard.what
  const mentionsSelf = await members.namesUs(on, message)
  const event = { ...heard, what: { ...heard.what, message: { ...message, mentionsSelf } } }
  members.foreseeMeeting(on, place, sender.id)
  const person = await members.meet(on, sender, event.at)
  const thread = await members.threadOf(on, place, person)
  // Law 1: in a group one account speaks; what the others see of it is kept, and used only when the speaker fails.
  if (thread.recipient.account !== event.account) return { outcome: 'copy', effects: [] }
  // After a failover the old speaker may have been handling what the new one was given.
  if (isDelayed(on, event) && (await members.wasHeard(on, thread, event))) return { outcome: 'copy', effects: [] }
  members.recordMessage(on, event, thread, person)
  members.observeInteractions(on, { event, thread, person })
  const stale = members.isStale(on, event.at)
  const kept: Taken = stale ? { outcome: 'stale', effects: [] } : routed()
  // Law 13: staff and other bots are heard, never answered; but advisers say what is to be done.
  if (person.role === 'staff' && !stale)
    return { ...kept, effects: await handoff.hearStaff({ event, work: on.work, thread, person }) }
  if (person.role !== 'customer' || person.customerId === null) return kept
  const unasked = thread.kind === 'group' && thread.rule === null
  if (!unasked) tags.markDue(on.work, person.customerId)
  // Too old to be answered, or where no rule binds a group and nobody asked for us: what she refuses is refused.
  const quiet = stale || unasked
  const owned = handoff.owns(thread, on.work.now)
  if (!quiet && !owned) {
    faq.foresee(on, thread.id, person.customerId)
    handoff.foreseeQuiet(on.work, thread, person.customerId)
  }
  const question = quiet ? null : await members.questionOf(on, thread.id, person.customerId)
  const seen = { event, work: on.work, content: on.content, ids: on.ids, thread, person, question }
  const bound = quiet ? undefined : await handoff.respondToCode(on, seen)
  if (bound) return { ...kept, effects: bound }
  const word = await members.privacy.respond(on, seen, doors, { quiet })
  // Her adviser reads that too, and need not answer it.
  if (word && owned) return { ...kept, effects: [...word, ...(await handoff.hearCustomer(seen, { answered: true }))] }
  if (word ?? quiet) return { ...kept, effects: word ?? [] }
  if (owned) return routed(await handoff.hearCustomer(seen))
  // A group has one thread for all: her case silences the bot for her alone.
  const quietness = await handoff.quietnessFor(on, thread, person.customerId)
  if (quietness === 'owned') return routed(await handoff.hearCustomer(seen))
  if (quietness === 'waits') return routed(faq.overhearTopic(seen))
  const beside = await members.privacy.observe(on, seen)
  // A mark with words that concern our people («1 脸都肿了») is noted, and answered like any other such words.
  const silently =
    question !== null && event.what.message.type === 'text' && faq.isGuarded(event.what.message.text, on.content)
  const mark = handoff.hearRating(seen, { silently })
  if (mark.answered) return routed([...beside, ...mark.effects])
  // The notice first, so that of two questions for the same thread the answer's stays open.
  return routed([...beside, ...mark.effects, ...((await faq.respond(seen, lent)) ?? [])])
}

/** Whether a group message has waited so long in the inbox that another account may have been given it meanwhile. */
function isDelayed(on: On, { what, receivedAt }: Event<HappeningOf<'MessageReceived'>>): boolean {
  return what.place.kind === 'group' && on.work.now.getTime() - receivedAt.getTime() > delayMs
}

/** Our own account spoke: the echo of a send, or a human on the phone who takes the thread (law 13). */
async function seeOwn(on: On, event: Event<HappeningOf<'OwnMessageSeen'>>, echoes: boolean): Promise<Taken> {
  const { place, message } = event.what
  const thread = await members.threadOf(on, place, null)
  const { account } = event
  const ours = await delivery.settleEcho(on, { account, threadId: thread.id, message, echoes })
  if (ours) return routed(handoff.sayEchoed(ours.key, on.work.now))
  members.recordMessage(on, event, thread, await members.meet(on, event.what.sender, event.at))
  if (members.isStale(on, event.at)) return { outcome: 'stale', effects: [] }
  return routed(handoff.humanSpoke(on, thread))
}

function sliceEvent(on: On, event: Event<HappeningOf<'SliceEvent'>>, slices: readonly Slice[]): Promise<Effect[]> {
  const handle = slices.map((slice) => slice.events?.[event.what.name]).find((found) => found !== undefined)
  if (!handle) {
    throw new ZhangguiError({
      code: 'unknown-slice-event',
      message: `No slice handles the event «${event.what.name}».`,
      context: { inboxId: event.id },
    })
  }
  return handle({ event, work: on.work, content: on.content, ids: on.ids })
}

/** Gives each effect to the slice that owns what it changes; deleting a person is all slices' together. */
function createApplier({ slices, jobs, secrets }: RouteOptions): (effect: Effect, on: Applying) => Promise<void> {
  const appliers = new Map<Effect['kind'], (effect: never, on: Applying) => Promise<Applied> | Applied>()
  for (const slice of slices) {
    for (const [kind, apply] of Object.entries(slice.applies ?? {})) appliers.set(kind as Effect['kind'], apply)
  }
  return async function apply(effect, on) {
    if (effect.kind === 'ScheduleEvent') on.work.write(jobs.schedule, effect)
    else if (effect.kind === 'ForgetCustomer') {
      const { by, customerId } = effect
      await forgetIn(on.work.db, { slices, secrets, ids: on.ids, jobs, now: on.work.now, by }, customerId)
    } else {
      const further = await appliers.get(effect.kind)?.(effect as never, on)
      for (const one of further ?? []) await apply(one, on)
    }
  }
}
