/** The code in her WeChat: the real house, the real wire, and the desk at its front. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answered, deskRoster, visitor, type Visitor } from '../support/desk.ts'
import { openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': deskRoster }, env: { DESK_PORT: '0' } })
const port = Number(new URL(road.runtime.desk ?? '').port)
afterAll(() => road.stop())
beforeAll(async () => {
  await road.bind('lin')
  await road.bind('su')
})

const codes = async (to: string): Promise<string[]> =>
  (await road.all(to)).flatMap((said) => /登录口令 (\d{4} \d{4})/.exec(said)?.[1] ?? [])

/** A code as she reads it on her phone. */
async function codeFor(name: string, contact: string): Promise<string> {
  const before = (await codes(contact)).length
  const { status, body } = await visitor(port).ask('/api/sign-in', { body: { name } })
  expect([status, body]).toEqual([202, { sent: true, forSeconds: 600 }])
  const got = await until(async () => (await codes(contact))[before], { within: 20_000, what: `${name} gets a code` })
  return got
}

const enter = (who: Visitor, name: string, code: string): Promise<Answered> =>
  who.ask('/api/sign-in/code', { body: { name, code } })

test('who types her name gets a code in her WeChat, and with it she is in; once', async () => {
  const code = await codeFor('林悦', 'lin')
  const lin = visitor(port)
  expect(await enter(lin, '林悦', code)).toMatchObject({ status: 200, body: { next: 'desk' } })
  expect((await lin.ask('/api/me')).body).toMatchObject({ id: 'lin', name: '林悦', away: false })
  expect((await enter(visitor(port), '林悦', code)).body).toMatchObject({ error: 'wrong-code' })
  const rows = await road.rows(`SELECT string_agg(d::text, '') AS all FROM desk_code d`)
  expect(String(rows[0]?.['all'])).not.toContain(code.replace(' ', ''))
})

test('the code of another opens nothing, and stays hers', async () => {
  const code = await codeFor('苏苏', 'su')
  expect((await enter(visitor(port), '林悦', code)).body).toMatchObject({ error: 'wrong-code' })
  expect((await enter(visitor(port), '周宁', code)).body).toMatchObject({ error: 'wrong-code' })
  // By her id, as from a keyboard without Chinese, and as it stands in the message.
  expect((await enter(visitor(port), 'su', code.replace(' ', '-'))).status).toBe(200)
})

test('a new code voids the older', async () => {
  const old = await codeFor('林悦', 'lin')
  const fresh = await codeFor('lin', 'lin')
  expect((await enter(visitor(port), '林悦', old)).status).toBe(400)
  expect((await enter(visitor(port), '林悦', fresh)).status).toBe(200)
})

test('a code is good for ten minutes', async () => {
  const code = await codeFor('林悦', 'lin')
  const [row] = await road.rows(
    `SELECT extract(epoch FROM expires_at - (SELECT max(received_at) FROM inbox))::int AS seconds FROM desk_code WHERE adviser = 'lin'`,
  )
  expect(Number(row?.['seconds'])).toBeGreaterThan(500)
  expect(Number(row?.['seconds'])).toBeLessThanOrEqual(600)
  await road.rows(`UPDATE desk_code SET expires_at = expires_at - interval '10 minutes'`)
  expect((await enter(visitor(port), '林悦', code)).body).toMatchObject({ error: 'wrong-code' })
})

test('after five wrong tries the right code is worth nothing', async () => {
  const code = await codeFor('苏苏', 'su')
  const wrong = code === '0000 0000' ? '00000001' : '00000000'
  for (let tries = 0; tries < 5; tries += 1) expect((await enter(visitor(port), '苏苏', wrong)).status).toBe(400)
  expect((await enter(visitor(port), '苏苏', code)).status).toBe(400)
})

test('of two who type it at once one comes in', async () => {
  const code = await codeFor('苏苏', 'su')
  const came = await Promise.all([1, 2, 3].map(() => enter(visitor(port), '苏苏', code)))
  expect(came.map(({ status }) => status).sort()).toEqual([200, 400, 400])
})

test('the answer is the same for a name that nobody has, who has bound nothing, and when nothing can be sent', async () => {
  const answers: [number, string][] = []
  for (const name of ['没有这个人', '周宁', '林悦']) {
    const { status, text } = await visitor(port).ask('/api/sign-in', { body: { name } })
    answers.push([status, text])
    const refused = await enter(visitor(port), name, '12345678')
    answers.push([refused.status, refused.text])
  }
  expect(new Set(answers.map((answer) => answer.join(' '))).size).toBe(2)
  expect(await road.rows(`SELECT adviser FROM desk_code WHERE adviser NOT IN ('lin', 'su')`)).toEqual([])
})

test('who was disabled gets no code, and the one that she has opens nothing', async () => {
  const code = await codeFor('苏苏', 'su')
  const before = (await codes('su')).length
  const version = road.runtime.content.current().version
  road.content.write({ 'advisers.yaml': deskRoster.replace('id: su,', 'id: su, disabled: true,') })
  await until(() => road.runtime.content.current().version !== version, { within: 20_000, what: 'she is disabled' })
  expect((await visitor(port).ask('/api/sign-in', { body: { name: '苏苏' } })).status).toBe(202)
  expect((await enter(visitor(port), '苏苏', code)).status).toBe(400)
  // Another’s code comes, and hers would have come before it.
  await codeFor('林悦', 'lin')
  expect((await codes('su')).length).toBe(before)
})
