/** An adviser wrote to the bot: a command, or words for a customer. Nothing reaches a customer whom she did not mean. */
import { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import {
  acceptCase,
  declineCase,
  type Done,
  noteCase,
  resolveCase,
  sayToCustomer,
  transferCase,
} from '../acts/index.ts'
import { caseLock, type CaseFile, fileOf, type Stored } from '../cases/index.ts'
import { closeFile } from '../clock/wind.ts'
import { findByNumber, listHers } from '../cases/repo.ts'
import type { Refusal } from '../cases/schema.ts'
import { type Adviser, rosterOf, type Seat } from '../roster/index.ts'
import { giveWaiting, seatsOf } from '../routing/index.ts'
import { handoffKind } from '../schema.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'
import { readCommand, type Vocabulary } from './decide.ts'
import { type Hands, readHands, saveAway, saveHands } from './repo.ts'
import type { Command } from './schema.ts'
import { targetOf } from './target.ts'

export const adviserWrote = 'handoff.adviser-wrote'

const Wrote = z.object({ adviser: z.string(), text: z.string(), quoted: z.string().nullable(), message: z.string() })
export type Wrote = z.infer<typeof Wrote>

/** Her message is handled under the lock of all cases, as soon as it is stored. */
export function hearAdviser(wrote: Wrote, account: string, now: Date): ScheduleEvent {
  const key = `${adviserWrote}:${account}:${wrote.message}`
  return { kind: 'ScheduleEvent', name: adviserWrote, key, at: now, account, lock: [caseLock], payload: wrote }
}

type Her = On & {
  adviser: Adviser
  seat: Seat
  hers: readonly Stored[]
  hands: Hands
  wrote: Wrote
  vocabulary: Vocabulary
}

export async function onAdviserWrote({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const wrote = Wrote.parse(event.what.payload)
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === wrote.adviser)
  // Who has left since is no adviser any more.
  if (!seat) return []
  const { work, content } = on
  const her: Her = {
    ...on,
    ...{ adviser: seat.adviser, seat, wrote, vocabulary: vocabularyOf(content) },
    ...{ hers: await listHers(work.db, wrote.adviser), hands: await readHands(work.db, wrote.adviser) },
  }
  return obey(readCommand(wrote, her.vocabulary), her)
}

function vocabularyOf(content: Content): Vocabulary {
  const { commands, resolutions } = content.one(handoffKind)
  return {
    words: commands,
    names: new Set([...rosterOf(content).values()].map(({ name }) => name)),
    codes: new Map(resolutions.map(({ id, title }) => [title, id])),
  }
}

async function obey(command: Command, her: Her): Promise<Effect[]> {
  switch (command.kind) {
    case 'list':
      return answer('handoff.list', { cases: await shown(her.hers, her) }, her)
    case 'away':
    case 'back':
      return signOn(command.kind === 'back', her)
    case 'unclear':
      return answer('handoff.unclear', { command: her.vocabulary.words[command.command][0], why: command.why }, her)
    case 'recall':
      return answer('handoff.unclear', { command: her.vocabulary.words.recall[0], why: 'what' }, her)
    case 'draft':
      return answer('handoff.no-draft', {}, her)
    case 'choose':
      return choose(command.number, her)
    default:
      return onCase(command, her)
  }
}

/** Off: she gets no new cases; an offer that she does not take goes on by itself. On: what waits is looked at. */
async function signOn(on: boolean, her: Her): Promise<Effect[]> {
  her.work.write(saveAway, { adviser: her.adviser.id, away: !on })
  const told = answer(on ? 'handoff.back' : 'handoff.away', { open: her.hers.length }, her)
  return [...told, ...(on ? await giveWaiting(her) : [])]
}

/** From now on her words are for this case; those that waited go to it at once. */
async function choose(number: number, her: Her): Promise<Effect[]> {
  const chosen = her.hers.find((one) => one.number === number && one.owner === her.adviser.id)
  if (!chosen) return refused({ kind: 'not-yours', owner: null }, number, her)
  const { held } = her.hands
  her.work.write(saveHands, { adviser: her.adviser.id, current: chosen.id, heard: chosen.id, held: null })
  if (held !== null) return say(chosen, held, her)
  const { name } = await customerOf(chosen, her)
  return answer('handoff.chosen', { number, name }, her)
}

type OnCase = Extract<Command, { kind: 'accept' | 'decline' | 'transfer' | 'resolve' | 'note' | 'say' }>

async function onCase(command: OnCase, her: Her): Promise<Effect[]> {
  const named = command.number === null ? undefined : await findByNumber(her.work.db, command.number)
  if (command.number !== null && !named) return answer('handoff.no-case', { number: command.number }, her)
  const target = named ?? targetOf(command.kind, her.hers, her.adviser.id, her.hands)
  if (target === 'none') return answer('handoff.none', { kind: command.kind }, her)
  if (target === 'which') return ask(command, her)
  if (command.kind === 'say') return say(target, command.text, her)
  const file = fileOf(target, her.work)
  const done = await act(command, file, her)
  if ('refused' in done) return refused(done.refused, target.number, her)
  const clock = closeFile(file, her)
  if (command.kind === 'accept')
    her.work.write(saveHands, { ...her.hands, adviser: her.adviser.id, current: target.id, heard: target.id })
  const { name, to } = done.customer
  const values = { number: target.number, name, reachable: to !== null }
  return [...done.effects, ...clock, ...answer(`handoff.done-${command.kind}`, values, her)]
}

function act(command: Exclude<OnCase, { kind: 'say' }>, file: CaseFile, her: Her): Promise<Done> {
  switch (command.kind) {
    case 'accept':
      return acceptCase(file, her.adviser, her)
    case 'decline':
      return declineCase(file, her.adviser, her)
    case 'resolve':
      return resolveCase(file, her.adviser, command.code, her)
    case 'note':
      return noteCase(file, her.adviser, command.text, her)
    case 'transfer':
      return transferTo(command.to, command.note, file, her)
    default:
      return command satisfies never
  }
}

async function transferTo(name: string, note: string, file: CaseFile, her: Her): Promise<Done> {
  const to = (await seatsOf(her)).find(({ adviser }) => adviser.name === name)
  // Names were read from the same roster.
  if (!to) throw new RangeError(`nobody is called ${name}`)
  return transferCase(file, her.adviser, to, note, her)
}

/** Words for a customer, with a confirmation of who got them. */
async function say(target: Stored, text: string, her: Her): Promise<Effect[]> {
  const file = fileOf(target, her.work)
  const done = await sayToCustomer(file, her.adviser, text, `${her.wrote.message}:${target.id}`, her)
  if ('refused' in done) return refused(done.refused, target.number, her)
  const clock = closeFile(file, her)
  const { name, to } = done.customer
  her.work.write(saveHands, { adviser: her.adviser.id, current: target.id, heard: target.id, held: null })
  return [
    ...done.effects,
    ...clock,
    ...answer(to ? 'handoff.sent' : 'handoff.not-friend', { number: target.number, name }, her),
  ]
}

/** It may be meant for several: nothing is sent until she says for whom. */
async function ask(command: OnCase, her: Her): Promise<Effect[]> {
  if (command.kind === 'say') {
    her.work.write(saveHands, { ...her.hands, adviser: her.adviser.id, held: command.text })
  }
  return answer('handoff.which', { cases: await shown(her.hers, her), held: command.kind === 'say' }, her)
}

function refused(refusal: Refusal, number: number, her: Her): Effect[] {
  const who = 'by' in refusal ? refusal.by : 'to' in refusal ? refusal.to : 'owner' in refusal ? refusal.owner : null
  const name = who === null ? '' : (rosterOf(her.content).get(who)?.name ?? who)
  return answer('handoff.refused', { number, why: refusal.kind, who: name }, her)
}

async function shown(cases: readonly Stored[], her: Her): Promise<object[]> {
  const named = cases.map(async (one) => ({
    ...{ number: one.number, offered: one.state === 'offered', waiting: one.unansweredSince !== null },
    name: (await customerOf(one, her)).name,
  }))
  return Promise.all(named)
}

/** One line back to her, once for each message of hers. */
function answer(reply: string, values: Record<string, unknown>, { content, seat, wrote, ids }: Her): Effect[] {
  return tellAdviser(seat.place, `handoff-answer:${wrote.message}`, content.reply(reply, values), { ids })
}
