/** What goes over the heads of advisers: a manager takes a case, or is given one. */
import { takeOver } from '../cases/decide.ts'
import type { CaseFile } from '../cases/index.ts'
import { type Adviser, isFree, isOnDuty, type Seat } from '../roster/index.ts'
import { seatsOf } from '../routing/index.ts'
import { customerOf, type On, showCard, yieldTo } from '../talk/index.ts'
import { type Done, greet, tellMoved, transferCase } from './index.ts'

/** She has it at once, whoever had it hears so, and she reads the whole story. */
export async function takeCase(file: CaseFile, by: Seat, on: On): Promise<Done> {
  const before = file.now()
  const refused = file.take(takeOver(before, by.adviser, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  file.set({ talkThreadId: customer.to?.threadId ?? null })
  const moved = await tellMoved(before, customer, { by: by.adviser, to: by.adviser }, on)
  const card = await showCard(file.now(), by, on)
  const silent = yieldTo(customer, on.work.now)
  return { customer, effects: [...silent, ...moved, ...card, ...greet(file, customer, by.adviser, on)] }
}

/** Gives a case to the manager who is there and has least to do, with a word on why; the operator hears of it, too. */
export async function escalateCase(file: CaseFile, by: Adviser, note: string, on: On): Promise<Done> {
  const { zone } = on.content
  const seats = await seatsOf(on)
  // One who is not there would have it until the morning, and nobody would take it from her.
  const managers = seats
    .filter(({ adviser, reachable, away }) => adviser.role === 'manager' && adviser.id !== by.id && reachable && !away)
    .filter(({ adviser }) => isOnDuty(adviser, zone, on.work.now))
    .sort(
      (a, b) =>
        Number(isFree(b, zone, on.work.now)) - Number(isFree(a, zone, on.work.now)) ||
        a.load - b.load ||
        (a.adviser.id < b.adviser.id ? -1 : 1),
    )
  const [manager] = managers
  if (!manager) return { refused: { kind: 'no-manager' } }
  const done = await transferCase(file, by, manager, note, on)
  if (!('refused' in done)) file.note({ kind: 'escalated', by: by.id, to: manager.adviser.id, note })
  return done
}
