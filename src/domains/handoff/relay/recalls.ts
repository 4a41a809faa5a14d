/** A customer takes back what she said while a human has her case: her adviser hears of it, without the words. */
import { z } from 'zod'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../../kernel/event.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { minuteIn } from '../../../kernel/zone.ts'
import { heardAs } from '../../members/index.ts'
import { caseLock } from '../cases/index.ts'
import { addEntries, findCase } from '../cases/repo.ts'
import { seatsOf } from '../routing/index.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'
import { findOwned } from '../talk/repo.ts'

export const customerRecalled = 'handoff.customer-recalled'

const TakenBack = z.object({
  caseId: z.string(),
  account: z.string(),
  message: z.string(),
  type: z.string(),
  sentAt: z.iso.datetime(),
})

/** Before members mark the message. */
export async function hearRecall(
  on: Pick<On, 'work'>,
  event: Event<HappeningOf<'MessageRecalled'>>,
): Promise<Effect[]> {
  const { account } = event
  const { place, messageId: message } = event.what
  if (place.kind !== 'direct') return []
  const heard = await heardAs(on, account, message)
  if (heard?.recalledAt !== null) return []
  const caseId = await on.work.load(findOwned, heard.customerId)
  if (caseId === undefined) return []
  const payload = { caseId, account, message, type: heard.type, sentAt: heard.sentAt.toISOString() }
  const soon: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: customerRecalled, key: `${customerRecalled}:${account}:${message}` },
    ...{ at: on.work.now, account, lock: [caseLock], payload },
  }
  return [soon]
}

export async function onCustomerRecalled({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, account, message, type, sentAt } = TakenBack.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (found?.state !== 'owned') return []
  on.work.write(addEntries, { caseId, at: on.work.now, entry: { kind: 'customer-recalled' } })
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === found.owner)
  if (!seat) return []
  const { name } = await customerOf(found, on)
  const time = minuteIn(on.content.zone, new Date(sentAt)).slice(-5)
  const text = on.content.reply('handoff.customer-recalled', { number: found.number, name, type, time })
  return tellAdviser(seat.place, `handoff-customer-recalled:${account}:${message}`, text, on)
}
