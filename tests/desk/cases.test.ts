/** A case on the desk, from the queue to its end, over real HTTP, with a real road behind it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  Act,
  ActAnswer,
  CaseDetail,
  CaseLine,
  Conversation,
  Found,
  LiveEvent,
  Queue,
  Timeline,
  Words,
} from '../../src/desk/api.ts'
import { type Answered, type Desk, openTestDesk, unhurried } from '../support/desk-data.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { WorldContact } from '../../src/gateways/simulator/world.ts'
import { until } from '../support/until.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const advisers = `
- { id: lin, name: 林悦, skills: [过敏], shifts: ${always} }
- { id: su, name: 苏苏, shifts: ${always} }
- { id: boss, name: 周宁, role: manager }
`

let road: HandoffRoad
let desk: Desk
beforeAll(async () => {
  road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': advisers } })
  await road.bind('lin')
  await road.bind('su')
  const content = (): ReturnType<typeof road.runtime.content.current> => road.runtime.content.current()
  desk = await openTestDesk({ db: road.database.db, content, accept: (event) => road.runtime.accept(event) })
})
afterAll(async () => {
  await desk.close()
  await road.stop()
})

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)
const queue = async (who: string): Promise<Queue> => (await desk.get(who, '/api/queue')).body as Queue
const act = (who: string, number: number, what: Act, key: string = randomUUID()): Promise<Answered> =>
  desk.post(who, `/api/cases/${number}/acts`, { key, act: what })
const answered = async (who: string, number: number, what: Act, key?: string): Promise<ActAnswer> =>
  (await act(who, number, what, key)).body as ActAnswer
const detail = async (who: string, number: number): Promise<CaseDetail> =>
  (await desk.get(who, `/api/cases/${number}`)).body as CaseDetail

/** A new case, once somebody is asked to take it: its line as a manager sees it. */
async function newCase(she = road.customer(), words = '用了面霜全脸红肿'): Promise<{ she: string; line: CaseLine }> {
  await say(she, words)
  const line = await until(
    async () => (await queue('boss')).cases.find(({ name, state }) => name === she && state === 'offered'),
    { ...unhurried, what: `a case of ${she} is offered` },
  )
  return { she, line }
}

async function ownedCase(): Promise<{ she: string; number: number; line: CaseLine }> {
  const { she, line } = await newCase()
  await answered('lin', line.number, { act: 'accept' })
  return { she, number: line.number, line }
}

test('from the queue to its end: accepted, answered, noted, closed, and read afterwards', async () => {
  // Entries are numbered on from 997: read as texts, «1000» would come before.
  await road.rows(`SELECT setval(pg_get_serial_sequence('case_entry', 'id'), 997)`)
  const { she, line } = await newCase()
  expect(line).toMatchObject({
    state: 'offered',
    offeredTo: 'lin',
    readable: true,
    unread: 1,
    reason: { title: '皮肤过敏' },
  })
  expect(line.lastWords).toBe('用了面霜全脸红肿')
  expect(line.promised?.what).toBe('first')

  const { number } = line
  expect(await answered('lin', number, { act: 'accept' })).toMatchObject({ done: true, line: { owner: 'lin' } })
  await road.told(she, '林悦')
  expect(await answered('lin', number, { act: 'say', text: '先停用，别急' })).toMatchObject({
    done: true,
    line: { unread: 0 },
  })
  await road.told(she, '先停用')
  await say(she, '好的，谢谢')
  await until(async () => (await queue('lin')).cases.find((one) => one.number === number)?.unread === 1, unhurried)
  await answered('lin', number, { act: 'note', text: '第二次过敏' })

  const whole = await until(async () => {
    const now = await detail('lin', number)
    return now.conversation.some(({ who, state }) => who === 'adviser' && state === 'sent') ? now : undefined
  }, unhurried)
  const lines = whole.conversation.map(({ who, by, text }) => `${who} ${by}: ${text}`)
  expect(lines).toContain('customer : 用了面霜全脸红肿')
  expect(lines).toContain('adviser 林悦: 先停用，别急（林悦）')
  expect(lines).toContain('customer : 好的，谢谢')
  expect(lines.some((text) => text.startsWith('bot : '))).toBe(true)
  expect(whole.conversation.map(({ id }) => id)).toHaveLength(new Set(whole.conversation.map(({ id }) => id)).size)
  expect(whole.history.map(({ kind, by, text }) => [kind, by, text])).toContainEqual(['note', '林悦', '第二次过敏'])
  expect(whole).toMatchObject({ reachable: true, customer: { name: she } })

  expect(await answered('lin', number, { act: 'resolve', code: 'nonsense' })).toEqual({
    refused: { kind: 'code', who: '' },
  })
  expect(await answered('lin', number, { act: 'resolve', code: 'solved' })).toMatchObject({
    done: true,
    line: { state: 'closed' },
  })
  expect((await queue('lin')).cases.find((one) => one.number === number)?.state).toBe('closed')
  const ids = (await detail('lin', number)).history.map(({ id }) => Number(id))
  expect(ids).toEqual(ids.toSorted((one, other) => one - other))
  expect((await detail('lin', number)).history.at(-1)).toMatchObject({ kind: 'resolved', by: '林悦', text: '已解决' })
})

test('an adviser reads what is or was hers; everything else is not there, and the audit knows who asked', async () => {
  const { she, number, line } = await ownedCase()
  const id = line.customerId ?? ''
  const paths = [`/api/cases/${number}`, `/api/cases/${number}/conversation`, `/api/customers/${id}/timeline`]
  for (const path of paths) {
    expect((await desk.get('lin', path)).status).toBe(200)
    expect((await desk.get('boss', path)).status).toBe(200)
    expect(await desk.get('su', path)).toMatchObject({ status: 404, body: { error: 'not-found' } })
  }
  expect((await act('su', number, { act: 'note', text: '偷看' })).status).toBe(404)
  expect((await desk.post('su', `/api/customers/${id}/tags`, { dimension: 'skin', value: 'dry' })).status).toBe(404)
  expect((await desk.get('su', '/api/cases/99999')).status).toBe(404)
  expect((await queue('su')).cases.some((one) => one.number === number)).toBe(false)
  const search = (await desk.get('su', `/api/search?q=${she}`)).body as Found
  expect(search.cases).toEqual([])
  // However often she asked within the minute.
  const audited = await road.rows(`SELECT subject, count(*)::int AS n FROM audit
    WHERE action = 'desk-refused' AND by = 'desk:su' GROUP BY 1 ORDER BY 1`)
  const subjects = [`case:${number}`, 'case:99999', `customer:${id}`].sort()
  expect(audited).toEqual(subjects.map((subject) => ({ subject, n: 1 })))

  await answered('lin', number, { act: 'transfer', to: 'su', note: '她找你' })
  expect((await desk.get('su', `/api/cases/${number}`)).status).toBe(200)
  // She had it once.
  expect((await desk.get('lin', `/api/cases/${number}`)).status).toBe(200)
  expect(await answered('lin', number, { act: 'say', text: '你好' })).toEqual({
    refused: { kind: 'not-yours', who: '苏苏' },
  })
})

test('a case that waits for anybody shows that it waits, and nothing of whose it is', async () => {
  await desk.post('su', '/api/me/away', { away: true })
  const { she, line } = await newCase()
  await answered('lin', line.number, { act: 'decline' })
  const seen = (await queue('su')).cases.find(({ number }) => number === line.number)
  expect(seen).toMatchObject({
    state: 'waiting',
    readable: false,
    name: '',
    lastWords: '',
    group: '',
    customerId: null,
  })
  expect(JSON.stringify(seen)).not.toContain(she)
  expect((await desk.get('su', `/api/cases/${line.number}`)).status).toBe(404)
  expect(await answered('su', line.number, { act: 'accept' })).toMatchObject({
    done: true,
    line: { name: she, owner: 'su' },
  })
  await desk.post('su', '/api/me/away', { away: false })
  expect((await queue('su')).team.find(({ id }) => id === 'su')).toMatchObject({ away: false, load: 2, bound: true })
})

test('what she says while nobody has her case yet is seen by whom it is offered to', async () => {
  const { she, line } = await newCase()
  // Her words came well before the case was opened: the bot had a try at them first.
  await road.rows(`UPDATE message SET sent_at = sent_at - interval '5 seconds' WHERE text = '用了面霜全脸红肿'`)
  const stream = await desk.listen('lin')
  await until(() => stream.events.length > 0)
  await say(she, '有人在吗')
  const isIt = (event: LiveEvent): boolean =>
    event.kind === 'case' && event.line.id === line.id && event.line.lastWords === '有人在吗'
  expect(await stream.heard(isIt, 'her words')).toMatchObject({ line: { state: 'offered', unread: 2 } })
  stream.drop()
  await answered('lin', line.number, { act: 'accept' })
})

test('two accept in the same moment: one has it, the other is told who', async () => {
  await desk.post('su', '/api/me/away', { away: true })
  const { line } = await newCase()
  await answered('lin', line.number, { act: 'decline' })
  const both = await Promise.all(['lin', 'su'].map((who) => answered(who, line.number, { act: 'accept' })))
  const [first, second] = 'done' in both[0]! ? [0, 1] : [1, 0]
  const names = ['林悦', '苏苏']
  expect(both[first]).toMatchObject({ done: true })
  expect(both[second]).toEqual({ refused: { kind: 'owned', who: names[first] } })
  await desk.post('su', '/api/me/away', { away: false })
})

test('two tabs: the same click is done once and answered twice alike, two clicks are two, in their order', async () => {
  const { she, number } = await ownedCase()
  const key = randomUUID()
  const once: Act = { act: 'say', text: '只说一遍' }
  const alike = await Promise.all([answered('lin', number, once, key), answered('lin', number, once, key)])
  // Her answer was lost: she asks again.
  alike.push(await answered('lin', number, once, key))
  for (const one of alike) expect(one).toMatchObject({ done: true })
  await answered('lin', number, { act: 'say', text: '第一句' })
  await answered('lin', number, { act: 'say', text: '第二句' })
  await road.told(she, '第二句')
  const heard = (await road.all(she)).filter((text) => text.includes('（林悦）'))
  expect(heard).toEqual(['只说一遍（林悦）', '第一句（林悦）', '第二句（林悦）'])

  const late = randomUUID()
  await answered('lin', number, { act: 'resolve', code: null }, late)
  expect(await answered('lin', number, { act: 'resolve', code: null })).toEqual({
    refused: { kind: 'closed', who: '' },
  })
  expect(await answered('lin', number, { act: 'resolve', code: null }, late)).toMatchObject({ done: true })
})

test('a manager takes a case over, and opens one by hand; an adviser may not', async () => {
  const { she, number, line } = await ownedCase()
  expect(await answered('boss', number, { act: 'take-over' })).toMatchObject({ done: true, line: { owner: 'boss' } })
  await road.told(she, '周宁')
  await answered('boss', number, { act: 'resolve', code: null })
  const open = { key: randomUUID(), customerId: line.customerId, note: '老顾客，问问近况' }
  expect((await desk.post('lin', '/api/cases', open)).status).toBe(404)
  const opened = (await desk.post('boss', '/api/cases', open)).body as { line: CaseLine }
  expect(opened.line).toMatchObject({ name: she, reason: { code: 'by-hand' } })
  expect((await desk.post('boss', '/api/cases', open)).body).toMatchObject({ line: { number: opened.line.number } })
  expect((await detail('boss', opened.line.number)).history).toContainEqual(
    expect.objectContaining({ text: open.note }),
  )
})

test('a tag set on the desk holds against rules, is taken back by null, and says in the audit who did it', async () => {
  const { number, line } = await ownedCase()
  const path = `/api/customers/${line.customerId ?? ''}/tags`
  const set = (value: string | null): Promise<Answered> => desk.post('lin', path, { dimension: 'consumption', value })
  const hers = async (): Promise<unknown> =>
    (await detail('lin', number)).customer?.tags.find(({ dimension }) => dimension === 'consumption')?.values
  await set('中消费')
  expect((await set('高消费')).status).toBe(200)
  expect(await hers()).toEqual([{ value: '高消费', valueTitle: '高消费', locked: true }])
  expect((await set('绿消费')).body).toMatchObject({ error: 'tag-unknown-value' })
  expect((await set(null)).status).toBe(200)
  expect(JSON.stringify((await detail('lin', number)).customer?.tags)).not.toContain('"locked":true')
  expect((await set(null)).body).toMatchObject({ error: 'tag-not-by-hand' })
  expect(
    await road.rows(`SELECT by, action FROM audit WHERE subject = '${line.customerId ?? ''}' ORDER BY id`),
  ).toEqual(['tag-added', 'tag-added', 'tag-removed'].map((action) => ({ by: 'desk:lin', action })))
  const words = (await desk.get('lin', '/api/words')).body as Words
  expect(words.tags.find(({ dimension }) => dimension === 'consumption')).toMatchObject({ many: false })
  expect(words.resolutions).toEqual([{ id: 'solved', title: '已解决' }])
})

test('words are found in what was said, by name and by number, as they stand and not as a pattern', async () => {
  const { she, number } = await ownedCase()
  await say(she, '打了100%的折扣_吗')
  const numbers = async (q: string): Promise<number[]> => {
    const { cases } = (await desk.get('lin', `/api/search?q=${encodeURIComponent(q)}`)).body as Found
    return cases.map((one) => one.number)
  }
  await until(async () => (await numbers('100%的')).includes(number), unhurried)
  expect(await numbers('折扣_吗')).toEqual([number])
  expect(await numbers('100_的')).toEqual([])
  expect(await numbers('%')).toEqual([number])
  expect(await numbers(`#${number}`)).toContain(number)
  expect(await numbers(she)).toContain(number)
  expect(await numbers("'; DROP TABLE message; --")).toEqual([])
})

test('a name that is markup arrives as the text that it is', async () => {
  const name = '<img src=x onerror=alert(1)>'
  road.simulator.simulator.world.putContact(WorldContact.parse({ id: 'markup', name }))
  await say('markup', '全脸红肿')
  const line = await until(async () => (await queue('boss')).cases.find((one) => one.name === name), unhurried)
  const seen = await desk.get('boss', `/api/cases/${line.number}`)
  expect(seen.headers.get('content-type')).toContain('application/json')
  expect((seen.body as CaseDetail).customer?.name).toBe(name)
})

test('what she said elsewhere meanwhile belongs to the conversation, marked with the group', async () => {
  const { number, line } = await ownedCase()
  await road.database.db.pool.query(
    `WITH g AS (INSERT INTO room (id, realm, room_id, topic, first_seen_at)
       VALUES (gen_random_uuid(), 'default', 'room-of-test', '护肤群', now()) RETURNING id),
     t AS (INSERT INTO thread (id, kind, group_id, created_at) SELECT gen_random_uuid(), 'group', id, now() FROM g RETURNING id)
     INSERT INTO message (id, thread_id, account, platform_id, direction, customer_id, type, text, sent_at, mentions_us)
     SELECT gen_random_uuid(), t.id, 'main', 'in-group-' || n, 'in', $1, 'text', '群里第' || n || '句', now() + n * interval '1 second', false
     FROM t, generate_series(1, 70) AS n`,
    [line.customerId],
  )
  const whole = await detail('lin', number)
  expect(whole.conversation.at(-1)).toMatchObject({ text: '群里第70句', group: '护肤群', who: 'customer' })
  const rest = (
    await desk.get('lin', `/api/cases/${number}/conversation?before=${encodeURIComponent(whole.earlier ?? '')}`)
  ).body as Conversation
  const all = [...rest.lines, ...whole.conversation]
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(all.filter(({ group }) => group === '护肤群')).toHaveLength(70)
  expect(all.some(({ text, group }) => text === '用了面霜全脸红肿' && group === '')).toBe(true)
  const { lines } = (await desk.get('lin', `/api/customers/${line.customerId ?? ''}/timeline`)).body as Timeline
  expect(lines[0]).toMatchObject({ text: '群里第70句', place: '护肤群' })
  expect((await desk.get('lin', `/api/cases/${number}/conversation?before=x`)).status).toBe(400)
})
