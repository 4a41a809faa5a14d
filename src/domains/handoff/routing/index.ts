/** How a case comes to an adviser: offered to one after the other, until somebody takes it. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { z } from 'zod'
import { noteOf } from '../byhand/decide.ts'
import { closeFile } from '../clock/wind.ts'
import { caseLock, type CaseFile, fileOf, type Stored } from '../cases/index.ts'
import { offer, pass } from '../cases/decide.ts'
import { findCase, findCaseByKey, findLastOwner, listWaiting } from '../cases/repo.ts'
import type { Wanting } from '../cases/schema.ts'
import { promiseHelp } from '../promise/index.ts'
import { draftSoon } from '../drafts/soon.ts'
import { isFree, isOnDuty, nextOnDuty, rank, rosterOf, type Seat, type Wanted } from '../roster/index.ts'
import { handoffKind, handoffSettings, reasonOf } from '../schema.ts'
import { showCard, tellAgain } from '../talk/index.ts'
import { type Held, standingOf } from './level.ts'
import { noteGiven, readAdvisers } from './repo.ts'

export { directFact } from './level.ts'

type On = Omit<SliceEventSeen, 'event'>

export const opened = 'handoff.opened'
export const offerDue = 'handoff.offer-due'
export const giveDue = 'handoff.give'

const ByKey = z.object({ key: z.string() })
const OfCase = z.object({ caseId: z.string() })
const OfOffer = z.object({ caseId: z.string(), to: z.string() })

/** A case was asked for: it is looked at as soon as the transaction that did so is over. */
export function routeSoon(key: string, now: Date): ScheduleEvent {
  return scheduled(opened, `${opened}:${key}`, now, { key })
}

function scheduled(name: string, key: string, at: Date, payload: unknown): ScheduleEvent {
  return { kind: 'ScheduleEvent', name, key, at, account: '', lock: [caseLock], payload }
}

/** A case is there, or one more reason for a case that is open. */
export async function onOpened({ event, ...on }: SliceEventSeen, held: Held): Promise<Effect[]> {
  const { key } = ByKey.parse(event.what.payload)
  const found = await on.work.load(findCaseByKey, key)
  if (found?.closedAt !== null) return []
  const file = fileOf(found, on.work)
  const isNew = found.key === key
  await weigh(file, key, held, on)
  const effects = isNew ? await give(file, on) : await hearAgain(file.now(), key, on)
  return [...effects, ...closeFile(file, on), draftSoon(found.id, on.work.now)]
}

/** Whoever has it, or is asked to take it, hears of one more reason. */
async function hearAgain(now: Stored, key: string, on: On): Promise<Effect[]> {
  const who = now.owner ?? now.offeredTo
  if (who === null) return []
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === who)
  return tellAgain(now, seat?.place ?? null, await reasonAgain(now.id, key, on.work.db), key, on)
}

/** How urgent a case is, and what it asks of whoever takes it. Another reason makes it more urgent, never less. */
async function weigh(file: CaseFile, key: string, held: Held, { work, content }: On): Promise<void> {
  const now = file.now()
  const { levels } = content.one(handoffKind)
  const { level, region } = await standingOf(held, now.customerId, work.db, { now: work.now, content })
  const reason = reasonOf(content, now.key === key ? now.reason : await reasonAgain(now.id, key, work.db))
  const urgency = Math.max(now.urgency, reason.urgency, levels?.of[level ?? '']?.urgency ?? 0)
  const wanted: Wanting = { skill: reason.skill ?? null, level, region, group: null, ...now.wanted }
  file.set({ urgency, wanted })
}

async function reasonAgain(caseId: string, key: string, db: On['work']['db']): Promise<string> {
  const { rows } = await db.query<{ reason: string | null }>({
    name: 'handoff-reason-again',
    text: `SELECT data ->> 'reason' AS reason FROM case_entry WHERE case_id = $1 AND key = $2`,
    values: [caseId, key],
  })
  return rows[0]?.reason ?? ''
}

/** Offers a case to the best who is free, or waits for whoever comes next. */
export async function give(file: CaseFile, on: On): Promise<Effect[]> {
  const { work, content } = on
  const now = file.now()
  if (now.state !== 'waiting') return []
  const seats = await seatsOf(on)
  const wanted = await wantedOf(now, on)
  const chosen = rank(seats, wanted, content.zone, work.now)[0] ?? managerOf(seats, now, on)
  if (!chosen) return waitFor(file, seats, on)
  const until = new Date(work.now.getTime() + content.settings(handoffSettings).offerFor)
  const { id } = chosen.adviser
  file.take(offer(now, id, until))
  work.write(noteGiven, { adviser: id, at: work.now })
  return [
    scheduled(offerDue, `${offerDue}:${now.id}`, until, { caseId: now.id, to: id }),
    ...(await showCard(file.now(), chosen, on, noteOf(now, rosterOf(content)))),
    ...(await promiseHelp(file, seats, on)),
  ]
}

/** Where no adviser is left to ask, a manager is who has not passed it on, however much she has to do. */
function managerOf(seats: readonly Seat[], { passedBy }: Stored, { content, work }: On): Seat | undefined {
  return seats.find(
    (seat) =>
      seat.adviser.role === 'manager' &&
      !passedBy.includes(seat.adviser.id) &&
      isFree({ ...seat, load: 0 }, content.zone, work.now),
  )
}

/** Nobody can take it: it is tried again when somebody comes on duty, and whenever a case of somebody's is closed. */
async function waitFor(file: CaseFile, seats: readonly Seat[], on: On): Promise<Effect[]> {
  const { work, content } = on
  const next = nextOnDuty(seats, content.zone, work.now)
  // Nobody ever comes: that is an alarm (`countNeglected`), as it is when all who are there are full.
  const caseId = file.now().id
  const again = next ? [scheduled(giveDue, `${giveDue}:${caseId}`, next, { caseId })] : []
  return [...again, ...(await promiseHelp(file, seats, on))]
}

export async function onGiveDue({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId } = OfCase.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found) return []
  const file = fileOf(found, on.work)
  const effects = await give(file, on)
  return [...effects, ...closeFile(file, on)]
}

/** She did not take it in time: the next is asked. Where she has, or it is closed, nothing is due. */
export async function onOfferDue({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, to } = OfOffer.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found) return []
  const file = fileOf(found, on.work)
  if (file.take(pass(found, to, 'expired'))) return []
  const effects = await give(file, on)
  return [...effects, ...closeFile(file, on)]
}

/** Somebody has room again: what waits longest and is most urgent is tried. */
export async function giveWaiting(on: On, atMost = 5): Promise<Effect[]> {
  const waiting = await listWaiting(on.work.db, atMost)
  return waiting.map(({ id }) => scheduled(giveDue, `${giveDue}:${id}`, on.work.now, { caseId: id }))
}

/** An adviser for whoever looks after the roster. */
export type SeatShown = {
  id: string
  name: string
  role: string
  onDuty: boolean
  away: boolean
  bound: boolean
  load: number
  capacity: number
}

export async function listSeats(db: On['work']['db'], content: Content, now: Date): Promise<SeatShown[]> {
  const seats = await seatsOf({ work: { db }, content })
  return seats.map(({ adviser, away, place, load }) => {
    const { id, name, role, capacity } = adviser
    const onDuty = isOnDuty(adviser, content.zone, now)
    return { id, name, role, onDuty, away, bound: place !== null, load, capacity }
  })
}

/** Open cases that wait though advisers should be there: since `before`, offered to nobody. */
export async function countNeglected(db: On['work']['db'], before: Date): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM handoff_case WHERE state = 'waiting' AND closed_at IS NULL AND opened_at < $1`,
    [before],
  )
  return rows[0]?.n ?? 0
}

/** Advisers of content, as they are now. */
export async function seatsOf({
  work,
  content,
}: Pick<On, 'content'> & { work: Pick<On['work'], 'db'> }): Promise<Seat[]> {
  const known = await readAdvisers(work.db)
  return [...rosterOf(content).values()].map((adviser) => {
    const now = known.get(adviser.id)
    const { away = false, load = 0, lastGivenAt = null, place = null } = now ?? {}
    return { adviser, away, load, lastGivenAt, place, reachable: place !== null }
  })
}

async function wantedOf({ customerId, id, wanted, passedBy }: Stored, { work }: On): Promise<Wanted> {
  const { skill = null, level = null, region = null, group = null } = wanted
  const last = customerId === null ? null : await findLastOwner(work.db, customerId, id)
  return { last, skill, level, region, group, passedBy: new Set(passedBy) }
}
