/** The customer of a case speaks: her adviser reads every word, at once and in order. */
import { z } from 'zod'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { MessageSeen } from '../../members/schema.ts'
import { customerSaid as said } from '../cases/decide.ts'
import { caseLock, fileOf } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { closeFile } from '../clock/wind.ts'
import { noteHeard } from '../acts/index.ts'
import { draftSoon } from '../drafts/soon.ts'
import { seatsOf } from '../routing/index.ts'
import { fetchForAdviser } from '../relay/files.ts'
import { wayOf } from '../relay/decide.ts'
import { handoffSettings } from '../schema.ts'
import { customerOf, showAdviser } from './index.ts'
import { releaseFromAbsent } from '../absence/index.ts'
import { stillThere } from '../gone/index.ts'
import { findOwned } from './repo.ts'

export const customerSaid = 'handoff.customer-said'

/** Of cards alone: what is needed to show them as themselves. */
const details = z.record(z.string(), z.unknown()).optional()

const Said = z.object({
  ...{ caseId: z.string(), message: z.string(), type: z.string(), text: z.string() },
  details,
  /** The topic of the group in which she said it; null for a direct message. */
  group: z.string().nullable().default(null),
  /** Whether it wants an answer: in a group what names us does, and nobody is late with the rest. */
  toUs: z.boolean().default(true),
})

/**
 * Where a human has the thread, or the bot keeps quiet for her: what she says goes to whoever owns her case, if one is.
 * `answered`: nothing is left to answer.
 */
export async function hearCustomer(
  { event, work, person, thread }: MessageSeen,
  { answered = false }: { answered?: boolean } = {},
): Promise<Effect[]> {
  if (person.customerId === null) return []
  const caseId = await work.load(findOwned, person.customerId)
  if (caseId === undefined) return []
  const { id, type, text, details: read, mentionsSelf } = event.what.message
  const inGroup = thread.kind === 'group'
  const where = { group: inGroup ? (thread.topic ?? '') : null, toUs: !answered && (!inGroup || mentionsSelf) }
  const card = wayOf({ type, details: read }).kind === 'card' && { details: read }
  const payload = { caseId, message: id, type, text, ...where, ...card }
  const soon: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: customerSaid, key: `${customerSaid}:${event.account}:${id}`, at: work.now },
    ...{ account: event.account, lock: [caseLock], payload },
  }
  return [soon]
}

export async function onCustomerSaid({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, message, type, text, details: read, group, toUs } = Said.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found) return []
  const file = fileOf(found, on.work)
  // Closed in the moment in which she spoke: the bot has the thread, and whoever looks at the case finds her words there.
  if (found.state === 'closed' || (toUs && file.take(said(found, on.work.now)))) return []
  if (!toUs) file.note({ kind: 'customer-said' })
  stillThere(file)
  const seats = await seatsOf(on)
  const released = await releaseFromAbsent(file, seats, on)
  const { draftsAfter } = on.content.settings(handoffSettings)
  const drafts = draftSoon(caseId, new Date(on.work.now.getTime() + draftsAfter))
  const clock = [...closeFile(file, on), drafts]
  if (released) return [...released, ...clock]
  const { owner, number } = file.now()
  const seat = seats.find(({ adviser }) => adviser.id === owner)
  if (!seat) return clock
  await noteHeard(caseId, seat.adviser.id, on)
  const way = wayOf({ type, details: read })
  const { account } = event
  if (way.kind === 'file') return [...clock, ...fetchForAdviser(caseId, { account, message, type }, on)]
  const { name } = await customerOf(found, on)
  const where = { where: group === null ? 'direct' : 'group', group: group ?? '' }
  const card = way.kind === 'card' ? [way.body] : []
  const words =
    way.kind === 'card'
      ? on.content.reply('handoff.heard-file', { number, name, type })
      : on.content.reply('handoff.heard', { number, name, type, text, ...where })
  const key = `handoff-heard:${account}:${message}`
  return [...clock, ...showAdviser(seat.place, key, [{ type: 'text', text: words }, ...card], on, { account, message })]
}
