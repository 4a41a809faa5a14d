/** A customer who turns out to be one of us, on the whole road. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { openRoad, type Road } from '../support/runtime.ts'
import { until } from '../support/until.ts'

let road: Road
beforeAll(async () => {
  road = await openRoad({
    contentFiles: { 'faq/road.yaml': '- { id: one, questions: [第一个暗号], answer: 第一个回答 }' },
  })
})
afterAll(() => road.stop())

const tagsOf = async (contactId: string): Promise<number | null> =>
  (
    await road.database.db.pool.query(
      'SELECT FROM customer_tag t JOIN identity i ON i.customer_id = t.person_id WHERE i.contact_id = $1',
      [contactId],
    )
  ).rowCount

test('a customer who turns out to be one of us loses her tags at the next tagging', async () => {
  await road.simulator.say('customer-lin', '第一个暗号')
  await until(async () => ((await tagsOf('customer-lin')) ?? 0) > 0, { within: 30_000, what: 'she has tags' })
  const settings = parseDocument(readFileSync(`${road.content.dir}/settings.yaml`, 'utf8'))
  settings.setIn(['members', 'staff', 'contacts'], ['customer-lin'])
  const before = road.runtime.content.current().version
  road.content.write({ 'settings.yaml': settings.toString() })
  await until(() => road.runtime.content.current().version !== before, { within: 30_000, what: 'the content is live' })
  await road.simulator.say('customer-lin', '我是同事')
  await until(async () => (await tagsOf('customer-lin')) === 0, { within: 30_000, what: 'her tags are gone' })
  expect(await road.simulator.sends({ to: 'customer-lin' })).toHaveLength(1)
})
