/**
 * Cases of those who are not there any more: at the end of a shift, signed off, or gone from the roster. Whether anybody is
 * missing is asked of what is stored, again and again, so nothing hangs on a moment at which a process was down.
 */
import { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { pass, release } from '../cases/decide.ts'
import { type CaseFile, caseLock, fileOf } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { closeFile } from '../clock/wind.ts'
import { promiseKey } from '../promise/index.ts'
import { isFree, isOnDuty, type Seat } from '../roster/index.ts'
import { give, seatsOf } from '../routing/index.ts'
import { customerOf, type On, tellAdviser, tellCustomer } from '../talk/index.ts'
import { freeThreads } from '../talk/repo.ts'
import { isForsaken } from './decide.ts'
import { listHeld } from './repo.ts'

export const forsakenDue = 'handoff.forsaken'

const OfCase = z.object({ caseId: z.string() })

/** Each case by itself, so that whoever gets one counts as having it when the next is given. */
export function forsakenSoon(caseId: string, now: Date): ScheduleEvent {
  const key = `${forsakenDue}:${caseId}`
  return { kind: 'ScheduleEvent', name: forsakenDue, key, at: now, account: '', lock: [caseLock], payload: { caseId } }
}

/** Cases that are with somebody who is not there any more, as what is to be done about each. */
export async function listForsaken(db: Queryable, content: Content, now: Date): Promise<ScheduleEvent[]> {
  const held = await listHeld(db)
  if (held.length === 0) return []
  const seats = await seatsOf({ work: { db }, content })
  const forsaken = held.filter((one) => isForsaken(one, seats, content.zone, now))
  return forsaken.map(({ caseId }) => forsakenSoon(caseId, now))
}

export async function onForsaken({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { work, content } = on
  const { caseId } = OfCase.parse(event.what.payload)
  const [held] = await listHeld(work.db, caseId)
  const found = await work.load(findCase, caseId)
  if (!held || !found) return []
  const seats = await seatsOf(on)
  if (!isForsaken(held, seats, content.zone, work.now)) return []
  const file = fileOf(found, work)
  if (found.owner !== null) {
    const released = await releaseCase(file, seats, on)
    return [...released, ...closeFile(file, on)]
  }
  if (file.take(pass(found, found.offeredTo ?? '', 'left'))) return []
  const given = await give(file, on)
  return [...given, ...closeFile(file, on)]
}

/** The customer speaks, and her adviser's shift is over: then she does not wait for the morning. */
export async function releaseFromAbsent(file: CaseFile, seats: readonly Seat[], on: On): Promise<Effect[] | undefined> {
  const { id, owner } = file.now()
  const { zone } = on.content
  const seat = seats.find(({ adviser }) => adviser.id === owner)
  if (seat && isOnDuty(seat.adviser, zone, on.work.now)) return undefined
  const [held] = await listHeld(on.work.db, id)
  if (!held || !isForsaken({ ...held, waits: true }, seats, zone, on.work.now)) return undefined
  return releaseCase(file, seats, on)
}

/** She has signed off, or works beyond her shift, and the customer waits: goes to another, where one is free. */
export async function releaseFromAway(file: CaseFile, seats: readonly Seat[], on: On): Promise<Effect[] | undefined> {
  const { owner, state } = file.now()
  const { zone } = on.content
  const seat = seats.find(({ adviser }) => adviser.id === owner)
  if (state !== 'owned' || !seat || (!seat.away && isOnDuty(seat.adviser, zone, on.work.now))) return undefined
  if (!seats.some((other) => other !== seat && isFree(other, zone, on.work.now))) return undefined
  return releaseCase(file, seats, on)
}

/** Back into the queue and on to the next; the bot has the thread until somebody takes it. */
async function releaseCase(file: CaseFile, seats: readonly Seat[], on: On): Promise<Effect[]> {
  const { work, content, ids } = on
  const { id, number, owner, talkThreadId, unansweredSince } = file.now()
  if (file.take(release(file.now(), owner ?? ''))) return []
  if (talkThreadId !== null) work.write(freeThreads, talkThreadId)
  file.set({ talkThreadId: null })
  const customer = await customerOf(file.now(), on)
  const given = await give(file, on)
  const key = `${id}:${work.now.toISOString()}`
  const seat = seats.find(({ adviser }) => adviser.id === owner)
  const toHer = content.reply('handoff.released', { number, name: customer.name })
  const told = tellAdviser(seat?.place ?? null, `handoff-released:${key}`, toHer, on)
  // That nobody is there, and when somebody is, says more than that she is passed on.
  const promised = given.some((effect) => effect.kind === 'SendMessage' && effect.key.startsWith(promiseKey))
  if (unansweredSince === null || promised) return [...told, ...given]
  const words = content.reply('handoff.another', { adviser: seat?.adviser.name ?? '' }, ids.random())
  return [...told, ...tellCustomer(customer, `handoff-another:${key}`, words), ...given]
}
