/** How a case comes to an adviser: offered to one after the other, until somebody takes it. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { z } from 'zod'
import { noteOf } from '../byhand/decide.ts'
import { closeFile } from '../clock/wind.ts'
import { caseLock, type CaseFile, fileOf, type Stored } from '../cases/index.ts'
import { offer, pass, reopen } from '../cases/decide.ts'
import { findCase, findCaseByKey, findLastOwner, hasOpenCase, listWaiting } from '../cases/repo.ts'
import type { Wanting } from '../cases/schema.ts'
import { promiseHelp } from '../promise/index.ts'
import { draftSoon } from '../drafts/soon.ts'
import { isFree, isOnDuty, nextOnDuty, rank, rosterOf, type Seat, type Wanted } from '../roster/index.ts'
import { handoffKind, handoffSettings, reasonOf } from '../schema.ts'
import { hearUnsent, stillThere } from '../gone/index.ts'
import { taskOf } from '../tasks/decide.ts'
import { customerOf, showCard, tellAgain } from '../talk/index.ts'
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
  if (!found) return []
  const file = fileOf(found, on.work)
  const isNew = found.key === key
  const { reason, note } = isNew ? { reason: found.reason, note: '' } : await reasonAgain(found.id, key, on.work.db)
  const unsent = await hearUnsent(file, { key, reason, isNew }, () => seatsOf(on), on)
  if (unsent) return [...unsent, ...closeFile(file, on)]
  if (found.closedAt !== null) return isNew ? [] : comeBack(file, reason, held, on)
  await weigh(file, reason, held, on)
  const effects = isNew ? await give(file, on) : await hearAgain(file.now(), key, { reason, note }, on)
  return [...effects, ...closeFile(file, on), draftSoon(found.id, on.work.now)]
}

/**
 * She needs a human again: within the window the same case goes on (`openCases` has looked at that), with whoever had it
 * where she is there. So does a case that was closed in the very moment in which she asked for more.
 */
async function comeBack(file: CaseFile, reason: string, held: Held, on: On): Promise<Effect[]> {
  const { customerId, owner } = file.now()
  if (reasonOf(on.content, reason).quiet) return []
  // A customer has one open case: where another was opened meanwhile, whoever has that one sees her words there.
  if (customerId !== null && (await hasOpenCase(on.work.db, customerId))) return []
  if (file.take(reopen(file.now(), on.work.now, Number.POSITIVE_INFINITY))) return []
  stillThere(file)
  await weigh(file, reason, held, on)
  const { to } = await customerOf(file.now(), on)
  // How it was she says when it is over.
  const question: Effect[] =
    to === null || customerId === null ? [] : [{ kind: 'CloseQuestion', threadId: to.threadId, customerId }]
  const given = await give(file, on, owner)
  return [...question, ...given, ...closeFile(file, on), draftSoon(file.now().id, on.work.now)]
}

/** Whoever has it, or is asked to take it, hears of one more reason. */
async function hearAgain(
  now: Stored,
  key: string,
  { reason, note }: { reason: string; note: string },
  on: On,
): Promise<Effect[]> {
  const who = now.owner ?? now.offeredTo
  if (who === null) return []
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === who)
  return tellAgain(now, seat?.place ?? null, { reason, note }, key, on)
}

/** How urgent a case is, and what it asks of whoever takes it. Another reason makes it more urgent, never less. */
async function weigh(file: CaseFile, code: string, held: Held, { work, content }: On): Promise<void> {
  const now = file.now()
  const { levels } = content.one(handoffKind)
  const { level, region } = await standingOf(held, now.customerId, work.db, { now: work.now, content })
  const reason = reasonOf(content, code)
  const urgency = Math.max(now.urgency, reason.urgency, levels?.of[level ?? '']?.urgency ?? 0)
  const skill = taskOf(now).skill ?? reason.skill ?? null
  const wanted: Wanting = { skill, level, region, group: null, ...now.wanted }
  file.set({ urgency, wanted })
}

/** `note`: what whoever asked for it by hand, or a journey, wants to be done; else ''. */
async function reasonAgain(
  caseId: string,
  key: string,
  db: On['work']['db'],
): Promise<{ reason: string; note: string }> {
  const { rows } = await db.query<{ reason: string | null; note: string | null }>({
    name: 'handoff-reason-again',
    text: `SELECT data ->> 'reason' AS reason, data -> 'evidence' ->> 'note' AS note FROM case_entry WHERE case_id = $1 AND key = $2`,
    values: [caseId, key],
  })
  return { reason: rows[0]?.reason ?? '', note: rows[0]?.note ?? '' }
}

/**
 * Offers a case to the best who is free, or waits for whoever comes next. `again`: who had it, and has it again where
 * she is there and has not more than one case too many by that.
 */
export async function give(file: CaseFile, on: On, again: string | null = null): Promise<Effect[]> {
  const { work, content } = on
  const now = file.now()
  if (now.state !== 'waiting') return []
  const seats = await seatsOf(on)
  const wanted = await wantedOf(now, on)
  const same = seats.find(
    (one) => one.adviser.id === again && isFree({ ...one, load: one.load - 1 }, content.zone, work.now),
  )
  const ranked = rank(seats, wanted, content.zone, work.now)
  const chosen = same ?? ranked[0] ?? managerOf(seats, now, on)
  if (!chosen) return waitFor(file, seats, on)
  const until = new Date(work.now.getTime() + content.settings(handoffSettings).offerFor)
  const { id } = chosen.adviser
  file.take(offer(now, id, until))
  if (!same && isEscalation(chosen, ranked, now)) file.note({ kind: 'escalated', by: null, to: id, note: '' })
  work.write(noteGiven, { adviser: id, at: work.now })
  return [
    scheduled(offerDue, `${offerDue}:${now.id}`, until, { caseId: now.id, to: id }),
    ...(await showCard(file.now(), chosen, on, noteOf(now, rosterOf(content)))),
    ...(await promiseHelp(file, seats, on)),
  ]
}

/** A manager is asked since nobody else took it, or has room for it. */
function isEscalation({ adviser }: Seat, ranked: readonly Seat[], { passedBy }: Stored): boolean {
  if (adviser.role !== 'manager') return false
  return ranked.length === 0 || (passedBy.length > 0 && ranked.every((one) => one.adviser.role === 'manager'))
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
  // Nobody ever comes: that is an alarm (`findNeglect`), as it is when all who are there are full.
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
