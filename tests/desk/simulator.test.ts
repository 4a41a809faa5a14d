import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry, Happening, NewPerson, World } from '../../src/desk/simulator-api.ts'
import { openPlayground, type PlaygroundDesk } from '../support/playground.ts'
import { openRoad, type Road } from '../support/runtime.ts'
import { until } from '../support/until.ts'

let road: Road
let face: PlaygroundDesk
let at = ''

beforeAll(async () => {
  road = await openRoad({
    contentFiles: { 'faq/road.yaml': '- { id: ship, questions: [多久发货], answer: 两天之内发出。 }\n' },
  })
  const advisers = new Map([['staff-zhou', 'zhou']])
  face = await openPlayground(road, advisers)
  at = new URL(face.url).origin
})
afterAll(async () => {
  await face.close()
  await road.stop()
})

type Answered = { status: number; headers: Record<string, unknown>; text: string; body: Buffer }

/** As the page asks, unless other headers say otherwise. */
function ask(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const { port, host } = new URL(at)
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const own = { host, ...(sent !== undefined && { origin: at, 'content-type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: `/simulator/api/${path}`, headers: { ...own, ...headers } }
    const call = request({ ...options, method: sent === undefined ? 'GET' : 'POST' }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: bytes.toString(), body: bytes })
      })
    })
    call.on('error', reject)
    call.end(sent)
  })
}

const world = async (): Promise<World> => JSON.parse((await ask('world')).text) as World

type Said = Extract<Entry, { kind: 'said' }>
async function said(chat: string, matches: (entry: Said) => boolean): Promise<Said> {
  return until(
    async () =>
      (await world()).entries.findLast((one): one is Said => one.kind === 'said' && one.chat === chat && matches(one)),
    { within: 20_000, what: `something is said in ${chat}` },
  )
}
const says = (words: string) => (entry: Said) => entry.content.type === 'text' && entry.content.text.includes(words)

/** Reads the stream until `enough`, then leaves it; returns what came, with the cursor after each. */
async function listen(
  path: string,
  enough: (told: { id: string; happening: Happening }[]) => boolean,
  headers: Record<string, string> = {},
): Promise<{ id: string; happening: Happening }[]> {
  const ending = new AbortController()
  const response = await fetch(`${at}/simulator/api/${path}`, { headers, signal: ending.signal })
  const told: { id: string; happening: Happening }[] = []
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(block) ?? []
      if (id !== undefined && data !== undefined) told.push({ id, happening: JSON.parse(data) as Happening })
    }
    if (enough(told)) break
  }
  ending.abort()
  return told
}

test('what somebody says goes over the real wire, and the bot’s answer stands in her chat', async () => {
  expect((await ask('say', { from: 'customer-lin', room: null, text: '多久发货' })).status).toBe(204)
  const answer = await said('customer-lin', says('两天之内发出'))
  expect(answer.talker).toBe((await world()).bot)
  const { rows } = await road.database.db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM message WHERE text = '多久发货'`,
  )
  expect(rows).toEqual([{ n: 1 }])
})

test('in a group she mentions the bot, quotes, and is answered there', async () => {
  await ask('say', { from: 'customer-chen', room: 'room-care-1', text: '大家好' })
  const { id: quote } = await said('room-care-1', says('大家好'))
  await ask('say', { from: 'customer-liu', room: 'room-care-1', text: '多久发货', mention: true, quote })
  const asked = await said('room-care-1', says('多久发货'))
  expect(asked.content).toMatchObject({ text: expect.stringMatching(/^「陈晨：大家好」\n[- ]+\n@小屿\u2005多久发货$/) })
  await said('room-care-1', says('两天之内发出'))
})

test('what she recalls is gone for everybody who looks, and only she can recall it', async () => {
  await ask('say', { from: 'customer-xu', room: null, text: '我的秘密' })
  const { id: message } = await said('customer-xu', says('我的秘密'))
  const other = await ask('recall', { from: 'customer-wu', message })
  expect([other.status, JSON.parse(other.text)]).toEqual([400, expect.objectContaining({ error: 'not-hers' })])
  expect((await ask('recall', { from: 'customer-xu', message })).status).toBe(204)
  expect((await said('customer-xu', ({ id }) => id === message)).recalled).toBe(true)
  expect((await ask('world')).text).not.toContain('我的秘密')
  await until(async () => {
    const query = 'SELECT FROM message WHERE platform_id = $1 AND recalled_at IS NOT NULL'
    return (await road.database.db.pool.query(query, [message])).rowCount
  })
})

const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex')

test('a picture is shown as what it is; any other file is a download whatever it is called', async () => {
  const file = { from: 'customer-he', room: null }
  await ask('files', { ...file, name: '脸.png', base64: png.toString('base64') })
  const picture = await said('customer-he', ({ content }) => content.type === 'picture')
  const shown = await ask(`files/${picture.id}`)
  expect(shown.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' })
  expect(shown.body).toEqual(png)

  await ask('files', { ...file, name: '照片.png', base64: Buffer.from('<script>alert(1)</script>').toString('base64') })
  const page = await said('customer-he', ({ content }) => content.type === 'file')
  const { headers } = await ask(`files/${page.id}`)
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment/) as string,
    'content-security-policy': expect.stringContaining('sandbox') as string,
  })
})

test('somebody new asks the bot to be her friend, becomes it, and joins a group', async () => {
  const { id } = JSON.parse((await ask('people', { name: '<img src=x onerror=alert(1)>' })).text) as NewPerson
  await until(async () => (await world()).people.find((person) => person.id === id)?.friend, { within: 20_000 })
  expect((await ask('join', { person: id, room: 'room-care-1' })).status).toBe(204)
  const { rooms, entries } = await world()
  expect(rooms.find((room) => room.id === 'room-care-1')?.members).toContain(id)
  expect(entries.filter(({ chat, kind }) => chat === id && kind === 'friends')).toHaveLength(1)
  expect(entries.find(({ kind }) => kind === 'joined')).toMatchObject({ chat: 'room-care-1', who: [id] })
})

test('the bot is played by nobody, and nobody writes where she is not', async () => {
  const { bot } = await world()
  const refused = async (body: object): Promise<unknown> => {
    const { status, text } = await ask('say', { room: null, text: '你好', ...body })
    return [status, (JSON.parse(text) as { error: string }).error]
  }
  expect(await refused({ from: bot })).toEqual([400, 'not-the-bot'])
  expect(await refused({ from: 'main' })).toEqual([404, 'no-contact'])
  expect(await refused({ from: 'stranger-tang' })).toEqual([400, 'not-there'])
  expect(await refused({ from: 'customer-xu', room: 'room-care-1' })).toEqual([400, 'not-there'])
  expect(await refused({ from: 'customer-lin', text: '' })).toEqual([400, 'bad-input'])
})

test('a stream that breaks goes on where it was, without a lost or a doubled line', async () => {
  const { cursor } = await world()
  const speak = (text: string) => ask('say', { from: 'staff-zhou', room: 'room-vip-1', text })
  const words = (told: { happening: Happening }[]): string[] =>
    told.flatMap(({ happening }) =>
      happening.kind === 'entry' && happening.entry.kind === 'said' && happening.entry.content.type === 'text'
        ? [happening.entry.content.text]
        : [],
    )
  await speak('第一句')
  const first = await listen(`events?after=${cursor}`, (told) => words(told).includes('第一句'))
  await speak('第二句')
  await speak('第三句')
  const last = { 'last-event-id': first.at(-1)!.id }
  const rest = await listen(`events?after=${cursor}`, (told) => words(told).includes('第三句'), last)
  expect(words([...first, ...rest]).filter((text) => text.startsWith('第'))).toEqual(['第一句', '第二句', '第三句'])
})

test('of a cursor that it does not know the stream says so', async () => {
  const [told] = await listen('events?after=other:1', (all) => all.length > 0)
  expect(told?.happening).toEqual({ kind: 'reset' })
})

test('pages of elsewhere and other names for this machine are refused, and change nothing', async () => {
  const body = { from: 'customer-lin', room: null, text: '从外面来的' }
  const tries = [
    ask('say', body, { origin: 'https://evil.example' }),
    ask('say', body, { origin: `http://127.0.0.1:1` }),
    ask('say', body, { 'sec-fetch-site': 'cross-site' }),
    ask('say', body, { host: 'evil.example' }),
    ask('world', undefined, { host: 'evil.example:9465' }),
    ask('world', undefined, { origin: 'https://evil.example' }),
    ask('world', undefined, { 'sec-fetch-site': 'same-site' }),
    ask('events', undefined, { 'sec-fetch-site': 'cross-site' }),
  ]
  for (const { status, text } of await Promise.all(tries)) {
    expect([403, 421]).toContain(status)
    expect(text).not.toContain('customer-')
  }
  const { port } = new URL(at)
  const bare = await fetch(`http://127.0.0.1:${port}/simulator/api/say`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(bare.status, 'who says nothing of where it comes from changes nothing').toBe(403)
  expect((await ask('world')).text).not.toContain('从外面来的')
})

test('the desk is opened by a fresh link, from the page alone', async () => {
  const { status, headers } = await ask('desk?adviser=zhou')
  expect([status, headers['location']]).toEqual([303, '/sign-in#link=for-zhou'])
  expect((await ask('desk', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})
