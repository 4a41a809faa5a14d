/** What answers may know of tags: by which the tone bends, and what may be proposed from her words. */
import type { Content } from '../../../kernel/content.ts'
import type { FactKind, Placeholder } from '../../../kernel/slice.ts'
import { type Dimension, tagsKind, valuesOf } from '../content.ts'
import { listHeld, listHeldByMany, listShown } from './repo.ts'

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

/** The same for our own people: all of them with their titles, in the order of tags.yaml, and what kind each is of. */
const shown: FactKind = {
  title: 'Her tags with their titles, for whoever serves her',
  placeholders: [],
  async ask(db, customerId, { now, content }) {
    const all = await listShown(db, customerId, now)
    const open = content.one(tagsKind).dimensions.filter(({ sensitive }) => !sensitive)
    const tags = open.flatMap((dimension) => {
      const titles = new Map(valuesOf(dimension).map(({ id, title }) => [id, title ?? id]))
      const { id, kind, title = id } = dimension
      const hers = all.filter((one) => one.dimension === id)
      return hers.map(({ value }) => ({ dimension: id, kind, title, value, valueTitle: titles.get(value) ?? value }))
    })
    return tags.length === 0 ? { kind: 'unknown' } : { kind: 'known', values: { tags } }
  },
}

export const facts: Readonly<Record<string, FactKind>> = { 'tags.held': held, 'tags.shown': shown }

/**
 * Her tags by dimension, the strongest first, in the words that content has for her (`saidAs`; of a region that is shown,
 * its name). What has no words for her is never told her, and of dimensions that she must agree to nothing is.
 */
const tags: Placeholder = {
  title: 'Her tags by dimension, a list of each: {{ tags.interest.first }}',
  example: {},
  fields: (others) => others(tagsKind).flatMap(({ data }) => data.dimensions.filter(isTold).map(({ id }) => id)),
  async values(db, personIds, { now, content }) {
    const told = content.one(tagsKind).dimensions.filter(isTold)
    const words = new Map(told.map((dimension) => [dimension.id, wordsOf(dimension)]))
    const people = new Map<string, Record<string, string[]>>()
    for (const { personId, dimension, value } of await listHeldByMany(db, personIds, [...words.keys()], now)) {
      const said = words.get(dimension)?.(value)
      if (!said) continue
      const hers = people.get(personId) ?? {}
      people.set(personId, hers)
      const list = (hers[dimension] ??= [])
      if (!list.includes(said)) list.push(said)
    }
    return people
  },
}

/** Whether some value of the dimension may be said to her. */
function isTold(dimension: Dimension): boolean {
  if (dimension.sensitive) return false
  return dimension.kind === 'region' ? dimension.shown : valuesOf(dimension).some(({ saidAs }) => saidAs)
}

function wordsOf(dimension: Dimension): (value: string) => string | null | undefined {
  if (dimension.kind === 'region') return (place) => place
  const said = new Map(valuesOf(dimension).map(({ id, saidAs }) => [id, saidAs]))
  return (value) => said.get(value)
}

export const placeholders: Readonly<Record<string, Placeholder>> = { tags }

/** Interests, as far as nobody has to agree to them first. */
export function proposable(content: Content): Readonly<Record<string, readonly string[]>> {
  const interests = content.one(tagsKind).dimensions.filter(({ kind, sensitive }) => kind === 'interest' && !sensitive)
  return Object.fromEntries(interests.map((dimension) => [dimension.id, valuesOf(dimension).map(({ id }) => id)]))
}
