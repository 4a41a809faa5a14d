import { describe, expect, test } from 'vitest'
import { enterDue, listJourneys, pauseJourney, stopJourney } from '../../src/domains/campaigns/index.ts'
import { linkCustomers, forgetCustomer } from '../../src/app/rights.ts'
import { lent, slices } from '../../src/app/slices.ts'
import { virtualJobs } from '../../src/kernel/jobs.ts'
import { campaignStage, type CampaignStage, day, hour, minute } from '../support/campaigns.ts'
import { idOf } from '../support/segment-rows.ts'

const at = '2026-12-01T10:00:00+08:00'

const welcome = `
- id: welcome
  title: 欢迎
  trigger: { addedBot: {} }
  purpose: service
  steps:
    - send: '{{ name | default: "亲" }}，你好'
    - wait: 1h
    - send: 在吗
`

const journey = (yaml: string): Record<string, string> => ({ 'journeys/test.yaml': yaml })

/** The shop's program tells of something that a person did. */
async function told(
  stage: CampaignStage,
  customer: number,
  kind: string,
  key: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  const payload = {
    customerId: idOf(customer),
    personId: idOf(customer),
    kind,
    at: stage.clock.now().toISOString(),
    source: key,
    data,
  }
  const what = { kind: 'SliceEvent' as const, name: 'members.shop-told', lock: [`customer:${idOf(customer)}`], payload }
  await stage.house.accept({ account: '', key: `told:${key}`, at: stage.clock.now(), what })
  await stage.house.quiet()
}

async function befriends(stage: CampaignStage, contactId: string, name: string): Promise<void> {
  const what = { kind: 'FriendshipConfirmed' as const, contact: { id: contactId, name, kind: 'person' as const } }
  await stage.house.accept({ account: 'main', key: `friend:${contactId}`, at: stage.clock.now(), what })
  await stage.house.quiet()
}

const texts = async (stage: CampaignStage): Promise<string[]> =>
  (
    await stage.rows<{ text: string }>(
      `SELECT body ->> 'text' AS text FROM outbox WHERE batch LIKE 'journey:%' ORDER BY id`,
    )
  ).map(({ text }) => text)

const enrolments = (
  stage: CampaignStage,
): Promise<{ state: string; reason: string | null; step: string; cause: string }[]> =>
  stage.rows('SELECT state, reason, step, cause FROM journey_enrolment ORDER BY entered_at, cause')

/** A tick, and all that it sets going. */
async function walk(stage: CampaignStage, ms: number): Promise<void> {
  await stage.pass(ms)
  await stage.tick()
}

describe('entering', () => {
  test('whoever adds the bot is greeted at once and asked an hour later, each once, whatever restarts', async () => {
    const stage = await campaignStage({ at, files: journey(welcome) })
    await befriends(stage, 'contact-new', '新朋友')
    await walk(stage, minute)
    expect(await texts(stage)).toEqual(['新朋友，你好'])
    await stage.rows(`UPDATE journey_enrolment SET step = '', due_at = entered_at`)
    await walk(stage, minute)
    expect(await texts(stage)).toEqual(['新朋友，你好'])
    for (let n = 0; n < 4; n += 1) await walk(stage, hour)
    expect(await texts(stage)).toEqual(['新朋友，你好', '在吗'])
    expect(await enrolments(stage)).toMatchObject([{ state: 'done', reason: null }])
  })

  test('told twice of the same it begins once; while she is in it, nothing begins it again', async () => {
    const stage = await campaignStage({
      at,
      customers: 1,
      files: journey(`
- id: rain
  title: 下雨
  trigger: { event: { kind: rain, where: { city: 上海市 } } }
  reentry: { after: 1d }
  steps: [{ wait: 1h }, { send: 青屿的小屿：记得带伞 }]
`),
    })
    await told(stage, 0, 'rain', 'a', { city: '上海市' })
    await told(stage, 0, 'rain', 'a', { city: '上海市' })
    await told(stage, 0, 'rain', 'b', { city: '上海市' })
    await told(stage, 0, 'rain', 'c', { city: '北京市' })
    expect(await enrolments(stage)).toHaveLength(1)
    await walk(stage, minute)
    await walk(stage, 2 * hour)
    await told(stage, 0, 'rain', 'd', { city: '上海市' })
    expect(await enrolments(stage)).toHaveLength(1)
    await walk(stage, 2 * day)
    await told(stage, 0, 'rain', 'e', { city: '上海市' })
    expect(await enrolments(stage)).toHaveLength(2)
  })

  test('on her birthday, and on no other day, also when the house slept over the hour', async () => {
    const stage = await campaignStage({
      at,
      customers: 3,
      files: journey(`
- id: birthday
  title: 生日
  trigger: { birthday: { at: '10:00' } }
  reentry: { after: 300d }
  steps: [{ send: 青屿的小屿祝你生日快乐 }]
`),
    })
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-03"}' WHERE id = $1`, [idOf(1)])
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-03"}', staff = true WHERE id = $1`, [
      idOf(2),
    ])
    await walk(stage, minute)
    await walk(stage, day)
    expect(await enrolments(stage)).toEqual([])
    await walk(stage, 32 * hour)
    await walk(stage, minute)
    expect(await enrolments(stage)).toMatchObject([{ cause: 'birthday:2026', state: 'done' }])
    expect(await texts(stage)).toEqual(['青屿的小屿祝你生日快乐'])
    await enterDue(stage.db, stage.content(), lent, stage.clock.now())
    expect(await enrolments(stage)).toHaveLength(1)
  })
})

describe('on the way', () => {
  const asking = `
- id: ask
  title: 问一句
  trigger: { event: { kind: ask } }
  exit: { did: { order: {} } }
  steps:
    - send: 青屿的小屿：在忙吗
    - waitFor: { did: { reply: {} }, within: 1d }
    - branch:
        - if: { did: { reply: {} } }
          steps: [{ tag: { lifecycle: 活跃 } }, { send: 收到啦 }]
      else: [{ send: 那下次再聊 }]
`
  const tags = { 'tags.yaml': 'dimensions:\n  - { id: lifecycle, kind: byHand, values: [{ id: 活跃 }] }\n' }

  async function askingStage(): Promise<CampaignStage> {
    const stage = await campaignStage({ at, customers: 2, files: { ...journey(asking), ...tags } })
    await told(stage, 0, 'ask', 'a')
    await walk(stage, minute)
    return stage
  }

  test('an answer is noticed within minutes, and the branch takes it', async () => {
    const stage = await askingStage()
    expect(await texts(stage)).toEqual(['青屿的小屿：在忙吗'])
    await stage.sendAll()
    const now = stage.clock.now()
    const message = {
      id: 'm1',
      type: 'text' as const,
      text: 'ok',
      sentAt: now.toISOString(),
      mentions: [],
      mentionsSelf: false,
    }
    const place = { kind: 'direct' as const, contactId: 'contact-0' }
    const sender = { id: 'contact-0', name: '顾客0', kind: 'person' as const }
    await stage.house.accept({
      account: 'main',
      key: 'message:m1',
      at: now,
      what: { kind: 'MessageReceived', place, sender, message },
    })
    await stage.house.quiet()
    await walk(stage, 15 * minute)
    expect(await texts(stage)).toEqual(['青屿的小屿：在忙吗', '收到啦'])
    expect(await stage.rows('SELECT rule, source FROM customer_tag')).toMatchObject([{ source: 'hand' }])
  })

  test('without an answer it takes the other way when the time is over', async () => {
    const stage = await askingStage()
    for (let n = 0; n < 26; n += 1) await walk(stage, hour)
    expect(await texts(stage)).toEqual(['青屿的小屿：在忙吗', '那下次再聊'])
  })

  test('the goal ends it, and so does an opt-out', async () => {
    const stage = await askingStage()
    await told(stage, 1, 'ask', 'b')
    await walk(stage, minute)
    await stage.rows(
      `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
       VALUES ('main', '1', $1, $1, $2, 100, 'paid', 'test', $2, $2)`,
      [idOf(0), stage.clock.now()],
    )
    await stage.rows('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [idOf(1), stage.clock.now()])
    await walk(stage, 20 * minute)
    expect((await enrolments(stage)).map(({ state, reason }) => `${state} ${reason}`).sort()).toEqual([
      'exited goal',
      'exited opted-out',
    ])
    expect(await texts(stage)).toHaveLength(2)
  })

  test('who is under way ends by what she began with; who comes later gets what the file says now', async () => {
    const stage = await askingStage()
    await stage.write(journey(asking.replace('那下次再聊', '新的话')))
    await told(stage, 1, 'ask', 'b')
    for (let n = 0; n < 26; n += 1) await walk(stage, hour)
    expect((await texts(stage)).slice(2).sort()).toEqual(['新的话', '那下次再聊'].sort())
  })

  test('a journey starts another one, and ends it', async () => {
    const stage = await campaignStage({
      at,
      customers: 1,
      files: journey(`
- id: first
  title: 一
  trigger: { event: { kind: go } }
  steps: [{ start: second }, { wait: 1h }, { stop: second }]
- id: second
  title: 二
  trigger: { event: { kind: never } }
  steps: [{ send: 青屿的小屿：第二条 }, { wait: 3h }, { send: 不该有 }]
`),
    })
    await told(stage, 0, 'go', 'a')
    await walk(stage, minute)
    await walk(stage, minute)
    await walk(stage, 2 * hour)
    await walk(stage, 3 * hour)
    expect(await texts(stage)).toEqual(['青屿的小屿：第二条'])
    expect(await stage.rows('SELECT journey, state, reason FROM journey_enrolment ORDER BY journey')).toEqual([
      { journey: 'first', state: 'done', reason: null },
      { journey: 'second', state: 'exited', reason: 'stopped' },
    ])
  })

  test('paused nobody enters and nobody goes on; resumed it goes on; stopped everybody leaves', async () => {
    const stage = await campaignStage({ at, files: journey(welcome) })
    await befriends(stage, 'contact-a', '甲')
    await walk(stage, minute)
    const acting = () => ({ db: stage.db.pool, content: stage.content(), by: 'manager', now: stage.clock.now() })
    await pauseJourney(acting(), 'welcome', true)
    await befriends(stage, 'contact-b', '乙')
    await walk(stage, 2 * hour)
    expect(await texts(stage)).toEqual(['甲，你好'])
    await pauseJourney(acting(), 'welcome', false)
    await walk(stage, minute)
    expect(await texts(stage)).toEqual(['甲，你好', '在吗'])
    await befriends(stage, 'contact-c', '丙')
    expect(await stopJourney(acting(), 'welcome')).toMatchObject({ people: 1 })
    await walk(stage, minute)
    expect(await texts(stage)).toEqual(['甲，你好', '在吗'])
    expect(await listJourneys(stage.db.pool, stage.content())).toMatchObject([
      { id: 'welcome', active: 0, done: 1, left: { stopped: 1 } },
    ])
  })
})

describe('a person’s rights', () => {
  test('two who turn out to be one go on as one; deleted, nothing is left', async () => {
    const stage = await campaignStage({
      at,
      customers: 2,
      files: journey(
        '- { id: ask, title: 问, trigger: { event: { kind: ask } }, steps: [{ wait: 1d }, { send: 青屿的小屿：在吗 }] }\n',
      ),
    })
    await told(stage, 0, 'ask', 'a')
    await walk(stage, minute)
    await told(stage, 1, 'ask', 'b')
    await walk(stage, minute)
    const parts = {
      slices,
      secrets: stage.secrets,
      ids: stage.house.ids,
      jobs: virtualJobs(stage.clock),
      now: stage.clock.now(),
      by: 'cli:test',
    }
    await linkCustomers(stage.db, parts, idOf(1), idOf(0))
    expect((await enrolments(stage)).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'active null',
      'exited merged',
    ])
    await walk(stage, 2 * day)
    expect(await texts(stage)).toEqual(['青屿的小屿：在吗'])
    await forgetCustomer(stage.db, parts, idOf(0))
    expect(await enrolments(stage)).toEqual([])
    expect(await stage.rows('SELECT * FROM journey_visit')).toEqual([])
  })
})
