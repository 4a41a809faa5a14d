/**
 * What an adviser does with a case, and what follows for everybody: the customer hears who is there, the bot keeps silent or
 * speaks again, the next case comes. The same whether she writes it in WeChat or clicks it on the desk.
 */
import type { Body, Effect } from '../../../kernel/effect.ts'
import { accept, adviserSaid, pass, resolve, transfer } from '../cases/decide.ts'
import { caseLock, type CaseFile, type Stored } from '../cases/index.ts'
import type { Entry, Refusal } from '../cases/schema.ts'
import { readHands, saveHands } from '../commands/repo.ts'
import type { Adviser, Seat } from '../roster/index.ts'
import { goneKey } from '../clock/decide.ts'
import { stillThere } from '../gone/index.ts'
import { askHowItWas } from '../rating/index.ts'
import { give, giveWaiting, seatsOf } from '../routing/index.ts'
import { stateOf } from '../relay/decide.ts'
import { sayKey, sayRecalled } from '../relay/outcome.ts'
import { listSaid } from '../relay/repo.ts'
import type { Showable } from '../relay/schema.ts'
import { handoffSettings } from '../schema.ts'
import {
  type Customer,
  customerOf,
  type On,
  showCard,
  showCustomer,
  tellAdviser,
  tellCustomer,
  yieldTo,
} from '../talk/index.ts'
import { isUnasked } from '../tasks/decide.ts'
import { freeThreads } from '../talk/repo.ts'

/** What was done, or why it was not. */
export type Done = { effects: Effect[]; customer: Customer } | { refused: Refusal }

export async function acceptCase(file: CaseFile, by: Adviser, on: On): Promise<Done> {
  const refused = file.take(accept(file.now(), by, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  file.set({ talkThreadId: customer.to?.threadId ?? null })
  return { customer, effects: [...yieldTo(customer, on.work.now), ...greet(file, customer, by, on)] }
}

/** She hears who is there, each time another is; not where she has asked for nobody. */
export function greet(file: CaseFile, customer: Customer, adviser: Adviser, { work, content, ids }: On): Effect[] {
  if (isUnasked(file.now())) return []
  const text = content.reply('handoff.here', { adviser: adviser.name }, ids.random())
  return tellCustomer(customer, `handoff-here:${file.now().id}:${work.now.toISOString()}`, text)
}

export async function declineCase(file: CaseFile, by: Adviser, on: On): Promise<Done> {
  const refused = file.take(pass(file.now(), by.id, 'declined'))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  return { customer, effects: await give(file, on) }
}

/** The colleague owns it at once, and reads the whole story with the note. */
export async function transferCase(file: CaseFile, by: Adviser, to: Seat, note: string, on: On): Promise<Done> {
  const before = file.now()
  const refused = file.take(transfer(before, by, to.adviser.id, note, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  const moved = await tellMoved(before, customer, { by, to: to.adviser }, on)
  file.set({ talkThreadId: customer.to?.threadId ?? null })
  const card = await showCard(file.now(), to, on, { note, by: by.name })
  await noteHeard(file.now().id, to.adviser.id, on)
  const silent = yieldTo(customer, on.work.now)
  return { customer, effects: [...silent, ...moved, ...card, ...greet(file, customer, to.adviser, on)] }
}

/** She has read of this case last: words without a number may be for it, and are no longer certain to be for another. */
export async function noteHeard(heard: string, adviser: string, { work }: Pick<On, 'work'>): Promise<void> {
  work.write(saveHands, { ...(await readHands(work.db, adviser)), adviser, heard })
}

/** Whoever had it, or was asked to take it, hears that somebody else has given it away. */
export async function tellMoved(
  before: Stored,
  { name }: Customer,
  { by, to }: { by: Adviser; to: Adviser },
  on: On,
): Promise<Effect[]> {
  const who = before.owner ?? before.offeredTo
  if (who === null || who === by.id || who === to.id) return []
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === who)
  const text = on.content.reply('handoff.moved', { number: before.number, name, by: by.name, to: to.name })
  return tellAdviser(seat?.place ?? null, `handoff-moved:${before.id}:${who}:${on.work.now.toISOString()}`, text, on)
}

/** The bot has the thread back, says so, and whoever waits is looked at again. */
export async function resolveCase(file: CaseFile, by: Adviser, code: string | null, on: On): Promise<Done> {
  const { work, content, ids } = on
  const refused = file.take(resolve(file.now(), { adviser: by.id }, code, work.now, by.role))
  if (refused) return { refused }
  const now = file.now()
  const customer = await customerOf(now, on)
  if (now.talkThreadId !== null) work.write(freeThreads, now.talkThreadId)
  const bye = content.reply('handoff.over', { adviser: by.name }, ids.random())
  // Of a task that was done without a word to her there is nothing to be told.
  if (isUnasked(now) && now.firstResponseAt === null) return { customer, effects: await giveWaiting(on) }
  if (now.told.has(goneKey)) return { customer, effects: await giveWaiting(on) }
  const over = tellCustomer(customer, `handoff-over:${now.id}:${now.reopened}`, bye)
  const asked = askHowItWas(file, customer, on)
  return { customer, effects: [...over, ...asked, ...(await giveWaiting(on))] }
}

/** For colleagues only: it stands in the history of the case. */
export async function noteCase(file: CaseFile, by: Adviser, text: string, on: On): Promise<Done> {
  const now = file.now()
  if (now.owner !== by.id && by.role !== 'manager') return { refused: { kind: 'not-yours', owner: now.owner } }
  file.note({ kind: 'note', by: by.id, text } satisfies Entry)
  return { customer: await customerOf(now, on), effects: [] }
}

/**
 * Her words to the customer, signed as content signs them, or a picture, file or card with a line of whose it is; a file is
 * kept in `src/media` already. `key`: the message of hers, or the click, that it was; said once. What becomes of it stands
 * in the history of the case as `delivery`.
 */
export async function sayToCustomer(
  file: CaseFile,
  by: Adviser,
  what: string | Showable,
  key: string,
  on: On,
  as: Signed = 'handoff.signed',
): Promise<Done> {
  const say = sayKey(key)
  const refused = file.take(adviserSaid(file.now(), by, on.work.now, { say }))
  if (refused) return { refused }
  stillThere(file)
  const customer = await customerOf(file.now(), on)
  return { customer, effects: showCustomer(customer, say, signed(what, by, as, on)) }
}

/** Her words, or those of the model that she sent as her own. */
type Signed = 'handoff.signed' | 'handoff.signed-draft'

function signed(what: string | Showable, { name: adviser }: Adviser, as: Signed, { content }: On): Body[] {
  if (typeof what === 'string') return [{ type: 'text', text: content.reply(as, { adviser, text: what }) }]
  return [{ type: 'text', text: content.reply('handoff.signed-media', { adviser, type: what.type }) }, what]
}

/** Why there is nothing to be taken back, or to be said again. */
export type Idle = { idle: 'none' | 'too-late' | 'asked' }

/**
 * Takes words of hers to this customer back, by default the last ones; how it went she hears when it is known. `say`: the
 * key of the send.
 */
export async function recallSaid(file: CaseFile, by: Adviser, on: On, say?: string): Promise<Done | Idle> {
  const now = file.now()
  if (now.owner !== by.id) return notYours(file)
  const last = (await listSaid(on.work.db, now.id, by.id, say === undefined ? 1 : lookedBack)).find(isSay(say))
  if (!last || last.parts.length === 0) return { idle: 'none' }
  if (last.recalled) return { idle: 'asked' }
  const notAfter = new Date(last.at.getTime() + on.content.settings(handoffSettings).relay.recallFor)
  if (notAfter < on.work.now) return { idle: 'too-late' }
  const payload = { caseId: now.id, adviser: by.id, say: last.say }
  const then = { name: sayRecalled, lock: [caseLock], payload }
  const customer = await customerOf(now, on)
  return { customer, effects: [{ kind: 'RecallMessage', key: last.say, notAfter, then }] }
}

/**
 * Sends once more what did not arrive, or may not have: her choice, for the customer may get it twice. What arrived of it
 * is left out, and what still waited for the rest does not follow. `which`: the key of the send; by default the last such.
 */
export async function resendSaid(
  file: CaseFile,
  by: Adviser,
  key: string,
  on: On,
  which?: string,
): Promise<Done | Idle> {
  const said = (await listSaid(on.work.db, file.now().id, by.id, lookedBack)).filter(isSay(which))
  const failed = said.find(({ parts, again, recalled }) => !again && !recalled && hasFailed(parts))
  if (!failed) return file.now().owner === by.id ? { idle: 'none' } : notYours(file)
  const say = sayKey(key)
  const refused = file.take(adviserSaid(file.now(), by, on.work.now, { say, again: failed.say }))
  if (refused) return { refused }
  stillThere(file)
  const customer = await customerOf(file.now(), on)
  const body = failed.parts.filter(({ state }) => state !== 'sent').map((part) => part.body)
  const held: Effect = { kind: 'CancelSend', key: failed.say, reason: 'said-again' }
  return { customer, effects: [held, ...showCustomer(customer, say, body)] }
}

/** How far back her words are looked through. */
const lookedBack = 20

const isSay =
  (key: string | undefined) =>
  ({ say }: { say: string }): boolean =>
    key === undefined || say === key

function hasFailed(parts: readonly { state: string }[]): boolean {
  const state = stateOf(parts.map((part) => part.state))
  return state === 'refused' || state === 'unknown' || state === 'cancelled'
}

function notYours(file: CaseFile): { refused: Refusal } {
  return { refused: { kind: 'not-yours', owner: file.now().owner } }
}
