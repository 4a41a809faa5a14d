/** Drafts for advisers: grounded like answers, and said by nobody until an adviser chooses one. */
import type { Effect, EffectOf, ScheduleEvent } from '../../../kernel/effect.ts'
import type { Applying, SliceEventSeen } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { type Asker, askerFor, askers } from '../answers/asker.ts'
import { countFailure } from '../answers/counts.ts'
import { mayAsk } from '../answers/decide.ts'
import { findRecent } from '../answers/repo/lookups.ts'
import { addSpend, findAllowance } from '../answers/repo/spend.ts'
import { answersSettings } from '../answers/schema.ts'
import { personaOf } from '../persona/index.ts'
import { withoutModel } from './asking.ts'
import { approvedDrafts, asks, requestOf } from './decide.ts'
import { Drafted, type DraftRequest } from './schema.ts'

export { draftFor } from './asking.ts'
export type { DraftRequest } from './schema.ts'

export const drafted = 'faq.drafted'

/** Sets out to ask the model where it may be asked; else the approved answers come back as soon as this has committed. */
export async function draftReplies(effect: EffectOf<'DraftReplies'>, { work, content }: Applying): Promise<Effect[]> {
  if (!asks(effect.question, content)) return [comeBack(effect, withoutModel(effect, []), work.now)]
  const recent = (await work.load(findRecent, effect)) ?? []
  const request = requestOf(effect, recent, content, work.now)
  const asker = request.question === '' ? undefined : await askerOf(effect, { work, content })
  if (!asker) return [comeBack(effect, withoutModel(effect, approvedDrafts(request, content)), work.now)]
  // Should the process die meanwhile, whoever wants the drafts asks again for approved ones.
  work.afterCommit(() => asker.draft(request))
  return []
}

/** Whoever may ask the model for this: there is one, content wants its words, and the budget is not used up. */
async function askerOf(
  { from, account, customerId }: EffectOf<'DraftReplies'>,
  { work, content }: Pick<Applying, 'work' | 'content'>,
): Promise<Asker | undefined> {
  const settings = content.settings(answersSettings)
  // A case belongs to no account: who asks for another one does as well.
  const asker = from === 'model' ? (askerFor(account) ?? [...askers][0]) : undefined
  if (!asker || settings.voice !== 'model' || !personaOf(content, null)) return undefined
  const since = new Date(work.now.getTime() - settings.customerRate.within)
  const allowance = await work.load(findAllowance, { customerId, day: dayIn(content.zone, work.now), since })
  return allowance && !mayAsk(allowance, settings) ? undefined : asker
}

function comeBack({ lock, caseId }: EffectOf<'DraftReplies'>, payload: Drafted, at: Date): ScheduleEvent {
  return {
    kind: 'ScheduleEvent',
    name: drafted,
    key: `${drafted}:${caseId}`,
    at,
    account: '',
    lock: [...lock],
    payload,
  }
}

/** What was spent counts, whether anybody still wants the drafts or not. */
export async function onDrafted({ event, work, content }: SliceEventSeen): Promise<Effect[]> {
  const { caseId, madeFor, customerId, summary, drafts, usage, failed } = Drafted.parse(event.what.payload)
  if (failed) work.afterCommit(() => countFailure(failed))
  const tokens = usage.input + usage.output
  if (tokens > 0) {
    const { price } = content.settings(answersSettings)
    const cost = (usage.input * price.input + usage.output * price.output) / 1_000_000
    work.write(addSpend, { day: dayIn(content.zone, work.now), customerId, tokens, cost })
  }
  return [{ kind: 'KeepDrafts', caseId, madeFor, summary, drafts }]
}

/** For whoever takes requests to the model. */
export function keyOf({ caseId, madeFor }: Pick<DraftRequest, 'caseId' | 'madeFor'>): string {
  return `draft ${caseId} ${madeFor}`
}
