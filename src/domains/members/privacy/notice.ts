/**
 * The notice on first contact, once per person ever.
 *
 * - A new friend and who writes to us directly read it there, and at once: people must be told when handling of their
 *   data begins (PIPL 17), and the first exchange is when they expect to be told something.
 * - Who first names us in a group and is a friend of the account reads it in a direct message: nobody else is bothered.
 * - Of a stranger in a group we cannot be sure to reach her directly. There a short line speaks to everybody, so it is
 *   said once a day in a group at most, however many people name us: it has been read by all who were there, and ten
 *   copies in a row would drive away the very people whom it is to protect.
 */
import type { Effect, SendMessage } from '../../../kernel/effect.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { findKnown } from '../people/repo.ts'
import type { MessageSeen, On, Person } from '../schema.ts'
import { threadOf } from '../threads/index.ts'
import { type Consent, noConsent } from './consent.ts'
import { saveChanges } from './repo.ts'
import { privacySettings, questions } from './schema.ts'
import { scheduleSensitive } from './sensitive.ts'

type Customer = Person & { customerId: string }

/**
 * What follows beside the answer when a customer speaks to us and no human has the thread: the notice, where she has
 * read none; the end of a question for an agreement that she lets pass; later, the question about what is sensitive.
 */
export async function observe(on: On, seen: MessageSeen): Promise<Effect[]> {
  const { event, thread, person, question } = seen
  const { customerId } = person
  const { message } = event.what
  if (customerId === null || (thread.kind === 'group' && !message.mentionsSelf)) return []
  const known = await on.work.load(findKnown, { realm: on.realm, contactId: person.contactId })
  const consent = known?.consent ?? noConsent(customerId)
  const isFriend = known?.identity?.friendOf[thread.recipient.account] !== undefined
  const customer = { ...person, customerId }
  const told = consent.noticedAt !== null || !on.content.settings(privacySettings).noticeOnContact
  if (!told) {
    return thread.kind === 'direct' || isFriend
      ? noticeDirectly(on, customer, consent)
      : noticeGroup(on, seen, customer)
  }
  const passed = message.type === 'text' && question !== null && agreements.has(question.kind)
  const effects: Effect[] = passed ? [{ kind: 'CloseQuestion', threadId: thread.id, customerId }] : []
  if (message.type !== 'text' || (thread.kind === 'group' && !isFriend)) return effects
  return [...effects, ...(await scheduleSensitive(on, message.text, customer, consent))]
}

/** Only «同意» right after them agrees; to let them pass is an answer too. */
const agreements: ReadonlySet<string> = new Set([questions.sensitive, questions.consent])

/** The notice for a new friend, behind the greeting. */
export async function noticeFriend(on: On, person: Person): Promise<Effect[]> {
  const { contactId, customerId } = person
  if (customerId === null) return []
  const known = await on.work.load(findKnown, { realm: on.realm, contactId })
  const consent = known?.consent ?? noConsent(customerId)
  const told = consent.noticedAt !== null || !on.content.settings(privacySettings).noticeOnContact
  return told ? [] : noticeDirectly(on, { ...person, customerId }, consent)
}

/** The key is the person's: should two of her contacts be met at the same moment, it is said once. */
async function noticeDirectly(on: On, customer: Customer, consent: Consent): Promise<Effect[]> {
  const settings = on.content.settings(privacySettings)
  const asks = settings.consent === 'ask' && !consent.consentedAt && !consent.profilingRefusedAt
  const { recipient, id: threadId } = await threadOf(on, { kind: 'direct', contactId: customer.contactId }, customer)
  const notice = say(on, recipient, `notice:${consent.personId}`, asks ? 'privacy.notice-ask' : 'privacy.notice')
  noted(on, customer)
  if (!asks) return [notice]
  const expiresAt = new Date(on.work.now.getTime() + settings.questionExpires)
  const { customerId } = customer
  return [notice, { kind: 'AskQuestion', threadId, customerId, question: questions.consent, payload: null, expiresAt }]
}

function noticeGroup(on: On, { thread }: MessageSeen, customer: Customer): Effect[] {
  const ask = on.content.settings(privacySettings).consent === 'ask'
  const day = dayIn(on.content.zone, on.work.now)
  noted(on, customer)
  return [say(on, thread.recipient, `notice:${thread.id}:${day}`, 'privacy.notice-group', { ask })]
}

function noted(on: On, { customerId }: Customer): void {
  on.work.write(saveChanges, { customerId, at: on.work.now, by: 'bot', change: { kind: 'noticed' } })
}

function say(on: On, to: SendMessage['to'], key: string, reply: string, values = {}): SendMessage {
  const body = [{ type: 'text' as const, text: on.content.reply(reply, values, on.ids.random()) }]
  return { kind: 'SendMessage', to, purpose: 'service', key, body }
}
