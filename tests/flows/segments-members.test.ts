import { beforeEach, expect, test } from 'vitest'
import { clauses } from '../../src/domains/segments/clauses/index.ts'
import { normalise } from '../../src/domains/segments/decide.ts'
import {
  countSegments,
  explainMember,
  isMember,
  membersOf,
  membersQuery,
  surveySegment,
} from '../../src/domains/segments/index.ts'
import { compile } from '../../src/domains/segments/repo/compile.ts'
import { segmentsKind } from '../../src/domains/segments/schema.ts'
import { explanationLines } from '../../src/app/commands/segment-printer.ts'
import { readNames } from '../../src/app/segments.ts'
import type { Content } from '../../src/kernel/content.ts'
import { testDatabase } from '../support/database.ts'
import { idOf, writeWorld } from '../support/segment-rows.ts'
import { now, type World, zone } from '../support/segment-world.ts'

const { db } = await testDatabase()

/** Content with these rules, by id. */
function contentWith(rules: Record<string, unknown>): Content {
  const segments = Object.entries(rules).map(([id, rule]) => ({ id, title: id.toUpperCase(), rule }))
  const data = segmentsKind(clauses).schema.parse({ segments })
  return {
    zone,
    one: ({ name }: { name: string }) =>
      name === 'segments' ? data : { dimensions: [{ kind: 'region', id: 'region' }] },
    settings: (section: { schema: { parse(empty: object): unknown } }) => section.schema.parse({}),
  } as unknown as Content
}

const someone: World['customers'][number] = {
  staff: false,
  forgotten: false,
  mergedInto: null,
  firstSeen: 20,
  lastSeen: 3,
  optedOut: false,
  refused: false,
  noticed: false,
  consented: false,
  sensitive: false,
}
const nothing: World = { asks: false, customers: [], tags: [], orders: [], interactions: [], scores: [], stays: [] }
const order = { daysAgo: 5, cents: 10_000, status: 'paid', categories: ['精华'], skus: [] }

/** 0 and 1 have bought, 2 was merged into 1, 3 is staff, 4 has been silent for long. */
const world: World = {
  ...nothing,
  customers: [
    someone,
    someone,
    { ...someone, mergedInto: 1, lastSeen: 1 },
    { ...someone, staff: true },
    { ...someone, lastSeen: 39 },
  ],
  tags: [{ customer: 0, dimension: 'interest', value: '护肤', source: 'rule', effective: true, until: null }],
  orders: [
    { ...order, customer: 0 },
    { ...order, customer: 0, cents: -2_550 },
    { ...order, customer: 2 },
    { ...order, customer: 3 },
  ],
}

beforeEach(() => writeWorld(db.pool, world))

test('members come in chunks, each once, without staff, and as of the given instant', async () => {
  const content = contentWith({ buyers: { orders: { within: '10d' } }, all: { all: [] } })
  const read = async (id: string, at: Date, size: number): Promise<string[][]> => {
    const chunks: string[][] = []
    for await (const chunk of membersOf(db, content, id, at, size)) chunks.push(chunk)
    return chunks
  }
  expect((await read('buyers', now, 10)).map((chunk) => chunk.sort())).toEqual([[idOf(0), idOf(1)]])
  expect((await read('all', now, 2)).map((chunk) => chunk.length)).toEqual([2, 1])
  expect(await read('buyers', new Date(now.getTime() + 30 * 86_400_000), 10)).toEqual([])
})

test('who stops reading half-way keeps no connection', async () => {
  for (let n = 0; n < 12; n++) {
    for await (const _ of membersOf(db, contentWith({ all: { all: [] } }), 'all', now, 1)) break
  }
  expect(db.pool.waitingCount).toBe(0)
  expect(db.pool.idleCount).toBe(db.pool.totalCount)
})

test('the query stands within a statement of the caller’s, behind values of its own', async () => {
  const content = contentWith({ buyers: { orders: { spend: { min: 80 } } } })
  await db.transaction(async (tx) => {
    const { text, values } = await membersQuery(tx, content, 'buyers', now, ['drop-1'])
    const { rows } = await tx.query(`SELECT $1::text AS run, person_id FROM (${text}) s`, values)
    expect(rows).toEqual([{ run: 'drop-1', person_id: idOf(1) }])
  })
})

test('an explanation gives each clause as it is written, with the fact behind it', async () => {
  const rule = {
    all: [
      { tag: { interest: '护肤' } },
      { not: { active: { notWithin: '30d' } } },
      { any: [{ orders: { within: '10d', spend: { min: 100 } } }, { segment: 'silent' }] },
    ],
  }
  const content = contentWith({ a: rule, silent: { active: { notWithin: '30d' } } })
  const found = await explainMember(db.pool, content, 'a', idOf(0), now)
  expect(found?.holds).toBe(false)
  expect(explanationLines(found!.reason)).toEqual([
    'no   all',
    '     yes  tag {interest: 护肤}  — interest: 护肤 (since 2026-11-12, by rule interest, from message m1 of 2026-11-12)',
    '     yes  not',
    '          no   active {notWithin: 30d}  — last heard of 2026-11-19',
    '     no   any',
    '          no   orders {within: 10d, spend: {min: 100}}  — 1 orders for 74.50 in all, the last on 2026-11-17',
    '          no   segment silent',
    '               no   active {notWithin: 30d}  — last heard of 2026-11-19',
  ])
})

test('somebody who was merged is explained as the person that she is now', async () => {
  const content = contentWith({ a: { orders: {} } })
  expect(await explainMember(db.pool, content, 'a', idOf(2), now)).toMatchObject({
    holds: true,
    person: { id: idOf(1) },
  })
  expect(await isMember(db.pool, content, 'a', idOf(2), now)).toBe(true)
})

test('staff are in no segment, whatever the rule says, and the explanation tells why', async () => {
  const content = contentWith({ a: { orders: {} } })
  const found = await explainMember(db.pool, content, 'a', idOf(3), now)
  expect(found).toMatchObject({ holds: false, person: { staff: true }, reason: { holds: true } })
  expect(await explainMember(db.pool, content, 'a', idOf(99), now)).toBeUndefined()
})

test('a survey counts, gives a sample that stays the same, and what else its people are in', async () => {
  const content = contentWith({
    buyers: { orders: {} },
    lately: { active: { within: '30d' } },
    silent: { active: { notWithin: '30d' } },
  })
  const survey = await surveySegment(db, content, { id: 'buyers', now, size: 1 })
  expect(survey).toMatchObject({ id: 'buyers', title: 'BUYERS', count: 2, persons: 3, warning: null })
  expect(survey.overlap).toEqual([
    { id: 'lately', title: 'LATELY', both: 2, count: 2 },
    { id: 'silent', title: 'SILENT', both: 0, count: 1 },
  ])
  const again = await surveySegment(db, content, { id: 'buyers', now, size: 1 })
  expect(again.sample).toEqual(survey.sample)
  expect(survey.sample).toHaveLength(1)
})

test('segments that nobody or everybody is in are marked, unless there are no customers at all', async () => {
  const content = contentWith({
    buyers: { orders: {} },
    rich: { orders: { spend: { min: 1_000 } } },
    met: { joined: { within: '30d' } },
  })
  const marked = async () => (await countSegments(db, content, now)).map(({ count, warning }) => [count, warning])
  expect(await marked()).toEqual([
    [2, null],
    [0, 'empty'],
    [3, 'everybody'],
  ])
  await writeWorld(db.pool, nothing)
  expect(await marked()).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ])
})

test('clauses over the same rows share one pass, and nothing of content stands in the text', () => {
  const half = { within: '180d', category: '精华' }
  const text = (rule: unknown): string => {
    const data = segmentsKind(clauses).schema.parse({ segments: [{ id: 'a', title: 'A', rule }] })
    const { text, values } = compile(normalise(data.segments[0]!.rule, new Map()), { now, content: contentWith({}) })
    expect(text).not.toContain('精华')
    expect(JSON.stringify(values)).toContain('精华')
    return text
  }
  const [often, little] = [
    { orders: { ...half, count: { min: 3 } } },
    { orders: { within: '180d', spend: { max: 600 } } },
  ]
  expect(text({ all: [often, little] }).match(/FROM orders/g)).toHaveLength(1)
  expect(text({ any: [often, little] }).match(/FROM orders/g)).toHaveLength(1)
  expect(text({ all: [often, { any: [little, { orders: half }] }] }).match(/GROUP BY/g)).toHaveLength(1)
})

test('names are shown to people who ask for them, and each look is in the audit', async () => {
  await db.pool.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, first_seen_at, last_seen_at)
     VALUES ($1, 'default', 'contact-2', $2, 'customer', '王芳', $3, $3)`,
    [idOf(400), idOf(2), now],
  )
  const names = await readNames(db, [idOf(1)], { by: 'cli:test', now, segment: 'buyers' })
  expect([...names]).toEqual([[idOf(1), ['王芳']]])
  const { rows } = await db.pool.query("SELECT by, action, subject, details FROM audit WHERE by = 'cli:test'")
  expect(rows).toEqual([
    { by: 'cli:test', action: 'segment-name-shown', subject: idOf(1), details: { segment: 'buyers' } },
  ])
})
