/** An adviser wrote to the bot: a command, or words for a customer. Nothing reaches a customer whom she did not mean. */
import { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { keepAsDraft } from '../acts/draft.ts'
import { escalateCase, takeCase } from '../acts/escalate.ts'
import {
  acceptCase,
  declineCase,
  type Done,
  noteCase,
  recallSaid,
  resendSaid,
  resolveCase,
  sayToCustomer,
  transferCase,
} from '../acts/index.ts'
import { sendDraft } from '../acts/drafts.ts'
import { forsakenSoon } from '../absence/index.ts'
import { caseLock, type CaseFile, fileOf, type Stored } from '../cases/index.ts'
import { closeFile } from '../clock/wind.ts'
import { currentDrafts, tellDrafts } from '../drafts/index.ts'
import { findByNumber, listHers } from '../cases/repo.ts'
import type { Refusal } from '../cases/schema.ts'
import { type Adviser, rosterOf, type Seat } from '../roster/index.ts'
import { giveWaiting, seatsOf } from '../routing/index.ts'
import { wayOf } from '../relay/decide.ts'
import { passOn } from '../relay/files.ts'
import { handoffKind } from '../schema.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'
import { readCommand, type Vocabulary } from './decide.ts'
import { type Hands, Media, readHands, saveAway, saveHands } from './repo.ts'
import type { Command, OnCase } from './schema.ts'
import { targetOf } from './target.ts'

export const adviserWrote = 'handoff.adviser-wrote'

const Wrote = z.object({
  adviser: z.string(),
  text: z.string(),
  quoted: z.string().nullable(),
  message: z.string(),
  media: Media.nullable(),
})
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
  const [hers, hands] = [await listHers(work.db, wrote.adviser), await readHands(work.db, wrote.adviser)]
  const vocabulary = vocabularyOf(content, hers)
  const her: Her = { ...on, adviser: seat.adviser, seat, wrote, vocabulary, hers, hands }
  return wrote.media ? pass(wrote.media, her) : obey(readCommand(wrote, her.vocabulary), her)
}

function vocabularyOf(content: Content, hers: readonly Stored[]): Vocabulary {
  const { commands, resolutions } = content.one(handoffKind)
  return {
    words: commands,
    names: new Set([...rosterOf(content).values()].map(({ name }) => name)),
    codes: new Map(resolutions.map(({ id, title }) => [title, id])),
    numbers: new Set(hers.map(({ number }) => number)),
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
    case 'choose':
      return choose(command.number, her)
    default:
      return onCase(command, her)
  }
}

/** Off: she gets no new cases, and what she was offered goes on at once. On: what waits is looked at. */
async function signOn(on: boolean, her: Her): Promise<Effect[]> {
  her.work.write(saveAway, { adviser: her.adviser.id, away: !on })
  const open = her.hers.filter(({ owner }) => owner === her.adviser.id).length
  const told = answer(on ? 'handoff.back' : 'handoff.away', { open }, her)
  if (on) return [...told, ...(await giveWaiting(her))]
  const offered = her.hers.filter(({ offeredTo }) => offeredTo === her.adviser.id)
  return [...told, ...offered.map(({ id }) => forsakenSoon(id, her.work.now))]
}

/** From now on her words are for this case; those that waited go to it at once. */
async function choose(number: number, her: Her): Promise<Effect[]> {
  const chosen = her.hers.find((one) => one.number === number && one.owner === her.adviser.id)
  if (!chosen) return refused({ kind: 'not-yours', owner: null }, number, her)
  const { held, heldMedia } = her.hands
  const release = { adviser: her.adviser.id, current: chosen.id, heard: chosen.id, held: null, heldMedia: [] }
  her.work.write(saveHands, release)
  const media = heldMedia.flatMap((one) => passOn(chosen, her.adviser.id, one, her))
  if (held !== null) return [...(await say(chosen, held, her)), ...media]
  if (media.length > 0) return media
  const { name } = await customerOf(chosen, her)
  return answer('handoff.chosen', { number, name }, her)
}

async function onCase(command: OnCase, her: Her): Promise<Effect[]> {
  const named = command.number === null ? undefined : await findByNumber(her.work.db, command.number)
  if (command.number !== null && !named) return answer('handoff.no-case', { number: command.number }, her)
  const target = named ?? targetOf(command.kind, her.hers, her.adviser.id, her.hands)
  if (target === 'none') return answer('handoff.none', { kind: command.kind }, her)
  if (target === 'which' || ('isDoubtful' in command && command.isDoubtful)) return ask(command, her)
  if (command.kind === 'say') return say(target, command.text, her, command.number !== null)
  if (command.kind === 'draft') return draft(target, command.draft, her)
  if (command.kind === 'recall' || command.kind === 'resend') return takeUp(command.kind, target, her)
  const file = fileOf(target, her.work)
  const done = await act(command, file, her)
  if ('refused' in done) return refused(done.refused, target.number, her)
  const clock = closeFile(file, her)
  if (command.kind === 'accept' || command.kind === 'take')
    her.work.write(saveHands, { ...her.hands, adviser: her.adviser.id, current: target.id, heard: target.id })
  const { name, to } = done.customer
  const values = { number: target.number, name, reachable: to !== null }
  const told = answer(`handoff.done-${command.kind}`, values, her)
  const drafts = command.kind === 'accept' || command.kind === 'take' ? await showDrafts(target, her) : []
  return [...done.effects, ...clock, ...told, ...drafts]
}

/** Those that were made while the case waited for her. */
async function showDrafts(target: Stored, her: Her): Promise<Effect[]> {
  const found = await currentDrafts(target, her)
  return typeof found === 'string' ? [] : tellDrafts(target, found, her.seat, her.wrote.message, her)
}

type Step = Exclude<OnCase, { kind: 'say' | 'draft' | 'recall' | 'resend' }>

function act(command: Step, file: CaseFile, her: Her): Promise<Done> {
  switch (command.kind) {
    case 'accept':
      return acceptCase(file, her.adviser, her)
    case 'decline':
      return declineCase(file, her.adviser, her)
    case 'resolve':
      return resolveCase(file, her.adviser, command.code, her)
    case 'note':
      return noteCase(file, her.adviser, command.text, her)
    case 'take':
      return takeCase(file, her.seat, her)
    case 'escalate':
      return escalateCase(file, her.adviser, command.note, her)
    case 'keep':
      return keepAsDraft(file, her.adviser, her.wrote.message, her)
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

/** Her last words once more: taken back, or sent again. How taking back went is told when it is known. */
async function takeUp(kind: 'recall' | 'resend', target: Stored, her: Her): Promise<Effect[]> {
  const file = fileOf(target, her.work)
  const done =
    kind === 'recall'
      ? await recallSaid(file, her.adviser, her)
      : await resendSaid(file, her.adviser, `${her.wrote.message}:${target.id}`, her)
  if ('refused' in done) return refused(done.refused, target.number, her)
  if ('idle' in done) return answer('handoff.idle-hands', { number: target.number, kind, why: done.idle }, her)
  const clock = closeFile(file, her)
  const { name, to } = done.customer
  const told = to ? 'handoff.sent' : 'handoff.not-friend'
  const values = { number: target.number, name }
  return [...done.effects, ...clock, ...(kind === 'resend' ? answer(told, values, her) : [])]
}

/** A picture, file or card for a customer: by the same rules as words; it waits where it may be meant for several. */
async function pass(media: Media, her: Her): Promise<Effect[]> {
  const { adviser, hands, hers, work } = her
  if (wayOf(media).kind === 'words') return answer('handoff.file-unsent-type', {}, her)
  const target = targetOf('say', hers, adviser.id, hands)
  if (target === 'none') return answer('handoff.none', { kind: 'say' }, her)
  if (target === 'which') {
    const heldMedia = [...hands.heldMedia, media].slice(-heldAtMost)
    work.write(saveHands, { ...hands, adviser: adviser.id, heldMedia })
    return answer('handoff.which', { cases: await shown(hers, her), held: true }, her)
  }
  work.write(saveHands, { ...hands, adviser: adviser.id, current: target.id, heard: target.id })
  return passOn(target, adviser.id, media, her)
}

/** As many pictures as WeChat sends at once. */
const heldAtMost = 9

/**
 * Words for a customer, with a confirmation of who got them. `named`: she said for whom, so that pictures that waited for
 * just that go there too.
 */
async function say(target: Stored, text: string, her: Her, named = false): Promise<Effect[]> {
  const file = fileOf(target, her.work)
  return said(file, await sayToCustomer(file, her.adviser, text, `${her.wrote.message}:${target.id}`, her), her, named)
}

/** One of the drafts for the customer, or all of them to read again. */
async function draft(target: Stored, n: number | null, her: Her): Promise<Effect[]> {
  if (n !== null) {
    const file = fileOf(target, her.work)
    return said(file, await sendDraft(file, her.adviser, n, `${her.wrote.message}:${target.id}`, her), her)
  }
  const found = await currentDrafts(target, her)
  if (typeof found !== 'string') return tellDrafts(target, found, her.seat, her.wrote.message, her)
  return refused({ kind: found === 'stale' ? 'stale-draft' : 'no-draft' }, target.number, her)
}

function said(file: CaseFile, done: Done, her: Her, named = false): Effect[] {
  const target = file.now()
  if ('refused' in done) return refused(done.refused, target.number, her)
  const clock = closeFile(file, her)
  const { name, to } = done.customer
  const waited = named ? her.hands.heldMedia : []
  const heldMedia = named ? [] : her.hands.heldMedia
  her.work.write(saveHands, { adviser: her.adviser.id, current: target.id, heard: target.id, held: null, heldMedia })
  return [
    ...done.effects,
    ...clock,
    ...waited.flatMap((one) => passOn(target, her.adviser.id, one, her)),
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
  if (refusal.kind === 'no-draft' || refusal.kind === 'stale-draft')
    return answer(`handoff.${refusal.kind}`, { number }, her)
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
