/** What a step of a journey does: messages, effects of other slices, other journeys. */
import type { Effect, SendMessage } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { accountsIn, directPlaces, zonesOf } from '../../members/index.ts'
import { namesIn, renderMessages, valuesOf } from '../messages/index.ts'
import type { Act } from './decide.ts'
import { enter } from './entering.ts'
import { journeysOf } from './kind.ts'
import { type Enrolment, stopEnrolments } from './repo/enrolments.ts'
import { listPausedJourneys } from './repo/versions.ts'
import { batchOf, type FrozenJourney, type Lent } from './schema.ts'

/** What of her way still waits to be sent is of no use any more. Of steps that send nothing there is nothing to cancel. */
export function cancelled(steps: readonly string[], enrolmentId: string, reason: string): Effect[] {
  return steps.map((step) => ({ kind: 'CancelSend', key: keyOf(enrolmentId, step), reason }))
}

function keyOf(enrolmentId: string, step: string): string {
  return `journey:${enrolmentId}:${step}`
}

/** What doing a step leads to, and how it is remembered. */
type Done = { effects: readonly Effect[]; outcome: string }

const done = (effects: readonly Effect[] = []): Done => ({ effects, outcome: 'done' })

export async function does(act: Act, enrolment: Enrolment, on: SliceEventSeen, lent: Lent): Promise<Done> {
  const { personId, customerId, journey, data, id } = enrolment
  const { work, content } = on
  const { now } = work
  const key = keyOf(id, act.step)
  switch (act.kind) {
    case 'send':
      return send(act.messages, enrolment, key, on, lent)
    case 'lent': {
      const kind = lent.steps[act.named.name]
      return done(kind?.effects(act.named.args, { personId, customerId, journey, key, data }, { content, now }))
    }
    case 'start': {
      const other = journeysOf(content).find((one) => one.id === act.journey)
      const paused = other !== undefined && (await listPausedJourneys(work.db)).has(other.id)
      if (other && !paused) await enter(other, { cause: key, customerId: personId, data }, on)
      return done()
    }
    case 'stop': {
      const left = await stopEnrolments(work.db, { journey: act.journey, personId, reason: 'stopped', now })
      return done(left.flatMap((one) => cancelled(one.visited, one.id, 'stopped')))
    }
    default:
      return act satisfies never
  }
}

async function send(
  messages: Extract<Act, { kind: 'send' }>['messages'],
  { personId, frozen }: Enrolment,
  key: string,
  { work, content, ids }: SliceEventSeen,
  { placeholders }: Lent,
): Promise<Done> {
  const may = { account: frozen.account, among: accountsIn(content) }
  const place = (await directPlaces({ work, ids }, [personId], may)).get(personId)
  // Whom nothing reaches goes on: what follows may be a task for an adviser.
  if (place === undefined || typeof place === 'string') return { effects: [], outcome: place ?? 'no-identity' }
  const on = { now: work.now, content }
  const zone = (await zonesOf(work.db, [personId])).get(personId)
  const values = await valuesOf(work.db, [personId], namesIn(messages), placeholders, on)
  const { body, delays } = renderMessages(messages, values.get(personId) ?? {}, content)
  if (body.length === 0) return { effects: [], outcome: 'no-words' }
  const elsewhere = zone === content.zone ? undefined : zone
  const said: SendMessage = {
    kind: 'SendMessage',
    to: place,
    key,
    body,
    delays,
    ...envelopeOf(frozen, work.now, elsewhere),
  }
  return { effects: [said], outcome: 'sent' }
}

function envelopeOf(
  { id, purpose, topic, priority, expires }: FrozenJourney,
  now: Date,
  zone: string | undefined,
): Pick<SendMessage, 'purpose' | 'batch' | 'rank' | 'notAfter' | 'offer'> {
  const offer = { ...(topic !== undefined && { topic }), ...(zone !== undefined && { zone }), personal: true }
  return { purpose, batch: batchOf(id), rank: 100 - priority, notAfter: new Date(now.getTime() + expires), offer }
}
