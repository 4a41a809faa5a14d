/** The `tags` commands as a person or a script calls them. */
import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import type { TagsExplained } from '../../src/domains/tags/index.ts'
import { command } from '../support/command.ts'
import { contentFolder } from '../support/content.ts'
import { testDatabase } from '../support/database.ts'

const { db, url } = await testDatabase()
const content = contentFolder({
  files: {
    'segments.yaml': 'segments: []\n',
    // Without tones for values that these tags do not have.
    'persona.md': '---\nid: xiaoyu\nname: 小屿\n---\n\n小屿\n',
    'tags.yaml': `dimensions:
  - { id: consumption, kind: level, levels: [{ id: high, when: [{ spend: 100 }] }, { id: low }] }
  - { id: skin, kind: byHand, sensitive: true, values: [{ id: dry }] }\n`,
  },
})
afterAll(content.dispose)

const tags = (...words: string[]) => command(['tags', ...words], { DATABASE_URL: url, CONTENT_DIR: content.dir })

const customer = randomUUID()
await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, now(), now())', [
  customer,
])
await db.pool.query(
  `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
   VALUES ('shop', 'A1', $1, $1, now(), 20, 'completed', 'test', now(), now())`,
  [customer],
)

async function explained(): Promise<TagsExplained> {
  const { out } = await tags('explain', customer, '--json')
  return JSON.parse(out) as TagsExplained
}

test('everybody is brought up to date, a hand overrules, and every tag is explained', async () => {
  expect(JSON.parse((await tags('run', '--json')).out)).toMatchObject({ people: 1, changed: 1, failed: 0 })
  expect((await explained()).tags).toMatchObject([
    { dimension: 'consumption', value: 'low', effective: true, evidence: [{ kind: 'order', ref: 'A1' }] },
  ])
  const added = await tags('add', customer, 'consumption=high', '--by', 'Lin', '--until', '2099-12-31')
  expect(added).toMatchObject({ code: 0, out: 'Set: consumption=high\n' })
  expect((await explained()).waiting).toBe(true)
  await tags('run')
  const { out } = await tags('explain', customer)
  expect(out).toContain('by hand: Lin')
  expect(out).toContain('until 2099-12-31')
  expect(out).toContain('consumption=low  1.00  without effect')
  expect(out).toContain('contradicts consumption=high, which holds by hand Lin')
  expect((await tags('remove', customer, 'consumption=high', '--by', 'Lin')).code).toBe(0)
  await tags('run')
  const after = await explained()
  expect(after.tags).toMatchObject([{ value: 'low', effective: true }])
  expect(after.history).toMatchObject([{ value: 'high', source: 'hand', reason: 'removed' }])
  expect(JSON.parse((await tags('status', '--json')).out)).toMatchObject({ waiting: 0 })
}, 60_000)

test('days and times are those of the brand, also shortly after its midnight', async () => {
  const id = randomUUID()
  await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)', [
    id,
    '2026-03-01T00:00:00Z',
  ])
  await db.pool.query(
    `WITH known AS (INSERT INTO tag (dimension, value) VALUES ('skin', 'dry'), ('skin', 'oily') RETURNING id, value),
     now AS (INSERT INTO customer_tag (person_id, customer_id, tag_id, source, strength, since, until, rule, evidence)
       SELECT $1, $1, id, 'hand', 1, '2026-03-09T16:30:00Z', '2026-04-30T16:00:00Z', 'Lin', $2
       FROM known WHERE value = 'dry')
     INSERT INTO customer_tag_history (person_id, customer_id, tag_id, source, strength, since, ended_at, rule, evidence, reason)
     SELECT $1, $1, id, 'hand', 1, '2026-03-01T15:59:00Z', '2026-03-09T16:30:00Z', 'Lin', '[]', 'replaced'
     FROM known WHERE value = 'oily'`,
    [id, JSON.stringify([{ kind: 'hand', ref: 'Lin', at: '2026-03-09T16:30:00.000Z' }])],
  )
  await db.pool.query(
    `INSERT INTO customer_rfm (person_id, last_at, frequency, monetary, r, f, m, computed_at)
     VALUES ($1, '2026-03-09T16:01:00Z', 1, 20, 1, 1, 1, now())`,
    [id],
  )
  const { out } = await tags('explain', id)
  expect(out).toContain('last 2026-03-10')
  expect(out).toContain('since 2026-03-10, until 2026-04-30')
  expect(out).toContain('2026-03-10 00:30  hand Lin')
  expect(out).toContain('was skin=oily (hand Lin) 2026-03-01 – 2026-03-10: replaced')
  const [tag] = (JSON.parse((await tags('explain', id, '--json')).out) as TagsExplained).tags
  expect(tag?.since).toBe('2026-03-09T16:30:00.000Z')
}, 60_000)

test('every look and every change by hand is in the audit, without a name', async () => {
  const { rows } = await db.pool.query<{ action: string; details: object }>(
    'SELECT DISTINCT action FROM audit WHERE subject = $1 ORDER BY 1',
    [customer],
  )
  expect(rows.map(({ action }) => action)).toEqual(['tag-added', 'tag-removed', 'tags-explained'])
  const { rows: named } = await db.pool.query(`SELECT FROM audit WHERE details::text LIKE '%Lin%'`)
  expect(named).toEqual([])
})

test('what cannot be is refused with what to do', async () => {
  const refused = async (...args: string[]) => {
    const { code, complaint } = await tags(...args)
    return `${code} ${complaint}`
  }
  const by = ['--by', 'Lin']
  expect(await refused('add', customer, 'taste=sweet', ...by)).toMatch(/^1 .*There is: consumption, skin\./)
  expect(await refused('add', customer, 'consumption=huge', ...by)).toMatch(/^1 .*There is: high, low\./)
  expect(await refused('add', customer, 'skin=dry', ...by)).toMatch(/^1 .*has not agreed/)
  expect(await refused('remove', customer, 'consumption=low', ...by)).toMatch(/^1 No hand has set/)
  expect(await refused('add', customer, 'consumption', ...by)).toMatch(/^2 .*expected dimension=value/)
  expect(await refused('add', customer, 'consumption=high', ...by, '--until', 'soon')).toMatch(/^2 .*2026-12-31/)
  expect(await refused('explain', randomUUID())).toMatch(/^2 .*is nobody/)
}, 60_000)
