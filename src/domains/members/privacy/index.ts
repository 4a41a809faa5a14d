/** Privacy: what people are told about their data, what they may say about it, and what follows. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, SendMessage } from '../../../kernel/effect.ts'
import type { Slice } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { findKnown } from '../people/repo.ts'
import type { MessageSeen, On, Person, Thread } from '../schema.ts'
import { type Consent, noConsent } from './consent.ts'
import { decide, type Decision, obey } from './decide.ts'
import { forgetDue, onForgetDue, scheduleForgetting } from './forgetting.ts'
import { saveChanges } from './repo.ts'
import { type Change, privacySettings, questions, replies } from './schema.ts'
import { onSensitiveDue, sensitiveDue } from './sensitive.ts'
import { readNumber, readWords } from './words.ts'

export { type Consent, permits } from './consent.ts'
export { type MayReceive, mayReceive, type Offer } from './may-receive.ts'
export { observe } from './notice.ts'
export { listPreferences } from './repo.ts'
export { Preferences, type PrivacySettings, privacySettings } from './schema.ts'
export { summaryOf } from './summary.ts'

/** What only the house as a whole can do for a word of hers. */
export type Doors = {
  /** Her choices changed: her tags are to be decided anew. In the transaction of `on`. */
  markDue(customerId: string): Promise<void> | void
  /** What every slice knows of her, one line each, in the words of content. */
  summarise(db: Queryable, customerId: string, content: Content): Promise<readonly string[]>
}

/** Our questions: what else is open is none of our business. */
const ours: ReadonlySet<string> = new Set(Object.values(questions))

/** What the person behind a contact let us do, with no statement of its own where she has been met in this transaction. */
export async function consentOf(
  on: Pick<On, 'work' | 'realm'>,
  { contactId, customerId }: Pick<Person, 'contactId'> & { customerId: string },
): Promise<Consent> {
  const known = await on.work.load(findKnown, { realm: on.realm, contactId })
  return known?.consent ?? noConsent(customerId)
}

/**
 * A word about her data, said to us: in a direct message, or in a group by naming us. Undefined when it is none. The
 * answer goes even where a human owns the thread: it is her right, not a talk.
 *
 * `quiet`: nothing may be answered (the message is stale, or no rule binds the group). What she refuses is refused.
 */
export async function respond(
  on: On,
  seen: MessageSeen,
  doors: Doors,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<Effect[] | undefined> {
  const { event, thread, person, question } = seen
  const { message } = event.what
  const { customerId } = person
  if (customerId === null || message.type !== 'text') return undefined
  if (thread.kind === 'group' && !message.mentionsSelf) return undefined
  const settings = on.content.settings(privacySettings)
  const said = readWords(message.text, settings)
  const number = question?.kind === questions.menu ? readNumber(message.text) : undefined
  if (!said && number === undefined) return undefined
  const consent = await consentOf(on, { ...person, customerId })
  const owned = thread.silentUntil !== null && thread.silentUntil > on.work.now
  const direct = thread.kind === 'direct'
  const situation = { said, number, question, consent, direct, owned, now: on.work.now }
  const decision = quiet ? obey(situation, settings) : decide(situation, settings)
  const closes = !quiet && !decision?.stillOpen && question !== null && ours.has(question.kind)
  return decision && act(on, { ...seen, customerId, closes }, decision, doors)
}

type Hers = MessageSeen & { customerId: string; closes: boolean }

async function act(on: On, seen: Hers, decision: Decision, doors: Doors): Promise<Effect[]> {
  const { thread, customerId, closes } = seen
  const { changes, reply, ask, then } = decision
  for (const change of changes) on.work.write(saveChanges, { customerId, at: on.work.now, by: 'customer', change })
  if (changes.some(isChoice)) await doors.markDue(customerId)
  const effects: Effect[] = []
  if (closes) effects.push({ kind: 'CloseQuestion', threadId: thread.id, customerId })
  if (then === 'tell') effects.push(await tell(on, seen, doors))
  if (reply) {
    const words = on.content.reply(reply.key, reply.values, on.ids.random())
    effects.push(answer(seen, words))
    if (then === 'forget') effects.push(await scheduleForgetting(on, seen, words))
  }
  if (ask) effects.push({ kind: 'AskQuestion', threadId: thread.id, customerId, ...ask })
  return effects
}

/** Whether her tags depend on it. */
function isChoice({ kind }: Change): boolean {
  return !['shown', 'deletion-asked', 'deletion-confirmed', 'deletion-withdrawn'].includes(kind)
}

async function tell(on: On, seen: Hers, doors: Doors): Promise<SendMessage> {
  const lines = await doors.summarise(on.work.db, seen.customerId, on.content)
  const words = on.content.reply('privacy.my-data', { lines }, on.ids.random())
  // Taken back before it left, it is not sent: she may have thought of who else reads her phone.
  return { ...answer(seen, words), answers: [seen.event.what.message.id] }
}

/** Goes before everything else, and where a human has the thread too. In a group the words name her. */
function answer(
  { event, thread, person }: { event: MessageSeen['event']; thread: Thread; person: Person },
  text: string,
): SendMessage {
  const mentions = thread.kind === 'group' ? { mentions: [person.contactId] } : {}
  const body = [{ type: 'text' as const, text, ...mentions }]
  return { kind: 'SendMessage', to: thread.recipient, purpose: 'security', key: `privacy:${event.id}`, body }
}

export const slice: Slice = {
  name: 'privacy',
  settings: [privacySettings],
  replies,
  events: { [forgetDue]: onForgetDue, [sensitiveDue]: onSensitiveDue },
  // The choices are columns of the customer, which members links, exports and forgets.
  rights: 'none',
}
