/** The clock of a case runs in a job, which says what is due. */
import { z } from 'zod'
import type { Effect } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { resolve } from '../cases/decide.ts'
import { type CaseFile, fileOf, type Stored } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { isOnDuty, type Seat } from '../roster/index.ts'
import { giveWaiting, seatsOf } from '../routing/index.ts'
import { reasonOf } from '../schema.ts'
import { customerOf, type On, tellAdviser, tellCustomer } from '../talk/index.ts'
import { freeThreads } from '../talk/repo.ts'
import { releaseFromAway } from '../absence/index.ts'
import { askHowItWas } from '../rating/index.ts'
import { dueStages, goneKey } from './decide.ts'
import type { Stage } from './schema.ts'
import { closeFile, stagesNow } from './wind.ts'

export { clockDue } from './wind.ts'

const OfCase = z.object({ caseId: z.string() })

export async function onClockDue({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId } = OfCase.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found) return []
  const file = fileOf(found, on.work)
  const { say, skip } = dueStages(stagesNow(found, on.content), on.work.now)
  file.set({ told: new Map([...found.told, ...[...say, ...skip].map(({ key }) => [key, on.work.now] as const)]) })
  const effects: Effect[] = []
  for (const stage of say) effects.push(...(await tell(stage, file, on)))
  return [...effects, ...closeFile(file, on)]
}

async function tell(stage: Stage, file: CaseFile, on: On): Promise<Effect[]> {
  switch (stage.stage) {
    case 'warning':
      return warn(stage, file, on)
    case 'breach':
      return escalate(stage, file.now(), on)
    case 'ask':
      return toCustomer('handoff.idle', stage, file.now(), on)
    case 'close':
      return closeIdle(stage, file, on)
    default:
      return stage.stage satisfies never
  }
}

/** Whoever has the case hears that a promise comes near, and so does the customer, of her first answer. */
async function warn(stage: Stage, file: CaseFile, on: On): Promise<Effect[]> {
  const seats = await seatsOf(on)
  const now = file.now()
  if (stage.what !== 'resolve') {
    const released = await releaseFromAway(file, seats, on)
    if (released) return released
  }
  const who = seats.find(({ adviser }) => adviser.id === (now.owner ?? now.offeredTo))
  const told = who ? await toAdviser('handoff.warning', stage, now, who, on) : []
  const knows = stage.what === 'first' && !reasonOf(on.content, now.reason).quiet
  return knows ? [...told, ...(await toCustomer('handoff.still', stage, now, on))] : told
}

/** A broken promise is the managers' matter, too. */
async function escalate(stage: Stage, now: Stored, on: On): Promise<Effect[]> {
  const seats = await seatsOf(on)
  const owner = now.owner ?? now.offeredTo
  const told = seats.filter(
    ({ adviser }) =>
      adviser.id === owner || (adviser.role === 'manager' && isOnDuty(adviser, on.content.zone, on.work.now)),
  )
  const all = await Promise.all(told.map((seat) => toAdviser('handoff.breach', stage, now, seat, on)))
  return all.flat()
}

async function toAdviser(
  reply: string,
  stage: Stage,
  now: Stored,
  { place, adviser }: Seat,
  on: On,
): Promise<Effect[]> {
  const { name } = await customerOf(now, on)
  const text = on.content.reply(reply, { number: now.number, name, what: stage.what, free: now.owner === null })
  return tellAdviser(place, `handoff-clock:${now.id}:${stage.key}:${adviser.id}`, text, on)
}

async function toCustomer(reply: string, stage: Stage, now: Stored, on: On): Promise<Effect[]> {
  const text = on.content.reply(reply, {}, on.ids.random())
  return tellCustomer(await customerOf(now, on), `handoff-clock:${now.id}:${stage.key}:customer`, text)
}

/** She has not answered that either: the bot has the thread back, and says how to go on. */
async function closeIdle(stage: Stage, file: CaseFile, on: On): Promise<Effect[]> {
  const { talkThreadId, told } = file.now()
  const gone = told.has(goneKey)
  if (file.take(resolve(file.now(), 'house', gone ? goneKey : 'idle', on.work.now))) return []
  if (talkThreadId !== null) on.work.write(freeThreads, talkThreadId)
  const next = await giveWaiting(on)
  if (gone) return next
  const bye = await toCustomer('handoff.idle-closed', stage, file.now(), on)
  return [...bye, ...askHowItWas(file, await customerOf(file.now(), on), on), ...next]
}
