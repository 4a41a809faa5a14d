/**
 * What only an agreement of its own lets us remember: skin, health, cycle. She is asked once, when her own question has
 * been answered and she is quiet, and never in front of a group.
 */
import { z } from 'zod'
import type { Effect, Recipient } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { On, Person } from '../schema.ts'
import { questionOf, threadOf } from '../threads/index.ts'
import { type Consent, permits } from './consent.ts'
import { readNow, saveChanges } from './repo.ts'
import { type PrivacySettings, privacySettings, questions } from './schema.ts'
import { touchesSensitive } from './words.ts'

export const sensitiveDue = 'privacy.sensitive-due'

const Asked = z.object({ customerId: z.string(), recipient: z.custom<Recipient>() })

/** Whether she may be asked: not who wants nothing personal, has agreed, or has let the question pass not long ago. */
function mayAsk(consent: Consent, settings: PrivacySettings, now: Date): boolean {
  const { sensitiveAskedAt } = consent
  if (!permits(consent, settings).profiling || consent.sensitiveConsentAt !== null) return false
  return sensitiveAskedAt === null || now.getTime() - sensitiveAskedAt.getTime() >= settings.sensitiveAgain
}

/** The words are looked at last: for most people it is known already that they are not asked. */
export async function scheduleSensitive(
  on: On,
  text: string,
  customer: Person & { customerId: string },
  consent: Consent,
): Promise<Effect[]> {
  const settings = on.content.settings(privacySettings)
  if (!mayAsk(consent, settings, on.work.now) || !touchesSensitive(text, settings)) return []
  const { contactId, customerId } = customer
  const { recipient } = await threadOf(on, { kind: 'direct', contactId }, customer)
  return [
    {
      kind: 'ScheduleEvent',
      name: sensitiveDue,
      // Each such word puts it off: the timer is moved.
      key: `privacy-sensitive:${customerId}`,
      at: new Date(on.work.now.getTime() + settings.sensitiveAfter),
      account: on.account,
      lock: [`contact:${contactId}`],
      payload: { customerId, recipient } satisfies z.input<typeof Asked>,
    },
  ]
}

/** Where something else is asked or a human talks with her, the question waits for the next time it comes up. */
export async function onSensitiveDue({ event, work, content, ids }: SliceEventSeen): Promise<Effect[]> {
  const { customerId, recipient } = Asked.parse(event.what.payload)
  const { threadId } = recipient
  const settings = content.settings(privacySettings)
  const found = await readNow(work.db, { customerId, threadId })
  if (!found || !mayAsk(found.consent, settings, work.now)) return []
  if (found.silentUntil && found.silentUntil > work.now) return []
  if (await questionOf({ work }, threadId, customerId)) return []
  work.write(saveChanges, { customerId, at: work.now, by: 'bot', change: { kind: 'sensitive-asked' } })
  const expiresAt = new Date(work.now.getTime() + settings.questionExpires)
  const body = [{ type: 'text' as const, text: content.reply('privacy.sensitive-ask', {}, ids.random()) }]
  return [
    {
      kind: 'SendMessage',
      to: recipient,
      purpose: 'service',
      key: `privacy:${event.id}`,
      body,
      notAfter: expiresAt,
    },
    { kind: 'AskQuestion', threadId, customerId, question: questions.sensitive, payload: null, expiresAt },
  ]
}
