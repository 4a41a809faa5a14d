/** The stream of what happens: nothing lost, nothing doubled, whatever breaks in between. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseLine, LiveEvent, Queue } from '../../src/desk/api.ts'
import type { Content } from '../../src/kernel/content.ts'
import { openFolder } from '../../src/app/tag-everybody.ts'
import { contentFolder } from '../support/content.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Desk, openTestDesk, type Stream } from '../support/desk-data.ts'
import { until } from '../support/until.ts'

const advisers = `
- { id: lin, name: 林悦 }
- { id: su, name: 苏苏 }
- { id: boss, name: 周宁, role: manager }
`

let database: TestDatabase
let content: Content
let desk: Desk
beforeAll(async () => {
  const folder = contentFolder({ files: { 'advisers.yaml': advisers } })
  content = await openFolder(folder.dir)
  folder.dispose()
  database = await testDatabase()
  desk = await openDesk()
})
afterAll(() => desk.close())

const openDesk = (): Promise<Desk> =>
  openTestDesk({
    ...{ db: database.db, content: () => content, accept: () => Promise.reject(new Error('nothing is clicked here')) },
  })
const sql = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await database.db.pool.query<T>(text, values)).rows

/** A case as it is when somebody has it; with the entries that say so. */
async function newCase(owner: string | null = 'lin'): Promise<string> {
  const id = randomUUID()
  await sql(
    `INSERT INTO handoff_case (id, key, thread_id, reason, evidence, opened_at, state, owner)
     VALUES ($1::uuid, $1::text, gen_random_uuid(), 'asked', '{}', now(), $2, $3)`,
    [id, owner === null ? 'waiting' : 'owned', owner],
  )
  await enter(id, 'opened', {})
  if (owner !== null) await enter(id, 'accepted', { by: owner })
  return id
}
const enter = (id: string, kind: string, data: object): Promise<object[]> =>
  sql(`INSERT INTO case_entry (case_id, at, kind, data) VALUES ($1, now(), $2, $3)`, [id, kind, JSON.stringify(data)])

/** What a stream said of a case, entry by entry. */
const kindsOf = (streams: Stream[], id: string): string[] =>
  streams.flatMap(({ events }) => events).flatMap(({ event }) => (isOf(event, id) ? event.entries : []))
const isOf = (event: LiveEvent, id: string): event is Extract<LiveEvent, { kind: 'case' }> =>
  event.kind === 'case' && event.line.id === id

test('a page hears at once where it is, who is there, and then what happens', async () => {
  const stream = await desk.listen('lin')
  const hello = await stream.heard(({ kind }) => kind === 'hello', 'hello')
  expect(hello).toEqual({ kind: 'hello', cursor: stream.events[0]?.id })
  const team = await stream.heard(({ kind }) => kind === 'team', 'the team')
  expect(team).toMatchObject({ team: [{ id: 'lin', away: false }, { id: 'su' }, { id: 'boss' }] })
  const id = await newCase()
  expect(await stream.heard((event) => isOf(event, id), 'the new case')).toMatchObject({
    line: { owner: 'lin', readable: true },
  })
  await sql(
    `INSERT INTO adviser_state (adviser, away) VALUES ('lin', true) ON CONFLICT (adviser) DO UPDATE SET away = true`,
  )
  await stream.heard((event) => event.kind === 'team' && event.team[0]?.away === true, 'that she is away')
  stream.drop()
})

test('dropped ten times under twenty messages a second, also by a restart: every entry comes once and in order', async () => {
  const id = await newCase()
  const other = await newCase()
  const streams = [await desk.listen('lin')]
  await until(() => streams[0]!.events.length > 0)
  const count = 100
  const writing = (async () => {
    for (let n = 0; n < count; n += 1) {
      await enter(id, `said-${n}`, {})
      await enter(other, 'noise', {})
      // No waiting for anything: this is the pace at which a busy shop's customers write.
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  for (let drops = 1; drops <= 10; drops += 1) {
    const last = streams.at(-1)!
    await until(() => kindsOf(streams, id).length >= drops * 8, { within: 20_000, what: `${drops * 8} entries` })
    last.drop()
    await last.ended
    if (drops === 5) {
      await desk.close()
      desk = await openDesk()
    }
    streams.push(await desk.listen('lin', last.events.at(-1)!.id))
  }
  await writing
  await enter(other, 'last', {})
  await until(() => kindsOf(streams, other).includes('last'), { within: 20_000 })
  const heard = kindsOf(streams, id).filter((kind) => kind.startsWith('said-'))
  expect(heard).toEqual(Array.from({ length: count }, (_, n) => `said-${n}`))
  expect(kindsOf(streams, other).filter((kind) => kind === 'noise')).toHaveLength(count)
  expect(streams.flatMap(({ events }) => events).some(({ event }) => event.kind === 'reset')).toBe(false)
  streams.at(-1)!.drop()
})

test('what a slow transaction wrote early and committed late is told, what was rolled back never', async () => {
  const id = await newCase()
  const stream = await desk.listen('lin')
  await until(() => stream.events.length > 0)
  const insert = `INSERT INTO case_entry (case_id, at, kind) VALUES ($1, now(), $2)`
  const [slow, gone] = [await database.db.pool.connect(), await database.db.pool.connect()]
  await slow.query('BEGIN')
  await slow.query(insert, [id, 'slow'])
  await gone.query('BEGIN')
  await gone.query(insert, [id, 'gone'])
  await enter(id, 'quick', {})
  await gone.query('ROLLBACK')
  await slow.query('COMMIT')
  slow.release()
  gone.release()
  await enter(id, 'last', {})
  await until(() => kindsOf([stream], id).includes('last'), { within: 20_000 })
  expect(
    kindsOf([stream], id)
      .filter((kind) => !['opened', 'accepted'].includes(kind))
      .sort(),
  ).toEqual(['last', 'quick', 'slow'])
  stream.drop()
})

test('a case that waits shows to everybody without whose it is, and goes when somebody has it', async () => {
  const [hers, others] = [await desk.listen('lin'), await desk.listen('su')]
  await until(() => hers.events.length > 0 && others.events.length > 0)
  const id = await newCase(null)
  const waits = await others.heard((event) => isOf(event, id), 'that a case waits')
  expect(waits).toMatchObject({ line: { state: 'waiting', readable: false, customerId: null }, entries: [] })
  await enter(id, 'customer-said', {})
  await sql(`UPDATE handoff_case SET state = 'owned', owner = 'lin' WHERE id = $1`, [id])
  await enter(id, 'accepted', { by: 'lin' })
  await others.heard((event) => isOf(event, id) && event.line.state === 'owned', 'that it is gone')
  await enter(id, 'note', { by: 'lin', text: 'x' })
  const marker = await newCase(null)
  await others.heard((event) => isOf(event, marker), 'what came after')
  const seen = others.events.flatMap(({ event }) => (isOf(event, id) ? [event] : []))
  expect(seen).toHaveLength(2)
  expect(seen[1]).toMatchObject({ line: { readable: false, owner: null, reason: { code: '' } }, entries: [] })
  await hers.heard((event) => isOf(event, id) && event.entries.includes('note'), 'the note')
  hers.drop()
  others.drop()
})

test('who comes with a place that is none, or from too far back, is told to begin anew', async () => {
  for (const place of ['nonsense', '999999999999.1']) {
    const stream = await desk.listen('lin', place)
    await stream.heard(({ kind }) => kind === 'reset', `reset after ${place}`)
    stream.drop()
  }
  const before = ((await desk.get('lin', '/api/queue')).body as Queue).cursor
  const id = await newCase()
  await sql(`INSERT INTO case_entry (case_id, at, kind) SELECT $1, now(), 'many' FROM generate_series(1, 6000)`, [id])
  // Of other tests' databases, too: what is under way anywhere keeps the place from moving on.
  const behind = 'SELECT FROM case_entry WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint'
  await until(async () => (await sql(behind)).length === 0, { what: 'nothing older is under way' })
  const stream = await desk.listen('lin', before)
  await stream.heard(({ kind }) => kind === 'reset', 'reset')
  await enter(id, 'after', {})
  await stream.heard((event) => isOf(event, id) && event.entries.includes('after'), 'what comes then')
  expect(kindsOf([stream], id)).not.toContain('many')
  stream.drop()
})

test('a session that ends ends the stream, and says so', async () => {
  const stream = await desk.listen('lin')
  await until(() => stream.events.length > 0)
  await desk.signOut('lin')
  await stream.heard(({ kind }) => kind === 'over', 'over')
  await stream.ended
})

test('a page that does not read is dropped, and the others hear everything', async () => {
  const id = await newCase()
  const stream = await desk.listen('lin')
  await until(() => stream.events.length > 0)
  const deaf = request(`${desk.url}/api/events`, { headers: await desk.as('lin') }).end()
  deaf.on('error', () => undefined)
  const answer = (await once(deaf, 'response'))[0] as IncomingMessage
  answer.on('error', () => undefined).pause()
  const port = answer.socket.localPort!
  expect(desk.holds(port)).toBe(true)
  // Longer than all that a socket buffers: each entry is told by itself, as another case's stands between.
  const other = await newCase()
  await sql(
    `INSERT INTO case_entry (case_id, at, kind) SELECT CASE n % 2 WHEN 0 THEN $1::uuid ELSE $2 END, now(), 'much'
     FROM generate_series(1, 16000) AS n ORDER BY n`,
    [id, other],
  )
  const patience = { within: 40_000, every: 100 }
  await until(() => !desk.holds(port), { ...patience, what: 'the deaf one is dropped' })
  await until(() => kindsOf([stream], id).filter((kind) => kind === 'much').length === 8_000, patience)
  stream.drop()
  deaf.destroy()
}, 90_000)

test('with 500 open cases the queue has each once, and a new one comes by the stream', async () => {
  await sql(
    `WITH c AS (INSERT INTO customer (id, person_id, first_seen_at, last_seen_at)
       SELECT id, id, now(), now() FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 500)) i RETURNING id),
     i AS (INSERT INTO identity (id, realm, contact_id, customer_id, role, name, first_seen_at, last_seen_at)
       SELECT gen_random_uuid(), 'default', id, id, 'customer', 'she-' || id, now(), now() FROM c),
     t AS (INSERT INTO thread (id, kind, account, contact_id, customer_id, created_at)
       SELECT gen_random_uuid(), 'direct', 'main', id, id, now() FROM c RETURNING id, customer_id),
     m AS (INSERT INTO message (id, thread_id, account, platform_id, direction, customer_id, type, text, sent_at, mentions_us)
       SELECT gen_random_uuid(), t.id, 'main', t.id || '-' || n, 'in', customer_id, 'text', 'words ' || n,
         now() - n * interval '1 minute', false FROM t, generate_series(1, 20) AS n),
     h AS (INSERT INTO handoff_case (id, key, thread_id, customer_id, reason, evidence, opened_at, unanswered_since, state, owner)
       SELECT gen_random_uuid(), id, id, customer_id, 'asked', '{}', now() - interval '5 minutes', now(),
         CASE WHEN random() < 0.5 THEN 'waiting' ELSE 'owned' END, NULL FROM t RETURNING id)
     INSERT INTO case_entry (case_id, at, kind, data)
       SELECT id, now(), k.kind, k.data::jsonb FROM h,
         (VALUES ('opened', '{}'), ('offered', '{"to":"su"}'), ('passed', '{"from":"su"}')) AS k (kind, data)`,
  )
  const { cases } = (await desk.get('boss', '/api/queue')).body as Queue
  const many = cases.filter(({ name }) => name.startsWith('she-'))
  expect(many).toHaveLength(500)
  expect(new Set(many.map(({ id }) => id)).size).toBe(500)
  expect(many[0]).toMatchObject({ lastWords: 'words 1', unread: 5 } satisfies Partial<CaseLine>)
  const hers = ((await desk.get('lin', '/api/queue')).body as Queue).cases
  expect(hers.filter(({ name }) => name.startsWith('she-'))).toEqual([])
  expect(hers.filter(({ readable }) => !readable).length).toBeGreaterThan(100)
  const stream = await desk.listen('boss')
  await until(() => stream.events.length > 0)
  const id = await newCase(null)
  await stream.heard((event) => isOf(event, id), 'the new one')
  stream.drop()
})
