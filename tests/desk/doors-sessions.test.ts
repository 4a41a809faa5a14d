/** Who is in at the desk, for how long, and how she gets out. Links let her in; time stands still until a test moves it. */
import { expect, test } from 'vitest'
import { sweepDoors } from '../../src/desk/server/index.ts'
import { deskContent, deskRoster, openTestDesk } from '../support/desk.ts'

const desk = await openTestDesk()
const { clock, database } = desk
const pool = database.db.pool
const minute = 60_000
const hour = 60 * minute

test('a link lets her in once, and what is kept of it and of her session is no secret', async () => {
  const token = await desk.link('zhou')
  const zhou = desk.visitor()
  expect((await zhou.ask('/api/me')).status).toBe(401)
  const came = await zhou.ask('/api/sign-in/link', { body: { token } })
  expect(came).toMatchObject({ status: 200, body: { next: 'desk' } })
  expect((await zhou.ask('/api/me')).body).toEqual({
    ...{ id: 'zhou', name: '周宁', role: 'manager', brand: '青屿', zone: 'Asia/Shanghai' },
    ...{ away: false, demo: false },
  })
  const cookie = String(came.headers['set-cookie'])
  expect(cookie).toMatch(/^zhanggui=[\w-]{43}; /)
  for (const word of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(word)
  expect(cookie).not.toContain('Secure')
  const { rows } = await pool.query<{ all: string }>(
    `SELECT (SELECT coalesce(string_agg(d::text, ''), '') FROM desk_session d)
         || (SELECT coalesce(string_agg(l::text, ''), '') FROM desk_link l) AS all`,
  )
  expect(rows[0]?.all).toContain('zhou')
  expect(rows[0]?.all).not.toContain(token)
  expect(rows[0]?.all).not.toContain(zhou.cookies.get('zhanggui'))

  expect(await desk.visitor().ask('/api/sign-in/link', { body: { token } })).toMatchObject({
    status: 400,
    body: { error: 'wrong-link' },
  })
})

test('of two who open the same link at once, one comes in', async () => {
  const token = await desk.link('lin')
  const came = await Promise.all([1, 2, 3].map(() => desk.visitor().ask('/api/sign-in/link', { body: { token } })))
  expect(came.map(({ status }) => status).sort()).toEqual([200, 400, 400])
})

test('a link is good for ten minutes', async () => {
  const token = await desk.link('lin')
  await clock.advance(10 * minute)
  expect((await desk.visitor().ask('/api/sign-in/link', { body: { token } })).body).toMatchObject({
    error: 'wrong-link',
  })
})

test('what nobody gave out opens nothing', async () => {
  for (const token of ['x'.repeat(43), 'A'.repeat(64), `${'x'.repeat(42)}'`]) {
    expect((await desk.visitor().ask('/api/sign-in/link', { body: { token } })).status).toBe(400)
    const stranger = desk.visitor()
    stranger.cookies.set('zhanggui', token)
    expect((await stranger.ask('/api/me')).body).toMatchObject({ error: 'signed-out' })
  }
})

test('each sign-in makes another token, and the one before opens nothing', async () => {
  const lin = await desk.signedIn('lin')
  const before = lin.cookies.get('zhanggui') ?? ''
  await lin.ask('/api/sign-in/link', { body: { token: await desk.link('lin') } })
  expect(lin.cookies.get('zhanggui')).not.toBe(before)
  expect((await lin.ask('/api/me')).status).toBe(200)
  const thief = desk.visitor()
  thief.cookies.set('zhanggui', before)
  expect((await thief.ask('/api/me')).status).toBe(401)
})

test('who does nothing for twelve hours is out, and who does something stays', async () => {
  const lin = await desk.signedIn('lin')
  const su = await desk.signedIn('su')
  await clock.advance(11 * hour)
  expect((await lin.ask('/api/me')).status).toBe(200)
  await clock.advance(hour)
  expect((await lin.ask('/api/me')).status).toBe(200)
  expect((await su.ask('/api/me')).body).toMatchObject({ error: 'signed-out' })
})

test('after seven days she signs in anew, however busy she was', async () => {
  const lin = await desk.signedIn('lin')
  for (let hours = 6; hours < 7 * 24; hours += 6) {
    await clock.advance(6 * hour)
    expect((await lin.ask('/api/me')).status).toBe(200)
  }
  await clock.advance(6 * hour)
  expect((await lin.ask('/api/me')).status).toBe(401)
})

test('content says other times', async () => {
  const lin = await desk.signedIn('lin')
  desk.publish(await deskContent(deskRoster, { desk: { idle: '5m' } }))
  await clock.advance(5 * minute)
  expect((await lin.ask('/api/me')).status).toBe(401)
  desk.publish(await deskContent())
})

test('signing out ends this session, everywhere ends all of hers and nobody else’s', async () => {
  const [here, there, phone, su] = await Promise.all(['lin', 'lin', 'lin', 'su'].map(desk.signedIn))
  expect((await here!.ask('/api/sign-out', { body: { everywhere: false } })).status).toBe(204)
  expect(here!.cookies.size).toBe(0)
  expect((await there!.ask('/api/me')).status).toBe(200)
  expect((await there!.ask('/api/sign-out', { body: { everywhere: true } })).status).toBe(204)
  expect((await phone!.ask('/api/me')).status).toBe(401)
  expect((await su!.ask('/api/me')).status).toBe(200)
  expect(await desk.audit()).toContainEqual({
    ...{ by: 'adviser:lin', action: 'desk-signed-out-everywhere', subject: 'adviser:lin' },
  })
})

test('a token that was copied opens nothing after she has signed out', async () => {
  const lin = await desk.signedIn('lin')
  const thief = desk.visitor()
  thief.cookies.set('zhanggui', lin.cookies.get('zhanggui') ?? '')
  expect((await thief.ask('/api/me')).status).toBe(200)
  await lin.ask('/api/sign-out', { body: { everywhere: false } })
  expect((await thief.ask('/api/me')).status).toBe(401)
})

test('who is disabled, or no longer in the roster, is out at once and stays so when she is back', async () => {
  for (const without of [
    deskRoster.replace('id: lin,', 'id: lin, disabled: true,'),
    deskRoster.replace(/- \{ id: lin.*\n/, ''),
  ]) {
    const lin = await desk.signedIn('lin')
    const token = await desk.link('lin')
    desk.publish(await deskContent(without))
    expect((await lin.ask('/api/me')).status).toBe(401)
    expect((await desk.visitor().ask('/api/sign-in/link', { body: { token } })).body).toMatchObject({
      error: 'wrong-link',
    })
    desk.publish(await deskContent())
    expect((await lin.ask('/api/me')).status).toBe(401)
  }
})

test('who she is and what she may stands in the roster of the moment, not in the session', async () => {
  const lin = await desk.signedIn('lin')
  desk.publish(await deskContent(deskRoster.replace('name: 林悦,', 'name: 林月, role: manager,')))
  expect((await lin.ask('/api/me')).body).toMatchObject({ name: '林月', role: 'manager' })
  desk.publish(await deskContent())
  expect((await lin.ask('/api/me')).body).toMatchObject({ name: '林悦', role: 'adviser' })
})

test('what is over is swept, what is not stays', async () => {
  await pool.query('DELETE FROM desk_session')
  await desk.link('lin')
  const su = await desk.signedIn('su')
  await clock.advance(hour)
  await desk.signedIn('lin')
  await clock.advance(11 * hour)
  await sweepDoors(pool, await deskContent(), clock.now())
  const { rows } = await pool.query('SELECT adviser FROM desk_session')
  expect(rows).toEqual([{ adviser: 'lin' }])
  expect((await pool.query('SELECT FROM desk_link')).rowCount).toBe(0)
  expect((await su.ask('/api/me')).status).toBe(401)
})

test('every sign-in is in the audit, and nobody can change what stands there', async () => {
  await desk.signedIn('su')
  expect((await desk.audit()).at(-1)).toEqual({ by: 'adviser:su', action: 'desk-signed-in', subject: 'adviser:su' })
  await expect(pool.query("UPDATE audit SET by = 'nobody'")).rejects.toThrow('append-only')
  await expect(pool.query('DELETE FROM audit')).rejects.toThrow('append-only')
})

test('refused sign-ins are in the audit, once a minute for each name', async () => {
  const refused = async (): Promise<number> =>
    (await desk.audit()).filter(({ action, subject }) => action === 'desk-sign-in-refused' && subject === 'adviser:su')
      .length
  const guess = { body: { name: '苏苏', code: '12345678' } }
  const before = await refused()
  await desk.visitor().ask('/api/sign-in/code', guess)
  await desk.visitor().ask('/api/sign-in/code', guess)
  expect(await refused()).toBe(before + 1)
  await clock.advance(minute)
  await desk.visitor().ask('/api/sign-in/code', guess)
  expect(await refused()).toBe(before + 2)
})
