/** What the desk's server refuses before anybody looks at it, and what every answer tells the browser. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'node:http'
import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { type Answered, openTestDesk, visitor } from '../support/desk.ts'
import { until } from '../support/until.ts'

const lines: string[] = []
const log = pino(
  { level: 'trace' },
  new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(chunk.toString('utf8'))
      done()
    },
  }),
)

const desk = await openTestDesk({
  log,
  plugins: [
    (server) => {
      server.get('/api/rows/:id', (request) => ({ id: request.adviser.id }))
      server.post('/api/rows', (request) => ({ took: request.body }))
      server.get('/api/broken', () => {
        throw new Error('the secret of the inside, at /srv/zhanggui')
      })
    },
  ],
})
const lin = await desk.signedIn('lin')
const folder = mkdtempSync(join(tmpdir(), 'zhanggui-desk-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['GET', '/api/me'],
  ['GET', '/api/rows/1'],
  ['POST', '/api/rows'],
  ['POST', '/api/sign-out'],
  ['HEAD', '/api/rows/1'],
  ['GET', '/%61pi/rows/1'],
])('without a session %s %s is refused, though its route says nothing of doors', async (method, path) => {
  const { status, text: said } = await desk.visitor().ask(path, { method, ...(method === 'POST' && { body: {} }) })
  expect(status).toBe(401)
  expect(said).not.toContain('lin')
})

test('with one they answer', async () => {
  expect((await lin.ask('/api/rows/1')).body).toEqual({ id: 'lin' })
  expect((await lin.ask('/api/rows', { body: { one: 1 } })).body).toEqual({ took: { one: 1 } })
})

test.each<[string, Record<string, string>]>([
  ['another site by its origin', { origin: 'https://evil.example', 'sec-fetch-site': '' }],
  ['another site by what the browser says', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
  ['our origin over https, which we are not', { origin: `https://127.0.0.1:${desk.port}` }],
  ['a page without an origin', { origin: 'null' }],
  ['whoever says neither', { origin: '', 'sec-fetch-site': '' }],
  ['somebody who typed it', { origin: '', 'sec-fetch-site': 'none' }],
])('a POST from %s is refused, and nothing is done', async (_, headers) => {
  expect(await lin.ask('/api/rows', { body: {}, headers })).toMatchObject({
    status: 403,
    body: { error: 'cross-origin' },
  })
  expect(await desk.visitor().ask('/api/sign-in', { body: { name: '林悦' }, headers })).toMatchObject({ status: 403 })
})

test('data is not read for other sites either; pages are, since links lead to them', async () => {
  const headers = { 'sec-fetch-site': 'cross-site' }
  expect((await lin.ask('/api/me', { headers })).status).toBe(403)
  expect((await lin.ask('/cases/12', { headers })).status).toBe(200)
})

test.each(['desk.evil.example', `127.0.0.1.evil.example:${desk.port}`, '10.0.0.7', ''])(
  'a request for the host «%s» is refused, pages and data',
  async (host) => {
    const headers = { host: host || ' ', origin: `http://${host}` }
    for (const path of ['/', '/api/me', '/assets/nothing.js', '/nothing']) {
      const { status, text: said } = await lin.ask(path, { headers })
      expect(status, path).toBe(421)
      expect(said).not.toContain('<html')
    }
    expect((await lin.ask('/api/rows', { body: {}, headers })).status).toBe(421)
  },
)

test('a tunnel to this machine may have a port of its own', async () => {
  const at = visitor(desk.port, 'http://localhost:12345')
  at.cookies.set('zhanggui', lin.cookies.get('zhanggui') ?? '')
  expect((await at.ask('/api/rows', { body: { one: 1 } })).status).toBe(200)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json'])(
  'a body of type %s is refused',
  async (type) => {
    const answer = await lin.ask('/api/rows', { raw: '{"one":1}', headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 415, body: { error: 'bad-input' } })
  },
)

test('a body that is too large, no JSON, or not what is expected is refused, and not repeated', async () => {
  const large = await lin.ask('/api/rows', { body: { words: 'a'.repeat(70_000) } })
  expect(large).toMatchObject({ status: 413, body: { error: 'too-large' } })
  const garbled = await lin.ask('/api/rows', { raw: '{"one": secret' })
  expect(garbled).toMatchObject({ status: 400, body: { error: 'bad-input' } })
  const strange = await desk.visitor().ask('/api/sign-in', { body: { name: '林悦', secret: 1 } })
  expect(strange).toMatchObject({ status: 400, body: { error: 'bad-input' } })
  const poisoned = await lin.ask('/api/rows', { raw: '{"__proto__": {"admin": true}}' })
  expect(poisoned.status).toBe(400)
  for (const { text: said } of [large, garbled, strange]) expect(said).not.toContain('secret')
})

test('what there is not is 404, for any method', async () => {
  for (const [path, method] of [
    ['/api/nothing', 'GET'],
    ['/api/me', 'DELETE'],
    ['/nothing', 'GET'],
    ['/simulator', 'GET'],
    ['/index.html', 'GET'],
    ['/assets/', 'GET'],
    ['/assets/nothing.js', 'GET'],
  ] as const) {
    expect(await lin.ask(path, { method }), path).toMatchObject({ status: 404, body: { error: 'not-found' } })
  }
})

test.each([
  '/assets/../index.html',
  '/assets/..%2findex.html',
  '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/assets/..%5c..%5cpackage.json',
  '/assets/....//....//package.json',
  '/assets//etc/passwd',
  '/assets/%00',
  '/assets/.env',
  '/assets/%ff',
])('no path leads out of the pages: %s', async (path) => {
  const { status, text: said } = await lin.ask(path)
  expect([400, 404]).toContain(status)
  expect(said).not.toMatch(/zhanggui|root:|<html/)
})

test('an error of ours says nothing of the inside; the log has it', async () => {
  const { status, text: said } = await lin.ask('/api/broken')
  expect([status, JSON.parse(said)]).toEqual([500, { error: 'internal', message: expect.any(String) }])
  expect(said).not.toMatch(/secret|srv/)
  expect(lines.join('')).toContain('the secret of the inside')
})

test('every answer tells the browser the same, also when it is an error, a file, or none of our routes', async () => {
  const asset = /\/assets\/[\w.-]+\.js/.exec((await lin.ask('/')).text)?.[0] ?? ''
  const answers: [string, Answered][] = []
  for (const path of ['/', '/cases/1', asset, '/api/me', '/api/nothing', '/api/broken', '/%', '/assets/nothing.js']) {
    answers.push([path, await lin.ask(path)])
  }
  answers.push(['no session', await desk.visitor().ask('/api/me')])
  answers.push(['wrong host', await lin.ask('/', { headers: { host: 'evil.example' } })])
  answers.push(['cross-origin', await lin.ask('/api/rows', { body: {}, headers: { origin: 'https://evil.example' } })])
  answers.push(['too large', await lin.ask('/api/rows', { body: { words: 'a'.repeat(70_000) } })])
  for (const [what, { headers }] of answers) {
    expect(headers, what).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'permissions-policy': expect.stringContaining('camera=()'),
    })
    const policy = String(headers['content-security-policy'])
    expect(policy, what).toContain("default-src 'none'")
    expect(policy, what).toContain("frame-ancestors 'none'")
    expect(policy, what).not.toMatch(/unsafe-inline|unsafe-eval|\*|data:|https?:/)
    expect(headers['strict-transport-security'], what).toBeUndefined()
    expect(headers['server'] ?? headers['x-powered-by'], what).toBeUndefined()
    expect(headers['access-control-allow-origin'], what).toBeUndefined()
    if (what !== asset) expect(headers['cache-control'], what).toBe('no-store')
  }
})

test('each page has a nonce of its own, in the policy and at every script, and none is left to be filled in', async () => {
  const seen = new Set<string>()
  for (const path of ['/', '/sign-in', '/cases', '/cases/12']) {
    const { text: html, headers, status } = await desk.visitor().ask(path)
    expect([path, status]).toEqual([path, 200])
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? ''
    expect(nonce.length).toBeGreaterThanOrEqual(22)
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(html).not.toContain('__NONCE__')
    for (const script of html.match(/<script[^>]*>/g) ?? []) expect(script).toContain(`nonce="${nonce}"`)
    seen.add(nonce)
  }
  expect(seen.size).toBe(4)
})

test('files of the pages are kept by browsers for good, and come compressed', async () => {
  const asset =
    /\/assets\/jsx-runtime[\w.-]+\.js|\/assets\/[\w.-]+\.js/.exec(
      (await lin.ask('/')).text.split('modulepreload')[1] ?? '',
    )?.[0] ?? ''
  const sizes: Record<string, number> = {}
  for (const encoding of ['br', 'gzip', 'identity']) {
    const { headers, status } = await desk.visitor().ask(asset, { headers: { 'accept-encoding': encoding } })
    expect([status, headers['content-encoding'] ?? 'identity']).toEqual([200, encoding])
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toContain('javascript')
    sizes[encoding] = Number(headers['content-length'])
  }
  expect(sizes['br']).toBeLessThan(sizes['identity']! / 2)
  expect(sizes['gzip']).toBeLessThan(sizes['identity']! / 2)
})

test('guessing is slowed down: by name, by address, and what one session may ask', async () => {
  const slow = await openTestDesk()
  const statuses = async (times: number, ask: (n: number) => Promise<Answered>): Promise<number[]> => {
    const all: number[] = []
    for (let n = 0; n < times; n += 1) all.push((await ask(n)).status)
    return all
  }
  const one = slow.visitor()
  const asked = (name: string) => one.ask('/api/sign-in', { body: { name } })
  expect(await statuses(6, () => asked('林悦'))).toEqual([202, 202, 202, 202, 202, 429])
  const last = await asked('林悦')
  expect(last).toMatchObject({ body: { error: 'too-many', retryAfterSeconds: 600 } })
  expect(last.headers['retry-after']).toBe('600')
  // Nobody is called so, and it makes no difference.
  expect(await statuses(6, () => asked('没有这个人'))).toEqual([202, 202, 202, 202, 202, 429])
  // Thirteen of this address’s twenty have gone.
  const names = await statuses(12, (n) => asked(`名字${n}`))
  expect(names).toEqual([...Array<number>(7).fill(202), ...Array<number>(5).fill(429)])
  const tried = (n: number) => one.ask('/api/sign-in/code', { body: { name: '苏苏', code: `1234567${n % 10}` } })
  expect(await statuses(16, tried)).toEqual([...Array<number>(15).fill(400), 429])
  const links = await statuses(16, () => one.ask('/api/sign-in/link', { body: { token: 'x'.repeat(43) } }))
  expect(links).toEqual([...Array<number>(14).fill(400), 429, 429])
  await slow.clock.advance(10 * 60_000)
  expect((await asked('林悦')).status).toBe(202)
  const su = await slow.signedIn('su')
  const busy = await statuses(601, () => su.ask('/api/me'))
  expect(busy.indexOf(429)).toBe(600)
})

test('who asks for a code is answered before anything follows, so that the time tells nothing either', async () => {
  const accepted: string[] = []
  const stuck = await openTestDesk({
    accept: ({ what }) => {
      accepted.push(JSON.stringify(what))
      return new Promise(() => undefined)
    },
  })
  for (const name of ['没有这个人', '林悦']) {
    expect(await stuck.visitor().ask('/api/sign-in', { body: { name } })).toMatchObject({
      ...{ status: 202, text: '{"sent":true,"forSeconds":600}' },
    })
  }
  await until(() => accepted.length > 0)
  expect(accepted).toEqual([expect.stringContaining('"adviser":"lin"')])
})

test('requests are logged by their pattern: no token, name, code, id or query', async () => {
  lines.length = 0
  const token = await desk.link('su')
  const su = desk.visitor()
  await su.ask('/api/sign-in', { body: { name: '苏苏' } })
  await su.ask('/api/sign-in/code', { body: { name: '苏苏', code: '87654321' } })
  await su.ask('/api/sign-in/link', { body: { token } })
  await su.ask('/api/rows/private-row?q=private-words')
  await su.ask('/api/private-nothing')
  const logged = lines.join('')
  for (const kept of [token, su.cookies.get('zhanggui')!, '苏苏', '87654321', 'private'])
    expect(logged).not.toContain(kept)
  expect(lines.map((line) => JSON.parse(line) as Record<string, unknown>)).toContainEqual(
    expect.objectContaining({ msg: 'desk request', method: 'GET', route: '/api/rows/:id', status: 200 }),
  )
})

test('it closes at once, though a stream is open', async () => {
  const other = await openTestDesk({
    plugins: [
      (server) => {
        server.get('/api/stream', { config: { door: 'anybody' } }, (_, reply) => {
          reply.hijack()
          reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
          reply.raw.write('data: hello\n\n')
        })
      },
    ],
  })
  const ended = new Promise<string>((resolve, reject) => {
    const call = request({ port: other.port, host: '127.0.0.1', path: '/api/stream' }, (response) => {
      response.once('data', () => void other.close().then(() => resolve('closed'), reject))
      response.on('error', () => undefined)
    })
    call.on('error', reject)
    call.end()
  })
  expect(await ended).toBe('closed')
})

test('what is no HTTP is answered with nothing of ours', async () => {
  const socket = connect(desk.port, '127.0.0.1')
  socket.write('<img src=x onerror=alert(1)>\r\n\r\n')
  const said = await text(socket)
  expect(said).toMatch(/^HTTP\/1.1 400/)
  expect(said).not.toContain('onerror')
})

test('a desk that cannot be opened as asked says what to do', async () => {
  await expect(openTestDesk({ host: '0.0.0.0' })).rejects.toThrow(/DESK_URL/)
  await expect(openTestDesk({ port: desk.port })).rejects.toThrow(/DESK_PORT: .*EADDRINUSE/)
  await expect(openTestDesk({ pages: folder })).rejects.toThrow(/npm run build/)
})

test('the simulator’s page is there in the demo alone', async () => {
  const demo = await openTestDesk({ demo: true })
  expect(await demo.visitor().ask('/simulator')).toMatchObject({ status: 200 })
})
