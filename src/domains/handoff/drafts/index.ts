/**
 * Drafts for whoever has a case: asked for a moment after the customer's last word, shown once they are there, sent when an
 * adviser chooses one. Who makes them is not our matter (`DraftReplies`); that they answer what she said last is.
 */
import { z } from 'zod'
import type { DraftReplies, Effect, EffectOf, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { caseLock, type Stored } from '../cases/index.ts'
import { addEntries, findCase } from '../cases/repo.ts'
import type { Place } from '../roster/index.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffSettings } from '../schema.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'
import { readKnown } from '../talk/repo.ts'
import { areCurrent, areUnderWay, questionIn } from './decide.ts'
import { draftSoon } from './soon.ts'
import { listSaid, readDrafts, saveDrafts } from './repo.ts'
import type { Drafts, Said } from './schema.ts'

export { draftsDue } from './soon.ts'

export const draftsLate = 'handoff.drafts-late'

const OfCase = z.object({ caseId: z.string() })
const OfQuestion = z.object({ caseId: z.string(), madeFor: z.string() })

/** So many lines of a conversation are looked at. */
const linesAtMost = 30
/** They had their deadline: so long after it approved answers take their place. */
const graceMs = 1_000

/** Drafts may be wanted, unless she has been answered, or some are under way: then it is looked at again when these are there. */
export async function onDraftsDue({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId } = OfCase.parse(event.what.payload)
  const { work } = on
  const now = await work.load(findCase, caseId)
  if (!now || now.state === 'closed' || (now.owner !== null && now.unansweredSince === null)) return []
  const [known, said] = await Promise.all([readDrafts(work.db, caseId), saidIn(now, on)])
  const question = questionIn(said)
  if (!question || known?.madeFor === question.last || areUnderWay(known, work.now)) return []
  return askFor(now, said, known?.drafts ?? [], 'model', on)
}

/** They have not come back in time: whoever made them has died, or the model is slow. */
export async function onDraftsLate({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, madeFor } = OfQuestion.parse(event.what.payload)
  const { work } = on
  const [now, known] = [await work.load(findCase, caseId), await readDrafts(work.db, caseId)]
  if (!now || known?.state !== 'asked' || known.madeFor !== madeFor) return []
  if (now.state !== 'closed') return askFor(now, await saidIn(now, on), known.drafts, 'approved', on)
  work.write(saveDrafts, { ...known, state: 'failed' })
  return []
}

async function saidIn({ customerId, ...now }: Stored, { work }: Pick<On, 'work'>): Promise<Said[]> {
  return customerId === null ? [] : listSaid(work.db, { ...now, customerId }, linesAtMost)
}

/** `before`: the drafts that she was shown last; they stay in the row, unread, until others are there. */
async function askFor(
  now: Stored,
  said: Said[],
  before: Drafts['drafts'],
  from: DraftReplies['from'],
  { work, content }: On,
): Promise<Effect[]> {
  const question = questionIn(said)
  const place = await readKnown(work.db, now.id)
  if (!question || !place || now.customerId === null) return []
  const { draftsWithin } = content.settings(handoffSettings)
  const deadlineAt = new Date(work.now.getTime() + draftsWithin)
  const asked: Drafts = {
    caseId: now.id,
    madeFor: question.last,
    state: 'asked',
    summary: null,
    drafts: before,
    askedAt: work.now,
    deadlineAt,
    madeAt: null,
  }
  work.write(saveDrafts, asked)
  const late: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: draftsLate, key: `${draftsLate}:${now.id}`, account: '', lock: [caseLock] },
    at: new Date(deadlineAt.getTime() + graceMs),
    payload: { caseId: now.id, madeFor: question.last },
  }
  const ask: DraftReplies = {
    ...{ kind: 'DraftReplies', caseId: now.id, madeFor: question.last, threadId: now.threadId, from, deadlineAt },
    ...{ customerId: now.customerId, contactId: place.contactId, account: place.account, lock: [caseLock] },
    ...{ question: question.text, lines: said.map(({ who, text }) => ({ who, text })) },
  }
  return [late, ask]
}

/** Keeps what came back, and shows it to whoever has the case, unless the customer has gone on: then new ones are made. */
export async function keepDrafts(effect: EffectOf<'KeepDrafts'>, on: On): Promise<Effect[]> {
  const { caseId, madeFor, summary, drafts } = effect
  const { work } = on
  const [now, known] = [await work.load(findCase, caseId), await readDrafts(work.db, caseId)]
  if (!now || now.state === 'closed' || known?.state !== 'asked' || known.madeFor !== madeFor) return []
  const state = drafts.length > 0 || summary !== null ? 'ready' : 'none'
  const made: Drafts = { ...known, state, summary, drafts, madeAt: work.now }
  work.write(saveDrafts, made)
  work.write(addEntries, { caseId, at: work.now, entry: { kind: 'drafts' } })
  const last = questionIn(await saidIn(now, on))?.last
  if (last !== madeFor) return [draftSoon(caseId, work.now)]
  const isNews = state === 'ready' && !isKnown(known.drafts, made)
  if (now.owner === null || now.unansweredSince === null || !isNews) return []
  const seat = (await seatsOf(on)).find(({ adviser }) => adviser.id === now.owner)
  return seat ? tellDrafts(now, made, seat, `${caseId}:${madeFor}`, on) : []
}

/** She has read just these, and without a summary there is nothing new to read. */
function isKnown(before: Drafts['drafts'], { summary, drafts }: Drafts): boolean {
  const texts = (of: Drafts['drafts']): string => JSON.stringify(of.map(({ text }) => text))
  return summary === null && before.length > 0 && texts(before) === texts(drafts)
}

/** The drafts of a case that answer what its customer said last. stale: she has gone on, and others are made. */
export async function currentDrafts(now: Stored, on: Pick<On, 'work'>): Promise<Drafts | 'none' | 'stale'> {
  const known = await readDrafts(on.work.db, now.id)
  if (known?.state === 'asked') return 'stale'
  if (!known || known.drafts.length === 0) return 'none'
  return areCurrent(known, questionIn(await saidIn(now, on))?.last) ? known : 'stale'
}

/** `key`: what she is told them for; once. */
export async function tellDrafts(
  now: Stored,
  { summary, drafts }: Drafts,
  { adviser, place }: { adviser: { id: string }; place: Place | null },
  key: string,
  on: On,
): Promise<Effect[]> {
  const { name } = await customerOf(now, on)
  const listed = drafts.map(({ text, source }, at) => ({ number: at + 1, text, source }))
  const values = { number: now.number, name, summary: summary ?? '', drafts: listed }
  return tellAdviser(place, `handoff-drafts:${adviser.id}:${key}`, on.content.reply('handoff.drafts', values), on)
}
