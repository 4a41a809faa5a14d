/** Files and cards on their way between a customer and her adviser: fetched first, then said like words. */
import type { Effect, FetchMedia, ScheduleEvent, Then } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Fetched } from '../../../media/fetching/schema.ts'
import { attachFile, heardAs } from '../../members/index.ts'
import { sayToCustomer } from '../acts/index.ts'
import { caseLock, fileOf, type Stored } from '../cases/index.ts'
import { addEntries, findCase } from '../cases/repo.ts'
import { closeFile } from '../clock/wind.ts'
import type { Media } from '../commands/repo.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffSettings } from '../schema.ts'
import { customerOf, type On, showAdviser, tellAdviser, tellCustomer } from '../talk/index.ts'
import { bodyOf, wayOf } from './decide.ts'
import { AdviserMedia, CustomerFile } from './schema.ts'

export const customerFile = 'handoff.customer-file'
export const adviserMedia = 'handoff.adviser-media'

/** Has the file of a message fetched; what comes of it is told as `then`. */
function want(key: string, { account, message }: Omit<Media, 'type'>, then: Then, { work, content }: On): FetchMedia {
  const { largestMb, keepFor, tryFor } = content.settings(handoffSettings).relay
  const now = work.now.getTime()
  return {
    ...{ kind: 'FetchMedia', key, account, messageId: message, maxBytes: largestMb * 1_024 * 1_024 },
    ...{ keepUntil: new Date(now + keepFor), giveUpAt: new Date(now + tryFor), then },
  }
}

/** The customer of a case sent a file: whoever owns the case by the time it is here gets it. */
export function fetchForAdviser(caseId: string, media: Media, on: On): Effect[] {
  const { account, message, type } = media
  const then = { name: customerFile, lock: [caseLock], payload: { caseId, account, message, type } }
  return [want(`${customerFile}:${account}:${message}`, media, then, on)]
}

export async function onCustomerFile({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, account, message, type, fetched } = CustomerFile.parse(event.what.payload)
  keepTrack(account, message, fetched, on)
  const found = await on.work.load(findCase, caseId)
  if (found) on.work.write(addEntries, { caseId, at: on.work.now, entry: { kind: 'file' } })
  // Closed meanwhile: whoever looks at the case finds the file there.
  if (found?.state !== 'owned') return []
  if ((await heardAs(on, account, message))?.recalledAt) return []
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === found.owner)
  if (!seat) return []
  const customer = await customerOf(found, on)
  const about = { number: found.number, name: customer.name, type }
  const key = `handoff-heard:${account}:${message}`
  if (fetched.kind === 'kept') {
    const text = on.content.reply('handoff.heard-file', about)
    return showAdviser(seat.place, key, [{ type: 'text', text }, bodyOf(type, fetched)], on, { account, message })
  }
  const why = whyNot(fetched, on)
  const lost = tellAdviser(seat.place, key, on.content.reply('handoff.file-lost', { ...about, ...why }), on)
  if (fetched.kind !== 'too-large') return lost
  const text = on.content.reply('handoff.file-too-large', { limit: why.limit })
  return [...lost, ...tellCustomer(customer, `handoff-too-large:${account}:${message}`, text)]
}

/** An adviser sent something that is no text, and it is certain for whom. */
export function passOn(target: Stored, adviser: string, media: Media, on: On): Effect[] {
  const payload = { ...media, caseId: target.id, adviser }
  const key = `${adviserMedia}:${media.account}:${media.message}`
  if (wayOf(media).kind === 'file') return [want(key, media, { name: adviserMedia, lock: [caseLock], payload }, on)]
  const now: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: adviserMedia, key, at: on.work.now, account: media.account },
    ...{ lock: [caseLock], payload },
  }
  return [now]
}

export async function onAdviserMedia({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, adviser, account, message, type, details, fetched } = AdviserMedia.parse(event.what.payload)
  if (fetched) keepTrack(account, message, fetched, on)
  const found = await on.work.load(findCase, caseId)
  const seat = (await seatsOf(on)).find((one) => one.adviser.id === adviser)
  if (!found || !seat) return []
  const { name } = await customerOf(found, on)
  const answer = (reply: string, values: object): Effect[] =>
    tellAdviser(
      seat.place,
      `handoff-passed:${account}:${message}`,
      on.content.reply(reply, { number: found.number, name, ...values }),
      on,
    )
  const way = wayOf({ type, details })
  const body = way.kind === 'card' ? way.body : fetched?.kind === 'kept' ? bodyOf(type, fetched) : undefined
  if (!body) return answer('handoff.file-unsent', { type, ...whyNot(fetched, on) })
  const file = fileOf(found, on.work)
  const done = await sayToCustomer(file, seat.adviser, body, `${account}:${message}:${caseId}`, on)
  // Another's by now, or closed while the file came.
  if ('refused' in done) return answer('handoff.file-unsent', { type, why: 'not-yours', limit: 0 })
  const clock = closeFile(file, on)
  return [...done.effects, ...clock, ...answer(done.customer.to ? 'handoff.sent' : 'handoff.not-friend', {})]
}

function keepTrack(account: string, platformId: string, fetched: Fetched, on: On): void {
  if (fetched.kind !== 'kept') return
  const { mediaId, filename, mime } = fetched
  attachFile(on, { account, platformId, mediaId, filename, mime })
}

/** `limit` in MiB. */
function whyNot(fetched: Fetched | undefined, { content }: Pick<On, 'content'>): { why: string; limit: number } {
  const why = fetched === undefined || fetched.kind === 'kept' ? 'unreadable' : fetched.kind
  return { why, limit: content.settings(handoffSettings).relay.largestMb }
}
