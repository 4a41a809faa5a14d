/** The customer of a case, as far as advisers need to know her; and her tags, which they may set by hand. */
import { reasonOf } from '../../../domains/handoff/index.ts'
import {
  addTag,
  mannerOf,
  removeTag,
  type TagRefusal,
  tagRulesOf,
  tagsKind,
  valuesOf,
} from '../../../domains/tags/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { CustomerCard, TagBody } from '../../api.ts'
import type { CasesHouse, Viewer } from './house.ts'
import { casesOfPerson, type LineRow } from './repo/lines.ts'
import { listHandValues, listOrders, listPastCases, listTags, readPerson, type TagRow } from './repo/person.ts'
import { sightOf } from './sight.ts'
import { resolutionTitle } from './words.ts'

const ordersShown = 5
const casesShown = 20

/** Whether somebody is or was given a case of hers. A manager may read whoever there is. */
export async function mayReadCustomer(db: Queryable, viewer: Viewer, customerId: string): Promise<boolean> {
  if (viewer.role === 'manager') return (await readPerson(db, customerId)) !== undefined
  const cases = await casesOfPerson(db, customerId)
  return cases.some((one) => sightOf(viewer, one) === 'whole')
}

export async function cardOf(
  db: Queryable,
  { customerId, number, wanted }: Pick<LineRow, 'customerId' | 'number' | 'wanted'>,
  { content, now }: { content: Content; now: Date },
): Promise<CustomerCard | null> {
  const person = customerId === null ? undefined : await readPerson(db, customerId)
  if (customerId === null || !person) return null
  const [tags, orders, cases] = await Promise.all([
    listTags(db, person.personId, now),
    listOrders(db, person.personId, ordersShown),
    listPastCases(db, customerId, casesShown),
  ])
  const { dimensions } = content.one(tagsKind)
  const shown = tagsShown(tags, content)
  const groupDimension = dimensions.find(({ kind }) => kind === 'valueGroup')?.id
  return {
    ...{ id: customerId, name: person.name, level: wanted.level ?? '', region: wanted.region ?? '' },
    valueGroup: shown.find(({ dimension }) => dimension === groupDimension)?.values[0]?.valueTitle ?? '',
    ...{ since: person.since?.toISOString() ?? null, groups: person.groups, tags: shown },
    orders: orders.map(({ placedAt, items, ...order }) => ({
      ...{ ...order, placedAt: placedAt.toISOString() },
      items: items.flatMap(({ name }) => name ?? []),
    })),
    cases: cases
      .filter((one) => one.number !== number)
      .map(({ openedAt, closedAt, reason, resolution, ...one }) => ({
        ...{ ...one, openedAt: openedAt.toISOString(), closedAt: closedAt?.toISOString() ?? null },
        ...{ reason: reasonOf(content, reason).title, resolution: resolutionTitle(content, resolution) },
      })),
  }
}

/** By dimension, in content's order. Where one value holds, a hand's is it, whatever rules have not been told yet. */
function tagsShown(tags: readonly TagRow[], content: Content): CustomerCard['tags'] {
  return content.one(tagsKind).dimensions.flatMap((dimension) => {
    const hers = tags.filter((tag) => tag.dimension === dimension.id)
    const byHand = hers.filter(({ locked }) => locked)
    const shown = mannerOf(dimension) !== 'all' && byHand.length > 0 ? byHand : hers
    if (shown.length === 0) return []
    const titles = new Map(valuesOf(dimension).map(({ id, title }) => [id, title]))
    const values = shown.map(({ value, locked }) => ({ value, valueTitle: titles.get(value) ?? value, locked }))
    return [{ dimension: dimension.id, title: dimension.title ?? dimension.id, values }]
  })
}

export type TagSet = { tags: CustomerCard['tags'] } | { refused: TagRefusal }

/** Sets a tag by hand, as `zhanggui tags add` does; of null takes back what a hand has set in the dimension. */
export async function setTag(
  { db, content, clock }: Pick<CasesHouse, 'db' | 'content' | 'clock'>,
  viewer: Viewer,
  customerId: string,
  { dimension, value }: { dimension: string; value: (typeof TagBody)['_output']['value'] },
): Promise<TagSet> {
  const now = clock.now()
  const live = content()
  const rules = tagRulesOf(live)
  const who = { customerId, dimension, by: viewer.id, auditBy: `desk:${viewer.id}` }
  return db.transaction(async (tx): Promise<TagSet> => {
    const person = await readPerson(tx, customerId)
    if (!person) return { refused: 'unknown-customer' }
    if (value !== null) {
      const outcome = await addTag(tx, { ...who, value }, rules, now)
      if (outcome.kind === 'refused') return { refused: outcome.reason }
    } else {
      const set = await listHandValues(tx, person.personId, dimension)
      if (set.length === 0) return { refused: 'not-by-hand' }
      for (const one of set) await removeTag(tx, { ...who, value: one }, rules, now)
    }
    return { tags: tagsShown(await listTags(tx, person.personId, now), live) }
  })
}
