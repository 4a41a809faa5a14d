/** Handing over: recipients whose turn it is become sends, a chunk a transaction. Whether they may go delivery decides. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, Recipient as Place, SendMessage } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Work } from '../../../kernel/work.ts'
import { accountsIn, directPlaces, findGroupPlaces, zonesOf } from '../../members/index.ts'
import { follow } from '../links/index.ts'
import { type Placeholders, namesIn, renderMessages, type Values, valuesOf } from '../messages/index.ts'
import { campaignsSettings } from '../schema.ts'
import { countWaiting, dismissWaiting, type Fate, type Recipient, recordFates, takeDue } from './repo/recipients.ts'
import { lockRun } from './repo/runs.ts'
import { batchOf, endOf, keyOf, type Run } from './schema.ts'

/** The slice event that hands the next chunk of a run over. */
export const handOver = 'campaigns.hand-over'

/** `breaths`: so often it may still find the outbox full and look again by itself; the next tick looks anyhow. */
export type HandOver = { runId: string; breaths?: number }

/**
 * So few of a run wait in the outbox at a time that a pause, a stop and the caps find nearly all of it still here. What is
 * not handed over before the run is of no use expires.
 */
export async function onHandOver(
  { event, work, content, ids }: SliceEventSeen,
  placeholders: Placeholders,
): Promise<Effect[]> {
  const { runId, breaths = 0 } = event.what.payload as HandOver
  const { now, db } = work
  const run = await lockRun(db, runId)
  if (run?.state !== 'sending' || run.pausedAt) return []
  const { chunk, waitingAtMost } = content.settings(campaignsSettings)
  if (now >= endOf(run)) {
    await dismissWaiting(db, runId, 'expired', { now, limit: chunk })
    return []
  }
  const room = Math.min(chunk, waitingAtMost - (await countWaiting(db, runId, waitingAtMost)))
  if (room <= 0) return breaths > 0 ? [again(event, later(now), breaths - 1)] : []
  const taken = await takeDue(db, runId, now, room)
  if (taken.length === 0) return []
  const told = await tellAll(run, taken, { work, content, ids, placeholders })
  await recordFates(
    db,
    runId,
    told.map(({ fate }) => fate),
    now,
  )
  const sends = told.flatMap(({ send }) => (send ? [send] : []))
  return taken.length < room ? sends : [...sends, again(event, room < chunk ? later(now) : now, breathsAtMost)]
}

/** So long the outbox is given to send what it has, before it gets more. */
const breathMs = 1_000
/** An outbox out of which nothing goes for so many breaths is not asked every second for the whole night. */
const breathsAtMost = 3

function later(now: Date): Date {
  return new Date(now.getTime() + breathMs)
}

/** More of them may be due: the next chunk is a transaction of its own. One such job waits for a run at most. */
function again({ what, account }: SliceEventSeen['event'], at: Date, breaths: number): Effect {
  const { name, lock } = what
  const payload: HandOver = { ...(what.payload as HandOver), breaths }
  return { kind: 'ScheduleEvent', name, key: `hand-over:${lock.join()}`, at, account, lock, payload }
}

type Telling = { work: Work; content: Content; ids: Ids; placeholders: Placeholders }
type Told = { fate: Fate; send?: SendMessage }

async function tellAll(run: Run, taken: readonly Recipient[], on: Telling): Promise<Told[]> {
  const of = (kind: Recipient['kind']): string[] => taken.flatMap((one) => (one.kind === kind ? [one.target] : []))
  const persons = of('direct')
  const names = [...new Set(run.drop.variants.flatMap(({ messages }) => namesIn(messages)))]
  const { db, now } = on.work
  const [places, groups, zones, values] = await Promise.all([
    directPlaces(on, persons, { account: run.drop.account, among: accountsIn(on.content) }),
    findGroupPlaces(db, of('group')),
    zonesOf(db, persons),
    valuesOf(db, persons, names, on.placeholders, { now, content: on.content }),
  ])
  return taken.map((one): Told => {
    const place = one.kind === 'direct' ? places.get(one.target) : groupPlace(groups.get(one.target))
    if (place === undefined || typeof place === 'string') {
      return { fate: { target: one.target, state: 'not-sent', reason: place ?? 'no-identity' } }
    }
    return tell(run, { ...one, zone: zones.get(one.target) }, place, values.get(one.target) ?? {}, on)
  })
}

function groupPlace(found: { account: string; roomId: string; threadId: string } | undefined): Place | undefined {
  return found && { kind: 'group', account: found.account, roomId: found.roomId, threadId: found.threadId }
}

type Reader = Recipient & { zone: string | undefined }

function tell(run: Run, { target, kind, variant, zone }: Reader, to: Place, values: Values, on: Telling): Told {
  const { drop } = run
  const messages = drop.variants.find(({ id }) => id === variant)?.messages ?? []
  const tracked = drop.links === 'tracked' && to.kind === 'direct'
  const source = batchOf(run.id)
  const url = tracked ? follow(on, { source, personId: target, customerId: to.customerId }) : undefined
  const { body, delays } = renderMessages(messages, kind === 'group' ? {} : values, on.content, url)
  if (body.length === 0) return { fate: { target, state: 'not-sent', reason: 'empty' } }
  const { topic, personal, rank } = drop
  const send: SendMessage = {
    ...{ kind: 'SendMessage', to, purpose: 'marketing', key: keyOf(run.id, target), body, delays },
    ...{ batch: source, rank, notAfter: endOf(run) },
    offer: {
      ...(topic !== undefined && { topic }),
      ...(zone !== undefined && zone !== on.content.zone && { zone }),
      personal: personal && kind === 'direct',
    },
  }
  return { fate: { target, state: 'queued', account: to.account }, send }
}
