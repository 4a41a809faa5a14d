/** Words about her data on the whole road: said on the wire, obeyed in the database, answered on the wire. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDatabase } from '../support/database.ts'
import { openRoad, type Road } from '../support/runtime.ts'
import type { InProcessSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'

const room = 'room-care-1'
const mention = ['main']
let road: Road
let database: TestDatabase
let simulator: InProcessSimulator

beforeAll(async () => {
  road = await openRoad({
    contentFiles: { 'faq/road.yaml': '- { id: one, questions: [第一个暗号], answer: 第一个回答 }' },
    settings: { privacy: { noticeOnContact: true } },
  })
  ;({ database, simulator } = road)
})
afterAll(() => road.stop())

const textsTo = async (to: string): Promise<string[]> => (await simulator.sends({ to })).map(({ text }) => text ?? '')
/** What she has heard, once there are `count`. */
async function heard(to: string, count: number): Promise<string[]> {
  await until(async () => (await textsTo(to)).length >= count, { within: 30_000, what: `${count} messages to ${to}` })
  const texts = await textsTo(to)
  expect(texts).toHaveLength(count)
  return texts
}
const customer = async (contactId: string): Promise<Record<string, unknown> | undefined> =>
  (
    await database.db.pool.query<Record<string, unknown>>(
      'SELECT c.* FROM customer c JOIN identity i ON i.customer_id = c.id WHERE i.contact_id = $1',
      [contactId],
    )
  ).rows[0]

test('the first question is answered first, with the notice behind it, and the second one without', async () => {
  await simulator.say('customer-lin', '第一个暗号')
  expect(await heard('customer-lin', 2)).toEqual(['第一个回答', expect.stringContaining('「退订」') as string])
  await simulator.say('customer-lin', '第一个暗号')
  expect((await heard('customer-lin', 3))[2]).toBe('第一个回答')
})

test('«退订» is obeyed and answered, and a question about it is not', async () => {
  await simulator.say('customer-chen', '@小屿 退订', { room, mention })
  await until(async () => (await textsTo(room)).some((text) => text.includes('没法单独跳过你')))
  expect((await customer('customer-chen'))?.['opted_out_at']).toBeInstanceOf(Date)
})

test('«退订» is answered where a human has the thread, who is not disturbed otherwise', async () => {
  await simulator.act('typeOnPhone', { to: 'customer-xu', text: '我来处理' })
  const silent = 'SELECT FROM thread WHERE silent_until IS NOT NULL'
  await until(async () => (await database.db.pool.query(silent)).rowCount === 1)
  await simulator.say('customer-xu', '第一个暗号')
  await simulator.say('customer-xu', '退订')
  expect(await heard('customer-xu', 1)).toEqual([expect.stringContaining('恢复订阅')])
})

test('«我的数据» tells her what every slice knows', async () => {
  await simulator.say('customer-lin', '我的数据')
  const text = (await heard('customer-lin', 4))[3]
  expect(text).toContain('认识你')
  expect(text).toContain('青屿')
})

test('«撤回同意» takes what is sensitive out of her tags and out of their history', async () => {
  await simulator.say('customer-zhao', '第一个暗号')
  await heard('customer-zhao', 2)
  const { id } = (await customer('customer-zhao'))!
  await database.db.pool.query('UPDATE customer SET consented_at = now(), sensitive_consent_at = now() WHERE id = $1', [
    id,
  ])
  await database.db.pool.query(
    `WITH known AS (INSERT INTO tag (dimension, value) VALUES ('skin', '敏感肌'), ('skin', '干皮')
       ON CONFLICT (dimension, value) DO UPDATE SET value = excluded.value RETURNING id),
     past AS (INSERT INTO customer_tag_history
         (person_id, customer_id, tag_id, source, strength, since, ended_at, rule, evidence, reason)
       SELECT $1, $1, id, 'hand', 1, now(), now(), 'Lin', '[]', 'removed' FROM known)
     INSERT INTO customer_tag (person_id, customer_id, tag_id, source, strength, since, rule, evidence)
     SELECT $1, $1, id, 'hand', 1, now(), 'Lin', '[]' FROM known`,
    [id],
  )
  await simulator.say('customer-zhao', '撤回同意')
  await until(
    async () => {
      const { rowCount } = await database.db.pool.query(
        `SELECT tag_id FROM customer_tag WHERE person_id = $1 AND tag_id IN (SELECT id FROM tag WHERE dimension = 'skin')
         UNION ALL SELECT tag_id FROM customer_tag_history
         WHERE person_id = $1 AND tag_id IN (SELECT id FROM tag WHERE dimension = 'skin')`,
        [id],
      )
      return rowCount === 0
    },
    { within: 30_000, what: 'nothing sensitive is left' },
  )
  expect((await customer('customer-zhao'))?.['sensitive_consent_at']).toBeNull()
})

test('who has herself deleted hears so last, and nothing of her is left', async () => {
  await simulator.say('customer-wu', '第一个暗号')
  await heard('customer-wu', 2)
  await simulator.say('customer-wu', '删除我的数据')
  await heard('customer-wu', 3)
  await simulator.say('customer-wu', '确认删除')
  expect((await heard('customer-wu', 4))[3]).toContain('最后一条消息')
  await until(async () => (await customer('customer-wu')) === undefined, { within: 30_000, what: 'she is deleted' })
  const tables = ['inbox', 'customer', 'identity', 'thread', 'message', 'outbox', 'open_question', 'burst', 'audit']
  await until(async () => {
    const jobs = await database.db.pool.query(
      `SELECT FROM graphile_worker._private_jobs WHERE payload::text LIKE '%customer-wu%'`,
    )
    return jobs.rowCount === 0
  })
  for (const table of tables) {
    const { rows } = await database.db.pool.query(
      `SELECT to_jsonb(t)::text AS row FROM "${table}" t WHERE t::text LIKE '%customer-wu%'`,
    )
    expect([table, rows]).toEqual([table, []])
  }
  const { rows } = await database.db.pool.query(`SELECT action FROM audit WHERE by = 'customer' ORDER BY id`)
  expect(rows.map((row: Record<string, unknown>) => row['action'])).toContain('customer-deleted')
})
