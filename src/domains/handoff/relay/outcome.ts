/** What became of an adviser's words: told to her where they may not have arrived, and kept in the history of the case. */
import { z } from 'zod'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { Jobs } from '../../../kernel/jobs.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { takenBack } from '../cases/decide.ts'
import { caseLock, fileOf } from '../cases/index.ts'
import { addEntries, findCase } from '../cases/repo.ts'
import { closeFile } from '../clock/wind.ts'
import { markGone } from '../gone/index.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffKind } from '../schema.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'
import { beginningOf, stateOf } from './decide.ts'
import { findSaid, lastStanding, type Said } from './repo.ts'

export const saySettled = 'handoff.say-settled'
export const sayRecalled = 'handoff.say-recalled'

const sayPrefix = 'handoff-say:'

/** The key of a send to a customer, from that of the intent. */
export function sayKey(intent: string): string {
  return `${sayPrefix}${intent}`
}

function isSay(key: string): boolean {
  return key.startsWith(sayPrefix)
}

/** One job for each send: several parts that end together are looked at once. */
function lookAt(say: string, at: Date): ScheduleEvent {
  const key = `${saySettled}:${say}`
  return { kind: 'ScheduleEvent', name: saySettled, key, at, account: '', lock: [caseLock], payload: { say } }
}

/** For delivery: hears of every send to a customer that ended, in the transaction that writes it down. */
export function followSays(jobs: Pick<Jobs, 'schedule'>): {
  follows(key: string): boolean
  settled(db: Queryable, keys: readonly string[], now: Date): Promise<void>
} {
  return {
    follows: isSay,
    settled: (db, keys, now) =>
      jobs.schedule.run(
        db,
        keys.map((key) => lookAt(key, now)),
      ),
  }
}

/** The platform showed us words of an adviser after all, that we did not know to have arrived. */
export function sayEchoed(key: string, now: Date): Effect[] {
  return isSay(key) ? [lookAt(key, now)] : []
}

export async function onSaySettled({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { say } = z.object({ say: z.string() }).parse(event.what.payload)
  const said = await findSaid(on.work.db, say)
  if (!said) return []
  const state = stateOf(said.parts.map((part) => part.state))
  if (state === 'open' || state === said.told) return []
  on.work.write(addEntries, { caseId: said.caseId, at: on.work.now, entry: { kind: 'delivery', say, state } })
  // What she took back herself she hears of by `handoff.recalled`; what arrived goes without saying.
  if (said.recalled || said.parts.some(({ reason }) => reason === 'taken-back')) return []
  if (state === 'sent') return said.told === 'unknown' ? tell(said, 'handoff.arrived', {}, on) : []
  const [command] = on.content.one(handoffKind).commands.resend
  const told = await tell(said, 'handoff.undelivered', { state, command }, on)
  const found = state === 'refused' ? await on.work.load(findCase, said.caseId) : undefined
  if (!found) return told
  const file = fileOf(found, on.work)
  const gone = await markGone(file, () => seatsOf(on), on)
  return [...told, ...gone, ...closeFile(file, on)]
}

const Recalled = z.object({ caseId: z.string(), adviser: z.string(), say: z.string(), recalled: z.string() })

/** How taking back went: done, too late, refused, nobody knows, or it had not left. */
export async function onSayRecalled({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, adviser, say, recalled } = Recalled.parse(event.what.payload)
  const said = await findSaid(on.work.db, say)
  if (!said) return []
  const { now } = on.work
  on.work.write(addEntries, { caseId, at: now, entry: { kind: 'recalled', by: adviser, say, result: recalled } })
  if (recalled === 'cancelled' && said.told !== 'cancelled') {
    on.work.write(addEntries, { caseId, at: now, entry: { kind: 'delivery', say, state: 'cancelled' } })
  }
  const told = await tell(said, 'handoff.recalled', { result: recalled }, on)
  const found = isGone(recalled) ? await on.work.load(findCase, caseId) : undefined
  if (!found) return told
  const file = fileOf(found, on.work)
  file.set(takenBack(found, await lastStanding(on.work.db, caseId, say)))
  return [...told, ...closeFile(file, on)]
}

/** Whether the customer cannot read it any more, or never could. */
function isGone(recalled: string): boolean {
  return recalled === 'done' || recalled === 'cancelled'
}

/** To whoever said it, with its beginning. */
async function tell(said: Said, reply: string, values: Record<string, unknown>, on: On): Promise<Effect[]> {
  const found = await on.work.load(findCase, said.caseId)
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === said.by)
  if (!found || !seat) return []
  const { name } = await customerOf(found, on)
  const text = on.content.reply(reply, { number: found.number, name, text: quoteOf(said), ...values })
  const what = 'state' in values ? String(values['state']) : ''
  return tellAdviser(seat.place, `${reply}:${said.say}:${what}`, text, on)
}

/** Its words, or those that announce a picture. */
function quoteOf({ parts }: Said): string {
  const words = parts.map(({ body }) => (body.type === 'text' ? body.text : 'title' in body ? body.title : ''))
  return beginningOf(words.join(' '))
}
