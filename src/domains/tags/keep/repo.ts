/** Writes what has changed of many persons' tags, in statements over all of them. */
import type { Queryable } from '../../../kernel/work.ts'
import type { StoredRfm } from '../facts/repo.ts'
import type { PersonTag, TagSource } from '../schema.ts'
import type { Difference } from '../settle/decide.ts'

export type PersonDifference = Difference & {
  personId: string
  /** The scores to store; null when they are stored as they are. */
  rfm: StoredRfm | null
  /** Everything derived goes, scores too: she is one of us, or has refused. */
  gone?: boolean
}

export type TagName = Pick<PersonTag, 'dimension' | 'value'>

/** Ids of values, which never change. */
export type KnownTags = Map<string, number>

const nameOf = ({ dimension, value }: TagName): string => `${dimension}\n${value}`

/** Learns the ids of these values; those that nobody has had yet get one. */
export async function tagIds(db: Queryable, names: readonly TagName[], known: KnownTags): Promise<void> {
  const missing = new Map(names.filter((name) => !known.has(nameOf(name))).map((name) => [nameOf(name), name]))
  if (missing.size === 0) return
  const values = [[...missing.values()].map((one) => one.dimension), [...missing.values()].map((one) => one.value)]
  await db.query(
    `INSERT INTO tag (dimension, value) SELECT * FROM unnest($1::text[], $2::text[]) AS row (dimension, value)
     WHERE NOT EXISTS (SELECT FROM tag t WHERE t.dimension = row.dimension AND t.value = row.value)
     ON CONFLICT (dimension, value) DO NOTHING`,
    values,
  )
  const { rows } = await db.query<{ id: number; dimension: string; value: string }>(
    `SELECT id, dimension, value FROM tag JOIN unnest($1::text[], $2::text[]) AS row (dimension, value)
       USING (dimension, value)`,
    values,
  )
  for (const row of rows) known.set(nameOf(row), row.id)
}

/** Puts new and changed rows, and moves ended ones to the history. In one transaction; `known` knows all their values. */
export async function keep(
  db: Queryable,
  differences: readonly PersonDifference[],
  { known, now }: { known: KnownTags; now: Date },
): Promise<void> {
  const ended = differences.flatMap(({ personId, ended }) => ended.map((end) => ({ personId, ...end })))
  const put = differences.flatMap(({ personId, put }) => put.map((tag) => ({ personId, tag })))
  const idOf = (tag: TagName): number => known.get(nameOf(tag))!
  await Promise.all([
    end(
      db,
      ended.map(({ personId, tag, reason }) => ({ personId, tagId: idOf(tag), source: tag.source, reason })),
      now,
    ),
    putTags(
      db,
      put.map(({ personId, tag }) => ({ personId, tagId: idOf(tag), tag })),
    ),
    putScores(db, differences, now),
    dropScores(
      db,
      differences.filter(({ gone }) => gone).map(({ personId }) => personId),
    ),
  ])
}

type Ended = { personId: string; tagId: number; source: TagSource; reason: string | null }

/** What may not be kept leaves no history either. */
async function end(db: Queryable, rows: readonly Ended[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await db.query({
    name: 'tags-end',
    text: `WITH ended AS (
             DELETE FROM customer_tag t
             USING unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) AS row (person_id, tag_id, source, reason)
             WHERE t.person_id = row.person_id AND t.tag_id = row.tag_id AND t.source = row.source
             RETURNING t.*, row.reason)
           INSERT INTO customer_tag_history
             (person_id, customer_id, tag_id, source, strength, since, ended_at, rule, evidence, reason)
           SELECT person_id, customer_id, tag_id, source, strength, since, $5, rule, evidence, reason
           FROM ended WHERE reason IS NOT NULL`,
    values: [
      rows.map((row) => row.personId),
      rows.map((row) => row.tagId),
      rows.map((row) => row.source),
      rows.map((row) => row.reason),
      now,
    ],
  })
}

/** Rows by hand keep the customer under whom they were written. */
async function putTags(
  db: Queryable,
  rows: readonly { personId: string; tagId: number; tag: PersonTag }[],
): Promise<void> {
  if (rows.length === 0) return
  await db.query({
    name: 'tags-put',
    text: `INSERT INTO customer_tag
             (person_id, customer_id, tag_id, source, effective, strength, since, until, rule, evidence)
           SELECT person_id, person_id, tag_id, source, effective, strength, since, until, rule, evidence
           FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::real[], $6::timestamptz[],
                       $7::timestamptz[], $8::text[], $9::jsonb[])
             AS row (person_id, tag_id, source, effective, strength, since, until, rule, evidence)
           ON CONFLICT (person_id, tag_id, source) DO UPDATE SET effective = excluded.effective,
             strength = excluded.strength, until = excluded.until, rule = excluded.rule, evidence = excluded.evidence`,
    values: [
      rows.map((row) => row.personId),
      rows.map((row) => row.tagId),
      rows.map(({ tag }) => tag.source),
      rows.map(({ tag }) => tag.effective),
      rows.map(({ tag }) => tag.strength),
      rows.map(({ tag }) => tag.since),
      rows.map(({ tag }) => tag.until),
      rows.map(({ tag }) => tag.rule),
      rows.map(({ tag }) => JSON.stringify(tag.evidence)),
    ],
  })
}

async function putScores(db: Queryable, differences: readonly PersonDifference[], now: Date): Promise<void> {
  const rows = differences.flatMap(({ personId, rfm }) => (rfm ? [{ personId, ...rfm }] : []))
  if (rows.length === 0) return
  await db.query({
    name: 'tags-put-scores',
    text: `INSERT INTO customer_rfm (person_id, last_at, frequency, monetary, r, f, m, look_at, computed_at)
           SELECT *, $9::timestamptz FROM unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::numeric[], $5::int2[],
             $6::int2[], $7::int2[], $8::timestamptz[])
           ON CONFLICT (person_id) DO UPDATE SET last_at = excluded.last_at, frequency = excluded.frequency,
             monetary = excluded.monetary, r = excluded.r, f = excluded.f, m = excluded.m,
             look_at = excluded.look_at, computed_at = excluded.computed_at`,
    values: [
      rows.map((row) => row.personId),
      rows.map((row) => row.lastAt),
      rows.map((row) => row.frequency),
      rows.map((row) => row.monetary),
      rows.map((row) => row.r),
      rows.map((row) => row.f),
      rows.map((row) => row.m),
      rows.map((row) => row.lookAt),
      now,
    ],
  })
}

async function dropScores(db: Queryable, personIds: readonly string[]): Promise<void> {
  if (personIds.length > 0) await db.query('DELETE FROM customer_rfm WHERE person_id = ANY($1::uuid[])', [personIds])
}

/** What was kept of sensitive dimensions goes from the history of who has not, or no longer, agreed to it. */
export async function forgetHistoryOf(
  db: Queryable,
  personIds: readonly string[],
  dimensions: readonly string[],
): Promise<void> {
  if (personIds.length === 0 || dimensions.length === 0) return
  await db.query({
    name: 'tags-forget-history',
    text: `DELETE FROM customer_tag_history WHERE person_id = ANY($1::uuid[])
             AND tag_id IN (SELECT id FROM tag WHERE dimension = ANY($2::text[]))`,
    values: [personIds, dimensions],
  })
}
