/** Tags that a person sets and takes back, and those that the model proposes. */
import { writeAudit } from '../../../kernel/audit.ts'
import type { EffectOf } from '../../../kernel/effect.ts'
import type { Applying } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Dimension } from '../content.ts'
import { mannerOf, type TagRules, tagRulesOf } from '../rules.ts'
import { type Allowed, allow } from './decide.ts'
import { endByHand, findTarget, markPersonDue, putTag } from './repo.ts'

export type { TagRefusal } from './decide.ts'

export type ByHand = {
  customerId: string
  dimension: string
  value: string
  /** Which adviser or manager. */
  by: string
  until?: Date | undefined
  /** As the audit names who did it; default: `by`. */
  auditBy?: string
}

export type HandOutcome = { kind: 'done'; personId: string; values: string[] } | Extract<Allowed, { kind: 'refused' }>

/**
 * Sets a tag by hand. Where only one value can hold it takes the place of what a hand had set before. She is marked as
 * due: what rules say stays, without effect.
 */
export async function addTag(db: Queryable, given: ByHand, rules: TagRules, now: Date): Promise<HandOutcome> {
  const { customerId, by, until = null } = given
  const allowed = allow(await findTarget(db, customerId), given, rules, now)
  if (allowed.kind === 'refused') return allowed
  const { personId, dimension, values } = allowed
  if (mannerOf(dimension) !== 'all') {
    await endByHand(db, personId, { dimension: dimension.id, except: values }, { reason: 'replaced', now })
  }
  for (const value of values) {
    const evidence = [{ kind: 'hand' as const, ref: by, at: now.toISOString() }]
    const tag = { dimension: dimension.id, value, source: 'hand' as const, strength: 1, until, rule: by, evidence }
    await putTag(db, { customerId, personId, tag }, now)
  }
  await markPersonDue(db, personId, now)
  const details = { ...named(dimension, given), until: until?.toISOString() }
  await writeAudit(db, { at: now, by: given.auditBy ?? by, action: 'tag-added', subject: customerId, details })
  return { kind: 'done', personId, values }
}

/** Takes a tag back that a hand has set; what rules say holds again. */
export async function removeTag(db: Queryable, given: ByHand, rules: TagRules, now: Date): Promise<HandOutcome> {
  const { customerId, by, dimension, value } = given
  const target = await findTarget(db, customerId)
  if (!target) return { kind: 'refused', reason: 'unknown-customer', known: [] }
  const { personId } = target
  // Also of a dimension that content no longer has: what was set by hand must be removable.
  const allowed = allow(target, { dimension, value }, rules, now)
  const values = allowed.kind === 'allowed' ? allowed.values : [value]
  const ended = await endByHand(db, personId, { dimension, values }, { reason: 'removed', now })
  if (ended === 0) return { kind: 'refused', reason: 'not-by-hand', known: [] }
  await markPersonDue(db, personId, now)
  const declared = rules.dimensions.find(({ id }) => id === dimension)
  const details = named(declared, given)
  await writeAudit(db, { at: now, by: given.auditBy ?? by, action: 'tag-removed', subject: customerId, details })
  return { kind: 'done', personId, values }
}

/**
 * A tag for the audit, which nothing is ever taken out of: without the value where it is sensitive, or may have been, for
 * she may take her agreement back.
 */
function named(declared: Dimension | undefined, { dimension, value }: ByHand): Record<string, unknown> {
  return declared && !declared.sensitive ? { dimension, value } : { dimension }
}

/** What the model proposed holds for so long without new words of hers. */
const proposalMs = 180 * 86_400_000

export async function applyAddTag(effect: EffectOf<'AddTag'>, { work, content }: Applying): Promise<void> {
  await addTag(work.db, effect, tagRulesOf(content), work.now)
}

export async function applyRemoveTag(effect: EffectOf<'RemoveTag'>, { work, content }: Applying): Promise<void> {
  await removeTag(work.db, effect, tagRulesOf(content), work.now)
}

/** A proposal for somebody, or of something, that may not be tagged is dropped: there is nobody to tell. */
export async function applyProposeTag(effect: EffectOf<'ProposeTag'>, { work, content }: Applying): Promise<void> {
  const { customerId, messages } = effect
  const allowed = allow(await findTarget(work.db, customerId), effect, tagRulesOf(content), work.now)
  if (allowed.kind === 'refused') return
  const { personId, dimension, values } = allowed
  const evidence = messages.map(({ id, at }) => ({ kind: 'message' as const, ref: id, at: at.toISOString() }))
  const strength = Math.min(Math.max(effect.strength, 0.01), 0.99)
  const until = new Date(work.now.getTime() + proposalMs)
  for (const value of values) {
    const tag = { dimension: dimension.id, value, source: 'model' as const, strength, until, rule: 'model', evidence }
    await putTag(work.db, { customerId: personId, personId, tag }, work.now)
  }
  await markPersonDue(work.db, personId, work.now)
}
