/** The second factor of managers, which the desk asks for as soon as others than this machine can reach it. */
import { generateSync } from 'otplib'
import { beforeEach, expect, test } from 'vitest'
import { resetTotp } from '../../src/desk/server/index.ts'
import { type Answered, deskContent, deskRoster, openTestDesk, type Visitor } from '../support/desk.ts'

const publicUrl = 'https://desk.example.com'
const desk = await openTestDesk({ publicUrl })
const { clock } = desk
const { pool } = desk.database.db
const step = 30_000
const cookie = '__Host-zhanggui'

let secret = ''

/** What her authenticator shows, `steps` before or after this moment. */
const code = (steps = 0): string =>
  generateSync({ secret, epoch: Math.floor((clock.now().getTime() + steps * step) / 1_000) })
const show = (who: Visitor, shown: string, headers = {}): Promise<Answered> =>
  who.ask('/api/sign-in/totp', { body: { code: shown }, headers })

/** A manager who has opened a link, and owes the second factor. */
async function halfIn(headers = {}): Promise<{ who: Visitor; body: Answered['body'] }> {
  const who = desk.visitor()
  const { body } = await who.ask('/api/sign-in/link', { body: { token: await desk.link('zhou') }, headers })
  return { who, body }
}

/** Enrols her, unless she is. */
beforeEach(async () => {
  await clock.advance(15 * 60_000)
  await resetTotp(pool, 'zhou')
  const { who, body } = await halfIn()
  secret = String(body['secret'])
  expect((await show(who, code(-1))).status).toBe(200)
})

test('her first sign-in shows a key once, and the first code of it lets her in', async () => {
  await resetTotp(pool, 'zhou')
  const { who, body } = await halfIn()
  expect(body).toEqual({ next: 'enrol', secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.any(String) })
  secret = String(body['secret'])
  const uri = new URL(String(body['uri']))
  expect([uri.protocol, uri.host, uri.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', secret])
  expect(decodeURIComponent(uri.pathname)).toBe('/青屿:周宁')
  expect((await who.ask('/api/me')).status).toBe(401)
  const before = who.cookies.get(cookie)
  expect((await show(who, code())).body).toEqual({ next: 'desk' })
  expect(who.cookies.get(cookie)).not.toBe(before)
  expect((await who.ask('/api/me')).body).toMatchObject({ id: 'zhou', role: 'manager' })

  const again = await halfIn()
  expect(again.body).toEqual({ next: 'totp' })
  const { rows } = await pool.query<{ row: string }>('SELECT d::text AS row FROM desk_totp d')
  expect(rows[0]?.row).not.toContain(secret)
  expect((await desk.audit()).map(({ action }) => action).slice(-2)).toEqual(['desk-totp-enrolled', 'desk-signed-in'])
})

test('a key that she never used makes room for another', async () => {
  await resetTotp(pool, 'zhou')
  const first = await halfIn()
  const second = await halfIn()
  secret = String(first.body['secret'])
  expect((await show(first.who, code())).body).toMatchObject({ error: 'wrong-code' })
  secret = String(second.body['secret'])
  expect((await show(second.who, code())).status).toBe(200)
})

test('without it she is not in, whatever she asks for', async () => {
  const { who } = await halfIn()
  expect((await who.ask('/api/me')).status).toBe(401)
  expect((await who.ask('/api/sign-out', { body: { everywhere: true } })).status).toBe(401)
  expect((await show(desk.visitor(), code())).body).toMatchObject({ error: 'signed-out' })
})

test('a wrong code is refused, and one of another time; one step to each side is all right', async () => {
  for (const [steps, status] of [
    [-2, 400],
    [2, 400],
    [-1, 200],
  ] as const) {
    const { who } = await halfIn()
    await clock.advance(2 * step)
    expect([steps, (await show(who, code(steps))).status]).toEqual([steps, status])
  }
  const { who } = await halfIn()
  expect((await show(who, code(1))).status).toBe(200)
})

test('a code that was taken is not taken again, nor one before it', async () => {
  const first = await halfIn()
  const shown = code()
  const before = code(-1)
  expect((await show(first.who, shown)).status).toBe(200)
  const thief = await halfIn()
  expect((await show(thief.who, shown)).body).toMatchObject({ error: 'wrong-code' })
  expect((await show(thief.who, before)).body).toMatchObject({ error: 'wrong-code' })
  await clock.advance(step)
  expect((await show(thief.who, code())).status).toBe(200)
})

test('the same code in two browsers at once lets one in', async () => {
  const [one, other] = [await halfIn(), await halfIn()]
  const shown = code()
  const came = await Promise.all([show(one.who, shown), show(other.who, shown)])
  expect(came.map(({ status }) => status).sort()).toEqual([200, 400])
})

test('after five wrong codes she begins anew, and the right one comes too late', async () => {
  const { who } = await halfIn()
  const right = code()
  const wrong = right === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries += 1) expect((await show(who, wrong)).status).toBe(400)
  expect((await show(who, right)).body).toMatchObject({ error: 'signed-out' })
  expect(who.cookies.size).toBe(0)
})

test('guessing over many sign-ins is slowed down, from however many addresses', async () => {
  const wrong = code() === '000000' ? '000001' : '000000'
  const statuses: number[] = []
  for (let tries = 0; tries < 17; tries += 1) {
    const from = { 'x-forwarded-for': `203.0.113.${tries}` }
    const { who } = await halfIn(from)
    statuses.push((await show(who, wrong, from)).status)
  }
  expect(statuses).toEqual([...Array<number>(14).fill(400), 429, 429, 429])
})

test('who owes it has ten minutes', async () => {
  const { who } = await halfIn()
  await clock.advance(10 * 60_000)
  expect((await show(who, code())).body).toMatchObject({ error: 'signed-out' })
})

test('advisers come in without, and out of their session when they become managers', async () => {
  const lin = await desk.signedIn('lin')
  expect((await lin.ask('/api/me')).status).toBe(200)
  desk.publish(await deskContent(deskRoster.replace('name: 林悦,', 'name: 林悦, role: manager,')))
  expect((await lin.ask('/api/me')).status).toBe(401)
  desk.publish(await deskContent())
})

test('a reset forgets the key and signs her out', async () => {
  const { who } = await halfIn()
  await show(who, code())
  expect((await who.ask('/api/me')).status).toBe(200)
  expect(await resetTotp(pool, 'zhou')).toBe(true)
  expect((await who.ask('/api/me')).status).toBe(401)
  expect((await halfIn()).body).toMatchObject({ next: 'enrol' })
  await resetTotp(pool, 'zhou')
  expect(await resetTotp(pool, 'zhou')).toBe(false)
})

test('over https the cookie is bound to the host, and browsers are told to stay with https', async () => {
  const lin = desk.visitor()
  const came = await lin.ask('/api/sign-in/link', { body: { token: await desk.link('lin') } })
  expect(String(came.headers['set-cookie'])).toMatch(/^__Host-zhanggui=[\w-]{43}; .*Secure/)
  expect(String(came.headers['set-cookie'])).not.toContain('Domain')
  expect(came.headers['strict-transport-security']).toContain('max-age=31536000')
  const plain = desk.visitor()
  plain.cookies.set('zhanggui', lin.cookies.get(cookie) ?? '')
  expect((await plain.ask('/api/me')).status).toBe(401)
})

test('behind a proxy only the public name is ours, and only its origin', async () => {
  const lin = await desk.signedIn('lin')
  expect((await lin.ask('/api/me', { headers: { host: `127.0.0.1:${desk.port}` } })).status).toBe(421)
  const origin = { headers: { origin: 'http://desk.example.com' } }
  expect((await lin.ask('/api/sign-out', { body: { everywhere: false }, ...origin })).status).toBe(403)
})

test('the address that a proxy names is the one that is counted', async () => {
  await clock.advance(10 * 60_000)
  const ask = async (from: string, name: string): Promise<number> =>
    (await desk.visitor().ask('/api/sign-in', { body: { name }, headers: { 'x-forwarded-for': from } })).status
  for (let n = 0; n < 20; n += 1) expect(await ask('203.0.113.7', `名字${n}`)).toBe(202)
  expect(await ask('203.0.113.7', '又一个名字')).toBe(429)
  // What a stranger writes in front of the address that the proxy saw does not help him.
  expect(await ask('198.51.100.1, 203.0.113.7', '另一个名字')).toBe(429)
  expect(await ask('203.0.113.8', '别的名字')).toBe(202)
})
