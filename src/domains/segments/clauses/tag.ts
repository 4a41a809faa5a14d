/** `tag: {consumption: high, interest: [skin, scent]}` and `region: east`: tags that a person has, and that count. */
import { z } from 'zod'
import type { Content, Pointer } from '../../../kernel/content.ts'
import type { ClauseSql, SegmentClause } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { dayIn, lastDayIn } from '../../../kernel/zone.ts'
import { resolvePlace } from '../../members/index.ts'
import { type Evidence, type TagSource, tagsKind } from '../../tags/index.ts'
import { oneOrMore } from './parts.ts'

const TagArgs = z
  .record(z.string(), oneOrMore(z.string().min(1)))
  .refine((dimensions) => Object.keys(dimensions).length > 0, { error: 'at least one dimension with a value' })
type TagArgs = z.output<typeof TagArgs>

export const tagClause: SegmentClause<TagArgs> = {
  title: 'Has the tag: a dimension, and a value or several of which one will do. Of several dimensions all must hold',
  schema: TagArgs,
  persons(args, on) {
    const sets = Object.entries(args).map(([dimension, values]) => taggedWith(dimension, values, on))
    const [first = '', ...others] = sets
    if (others.length === 0) return { in: first }
    const also = others.map((set) => `s.person_id IN (${set})`).join(' AND ')
    return { in: `SELECT s.person_id FROM (${first}) s WHERE ${also}` }
  },
  async seen(db, personId, args, { now, content }) {
    const wanted = Object.entries(args)
    const tags = await listTags(db, personId, Object.keys(args))
    const holds = wanted.every(([dimension, values]) => tags.some((tag) => counts(tag, dimension, values, now)))
    const facts = wanted.map(([dimension]) => tagsInWords(dimension, tags, now, content.zone))
    return { holds, fact: facts.join('; '), data: { tags } }
  },
  references: (args) =>
    Object.entries(args).flatMap(([dimension, values]) =>
      values.map((value) => ({ at: [dimension], kind: 'tags', id: `${dimension}/${value}` })),
    ),
}

export const regionClause: SegmentClause<string[]> = {
  title: 'Lives there: an area, a province or a city by its full name, or several of which one will do',
  schema: oneOrMore(z.string().min(1)),
  persons: (places, on) => ({ in: taggedWith(regionDimension(on.content), places, on) }),
  async seen(db, personId, places, { now, content }) {
    const dimension = regionDimension(content)
    const tags = await listTags(db, personId, [dimension])
    const holds = tags.some((tag) => counts(tag, dimension, places, now))
    return { holds, fact: tagsInWords(dimension, tags, now, content.zone), data: { tags } }
  },
  complaints: (places) => places.flatMap(complaintAbout),
}

/** The dimension that places are tags of. Where tags.yaml has none, nobody has tags of any name. */
function regionDimension(content: Content): string {
  return content.one(tagsKind).dimensions.find(({ kind }) => kind === 'region')?.id ?? 'region'
}

/** Tags name areas, provinces and cities, by their official names. */
function complaintAbout(name: string): { at: Pointer; message: string; expected: string }[] {
  const place = resolvePlace(name)
  const official = place && (place.city ?? place.province ?? place.area)
  if (place && (place.province === name || (official === name && place.district === null))) return []
  const expected = official ? `${official}, its full name` : 'the full name of an area, a province or a city'
  return [{ at: [], message: `«${name}» is not the full name of an area, a province or a city`, expected }]
}

/** Read from the index alone. The functions are computed while planning: it is planned for as many people as have this very tag. */
function taggedWith(dimension: string, values: readonly string[], { bind, now }: ClauseSql): string {
  const name = bind(dimension, 'text')
  const tag =
    values.length === 1
      ? `tag_id = tag_id(${name}, ${bind(values[0], 'text')})`
      : `tag_id = ANY (tag_ids(${name}, ${bind(values, 'text[]')}))`
  return `SELECT person_id FROM customer_tag WHERE ${tag} AND effective AND (until IS NULL OR until > ${bind(now, 'timestamptz')})`
}

type TagSeen = {
  dimension: string
  value: string
  source: TagSource
  effective: boolean
  strength: number
  since: Date
  until: Date | null
  rule: string
  evidence: Evidence[]
}

function counts(tag: TagSeen, dimension: string, values: readonly string[], now: Date): boolean {
  return tag.dimension === dimension && values.includes(tag.value) && tag.effective && lasts(tag, now)
}

function lasts({ until }: TagSeen, now: Date): boolean {
  return until === null || until > now
}

async function listTags(db: Queryable, personId: string, dimensions: string[]): Promise<TagSeen[]> {
  const { rows } = await db.query<TagSeen>(
    `SELECT t.dimension, t.value, p.source, p.effective, p.strength, p.since, p.until, p.rule, p.evidence
     FROM customer_tag p JOIN tag t ON t.id = p.tag_id
     WHERE p.person_id = $1 AND t.dimension = ANY ($2::text[])
     ORDER BY t.dimension, p.effective DESC, p.strength DESC, t.value, p.source`,
    [personId, dimensions],
  )
  return rows
}

function tagsInWords(dimension: string, tags: readonly TagSeen[], now: Date, zone: string): string {
  const own = tags.filter((tag) => tag.dimension === dimension)
  if (own.length === 0) return `${dimension}: no tag`
  return `${dimension}: ${own.map((tag) => tagInWords(tag, now, zone)).join(', ')}`
}

function tagInWords(tag: TagSeen, now: Date, zone: string): string {
  const [strongest] = tag.evidence
  const words = [
    `since ${dayIn(zone, tag.since)}`,
    tag.source === 'hand' ? `set by ${tag.rule}` : `by ${tag.source} ${tag.rule}`,
    ...(strongest ? [`from ${strongest.kind} ${strongest.ref} of ${dayIn(zone, new Date(strongest.at))}`] : []),
    ...(tag.until ? [endInWords(tag.until, now, zone)] : []),
    ...(tag.effective ? [] : ['does not count: another tag wins']),
  ]
  return `${tag.value} (${words.join(', ')})`
}

function endInWords(until: Date, now: Date, zone: string): string {
  return until > now ? `until ${lastDayIn(zone, until)}` : `over since ${dayIn(zone, until)}`
}
