/**
 * What an adviser clicks on the desk is an event like any other, under the same lock as what she writes in WeChat. Its key is
 * the click's: two tabs, or an answer that was lost on its way, never do a thing twice.
 */
import { z } from 'zod'
import type { Effect } from '../../../kernel/effect.ts'
import type { NewEvent } from '../../../kernel/event.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { listSameCustomers } from '../../members/index.ts'
import { forsakenSoon } from '../absence/index.ts'
import { byHand } from '../byhand/decide.ts'
import { findLastPlace } from '../byhand/repo.ts'
import { caseLock, type CaseFile, fileOf } from '../cases/index.ts'
import { findCase, listHers } from '../cases/repo.ts'
import type { Refusal } from '../cases/schema.ts'
import { closeFile } from '../clock/wind.ts'
import { saveAway } from '../commands/repo.ts'
import { type Adviser, rosterOf, type Seat } from '../roster/index.ts'
import { giveWaiting, seatsOf } from '../routing/index.ts'
import type { Showable } from '../relay/schema.ts'
import { handoffKind } from '../schema.ts'
import { customerOf, type On } from '../talk/index.ts'
import { keepAsDraft } from './draft.ts'
import { sendDraft } from './drafts.ts'
import {
  acceptCase,
  declineCase,
  type Done,
  type Idle,
  noteCase,
  noteHeard,
  recallSaid,
  resendSaid,
  resolveCase,
  sayToCustomer,
  transferCase,
} from './index.ts'
import { escalateCase, takeCase } from './escalate.ts'
import { type DeskResult, saveDeskActs } from './repo.ts'

export const deskAct = 'handoff.desk-act'

const words = z.string()
const OnCase = z.discriminatedUnion('act', [
  z.object({ act: z.literal('accept') }),
  z.object({ act: z.literal('decline') }),
  z.object({ act: z.literal('take-over') }),
  z.object({ act: z.literal('say'), text: words }),
  z.object({ act: z.literal('say-media'), media: words, name: words, as: z.enum(['image', 'video', 'file']) }),
  z.object({ act: z.literal('draft'), n: z.int() }),
  z.object({ act: z.literal('note'), text: words }),
  z.object({ act: z.literal('transfer'), to: words, note: words }),
  z.object({ act: z.literal('escalate'), note: words }),
  z.object({ act: z.literal('resolve'), code: words.nullable() }),
  z.object({ act: z.literal('recall'), say: words }),
  z.object({ act: z.literal('resend'), say: words }),
  z.object({ act: z.literal('faq-draft'), say: words }),
])
type OnCase = z.infer<typeof OnCase>

const Clicked = z.object({
  adviser: z.string(),
  act: z.union([
    OnCase.and(z.object({ caseId: z.string() })),
    z.object({ act: z.literal('away'), away: z.boolean() }),
    z.object({ act: z.literal('open'), customerId: z.string(), note: z.string() }),
  ]),
})
export type DeskAct = z.infer<typeof Clicked>['act']

/** The event of a click. `key`: one for each intent, the adviser's own. */
export function deskEvent(adviser: string, key: string, act: DeskAct, now: Date): NewEvent {
  const what = { kind: 'SliceEvent' as const, name: deskAct, lock: [caseLock], payload: { adviser, act } }
  return { account: '', key: deskKey(adviser, key), at: now, what }
}

/** Under which a click is found in the inbox and among what was done. */
export function deskKey(adviser: string, key: string): string {
  return `desk:${adviser}:${key}`
}

/** The key under which a case was asked for by a click. */
export function openedByClick(adviser: string, key: string): string {
  return `by-hand:${deskKey(adviser, key)}`
}

/** Why a click was refused: a case's own reasons, and the desk's. */
type Why =
  | Refusal
  | { kind: 'gone' | 'managers-only' | 'no-talk' | 'unreachable' | 'whom' | 'code' }
  /** Nothing of hers to take back or to send again, or too late, or it was asked already. */
  | { kind: 'none' | 'too-late' | 'asked' }
type Outcome = { effects: Effect[] } | { refused: Why }
type Her = On & { adviser: Adviser; seat: Seat; seats: readonly Seat[]; key: string }

export async function onDeskAct({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { adviser: id, act } = Clicked.parse(event.what.payload)
  const seats = await seatsOf(on)
  // Who has left since is no adviser any more.
  const seat = seats.find(({ adviser }) => adviser.id === id)
  const outcome: Outcome = seat
    ? await obey(act, { ...on, adviser: seat.adviser, seat, seats, key: event.key })
    : { refused: { kind: 'gone' } }
  const caseId = 'caseId' in act ? act.caseId : null
  on.work.write(saveDeskActs, { key: event.key, adviser: id, caseId, at: on.work.now, result: resultOf(outcome, on) })
  return 'effects' in outcome ? outcome.effects : []
}

function resultOf(outcome: Outcome, { content }: Pick<On, 'content'>): DeskResult {
  if ('effects' in outcome) return { done: true }
  const { refused } = outcome
  const who = 'by' in refused ? refused.by : 'to' in refused ? refused.to : 'owner' in refused ? refused.owner : null
  return { refused: { kind: refused.kind, who: who === null ? '' : (rosterOf(content).get(who)?.name ?? who) } }
}

async function obey(act: DeskAct, her: Her): Promise<Outcome> {
  if (act.act === 'away') return signOn(!act.away, her)
  if (act.act === 'open') return openByHand(act.customerId, act.note, her)
  const found = await her.work.load(findCase, act.caseId)
  if (!found) return { refused: { kind: 'gone' } }
  const file = fileOf(found, her.work)
  const done = await onCase(act, file, her)
  return 'refused' in done ? done : { effects: [...done.effects, ...closeFile(file, her)] }
}

type DeskDone = Done | { refused: Why }

async function onCase(act: OnCase, file: CaseFile, her: Her): Promise<DeskDone> {
  switch (act.act) {
    case 'accept':
      return heardOf(file, her, await acceptCase(file, her.adviser, her))
    case 'decline':
      return declineCase(file, her.adviser, her)
    case 'take-over':
      return heardOf(file, her, await takeCase(file, her.seat, her))
    case 'say':
      return say(file, her, () => sayToCustomer(file, her.adviser, act.text, sayKeyOf(file, her), her))
    case 'say-media':
      return say(file, her, () => sayToCustomer(file, her.adviser, mediaOf(act), sayKeyOf(file, her), her))
    case 'note':
      return noteCase(file, her.adviser, act.text, her)
    case 'transfer':
      return transferTo(file, act.to, act.note, her)
    case 'resolve':
      return resolveWith(file, act.code, her)
    case 'draft':
      return say(file, her, () => sendDraft(file, her.adviser, act.n, sayKeyOf(file, her), her))
    case 'escalate':
      return escalateCase(file, her.adviser, act.note, her)
    case 'recall':
      return doneOf(recallSaid(file, her.adviser, her, act.say))
    case 'resend':
      return say(file, her, () => doneOf(resendSaid(file, her.adviser, sayKeyOf(file, her), her, act.say)))
    case 'faq-draft':
      return keepAsDraft(file, her.adviser, her.key, her, act.say)
    default:
      return act satisfies never
  }
}

/** What she took here her phone knows of, too: there she is asked for whom the next words are. */
async function heardOf(file: CaseFile, her: Her, done: Done): Promise<Done> {
  if (!('refused' in done)) await noteHeard(file.now().id, her.adviser.id, her)
  return done
}

/** Where nobody can be reached nothing is said to have been said. */
async function say(file: CaseFile, her: Her, speak: () => Promise<DeskDone>): Promise<DeskDone> {
  const now = file.now()
  if (now.owner === her.adviser.id && (await customerOf(now, her)).to === null) {
    return { refused: { kind: 'unreachable' } }
  }
  return speak()
}

function sayKeyOf(file: CaseFile, { key }: Her): string {
  return `${key}:${file.now().id}`
}

function mediaOf({ media: mediaId, name: filename, as: type }: Extract<OnCase, { act: 'say-media' }>): Showable {
  return { type, mediaId, filename }
}

async function doneOf(asked: Promise<Done | Idle>): Promise<DeskDone> {
  const done = await asked
  return 'idle' in done ? { refused: { kind: done.idle } } : done
}

function transferTo(file: CaseFile, id: string, note: string, her: Her): Promise<Done> | DeskDone {
  const to = her.seats.find(({ adviser }) => adviser.id === id)
  return to ? transferCase(file, her.adviser, to, note, her) : { refused: { kind: 'whom' } }
}

function resolveWith(file: CaseFile, code: string | null, her: Her): Promise<Done> | DeskDone {
  const known = her.content.one(handoffKind).resolutions.some(({ id }) => id === code)
  return code === null || known ? resolveCase(file, her.adviser, code, her) : { refused: { kind: 'code' } }
}

/** Away: she gets no new cases, and what she was offered goes on at once. Back: what waits is looked at. */
async function signOn(isThere: boolean, her: Her): Promise<Outcome> {
  const { adviser, work } = her
  work.write(saveAway, { adviser: adviser.id, away: !isThere })
  if (isThere) return { effects: await giveWaiting(her) }
  const offered = (await listHers(work.db, adviser.id)).filter(({ offeredTo }) => offeredTo === adviser.id)
  return { effects: offered.map(({ id }) => forsakenSoon(id, work.now)) }
}

async function openByHand(customerId: string, note: string, her: Her): Promise<Outcome> {
  const { adviser, work, key } = her
  if (adviser.role !== 'manager') return { refused: { kind: 'managers-only' } }
  const place = await findLastPlace(work.db, await listSameCustomers(work.db, customerId))
  if (!place) return { refused: { kind: 'no-talk' } }
  const evidence = { by: adviser.id, note }
  return { effects: [{ kind: 'OpenCase', ...place, reason: byHand, evidence, key: `by-hand:${key}` }] }
}
