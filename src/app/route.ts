/**
 * The way of an event through the house: who takes it, in which order. The kernel knows no domain and no slice knows
 * another; this is where they meet.
 */
import * as delivery from '../delivery/index.ts'
import * as faq from '../domains/faq/index.ts'
import * as handoff from '../domains/handoff/index.ts'
import * as members from '../domains/members/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Effect } from '../kernel/effect.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Event, HappeningOf } from '../kernel/event.ts'
import type { Outcome, Route } from '../kernel/batch.ts'
import type { Jobs } from '../kernel/jobs.ts'
import type { Ids } from '../kernel/ports.ts'
import type { Applying, Slice } from '../kernel/slice.ts'

export type RouteOptions = {
  content: () => Content
  ids: Ids
  jobs: Jobs
  slices: readonly Slice[]
  /** The corporation that an account belongs to. */
  realmOf: (account: string) => string
  /** Whether the account's platform shows us our own messages. */
  echoesOf: (account: string) => boolean
}

type On = members.On

/** A group message handled later than this, in ms, may have been handed to another account. */
const delayMs = 2_000

export function createRoute({ content, ids, jobs, slices, realmOf, echoesOf }: RouteOptions): Route {
  const apply = createApplier(slices, jobs)
  return async (event, work) => {
    const on: On = { work, content: content(), ids, realm: realmOf(event.account), account: event.account }
    const { outcome, effects } = await take(on, event)
    for (const effect of effects) await apply(effect, on)
    return outcome
  }

  async function take(on: On, event: Event): Promise<Taken> {
    switch (event.what.kind) {
      case 'MessageReceived':
        return hear(on, event as Event<HappeningOf<'MessageReceived'>>)
      case 'OwnMessageSeen':
        return seeOwn(on, event as Event<HappeningOf<'OwnMessageSeen'>>, echoesOf(event.account))
      case 'SliceEvent':
        return routed(await sliceEvent(on, event as Event<HappeningOf<'SliceEvent'>>, slices))
      case 'MessageRecalled':
        await faq.recall(on, event as Event<HappeningOf<'MessageRecalled'>>)
        return routed(await members.handle(on, event))
      default:
        return routed(await members.handle(on, event))
    }
  }
}

type Taken = { outcome: Outcome; effects: Effect[] }

function routed(effects: Effect[] = []): Taken {
  return { outcome: 'routed', effects }
}

/**
 * A message of somebody else. The order of those who may answer is a law of the house: a human who owns the thread
 * comes before everything that would speak.
 */
async function hear(on: On, heard: Event<HappeningOf<'MessageReceived'>>): Promise<Taken> {
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
  if (members.isStale(on, event.at)) return { outcome: 'stale', effects: [] }
  // Law 13: staff and other bots are heard, never answered. Where no rule binds a group, nobody asked for us.
  if (person.role !== 'customer' || person.customerId === null) return routed()
  if (thread.kind === 'group' && thread.rule === null) return routed()
  if (handoff.owns(thread, on.work.now)) return routed()
  faq.foresee(on, thread.id, person.customerId)
  const question = await members.questionOf(on, thread.id, person.customerId)
  return routed(await faq.respond({ event, work: on.work, content: on.content, ids: on.ids, thread, person, question }))
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
  if (await delivery.settleEcho(on, { account, threadId: thread.id, message, echoes })) return routed()
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

/** Gives each effect to the slice that owns what it changes. */
function createApplier(slices: readonly Slice[], jobs: Jobs): (effect: Effect, on: Applying) => Promise<void> {
  const appliers = new Map<Effect['kind'], (effect: never, on: Applying) => Promise<void> | void>()
  for (const slice of slices) {
    for (const [kind, apply] of Object.entries(slice.applies ?? {})) appliers.set(kind as Effect['kind'], apply)
  }
  return async (effect, on) => {
    if (effect.kind === 'ScheduleEvent') on.work.write(jobs.schedule, effect)
    else await appliers.get(effect.kind)?.(effect as never, on)
  }
}
