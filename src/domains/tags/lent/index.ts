/** What answers may know of tags: by which the tone bends, and what may be proposed from her words. */
import type { Content } from '../../../kernel/content.ts'
import type { FactKind } from '../../../kernel/slice.ts'
import { tagsKind, valuesOf } from '../content.ts'
import { listHeld } from './repo.ts'

/** Her tags by dimension, without those that she must agree to. For the tone, never to be said. */
const held: FactKind = {
  title: 'Her tags, by dimension',
  placeholders: [],
  async ask(db, customerId, { now, content }) {
    const all = await listHeld(db, customerId, now)
    const open = content.one(tagsKind).dimensions.filter(({ id, sensitive }) => !sensitive && all.has(id))
    if (open.length === 0) return { kind: 'unknown' }
    return { kind: 'known', values: Object.fromEntries(open.map(({ id }) => [id, all.get(id) ?? null])) }
  },
}

export const facts: Readonly<Record<string, FactKind>> = { 'tags.held': held }

/** Interests, as far as nobody has to agree to them first. */
export function proposable(content: Content): Readonly<Record<string, readonly string[]>> {
  const interests = content.one(tagsKind).dimensions.filter(({ kind, sensitive }) => kind === 'interest' && !sensitive)
  return Object.fromEntries(interests.map((dimension) => [dimension.id, valuesOf(dimension).map(({ id }) => id)]))
}
