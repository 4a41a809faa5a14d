import { beforeEach, describe, expect, test } from 'vitest'
import { watchForgotten } from '../../src/app/forgotten/index.ts'
import { retentionSettings, sweepRetention } from '../../src/app/retention/index.ts'
import { forgetCustomer } from '../../src/app/rights.ts'
import { refreshVectors } from '../../src/domains/faq/index.ts'
import { testDatabase } from '../support/database.ts'
import { rightsStage } from '../support/rights.ts'
import { contentWith } from '../unit/faq-content.ts'
import { direct, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
const { parts } = await rightsStage(db, stage.clock)
const days = (count: number) => new Date(stage.now.getTime() - count * 86_400_000)
const goals = {}
const sweep = () => sweepRetention(db, stage.content, stage.now, { goals })
beforeEach(async () => {
  await stage.empty()
  await db.pool.query(
    'TRUNCATE interaction, media, tombstone, customer_tag, tag, orders, exchange, answer_cache, model_spend, entry_vector, desk_upload, journey_enrolment, journey_visit',
  )
})

describe('the sweep', () => {
  /** Ids rise with time, as in life. */
  const fill = async (rows: number, from: number, to: number) => {
    const at = (name: string) => `$1::timestamptz + (${name} * ($2::timestamptz - $1::timestamptz)) / ${rows}`
    const values = [days(from), days(to)]
    await db.pool.query(
      `INSERT INTO message (id, thread_id, account, direction, type, text, sent_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), 'main', 'in', 'text', '', ${at('n')}
       FROM generate_series(1, ${rows}) n`,
      values,
    )
    await db.pool.query(
      `INSERT INTO inbox (account, key, kind, at, received_at, what, handled_at)
       SELECT 'main', 'k' || n, 'x', ${at('n')}, ${at('n')}, '{}', CASE WHEN n % 10 > 0 THEN now() END
       FROM generate_series(1, ${rows}) n`,
      values,
    )
    await db.pool.query(
      `INSERT INTO outbox (key, part, parts, account, thread_id, recipient, purpose, priority, body, body_hash, created_at, state)
       SELECT 'k' || n, 0, 1, 'main', gen_random_uuid(), '{}', 'reply', 1, '{}', '', ${at('n')},
         (ARRAY['sent', 'refused', 'cancelled', 'unknown', 'pending'])[1 + n % 5]
       FROM generate_series(1, ${rows}) n`,
      values,
    )
    await db.pool.query(
      `INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
       SELECT gen_random_uuid(), gen_random_uuid(), (ARRAY['praise', 'question'])[1 + n % 2], ${at('n')}, 1, 's' || n
       FROM generate_series(1, ${rows}) n ORDER BY random()`,
      values,
    )
    await db.pool.query(
      `INSERT INTO exchange (id, thread_id, customer_id, account, inbox_id, talk, question, messages, context, state,
         content_version, asked_at, deadline_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), gen_random_uuid(), 'main', n, '{}', '', '{}', '{}',
         CASE WHEN n % 10 > 0 THEN 'closed' ELSE 'asked' END, 'v', ${at('n')}, ${at('n')}
       FROM generate_series(1, ${rows}) n`,
      values,
    )
  }
  const ages = async (table: string, age: string) =>
    (
      await stage.rows<{ count: string; oldest: Date | null }>(
        `SELECT count(*)::int AS count, min(${age}) AS oldest FROM ${table}`,
      )
    )[0]

  test('what is past its time goes, page by page; open events and unsettled sends stay, and so does the young', async () => {
    await fill(5_000, 1_000, 0)
    const swept = await sweep()
    const gone = { messages: 1_349, interactions: 1_349, inbox: 4_365, outbox: 2_459, exchanges: 3_690 }
    expect(swept).toEqual({ ...gone, media: 0, answers: 0, spend: 0, vectors: 0, recipients: 0, journeys: 0, links: 0 })
    expect((await ages('message', 'sent_at'))?.oldest).toEqual(days(730))
    expect((await ages('interaction', 'at'))?.oldest).toEqual(days(730))
    expect(await stage.rows(`SELECT FROM inbox WHERE handled_at IS NOT NULL AND received_at < $1`, [days(30)])).toEqual(
      [],
    )
    expect((await stage.rows(`SELECT FROM inbox WHERE handled_at IS NULL`)).length).toBe(500)
    expect((await stage.rows(`SELECT FROM outbox WHERE state IN ('unknown', 'pending')`)).length).toBe(2_000)
    expect((await stage.rows(`SELECT FROM exchange WHERE state = 'asked'`)).length).toBe(500)
    expect(await stage.rows(`SELECT FROM exchange WHERE state = 'closed' AND asked_at < $1`, [days(180)])).toEqual([])
    expect(new Set(Object.values(await sweep()))).toEqual(new Set([0]))
  })

  test('the windows come from the settings', async () => {
    await fill(100, 100, 0)
    stage.settings = { retention: { messages: '10d', exchanges: '50d' } }
    expect(await sweep()).toMatchObject({ messages: 89, exchanges: 45 })
    expect(retentionSettings.schema.parse({})).toMatchObject({ messages: 730 * 86_400_000 })
  })

  test('tags, orders and the audit stay, however old', async () => {
    const id = stage.ids.fresh()
    await db.pool.query(
      `WITH t AS (INSERT INTO tag (dimension, value) VALUES ('d', 'v') RETURNING id)
       INSERT INTO customer_tag (person_id, tag_id, source, customer_id, strength, since, rule, evidence)
       SELECT $1, id, 'rule', $1, 1, $2, 'r', '[]' FROM t`,
      [id, days(3_000)],
    )
    await db.pool.query(
      `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
       VALUES ('s', '1', $1, $1, $2, 1, 'paid', 's', $2, $2)`,
      [id, days(3_000)],
    )
    await db.pool.query(`INSERT INTO audit (at, by, action, subject) VALUES ($1, 'x', 'y', 'z')`, [days(3_000)])
    await sweep()
    for (const table of ['customer_tag', 'orders', 'audit'])
      expect(await stage.rows(`SELECT FROM ${table}`)).toHaveLength(1)
  })

  test('of a way through a journey it stays that she was there, and nothing else', async () => {
    const [old, young] = [stage.ids.fresh(), stage.ids.fresh()]
    await db.pool.query(
      `INSERT INTO journey_enrolment (id, journey, fingerprint, cause, customer_id, person_id, data, state, due_at, entered_at, ended_at)
       SELECT id, 'birthday', 'f', 'birthday:2025', id, id, '{"orderId": "7"}', 'done', at, at, at
       FROM unnest($1::uuid[], $2::timestamptz[]) AS e (id, at)`,
      [
        [old, young],
        [days(401), days(399)],
      ],
    )
    await db.pool.query(
      `INSERT INTO journey_visit (enrolment_id, step, at, outcome) SELECT id, step, now(), 'sent'
       FROM unnest($1::uuid[]) AS e (id), unnest('{1,2}'::text[]) AS s (step)`,
      [[old, young]],
    )
    expect(await sweep()).toMatchObject({ journeys: 1 })
    expect(await stage.rows('SELECT DISTINCT enrolment_id AS id FROM journey_visit')).toEqual([{ id: young }])
    expect(await stage.rows('SELECT id, data FROM journey_enrolment ORDER BY ended_at')).toEqual([
      { id: old, data: {} },
      { id: young, data: { orderId: '7' } },
    ])
    expect(await sweep()).toMatchObject({ journeys: 0 })
  })

  test('files of customers go when they expire, those of the brand stay', async () => {
    await db.pool.query(
      `INSERT INTO media (id, mime, bytes, created_at, expires_at) VALUES ('a', 'x', '\\x00', $1, $2), ('b', 'x', '\\x00', $1, NULL)`,
      [days(10), days(1)],
    )
    expect((await sweep()).media).toBe(1)
  })

  test('remembered answers go when they expire, and what the model cost when its year is over', async () => {
    await db.pool.query(
      `INSERT INTO answer_cache (key, answer, customer_id, created_at, expires_at)
       SELECT 'k' || n, '{}', gen_random_uuid(), $1, $1::timestamptz + n * interval '1 minute'
       FROM generate_series(-1499, 500) n`,
      [stage.now],
    )
    await db.pool.query(
      `INSERT INTO model_spend (day, customer_id, tokens, cost)
       SELECT ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date - n, gen_random_uuid(), 1, 1
       FROM generate_series(1, 410) n`,
      [stage.now],
    )
    expect(await sweep()).toMatchObject({ answers: 1_500, spend: 10 })
    expect(await stage.rows('SELECT FROM answer_cache WHERE expires_at <= $1', [stage.now])).toEqual([])
  })

  test('old vectors go when no wording needs them any more, or another model makes them', async () => {
    const embedder = (name: string) => ({
      name,
      embed: (texts: readonly string[]) => Promise.resolve(texts.map(() => [1, 0])),
    })
    const entriesAsking = (...questions: string[]) =>
      contentWith({ entries: questions.map((question, i) => ({ id: `e${i}`, questions: [question], answer: '答' })) })
    const both = entriesAsking('在用的', '不用了的')
    await refreshVectors(db.pool, embedder('one'), both, { now: days(31) })
    await refreshVectors(db.pool, embedder('other'), both, { now: days(31) })
    await refreshVectors(db.pool, embedder('one'), entriesAsking('刚删的'), { now: days(29) })
    const now = { ...stage.content, items: entriesAsking('在用的').items }
    expect((await sweepRetention(db, now, stage.now, { goals, embeddingModel: 'one' })).vectors).toBe(3)
    const again = await refreshVectors(db.pool, embedder('one'), entriesAsking('在用的', '刚删的'), { now: stage.now })
    expect(again).toMatchObject({ asked: 0, missing: 0 })
    expect((await sweep()).vectors).toBe(1)
  })
})

test('what a gateway remembers of a contact goes soon after she is deleted, by whichever process, in her realm alone', async () => {
  const remembered = { default: ['wx-a', 'wx-b'], elsewhere: ['wx-a'] }
  const gateways = (['default', 'elsewhere'] as const).map((realm) => ({
    realm,
    gateway: {
      forgetContacts(isForgotten: (contactId: string) => boolean) {
        remembered[realm] = remembered[realm].filter((contactId) => !isForgotten(contactId))
      },
    },
  }))
  const { person: she } = await stage.say(person('wx-a'), direct('wx-a'), 'hi')
  const look = watchForgotten(db, parts().secrets, stage.clock, gateways)
  await look()
  await forgetCustomer(db, parts(), String(she.customerId))
  await stage.clock.advance(5_000)
  await look()
  expect(remembered).toEqual({ default: ['wx-b'], elsewhere: ['wx-a'] })
  remembered.default.push('wx-a')
  await look()
  expect(remembered.default).toEqual(['wx-b', 'wx-a'])
})
