/** A case is closed: she is asked how it was, once, and a low mark is the managers' matter. */
import { z } from 'zod'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { MessageSeen } from '../../members/schema.ts'
import { type CaseFile, caseLock, fileOf, type Stored } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { managersNow } from '../roster/index.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffSettings, reasonOf } from '../schema.ts'
import { type Customer, customerOf, type On, tellAdviser, tellCustomer } from '../talk/index.ts'
import { askedKey, mayAsk, passesBy, type Rating, readRating } from './decide.ts'
import { saveRatings } from './repo.ts'
import { Asked, ratingQuestion } from './schema.ts'

export const rated = 'handoff.rated'

const Rated = z.object({ caseId: z.string(), customerId: z.string(), mark: z.int(), words: z.string() })

/**
 * Behind the last line of a case that was closed: how was it? Asked once for a case, also where it is opened again and
 * closed again, and not where no human spoke with her, or where she never knew of it.
 */
export function askHowItWas(file: CaseFile, { to }: Customer, { work, content, ids }: On): Effect[] {
  const now = file.now()
  const { rating } = content.settings(handoffSettings)
  const customerId = to?.customerId ?? null
  if (!rating.ask || to === null || customerId === null || !mayAsk(now)) return []
  if (reasonOf(content, now.reason).quiet) return []
  file.set({ told: new Map([...now.told, [askedKey, work.now]]) })
  const text = content.reply('handoff.rate', {}, ids.random())
  const expiresAt = new Date(work.now.getTime() + rating.for)
  const { threadId } = to
  return [
    ...tellCustomer({ name: '', to }, `handoff-rate:${now.id}`, text),
    { kind: 'AskQuestion', threadId, customerId, question: ratingQuestion, payload: { caseId: now.id }, expiresAt },
  ]
}

/**
 * A message of hers while we wait to hear how it was. `answered`: it was a mark, and she is thanked for it; what else
 * she says is a message like any other, and she is not asked again.
 */
export function hearRating(
  { event, work, content, ids, thread, person, question }: MessageSeen,
  { silently }: { silently: boolean },
): { answered: boolean; effects: Effect[] } {
  const { message } = event.what
  const { customerId } = person
  if (question?.kind !== ratingQuestion || customerId === null || message.type !== 'text') {
    return { answered: false, effects: [] }
  }
  const close: Effect = { kind: 'CloseQuestion', threadId: thread.id, customerId }
  const rating = readRating(message.text)
  if (!rating) return { answered: false, effects: passesBy(message.text) ? [] : [close] }
  const { caseId } = Asked.parse(question.payload)
  const payload = { caseId, customerId, ...rating }
  const noted: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: rated, key: `${rated}:${caseId}`, at: work.now, account: '', lock: [caseLock] },
    payload,
  }
  if (silently) return { answered: false, effects: [close, noted] }
  const text = content.reply('handoff.rated-thanks', { mark: rating.mark, low: isLow(rating, content) }, ids.random())
  const thanks: Effect = {
    ...{ kind: 'SendMessage', to: thread.recipient, purpose: 'reply', key: `handoff-thanks:${event.id}` },
    body: [{ type: 'text', text }],
  }
  return { answered: true, effects: [close, noted, thanks] }
}

function isLow({ mark }: Rating, content: On['content']): boolean {
  return mark <= content.settings(handoffSettings).rating.lowMark
}

export async function onRated({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, mark, words } = Rated.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found) return []
  on.work.write(saveRatings, { caseId, mark, words })
  const file = fileOf(found, on.work)
  file.note({ kind: 'rated', mark, words })
  file.close()
  return isLow({ mark, words }, on.content) ? tellManagers(found, { mark, words }, on) : []
}

async function tellManagers(now: Stored, { mark, words }: Rating, on: On): Promise<Effect[]> {
  const seats = await seatsOf(on)
  const { name } = await customerOf(now, on)
  const adviser = seats.find((seat) => seat.adviser.id === now.owner)?.adviser.name ?? now.owner ?? ''
  const text = on.content.reply('handoff.low-mark', { number: now.number, name, mark, words, adviser })
  return managersNow(seats, on.content.zone, on.work.now).flatMap((seat) =>
    tellAdviser(seat.place, `handoff-low:${now.id}:${seat.adviser.id}`, text, on),
  )
}
