/** What texts for many say of each reader, from a real database. */
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseMessages, renderMessages, type Values, valuesOf } from '../../src/domains/campaigns/messages/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Queryable } from '../../src/kernel/work.ts'
import { contentOfDrops, lentPlaceholders } from '../support/drops.ts'
import { testDatabase } from '../support/database.ts'

const now = new Date('2026-12-10T12:00:00Z')
const { db } = await testDatabase()
let content: Content

beforeAll(async () => {
  content = await contentOfDrops()
})
beforeEach(() => db.pool.query('TRUNCATE customer, identity, customer_tag, tag RESTART IDENTITY CASCADE'))

type Contact = { name?: string; alias?: string; role?: string; profile?: object; daysAgo?: number }

async function person(profile: object = {}, ...contacts: Contact[]): Promise<string> {
  const id = randomUUID()
  await db.pool.query(
    'INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, profile) VALUES ($1, $1, $2, $2, $3)',
    [id, now, profile],
  )
  for (const { name = '', alias = null, role = 'customer', profile: said = {}, daysAgo = 0 } of contacts) {
    await db.pool.query(
      `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, alias, profile, friend_of, first_seen_at, last_seen_at)
       VALUES ($1::uuid, 'main', $1::uuid::text, $2, $3, $4, $5, $6, '{}', $7, $7)`,
      [randomUUID(), id, role, name, alias, said, new Date(now.getTime() - daysAgo * 86_400_000)],
    )
  }
  return id
}

type Tag = { effective?: boolean; strength?: number; until?: string | null; source?: string }

async function tag(
  id: string,
  name: string,
  { effective = true, strength = 1, until = null, source = 'rule' }: Tag = {},
) {
  const [dimension, value] = name.split('/')
  await db.pool.query('INSERT INTO tag (dimension, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [dimension, value])
  await db.pool.query(
    `INSERT INTO customer_tag (person_id, customer_id, tag_id, source, effective, strength, since, until, rule, evidence)
     SELECT $1, $1, id, $4, $5, $6, $7, $8, $2, '[]' FROM tag WHERE dimension = $2 AND value = $3`,
    [id, dimension, value, source, effective, strength, now, until],
  )
}

async function valuesFor(id: string, ...names: string[]): Promise<Values | undefined> {
  return (await valuesOf(db.pool, [id], names, lentPlaceholders, { now, content })).get(id)
}

describe('names', () => {
  test('a person is called as the platform shows her, by the contact that was met last', async () => {
    const id = await person({}, { name: '小林', daysAgo: 3 }, { name: '林林', daysAgo: 1 }, { name: ' ', daysAgo: 0 })
    expect(await valuesFor(id, 'name')).toEqual({ name: '林林' })
  })

  test('what our people noted about her is never said', async () => {
    const id = await person({}, { alias: '爱投诉的林姐' })
    expect(await valuesFor(id, 'name')).toEqual({})
  })

  test('who has no name there is called as the shop or an import says', async () => {
    expect(await valuesFor(await person({ name: '林小满' }, { name: '' }), 'name')).toEqual({ name: '林小满' })
    expect(await valuesFor(await person({ name: '林小满' }, { name: '小林' }), 'name')).toEqual({ name: '小林' })
  })

  test('two customers who are one person have one name, and two with one name stay apart', async () => {
    const [first, second, other] = [
      await person({}, { name: '旧', daysAgo: 9 }),
      await person({}, { name: '新' }),
      await person({}, { name: '新' }),
    ]
    await db.pool.query('UPDATE customer SET person_id = $1 WHERE id = $2', [first, second])
    const values = await valuesOf(db.pool, [first, other], ['name'], lentPlaceholders, { now, content })
    expect(values).toEqual(
      new Map([
        [first, { name: '新' }],
        [other, { name: '新' }],
      ]),
    )
  })
})

describe('places', () => {
  test('are said by their full names, the shop before the platform', async () => {
    const id = await person(
      { province: '浙江', city: '杭州' },
      { name: '林', profile: { province: '江苏', city: '苏州' } },
    )
    expect(await valuesFor(id, 'city', 'province', 'region')).toEqual({
      city: '杭州市',
      province: '浙江省',
      region: '华东',
    })
    const other = await person({}, { profile: { province: '江苏' } })
    expect(await valuesFor(other, 'city', 'province')).toEqual({ province: '江苏省' })
  })

  test('that nobody can make out are not said', async () => {
    const id = await person({}, { profile: { province: 'Ontario', city: 'Toronto' } })
    expect(await valuesFor(id, 'city', 'province', 'region')).toEqual({})
  })
})

describe('tags', () => {
  test('are said in the words that are meant for her, the strongest first', async () => {
    const id = await person()
    await tag(id, 'interest/护肤', { strength: 0.4 })
    await tag(id, 'interest/香水', { strength: 0.9 })
    await tag(id, 'consumption/高消费')
    await tag(id, 'region/华东')
    expect(await valuesFor(id, 'tags')).toEqual({
      tags: { interest: ['香水香氛', '护肤'], consumption: ['老朋友'], region: ['华东'] },
    })
  })

  test('without words for her, sensitive, overruled or outlived ones are never said', async () => {
    const id = await person()
    await tag(id, 'interest/挑剔')
    await tag(id, 'mood/生气')
    await tag(id, 'skin/敏感肌')
    await tag(id, 'interest/护肤', { effective: false })
    await tag(id, 'interest/香水', { until: '2026-12-09T00:00:00Z' })
    expect(await valuesFor(id, 'tags')).toEqual({})
  })

  test('are not said to who refuses to be profiled, however fresh that is', async () => {
    const id = await person()
    await tag(id, 'interest/护肤')
    await db.pool.query('UPDATE customer SET profiling_refused_at = $1', [now])
    expect(await valuesFor(id, 'tags')).toEqual({})
  })
})

test('only what is named is asked for, in one statement each for a thousand people', async () => {
  const asked: unknown[] = []
  const counting = {
    query: (statement: { name?: string }, ...rest: unknown[]) => {
      asked.push(statement.name)
      return (db.pool.query as (...all: unknown[]) => unknown)(statement, ...rest)
    },
  } as unknown as Queryable
  counting.query = counting.query.bind(db.pool)
  const ids = Array.from({ length: 1_000 }, () => randomUUID())
  const values = await valuesOf(counting, ids, ['name', 'tags', 'brand'], lentPlaceholders, { now, content })
  expect(asked).toEqual(['members-lent-names', 'tags-held-by-many'])
  expect(values.size).toBe(1_000)
})

test('each reader gets her own words and nobody else’s', async () => {
  const [lin, stranger] = [await person({}, { name: '{{ brand }}\n小林' }), await person()]
  await tag(lin, 'interest/香水')
  const { messages } = parseMessages('{{ name | default: "你好呀" }}，{{ tags.interest.first | default: "护肤" }}上新')
  const values = await valuesOf(db.pool, [lin, stranger], ['name', 'tags'], lentPlaceholders, { now, content })
  const says = (id: string) => renderMessages(messages, values.get(id)!, content).body
  expect(says(lin)).toEqual([{ type: 'text', text: '{{ brand }} 小林，香水香氛上新' }])
  expect(says(stranger)).toEqual([{ type: 'text', text: '你好呀，护肤上新' }])
})
