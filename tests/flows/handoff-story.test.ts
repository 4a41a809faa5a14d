/** What an adviser is told of a case, and what she is given to answer with where there is no model, or it never came back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { slices } from '../../src/app/slices.ts'
import { type Asker, askers } from '../../src/domains/faq/index.ts'
import { factsOf, readStory } from '../../src/domains/handoff/index.ts'
import { addTag, tagRulesOf } from '../../src/domains/tags/index.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const approved = '两天之内发出。'
const handoff = `
reasons:
  - { id: 'topic:asked', title: 要求人工, urgency: 30 }
levels: { by: consumption, of: { 高消费: { urgency: 40, targets: { first: 3m, next: 5m } } } }
regions: region
resolutions:
  - { id: solved, title: 已解决 }
`

const guards = `
refusals: []
topics:
  - { id: asked, title: 要人工, words: [找真人], says: [这就去叫] }
  - { id: living, title: 要人工, words: [转接人工], entry: service-human, says: [这就去叫] }
`

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({
    contentFiles: { 'handoff.yaml': handoff, 'guards.yaml': guards },
    settings: { handoff: { draftsAfter: '100ms', draftsWithin: '1s', labelDrafts: true } },
  })
  await road.bind('lin')
})
afterAll(() => road.stop())

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)

/** Somebody who has asked about her parcel and was answered: her contact, and her id. */
async function known(): Promise<{ she: string; id: string }> {
  const she = road.customer()
  await say(she, '多久发货')
  await road.told(she, '两天之内')
  const [row] = await road.rows(`SELECT customer_id FROM identity WHERE contact_id = '${she}'`)
  return { she, id: String(row?.['customer_id']) }
}

test('a card tells who she is, her last orders, why, by when, and what was said; the desk reads the same', async () => {
  const { she, id } = await known()
  const { pool } = road.database.db
  const content = road.runtime.content.current()
  const tag = { customerId: id, dimension: 'consumption', value: '高消费', by: 'lin' }
  expect(await addTag(pool, tag, tagRulesOf(content), new Date())).toMatchObject({ kind: 'done' })
  await pool.query(
    `INSERT INTO orders (customer_id, person_id, shop, order_no, ordered_at, amount, status, items, source, created_at, updated_at)
     VALUES ($1, $1, 'shop', 'QY20261101', $2, 189, 'shipped', '[]', 'test:1', $2, $2)`,
    [id, new Date('2026-11-01T04:00:00Z')],
  )
  await say(she, '找真人')
  const card = await road.told('lin', she)
  for (const part of ['高消费', '订单 QY20261101：11 月 1 日，189.00 元，已发货', '前要回第一句', '顾客：找真人']) {
    expect(card).toContain(part)
  }

  const [row] = await road.rows(`SELECT id, opened_at FROM handoff_case WHERE customer_id = '${id}'`)
  const story = await readStory(pool, String(row?.['id']), { content, now: new Date(), facts: factsOf(slices) })
  expect(story).toMatchObject({
    customer: { name: she, level: '高消费', orders: [{ order: 'QY20261101', state: 'shipped', amount: '189.00' }] },
    reason: { code: 'topic:asked', evidence: { question: '找真人', unanswered: [] } },
    mood: null,
    targets: { next: null },
  })
  // The target of her level, in hours that never end.
  expect(story?.targets.first?.getTime()).toBe((row?.['opened_at'] as Date).getTime() + 3 * 60_000)
  expect(await readStory(pool, id, { content, now: new Date(), facts: {} })).toBeUndefined()
  await say('lin', '接')
  await road.told('lin', '现在由你回')
  await say('lin', '结')
  await road.told('lin', `${she} 结单了`)
})

test('an approved answer is sent as it is written, and needs no label', async () => {
  const { she } = await known()
  await say(she, '找真人')
  await road.told('lin', she)
  await say('lin', '接')
  await road.told('lin', `${she} 现在由你回`)
  await say(she, '所以多久发货')
  await road.told('lin', `${she}\n草稿 1：${approved}`)
  const before = (await road.all(she)).length
  await say('lin', '草稿1')
  await until(async () => (await road.all(she)).some((text) => text === `${approved}（林悦）`), {
    within: 20_000,
    what: 'the approved words in her name',
  })
  expect((await road.all(she)).length).toBeGreaterThan(before)
  await say('lin', '结')
  await road.told('lin', `${she} 结单了`)
})

test('what the bot said when it fetched the adviser is not drafted again, and no draft is no message', async () => {
  const she = road.customer()
  await say(she, '转接人工')
  await road.told(she, '顾问看到会接着回你')
  const number = /#\d+/u.exec(await road.told('lin', she))?.[0] ?? ''
  await say('lin', '接')
  await road.told('lin', `${she} 现在由你回`)
  const row = `SELECT d.state FROM case_draft d JOIN handoff_case h ON h.id = d.case_id WHERE h.number = ${number.slice(1)}`
  await until(async () => (await road.rows(row))[0]?.['state'] === 'none', {
    within: 20_000,
    what: 'there is no draft',
  })
  await say('lin', '结')
  await road.told('lin', `${she} 结单了`)
  const told = (await road.all('lin')).filter((text) => text.startsWith(`${number} ${she}`))
  expect(told.join()).not.toContain('草稿')
  expect(told).not.toContain(`${number} ${she}`)
})

test('drafts that a dying process took with it are made of approved answers once their time is over', async () => {
  const { she, id } = await known()
  await say(she, '找真人')
  await road.told('lin', she)
  await say('lin', '接')
  await road.told('lin', `${she} 现在由你回`)
  const dying: Asker = { serves: () => false, ask: () => {}, draft: () => {} }
  askers.add(dying)
  try {
    await say(she, '所以多久发货')
    const rows = `SELECT 1 FROM case_draft d JOIN handoff_case h ON h.id = d.case_id
      WHERE h.customer_id = '${id}' AND d.state = 'asked'`
    await until(async () => (await road.rows(rows)).length === 1, { within: 20_000, what: 'drafts are asked for' })
    await road.told('lin', `${she}\n草稿 1：${approved}`)
  } finally {
    askers.delete(dying)
  }
  await say('lin', '结')
  await road.told('lin', `${she} 结单了`)
})
