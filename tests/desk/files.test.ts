/** Files on the desk: whose they are, and what a browser is told of them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseLine, Queue, Uploaded } from '../../src/desk/api.ts'
import { type Desk, openTestDesk, unhurried } from '../support/desk-data.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let road: HandoffRoad
let desk: Desk
beforeAll(async () => {
  road = await openHandoffRoad()
  await road.bind('lin')
  const { runtime, database } = road
  desk = await openTestDesk({
    ...{ db: database.db, content: () => runtime.content.current(), accept: (event) => runtime.accept(event) },
  })
})
afterAll(async () => {
  await desk.close()
  await road.stop()
})

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('not much of a picture')])
const uploaded = async (bytes: Buffer, name: string): Promise<Uploaded> =>
  (await desk.upload('lin', bytes, name)).body as Uploaded

async function ownedCase(): Promise<{ she: string; line: CaseLine }> {
  const she = road.customer()
  await road.simulator.say(she, '全脸红肿')
  const line = await until(
    async () => ((await desk.get('lin', '/api/queue')).body as Queue).cases.find(({ name }) => name === she),
    { ...unhurried, what: `${she} is in the queue` },
  )
  await desk.post('lin', `/api/cases/${line.number}/acts`, { key: randomUUID(), act: { act: 'accept' } })
  return { she, line }
}

test('a file is told by its first bytes, kept to itself, and goes to the customer whom she means', async () => {
  const file = await uploaded(png, '../../红肿 "对比".png')
  expect(file).toMatchObject({ mime: 'image/png', name: '红肿 "对比".png', bytes: png.length })
  expect((await desk.get('su', `/api/media/${file.id}`)).status).toBe(404)
  const answer = await desk.get('lin', `/api/media/${file.id}`)
  expect(answer.body).toEqual(png)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('红肿 "对比".png')}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': 'sandbox',
  })

  const { she, line } = await ownedCase()
  const send = { key: randomUUID(), act: { act: 'say-media', media: file.id, name: file.name } }
  expect((await desk.post('lin', `/api/cases/${line.number}/acts`, send)).body).toMatchObject({ done: true })
  const sent = await until(async () => (await road.simulator.sends({ to: she })).find(({ type }) => type === 'image'))
  expect(sent.filename).toBe('红肿 "对比".png')
  expect((await road.all(she)).join()).toContain('林悦发来一张图片')
  // Nobody sends what is not hers.
  const strange = { key: randomUUID(), act: { act: 'say-media', media: 'f'.repeat(64), name: 'x' } }
  expect((await desk.post('lin', `/api/cases/${line.number}/acts`, strange)).body).toMatchObject({ error: 'no-file' })
})

test('a page of HTML is bytes to keep, whatever it calls itself', async () => {
  const html = Buffer.from('<script>alert(1)</script>')
  const file = await uploaded(html, 'x.html\r\nset-cookie: a=b')
  expect(file.mime).toBe('application/octet-stream')
  const answer = await desk.get('lin', `/api/media/${file.id}`)
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  expect(answer.headers.get('set-cookie')).toBeNull()
  expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''x.htmlset-cookie%3A%20a%3Db")
})

test('20 MB are taken, a byte more is not, and nothing is nothing', async () => {
  const most = Buffer.alloc(20 * 1_024 * 1_024, 1)
  expect((await desk.upload('lin', most, 'most.bin')).status).toBe(200)
  expect((await desk.upload('lin', Buffer.concat([most, Buffer.from('x')]), 'more.bin')).status).toBe(413)
  expect((await desk.upload('lin', Buffer.alloc(0), 'none')).status).toBe(400)
})

test('a customer’s file is for whoever has a case of hers', async () => {
  const { line } = await ownedCase()
  const { id } = await uploaded(Buffer.from('%PDF-1.7 of the customer'), 'own.pdf')
  await road.database.db.pool.query('DELETE FROM desk_upload')
  expect((await desk.get('lin', `/api/media/${id}`)).status).toBe(404)
  await road.database.db.pool.query(
    `INSERT INTO message (id, thread_id, account, platform_id, direction, customer_id, type, text, sent_at, mentions_us, details)
     SELECT gen_random_uuid(), thread_id, 'main', 'with-file', 'in', customer_id, 'file', '', now(), false,
       jsonb_build_object('mediaId', $2::text, 'filename', '检测.pdf') FROM handoff_case WHERE id = $1`,
    [line.id, id],
  )
  const answer = await desk.get('lin', `/api/media/${id}`)
  expect(answer.headers.get('content-type')).toBe('application/pdf')
  expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('检测.pdf'))
  expect((await desk.get('su', `/api/media/${id}`)).status).toBe(404)
})
