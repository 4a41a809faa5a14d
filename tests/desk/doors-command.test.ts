/** The doors at the command line: a link for the day without WeChat, a reset for the day without the phone. */
import { expect, test, vi } from 'vitest'
import { command } from '../support/command.ts'
import { deskContent, openTestDesk } from '../support/desk.ts'

// Each command is a process of its own, and some tests need two.
vi.setConfig({ testTimeout: 60_000 })

const desk = await openTestDesk()
const { url, db } = desk.database
/** What the test's desk keeps is of its own time; the command lives in ours. */
await desk.clock.advance(Date.now() - desk.clock.now().getTime())
// The roster of the example brand is what the command reads.
const roster = '- { id: lin-yue, name: 林悦 }\n- { id: zhou-ning, name: 周宁, role: manager }\n'
desk.publish(await deskContent(roster))
const run = (words: string[], more: Record<string, string> = {}) =>
  command(words, { DATABASE_URL: url, DESK_PORT: String(desk.port), ...more })
const tokenIn = (out: string): string => /#link=([\w-]{43})$/m.exec(out)?.[1] ?? ''

test('login-link prints a link that lets in once, whose secret is in no request and no table', async () => {
  const { code, out } = await run(['login-link', '周宁'])
  expect(code).toBe(0)
  const [link = '', told] = out.split('\n')
  expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${desk.port}/sign-in#link=[\\w-]{43}$`))
  expect(told).toMatch(/^For 周宁, once, until .+\.$/)
  const { rows } = await db.pool.query<{ hash: string; adviser: string }>('SELECT hash, adviser FROM desk_link')
  expect(rows).toEqual([{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), adviser: 'zhou-ning' }])
  const zhou = desk.visitor()
  const token = tokenIn(out)
  expect((await zhou.ask('/api/sign-in/link', { body: { token } })).status).toBe(200)
  expect((await zhou.ask('/api/me')).body).toMatchObject({ id: 'zhou-ning' })
  expect((await desk.visitor().ask('/api/sign-in/link', { body: { token } })).status).toBe(400)
  expect((await desk.audit())[0]).toMatchObject({ action: 'desk-link-issued', subject: 'adviser:zhou-ning' })
})

test('as JSON, and with the public address in front', async () => {
  const { out } = await run(['login-link', 'lin-yue', '--json'], { DESK_URL: 'https://desk.example.com' })
  expect(JSON.parse(out)).toEqual({
    adviser: 'lin-yue',
    link: expect.stringMatching(/^https:\/\/desk\.example\.com\/sign-in#link=[\w-]{43}$/),
    expiresAt: expect.any(String),
  })
})

test('an adviser whom nobody knows, and a desk that is nowhere, are wrong use', async () => {
  const unknown = await run(['login-link', 'nobody'])
  expect(unknown.code).toBe(2)
  expect(unknown.complaint).toContain('No adviser has the id «nobody»')
  const off = await run(['login-link', 'lin-yue'], { DESK_PORT: 'off' })
  expect(off.code).toBe(2)
  expect(off.complaint).toContain('DESK_URL')
})

test('totp-reset signs her out, says whether there was a second factor, and stands in the audit', async () => {
  const zhou = await desk.signedIn('zhou-ning')
  const none = await run(['advisers', 'totp-reset', 'zhou-ning', '--json'])
  expect(JSON.parse(none.out)).toEqual({ adviser: 'zhou-ning', reset: false })
  expect((await zhou.ask('/api/me')).status).toBe(401)
  await db.pool.query("INSERT INTO desk_totp (adviser, sealed, created_at) VALUES ('zhou-ning', '\\x00', now())")
  const { out, code } = await run(['advisers', 'totp-reset', '周宁'])
  expect([code, out]).toEqual([0, '周宁 enrols anew at her next sign-in.\n'])
  expect((await db.pool.query('SELECT FROM desk_totp')).rowCount).toBe(0)
  expect((await desk.audit()).filter(({ action }) => action === 'desk-totp-reset')).toHaveLength(2)
})
