/**
 * Cases that arise in groups: the talk goes on in a direct message, as soon as one reaches her; in the group the bot keeps
 * quiet for her alone.
 */
import { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent } from '../../../kernel/effect.ts'
import type { FactKind, SliceEventSeen } from '../../../kernel/slice.ts'
import type { Work } from '../../../kernel/work.ts'
import type { On as Members, Thread } from '../../members/schema.ts'
import { greet } from '../acts/index.ts'
import { caseLock, fileOf } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { closeFile } from '../clock/wind.ts'
import { promiseHelp } from '../promise/index.ts'
import { seatsOf } from '../routing/index.ts'
import { handoffSettings, reasonOf } from '../schema.ts'
import { customerOf, tellAdviser, yieldTo } from '../talk/index.ts'
import { isQuietIn, type Quiet, quietOf } from './decide.ts'
import { findAsides, listUnreached } from './repo.ts'
import type { Aside } from './schema.ts'

export const met = 'handoff.met'

const OfCase = z.object({ caseId: z.string() })

function quietNow(aside: Aside | undefined, content: Content, now: Date): Quiet {
  if (!aside) return undefined
  const { groupQuiet } = content.settings(handoffSettings)
  return quietOf(aside, !reasonOf(content, aside.reason).quiet, groupQuiet, now)
}

/**
 * Whether the bot keeps quiet for this customer in this group, and only for her: as somebody has her case, or as it waits for
 * somebody. Never in a direct thread, which has an owner or none.
 */
export async function quietnessFor(
  { work, content }: { work: Work; content: Content },
  { kind, id }: Pick<Thread, 'kind' | 'id'>,
  customerId: string,
): Promise<'owned' | 'waits' | undefined> {
  if (kind === 'direct') return undefined
  const aside = await work.load(findAsides, customerId)
  if (!isQuietIn(quietNow(aside, content, work.now), id)) return undefined
  return aside?.state === 'owned' ? 'owned' : 'waits'
}

/** Asks early for what `quietnessFor` will need, so that the read travels with others. */
export function foreseeQuiet(work: Work, { kind }: Pick<Thread, 'kind'>, customerId: string): void {
  // Whoever needs the row hears of a failure; here nobody waits for it.
  if (kind === 'group') work.load(findAsides, customerId).catch(() => undefined)
}

/** The same for who speaks later than the message was heard: `everywhere`, or in the group `threadId`. */
export const quietFact: FactKind = {
  title: 'In which groups the bot keeps quiet for her',
  placeholders: [],
  async ask(db, customerId, { now, content }) {
    const found = await findAsides.run(db, [customerId])
    const quiet = quietNow(found.get(customerId), content, now)
    return quiet ? { kind: 'known', values: quiet } : { kind: 'unknown' }
  },
}

/** These people are friends of the account by now: whose case waits for that is told what to expect, and by whom. */
export async function befriended({ work, realm }: Members, contactIds: readonly string[]): Promise<Effect[]> {
  const cases = await listUnreached(work.db, { realm, contactIds })
  return cases.map(
    (caseId): ScheduleEvent => ({
      ...{ kind: 'ScheduleEvent', name: met, key: `${met}:${caseId}`, at: work.now, account: '', lock: [caseLock] },
      payload: { caseId },
    }),
  )
}

/** The talk moves to where it reaches her: whoever has her case can speak from now on. */
export async function onMet({ event, ...on }: SliceEventSeen): Promise<Effect[]> {
  const { caseId } = OfCase.parse(event.what.payload)
  const found = await on.work.load(findCase, caseId)
  if (!found || found.state === 'closed' || found.talkThreadId !== null) return []
  const customer = await customerOf(found, on)
  if (customer.to === null) return []
  const file = fileOf(found, on.work)
  file.set({ talkThreadId: customer.to.threadId })
  const seats = await seatsOf(on)
  const seat = seats.find(({ adviser }) => adviser.id === found.owner)
  if (!seat) return [...(await promiseHelp(file, seats, on)), ...closeFile(file, on)]
  const text = on.content.reply('handoff.now-friend', { number: found.number, name: customer.name })
  return [
    ...yieldTo(customer, on.work.now),
    ...greet(file, customer, seat.adviser, on),
    ...tellAdviser(seat.place, `handoff-now-friend:${caseId}`, text, on),
    ...closeFile(file, on),
  ]
}
